import { closedBy } from './gate';
import type { Reach } from './appointment-facts';
import type { Channel } from './message';
import { addressOf, gateFactsOf, type PermissionFacts } from './permission';
import type { Instant } from './time';

const CHANNELS: readonly Channel[] = ['sms', 'whatsapp', 'email'];

/**
 * Whether a person may be reached over each channel for which there is an address, else the first reason why not, in the order of R23.
 * It is the gate's own judgement of the address; the hour and the caps are asked at the message's turn.
 */
export function reachOf(facts: PermissionFacts, { messageClass, now }: { messageClass: 'reminder' | 'marketing'; now: Instant }): Reach {
  const asked = { now, notAfter: now, rule: null, messageClass, causedAt: null, spreadKey: '' };
  return Object.fromEntries(
    CHANNELS.filter((channel) => isOpenToUs(facts, channel)).map((channel) => [
      channel,
      closedBy(gateFactsOf(facts, { ...asked, channel })) ?? 'ok',
    ]),
  );
}

/** There is an address, and the business is on the channel. */
const isOpenToUs = ({ contact, business }: PermissionFacts, channel: Channel): boolean =>
  addressOf(contact, channel) !== null && (channel !== 'whatsapp' || business.onWhatsApp);
