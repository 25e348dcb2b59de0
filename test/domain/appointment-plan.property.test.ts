import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AppointmentFacts, PlannedAppointment, PlannedMessage, PlanOutcome } from '../../domain/appointment-facts';
import { UNDO_MS } from '../../domain/appointment';
import { causedByRecipientAt } from '../../domain/appointment-notices';
import { leftoverReason, planAppointment } from '../../domain/appointment-plan';
import type { MessageStatus } from '../../domain/message';
import { isSettled } from '../../domain/message-route';
import { contactHours, isAllowed, type ContactHours } from '../../domain/quiet-hours';
import { recipientPlace } from '../../domain/recipient-place';
import { DAY_MS, HOUR_MS, instant, later, MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import { ANNA, aVisit, OWNER } from './visit-facts';

const BOOKED_MS = Date.UTC(2027, 2, 1, 12);
const BEN = { ...ANNA, id: 'ben' };

type Step =
  | { kind: 'move'; startMs: number; by: 'contact' | 'staff' }
  | { kind: 'confirm' | 'arrive' | 'complete' | 'no_show' | 'undo' | 'hand_on' | 'pause' | 'resume' | 'nothing' }
  | { kind: 'cancel'; by: 'contact' | 'staff' }
  | { kind: 'outage'; hours: number };
/** `afterMs`: since the step before. */
type Timed = Step & { afterMs: number };

const starts = fc.integer({ min: 1, max: 20 * 24 * 4 }).map((quarter) => quarter * 15 * MINUTE_MS);
const by = fc.constantFrom<'contact' | 'staff'>('contact', 'staff');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), startMs: starts, by }),
  fc.record({ kind: fc.constant('cancel' as const), by }),
  fc.record({ kind: fc.constant('outage' as const), hours: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ kind: fc.constantFrom('confirm', 'arrive', 'complete', 'no_show', 'undo', 'hand_on', 'pause', 'resume', 'nothing') }),
);
const story = fc.record({
  startMs: starts,
  zone: fc.constantFrom('America/New_York', 'America/Los_Angeles', 'Europe/Madrid', null),
  bookedBy: by,
  steps: fc.array(fc.tuple(step, fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 0, max: 8 * DAY_MS }))), { maxLength: 6 }),
  answers: fc.infiniteStream(fc.constantFrom<MessageStatus>('sent', 'sent', 'sent', 'delivered', 'unknown', 'failed')),
});
type Story = {
  startMs: number;
  zone: string | null;
  bookedBy: 'contact' | 'staff';
  steps: [Step, number][];
  answers: Iterable<MessageStatus>;
};

type Sent = { message: PlannedMessage; at: string; status: MessageStatus; startsAt: string };

/** The ledger and the clock around the plan: plans, waits until the next message or step, sends, plans again. */
class FrontDesk {
  readonly sent: Sent[] = [];
  turns = 0;
  private facts: AppointmentFacts;
  private up = BOOKED_MS;
  private before: { status: PlannedAppointment['status']; atMs: number } = { status: 'booked', atMs: BOOKED_MS };
  private readonly answers: Iterator<MessageStatus>;

  constructor({ startMs, zone, bookedBy, answers }: Story) {
    const appointment = { startsAt: instant(BOOKED_MS + startMs), bookedAt: instant(BOOKED_MS), bookedBy };
    const place = recipientPlace({ zone, postalCode: null, phone: null });
    this.facts = aVisit({ appointment, contact: { place }, staff: [ANNA, OWNER], now: instant(BOOKED_MS) });
    this.answers = answers[Symbol.iterator]();
  }

  run(steps: Timed[]): this {
    let at = BOOKED_MS;
    for (const timed of steps) {
      at += timed.afterMs;
      this.waitUntil(at);
      this.take(timed, instant(at));
    }
    this.waitUntil(Infinity);
    return this;
  }

  get status(): string {
    return this.facts.appointment.status;
  }

  /** Turns of messages until a time. Each replans, as the workflow does. */
  private waitUntil(endMs: number): void {
    for (;;) {
      if (++this.turns > 500) throw new Error('the plan spins');
      const wake = nextWake(this.plan(), this.facts.outcomes, this.facts.now);
      const wakeMs = wake === null ? Infinity : Math.max(Date.parse(wake), this.up);
      if (wakeMs > endMs || wakeMs === Infinity) break;
      this.facts = { ...this.facts, now: instant(wakeMs) };
      this.turn(this.plan());
    }
    if (endMs !== Infinity) this.facts = { ...this.facts, now: instant(endMs) };
  }

  private plan(): PlannedMessage[] {
    const { messages } = planAppointment(this.facts);
    this.check(messages);
    const pending = this.facts.outcomes.filter((row) => !isSettled(row));
    const left = pending.filter((row) => !messages.some((message) => isRowOf(row, message)) && row.status !== 'skipped');
    const dropped = left.map((row): PlanOutcome => ({ ...row, status: 'skipped', reason: leftoverReason(row, this.facts.appointment) }));
    const rows = messages.filter((message) => !this.settled(message)).map((message) => toRow(message, this.facts.now));
    this.facts = { ...this.facts, outcomes: [...this.facts.outcomes.filter(isSettled), ...dropped, ...rows] };
    return messages;
  }

  private settled(message: PlannedMessage): boolean {
    return this.facts.outcomes.some((row) => isRowOf(row, message) && isSettled(row));
  }

  private turn(messages: PlannedMessage[]): void {
    const { now } = this.facts;
    const message = messages.find((each) => each.skip === null && each.hold === null && each.sendAt <= now && !this.settled(each));
    if (!message) return; // held, or planned away meanwhile
    const status = this.answers.next().value as MessageStatus;
    this.sent.push({ message, at: now, status, startsAt: this.facts.appointment.startsAt });
    const rows = this.facts.outcomes.filter((row) => !isRowOf(row, message));
    this.facts = { ...this.facts, outcomes: [...rows, { ...toRow(message, now), status, settled: true }] };
  }

  /** What must hold of every plan. */
  private check(messages: PlannedMessage[]): void {
    const { appointment, now } = this.facts;
    const keys = messages.map(({ rule, recipient, scheduleVersion }) => [rule, recipient.id, scheduleVersion].join('/'));
    assert.equal(new Set(keys).size, keys.length, 'a rule is planned twice for somebody');
    const live = messages.filter((message) => message.skip === null && !this.settled(message));
    for (const message of live) {
      const { rule, messageClass, sendAt, notAfter, dueAt, recipient } = message;
      assert.ok(sendAt < notAfter, `${rule} is planned for when it is of no use`);
      if (messageClass === 'reminder') assert.ok(sendAt < appointment.startsAt, `${rule} is planned after the start`);
      else assert.ok(sendAt >= dueAt, `${rule} is planned before it is due`);
      if (recipient.kind === 'contact')
        assert.ok(isAllowed(this.hoursOf(message), sendAt < now ? now : sendAt), `${rule} is planned for the night`);
    }
    const reminders = live.filter(({ messageClass }) => messageClass === 'reminder').map(({ sendAt }) => sendAt);
    assert.deepEqual(reminders, [...new Set(reminders)].sort(), 'reminders are out of order');
  }

  private hoursOf({ rule, messageClass, channel }: PlannedMessage): ContactHours {
    const { appointment, contact, quiet } = this.facts;
    const caused = causedByRecipientAt(rule, appointment);
    return contactHours({ messageClass, channel, place: contact.place, quiet, causedByRecipientAt: caused });
  }

  /** Within ten minutes, and only of what is over (R13). */
  private undo({ kind }: Step, now: string): Change {
    const { status } = this.facts.appointment;
    if (kind !== 'undo' || (status !== 'completed' && status !== 'no_show')) return null;
    return Date.parse(now) - this.before.atMs < UNDO_MS ? { status: this.before.status, noShowAt: null } : null;
  }

  private take(taken: Step, now: string): void {
    const { appointment, staff } = this.facts;
    if (taken.kind === 'outage') this.up = Date.parse(now) + taken.hours * HOUR_MS;
    if (taken.kind === 'pause') this.facts = { ...this.facts, businessStatus: 'paused' };
    if (taken.kind === 'resume') this.facts = { ...this.facts, businessStatus: 'active' };
    const change = LIVE.includes(appointment.status) ? changeOf(taken, appointment, now) : this.undo(taken, now);
    if (!change) return;
    this.before = { status: appointment.status, atMs: Date.parse(now) };
    this.facts = { ...this.facts, appointment: { ...appointment, ...change } };
    if (taken.kind === 'hand_on') this.facts = { ...this.facts, staff: [staff[0]?.id === 'anna' ? BEN : ANNA, OWNER] };
  }
}

type Change = Partial<PlannedAppointment> | null;

const LIVE = ['booked', 'confirmed', 'arrived'];

/** What the transitions of a live visit allow; null: it changes nothing. */
function changeOf(taken: Step, { startsAt, status, scheduleVersion }: PlannedAppointment, now: string): Change {
  const over = now >= startsAt;
  if (taken.kind === 'move') {
    const moved = { startsAt: plusMs(now, taken.startMs), scheduleVersion: scheduleVersion + 1 };
    return { ...moved, status: 'booked', scheduleChangedAt: now, scheduleChangedBy: taken.by };
  }
  if (taken.kind === 'cancel') return { status: 'cancelled', cancelledAt: now, cancelledBy: taken.by };
  const changes: Partial<Record<Step['kind'], Change>> = {
    hand_on: { staffChangedAt: now },
    confirm: status === 'arrived' ? null : { status: 'confirmed' },
    arrive: { status: 'arrived' },
    complete: over ? { status: 'completed' } : null,
    no_show: over ? { status: 'no_show', noShowAt: now } : null,
  };
  return changes[taken.kind] ?? null;
}

const isRowOf = (row: PlanOutcome, { rule, channel, recipient, scheduleVersion, change }: PlannedMessage): boolean =>
  row.rule === rule &&
  row.channel === channel &&
  row.recipientId === recipient.id &&
  row.scheduleVersion === scheduleVersion &&
  row.change === change;

/** As the ledger keeps it: held from its turn on. */
function toRow(message: PlannedMessage, now: string): PlanOutcome {
  const held = message.skip === null && message.hold !== null && message.sendAt <= now;
  return {
    rule: message.rule,
    channel: message.channel,
    recipientId: message.recipient.id,
    scheduleVersion: message.scheduleVersion,
    change: message.change,
    status: message.skip !== null ? 'skipped' : held ? 'held' : 'planned',
    reason: message.skip ?? (held ? message.hold : null),
    settled: false,
  };
}

describe('whatever happens to a visit, in whatever order', () => {
  const toDesk = (tale: Story): FrontDesk => new FrontDesk(tale).run(tale.steps.map(([each, afterMs]) => ({ ...each, afterMs })));
  const keyOf = (...parts: (string | number | null)[]): string => parts.join('/');

  it('sends each message at most once, in time and in order, one word of each change to each person, and comes to an end', () => {
    fc.assert(
      fc.property(story, (tale) => {
        const { sent } = toDesk(tale);
        for (const { message, at, startsAt } of sent) {
          expect(at < message.notAfter).toBe(true);
          if (message.messageClass === 'reminder') expect(at < startsAt).toBe(true);
        }
        const out = sent.filter(({ status }) => status !== 'failed').map(({ message }) => message);
        const keys = out.map(({ rule, recipient, scheduleVersion, change }) => keyOf(rule, recipient.id, scheduleVersion, change));
        expect(keys).toHaveLength(new Set(keys).size);
        const news = out.filter(({ rule }) => /confirmation|change|new_booking/.test(rule));
        const words = news.map(({ recipient, scheduleVersion, change }) => keyOf(recipient.id, scheduleVersion, change));
        expect(words).toHaveLength(new Set(words).size);
        const reminders = sent.map(({ message }) => message).filter(({ messageClass }) => messageClass === 'reminder');
        const order = reminders.map(({ scheduleVersion, dueAt }) => keyOf(String(scheduleVersion).padStart(3, '0'), dueAt));
        expect(order).toEqual([...order].sort());
      }),
      { numRuns: 200 },
    );
  });

  it('tells of a cancellation once, and of nothing else after it', () => {
    const end: [Step, number][] = [
      [{ kind: 'resume' }, 0],
      [{ kind: 'cancel', by: 'staff' }, 0],
    ];
    fc.assert(
      fc.property(story, (tale) => {
        const { sent, status } = toDesk({ ...tale, steps: [...tale.steps, ...end] });
        const rules = sent.map(({ message }) => message.rule);
        const notices = sent.filter((each) => each.message.rule === 'cancellation_notice' && each.status !== 'failed');
        expect(notices.length).toBeLessThanOrEqual(1);
        const first = rules.findIndex((rule) => rule.includes('cancel'));
        if (first >= 0) expect(rules.slice(first).filter((rule) => !rule.includes('cancel'))).toEqual([]);
        if (status === 'cancelled') expect(rules).not.toContain('no_show_followup');
      }),
      { numRuns: 100 },
    );
  });
});

/** As findNext of db/messages.ts finds it: the earliest message that nobody has decided; one that is held already waits until it is too late. */
function nextWake(messages: readonly PlannedMessage[], outcomes: readonly PlanOutcome[], now: Instant): Instant | null {
  const wakes = messages.flatMap((message) => {
    const row = outcomes.find((candidate) => isRowOf(candidate, message));
    if (message.skip !== null || (row && isSettled(row))) return [];
    return [later(message.hold !== null && row?.status === 'held' ? message.notAfter : message.sendAt, now)];
  });
  return wakes.sort()[0] ?? null;
}
