import type { EnrolmentFacts } from '../db/cadence-facts';
import type { StepMessage } from '../db/cadence-messages';
import type { CadenceStateRow } from '../db/cadence-states';
import type { PlannedRow } from '../db/messages';
import { cadenceSendKey, type CadenceClass } from '../domain/cadence';
import type { CadenceFacts, CadencePlan, PlannedStep } from '../domain/cadence-plan';
import type { Channel, MessageRule, MessageStatus } from '../domain/message';
import type { PermissionFacts } from '../domain/permission';
import { reachOf } from '../domain/reach';
import { recipientPlace } from '../domain/recipient-place';
import { ruleTemplate } from '../domain/templates/wording';
import type { Instant } from '../domain/time';

// An enrolment's rows as the pure plan wants them, and back.

type Rows = { state: CadenceStateRow; facts: EnrolmentFacts; permission: PermissionFacts; rows: StepMessage[]; now: Instant };

/** The rows of an enrolment as facts. */
export const factsOf = ({ state, facts, permission, rows, now }: Rows): CadenceFacts => ({
  now,
  stateId: state.id,
  startedAt: state.createdAt,
  cadence: facts,
  steps: facts.steps,
  businessStatus: facts.businessStatus,
  quiet: { startMinute: facts.quietStartMinute, endMinute: facts.quietEndMinute },
  contact: {
    reach: reachOf(permission, { messageClass: facts.messageClass === 'marketing' ? 'marketing' : 'reminder', now }),
    preferred: facts.preferredChannel,
    place: recipientPlace(permission.contact),
  },
  hasBooked: facts.hasBooked,
  rows: rows.map((row) => ({ ...row, recipientId: row.contactId ?? '' })),
});

/** A rule of ours has its own name; a template of the business's own goes as `cadence_step`. */
export const ruleOf = (templateKey: string): MessageRule =>
  ruleTemplate(templateKey) === null ? 'cadence_step' : (templateKey as MessageRule);

type Writing = { id: string; state: CadenceStateRow; messageClass: CadenceClass; now: Instant };

/** A step's message as a row of the ledger. What waits for a release is held from its instant on. */
export function toRow(message: PlannedStep, { id, state, messageClass, now }: Writing): PlannedRow {
  const { step, channel, templateKey, dueAt, sendAt, notAfter, skip, hold, fallback } = message;
  const held = skip === null && hold !== null && sendAt <= now;
  return {
    id,
    sendKey: cadenceSendKey({ stateId: state.id, step, channel }),
    cadenceStateId: state.id,
    // Without a schedule version it is no part of the visit's own plan; its words may name the visit.
    appointmentId: state.appointmentId,
    scheduleVersion: null,
    contactId: state.contactId,
    staffId: null,
    rule: ruleOf(templateKey),
    messageClass,
    channel,
    facts: { template: templateKey },
    status: skip !== null ? 'skipped' : held ? 'held' : 'planned',
    reason: skip ?? (held ? hold : sendAt > dueAt ? 'quiet_hours' : null),
    dueAt,
    sendAt,
    notAfter,
    fallback,
  };
}

/** What the process waits for. */
export type Wake = {
  messageId: string;
  queue: Channel;
  step: number;
  what: string;
  why: string | null;
  at: Instant;
  looksOnly: boolean;
};

/** The instant of what comes next, by the ledger: a message may have been deferred. A held one waits for its release, which rings. */
export function wakeOf(next: Exclude<CadencePlan['next'], { kind: 'end' }>, written: readonly StepMessage[]): Wake {
  switch (next.kind) {
    case 'unclear':
      return turnOf(found(written, ({ id }) => id === next.row.id));
    case 'listen': {
      const { id: messageId, channel: queue, step } = found(written, (row) => row.step === next.step && row.sentAt !== null);
      return { messageId, queue, step, what: 'cadence_answer', why: null, at: next.until, looksOnly: true };
    }
    case 'message': {
      const { step, channel, dueAt } = next.message;
      const row = found(written, (each) => each.step === step && each.channel === channel);
      return row.status === 'skipped' ? { ...turnOf(row), at: dueAt, looksOnly: true } : turnOf(row);
    }
  }
}

/** When a message has its turn. */
export const turnOf = ({ id, channel, step, rule, reason, status, notAfter, sendAt }: StepMessage): Wake => ({
  messageId: id,
  queue: channel,
  step,
  what: `${rule} by ${channel}`,
  why: reason,
  at: status === 'held' ? notAfter : sendAt,
  looksOnly: false,
});

/** What the plan names has a row: it was written in the same transaction. */
function found(written: readonly StepMessage[], isIt: (row: StepMessage) => boolean): StepMessage {
  const row = written.find(isIt);
  if (!row) throw new RangeError('a planned step has a row');
  return row;
}

/** When the last of them was sent. */
export const lastSentOf = (rows: readonly StepMessage[]): Instant | null =>
  rows.reduce<Instant | null>((last, { sentAt }) => (sentAt !== null && (last === null || last < sentAt) ? sentAt : last), null);

/** How the last of them that had its turn fared. */
export function lastStatusOf(rows: readonly StepMessage[]): MessageStatus | null {
  const had = rows.filter(({ settledAt, status }) => settledAt !== null || status === 'sending');
  const [last] = had.sort((a, b) => b.step - a.step || ((b.settledAt ?? '~') < (a.settledAt ?? '~') ? -1 : 1));
  return last?.status ?? null;
}
