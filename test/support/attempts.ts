import { ApplicationFailure } from '@temporalio/common';
import type { MessageRow } from '../../db/messages';
import { findMessage } from '../../db/messages';
import { pushSandboxClock } from '../../db/sandbox-clock';
import { withBusiness } from '../../db/tenancy';
import type { Instant } from '../../domain/time';
import type { Salon } from './salon';
import type { Visit } from './visits';
import type { World } from './world';

/** What came of one call of the activity: its word, or that it wants to be called again after so long. */
export type Attempted = string | { againInMs: number };

/** The activities of one salon called one by one, as attempts of Temporal's would, in a world whose worker stands still. */
export type Attempts = {
  /** Plans the visit and answers the id of its message of that rule. */
  plan: (visit: Visit, rule: string) => Promise<string>;
  /** One attempt at sending. `now`: the workflow's clock when it was scheduled, the machine's unless told. */
  send: (messageId: string, now?: Instant) => Promise<Attempted>;
  /** Lets so much time pass since the message's mark. */
  age: (messageId: string, ms: number) => Promise<void>;
  row: (messageId: string) => Promise<MessageRow>;
  /** Moves the business's time there, without anything happening on the way. */
  setClock: (at: Instant) => Promise<void>;
  /** Bodies (or subjects) of what the vendors accepted for the contact. */
  accepted: () => string[];
};

export function attemptsOf({ db, activities, sandbox }: World, salon: Salon): Attempts {
  const businessId = salon.id;
  const now = (): Instant => new Date().toISOString();
  return {
    plan: async (visit, rule) => {
      await activities.planAppointment({ businessId, id: visit.id, atLeast: 1, now: now() });
      const line = (await visit.messages()).find((message) => message.rule === rule && message.recipient === 'contact');
      if (!line) throw new Error(`the plan names no ${rule}`);
      return line.id;
    },
    send: (messageId, at = now()) => asWords(activities.sendMessage({ businessId, messageId, now: at })),
    age: (messageId, ms) =>
      withBusiness(db, businessId, async (tx) => {
        const markedAt = new Date(Date.now() - ms).toISOString();
        await tx('messages').where({ id: messageId }).update({ markedAt });
      }),
    row: (messageId) => withBusiness(db, businessId, (tx) => findMessage(tx, messageId)),
    setClock: (at) => pushSandboxClock(db, businessId, Date.parse(at) - Date.now()),
    accepted: () =>
      [
        ...['sms', 'whatsapp'].flatMap((kind) => sandbox.log.entries({ to: salon.contactPhone, kind })),
        ...sandbox.log.entries({ to: salon.contactEmail }),
      ].map(({ subject, body }) => subject ?? body),
  };
}

async function asWords(attempt: Promise<{ outcome: string; reason?: string }>): Promise<Attempted> {
  try {
    const { outcome, reason } = await attempt;
    return [outcome, ...(reason === undefined ? [] : [reason])].join(' ');
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== 'outcome_unclear') throw error;
    return { againInMs: Number(error.nextRetryDelay) };
  }
}
