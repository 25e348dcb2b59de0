import { z } from 'zod';
import { findBusinessZone } from '../../db/businesses';
import { findPermissionFacts } from '../../db/permission-facts';
import { gate } from '../../domain/gate';
import type { ContactChannel, MessageClass } from '../../domain/message';
import { addressOf, gateFactsOf, type PermissionFacts } from '../../domain/permission';
import { DAY_MS, plusMs, type Instant } from '../../domain/time';
import { dncSinceOf } from '../permission';
import { CONSENT_CHANNELS } from '../presenters/contact';
import { GateAnswerView, MESSAGE_CLASSES, presentAnswer } from '../presenters/gate-answer';
import type { Reader } from '../presenters/message-explanation';
import { route } from '../route';
import { ById, id, instantOut } from '../wire';

const ClassView = GateAnswerView.extend({ class: z.enum(MESSAGE_CLASSES) });

/** Far enough that nothing is called too late: the question is what may be sent, not until when. */
const AHEAD_MS = 30 * DAY_MS;

const show = route(
  {
    method: 'get',
    path: '/contacts/:id/permissions',
    tag: 'Contacts',
    summary: 'What may be sent to this person right now, by channel and class, else why not and when next',
    role: 'viewer',
    params: ById,
    response: z
      .object({
        contact_id: id,
        as_of: instantOut,
        channels: z.array(z.object({ channel: z.enum(CONSENT_CHANNELS), has_address: z.boolean(), classes: z.array(ClassView) })),
      })
      .meta({ id: 'ContactPermissions' }),
  },
  async ({ tx, params, deps, from, now }) => {
    const facts = await findPermissionFacts(tx, { contactId: params.id, now, dncSince: dncSinceOf(deps) });
    const reader = { now, locale: from.locale, zone: await findBusinessZone(tx) };
    const channels = CONSENT_CHANNELS.map((channel) => ({
      channel,
      hasAddress: addressOf(facts.contact, channel) !== null,
      classes: classesOf(channel).map((messageClass) => ({
        class: messageClass,
        ...ofClass(facts, { channel, messageClass, now, reader }),
      })),
    }));
    return { contactId: params.id, asOf: now, channels };
  },
);

type Asked = { channel: ContactChannel; messageClass: MessageClass; now: Instant; reader: Reader };

function ofClass(facts: PermissionFacts, { channel, messageClass, now, reader }: Asked) {
  if (addressOf(facts.contact, channel) === null) return presentAnswer({ kind: 'skip', reason: 'no_address' }, reader);
  const asked = { now, notAfter: plusMs(now, AHEAD_MS), rule: null, causedAt: null, spreadKey: '' };
  return presentAnswer(gate(gateFactsOf(facts, { ...asked, channel, messageClass })), reader);
}

/** Calls are by voice, all else is written. */
const classesOf = (channel: ContactChannel) =>
  MESSAGE_CLASSES.filter((messageClass) => (messageClass === 'call') === (channel === 'voice'));

export const permissionRoutes = [show];
