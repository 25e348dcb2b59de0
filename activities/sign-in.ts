import { messageToken } from '../db/message-tokens';
import type { MessageRow } from '../db/messages';
import { findUserFacts } from '../db/plan-facts';
import type { Tx } from '../db/tenancy';
import { staffGateFacts } from '../domain/permission';
import { signInWording } from '../domain/templates/sign-in';
import type { Instant } from '../domain/time';
import { finish } from './composing';
import type { ComposeDeps } from './composing';

type Asked = { message: MessageRow; userId: string; now: Instant };

/**
 * The turn of a link to log in: to the user's own address at any hour, also of a business that is paused, since its people must come in to change that; of one
 * that is canceled nobody does. The link is made here from the message's id and leaves with the mail; what the ledger keeps has dots in its place.
 */
export async function signInTurn(tx: Tx, deps: ComposeDeps, { message, userId, now }: Asked) {
  const { business, email } = await findUserFacts(tx, userId);
  const secret = messageToken(deps.hash, 'sign_in', message.id);
  const locale = message.facts['locale'] === 'es' ? 'es' : 'en';
  const permission = {
    status: business.businessStatus === 'paused' ? ('active' as const) : business.businessStatus,
    quiet: { startMinute: business.quietStartMinute, endMinute: business.quietEndMinute },
    fromNumber: null,
    senderRegistration: null,
    postalAddressKnown: business.businessPostalAddress !== null,
    onWhatsApp: false,
  };
  const { notAfter, rule, messageClass, channel, id: spreadKey } = message;
  const asked = { now, notAfter, rule, messageClass, channel, causedAt: null, spreadKey, hours: { kind: 'always' as const } };
  const vars = { businessName: business.businessName, link: `${deps.publicUrl}/login/link/${secret}` };
  const to = { address: email, form: { kind: 'text' as const } };
  return {
    kind: 'ready' as const,
    sendAt: message.sendAt,
    gateFacts: staffGateFacts(permission, asked),
    compose: () => finish(tx, { deps, business, message, to, locale, vars, wording: signInWording(locale) }),
    secret,
  };
}
