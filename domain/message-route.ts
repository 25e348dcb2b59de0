import type { Fallback, PlannedMessage, PlanOutcome, Reach } from './appointment-facts';
import { assertNever } from './assert-never';
import type { Channel, MessageRule, Reason } from './message';

/** What makes two rows the same message, on whatever channel. */
export type MessageKey = { rule: MessageRule; recipientId: string; scheduleVersion: number; change: string | null };

/** Over which channel a message goes. `kept`: the row that decided already, so nothing is planned anew. */
export type Route = { channel: Channel; skip: Reason | null; hold: Reason | null; fallback: Fallback | null; kept: PlanOutcome | null };

export type RouteInput = {
  /** In the order in which they are tried: see `channelOrder`. */
  channels: readonly Channel[];
  reach: Reach;
  /** This message's rows in the ledger, on all channels. */
  rows: readonly PlanOutcome[];
};

/**
 * The first channel that is open and has not refused this message (B1). None open: held while a registration is under way, else skipped with the
 * reason of the first channel for which there is an address.
 */
export function routeOf({ channels, reach, rows }: RouteInput): Route {
  const tried = rows.filter(isSettled);
  const decided = tried.find((row) => !mayFallBack(row));
  if (decided) return keep(decided);
  const left = channels.filter((channel) => reach[channel] !== undefined && !tried.some((row) => row.channel === channel));
  const isWaiting = (channel: Channel): boolean =>
    reach[channel] === 'registration_pending' || rows.some((row) => row.channel === channel && awaitsRegistration(row));
  const open = left.find((channel) => reach[channel] === 'ok' && !isWaiting(channel));
  if (open) return { channel: open, skip: null, hold: null, fallback: fallbackTo(open, { channels, reach, rows }), kept: null };
  const waiting = left.find(isWaiting);
  if (waiting)
    return {
      channel: waiting,
      skip: null,
      hold: 'registration_pending',
      fallback: fallbackTo(waiting, { channels, reach, rows }),
      kept: null,
    };
  const refused = tried.at(-1);
  if (refused) return keep(refused);
  const [closed] = left;
  const withAddress = channels.find((channel) => channel !== 'whatsapp');
  const reason = closed && reach[closed];
  if (closed && reason && reason !== 'ok') return { channel: closed, skip: reason, hold: null, fallback: null, kept: null };
  return { channel: withAddress ?? 'sms', skip: 'no_address', hold: null, fallback: null, kept: null };
}

/** The business's order, with the channel that the person likes best in front (B1). */
export const channelOrder = (channels: readonly Channel[], preferred: Channel | null): Channel[] =>
  preferred === null ? [...channels] : [preferred, ...channels.filter((channel) => channel !== preferred)];

/** The nearest channel in front of this one that was tried, or is closed. */
function fallbackTo(channel: Channel, { channels, reach, rows }: RouteInput): Fallback | null {
  const before = channels.slice(0, channels.indexOf(channel)).reverse();
  for (const from of before) {
    const tried = rows.find((row) => row.channel === from && isSettled(row));
    if (tried) return { from, reason: tried.reason ?? 'vendor_refused' };
    const state = reach[from];
    if (state !== undefined && state !== 'ok') return { from, reason: state };
    if (rows.some((row) => row.channel === from && awaitsRegistration(row))) return { from, reason: 'registration_pending' };
  }
  return null;
}

/** The rows of one message, on all channels. */
export const rowsOf = (outcomes: readonly PlanOutcome[], key: MessageKey): PlanOutcome[] => outcomes.filter((row) => isSame(row, key));

/** The row of a planned message on its channel, whatever its state. */
export const rowOf = (outcomes: readonly PlanOutcome[], message: PlannedMessage): PlanOutcome | undefined =>
  outcomes.find((outcome) => outcome.channel === message.channel && isSame(outcome, { ...message, recipientId: message.recipient.id }));

/** Decided at its turn: it is kept as it is. What was only dropped from a plan may come back with a later one. */
export function isSettled({ status, reason, settled }: PlanOutcome): boolean {
  switch (status) {
    case 'planned':
    case 'held':
      return false;
    case 'skipped':
      return settled && !(reason !== null && DROPPED.includes(reason));
    case 'sending':
    case 'sent':
    case 'delivered':
    case 'unknown':
    case 'failed':
      return true;
    default:
      return assertNever(status);
  }
}

/** It left, or may have left. */
export const wentOut = ({ status }: PlanOutcome): boolean =>
  status === 'sending' || status === 'sent' || status === 'delivered' || status === 'unknown';

/** Reasons of rows that a plan no longer named (leftoverReason): no decision about the message. */
const DROPPED: readonly Reason[] = ['superseded', 'cancelled', 'rule_off', 'not_needed'];

const isSame = (outcome: PlanOutcome, key: MessageKey): boolean =>
  outcome.rule === key.rule &&
  outcome.recipientId === key.recipientId &&
  outcome.scheduleVersion === key.scheduleVersion &&
  outcome.change === key.change;

/** Surely not sent, for a reason that another channel may not have (B1). */
const mayFallBack = ({ status, reason }: PlanOutcome): boolean =>
  status === 'failed' || (status === 'skipped' && reason !== null && CHANNELS_OWN.includes(reason));

/** Reasons that lie in the channel, not in the person or the message. */
const CHANNELS_OWN: readonly Reason[] = [
  'channel_unusable',
  'registration_pending',
  'whatsapp_window',
  'whatsapp_no_template',
  'whatsapp_marketing_us',
  'no_template',
];

/** Only the vendor knew that the sender may not text yet: the row says so, the reach does not. */
const awaitsRegistration = ({ status, reason }: PlanOutcome): boolean =>
  reason === 'registration_pending' && (status === 'held' || status === 'skipped');

const keep = (kept: PlanOutcome): Route => ({
  channel: kept.channel,
  skip: kept.status === 'skipped' ? kept.reason : null,
  hold: null,
  fallback: null,
  kept,
});
