import { takePlace, takeRoom } from '../db/sender-lines';
import { findSenderKind } from '../db/senders';
import type { MessageRow } from '../db/messages';
import type { Tx } from '../db/tenancy';
import type { Reason } from '../domain/message';
import { SEGMENTS_PER_SECOND } from '../domain/registration';
import type { Composed } from './composing';
import type { Deps } from './deps';

type PaceDeps = Pick<Deps, 'clock' | 'vendorWaitMs'>;
type Asked = { businessId: string; message: MessageRow; text: Composed };

/** Twilio queues for ten hours by itself; more than a minute of that would make our `not_after` a guess. */
const BURST_MS = 60_000;

/** Whether vendor and sender can take a message now; else how long it waits, and why. Asked before the mark, so that a wait is no attempt. */
export async function vendorWait(tx: Tx, deps: PaceDeps, asked: Asked): Promise<{ waitMs: number; reason: Reason } | null> {
  const { message, text } = asked;
  const restMs = deps.vendorWaitMs(text.vendor);
  if (restMs > 0) return { waitMs: restMs, reason: 'vendor_down' };
  // Only texts are counted in segments; other channels are not paced.
  const waitMs = text.segments === null ? 0 : await waitForSender(tx, deps, { ...asked, segments: text.segments });
  // An answer to the person's own text takes its place in the line and does not wait for it (R20).
  return waitMs > 0 && message.messageClass !== 'reply' ? { waitMs: Math.ceil(waitMs), reason: 'sender_busy' } : null;
}

async function waitForSender(
  tx: Tx,
  { clock }: PaceDeps,
  { businessId, message, text, segments }: Asked & { segments: number },
): Promise<number> {
  const sender = text.fromAddress;
  const kind = await findSenderKind(tx, sender);
  const asked = { sender, costMs: (segments * 1_000) / SEGMENTS_PER_SECOND[kind ?? 'long_code'], burstMs: BURST_MS, now: clock.system() };
  const shared = kind === null && sender.startsWith('+'); // the platform's own number
  // One that comes back from its wait has its place already.
  const waitMs = message.reason === 'sender_busy' ? 0 : await takePlace(tx, { ...asked, businessId, shared });
  return waitMs > 0 || !shared ? waitMs : takeRoom(tx, asked);
}
