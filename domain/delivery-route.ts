import type { PlanOutcome, Reach, Fallback } from './appointment-facts';
import type { Channel, MessageRule } from './message';
import { routeOf } from './message-route';

/** What may follow a channel that refused a message (B1, R41), where it has no order of its own. */
const ORDER: readonly Channel[] = ['whatsapp', 'sms', 'email'];

/** They answer on the channel on which they were asked, and are about that channel. */
const BOUND: readonly MessageRule[] = ['opt_out_ack', 'opt_in_ack', 'help'];

export type Delivery = {
  rule: MessageRule;
  /** On which it began. */
  first: Channel;
  reach: Reach;
  /** Its rows so far, on all channels. */
  rows: readonly PlanOutcome[];
  /** In which its channels are tried. */
  order?: readonly Channel[];
};

/**
 * Over which channel a message outside any visit goes on after a definite refusal: the next one that is open to the person. Null: nowhere, or it is not
 * refused at all. Never a second channel while one may still bring it.
 */
export function nextChannel({ rule, first, reach, rows, order = ORDER }: Delivery): { channel: Channel; fallback: Fallback } | null {
  if (BOUND.includes(rule)) return null;
  const channels = order.slice(order.indexOf(first));
  const { channel, skip, kept, fallback } = routeOf({ channels, reach, rows });
  if (skip !== null || kept !== null || fallback === null) return null;
  return rows.some((row) => row.channel === channel) ? null : { channel, fallback };
}
