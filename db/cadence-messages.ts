import type { MessageClass, MessageRule, MessageStatus, Reason } from '../domain/message';
import type { Instant } from '../domain/time';
import type { Outcome } from './messages';
import type { Tx } from './tenancy';

export type StepMessage = Omit<Outcome, 'status'> & {
  status: MessageStatus;
  step: number;
  sendAt: Instant;
  notAfter: Instant;
  sentAt: Instant | null;
  settledAt: Instant | null;
};

/** Every message of an enrolment, with what became of it; its step is in its send key. */
export async function findStepMessages(tx: Tx, stateId: string): Promise<StepMessage[]> {
  return tx('messages')
    .where({ cadenceStateId: stateId })
    .orderBy('id')
    .select<StepMessage[]>(
      ...[
        'id',
        'sendKey',
        'rule',
        'channel',
        'contactId',
        'staffId',
        'change',
        'status',
        'reason',
        'sendAt',
        'notAfter',
        'sentAt',
        'settledAt',
      ],
      tx.raw(`split_part(send_key, '/', 3)::int as step`),
      tx.raw('0 as schedule_version'),
      tx.raw('settled_at is not null as settled'),
    );
}

export type Worded = { sendKey: string; rule: MessageRule; messageClass: MessageClass; template: string };

/** Gives a message that has not left the words of its step as they are now: the step may have been edited since it was planned. */
export async function rewordPlanned(tx: Tx, { sendKey, rule, messageClass, template }: Worded): Promise<void> {
  await tx('messages')
    .where({ sendKey })
    .whereNull('settledAt')
    .whereIn('status', ['planned', 'held', 'skipped'])
    .update({ rule, messageClass, facts: JSON.stringify({ template }) });
}

export type PassedStep = { sendKey: string; reason: Reason; now: Instant };

/** Settles a step's message that was planned as not to be sent, now that its time has come. */
export async function settlePassed(tx: Tx, { sendKey, reason, now }: PassedStep): Promise<void> {
  await tx('messages')
    .where({ sendKey })
    .whereNull('settledAt')
    .whereIn('status', ['planned', 'held', 'skipped'])
    .update({ status: 'skipped', reason, settledAt: now, updatedAt: now });
}
