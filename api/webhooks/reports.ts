import { findOpenAppointments, touchAppointments } from '../../db/appointments';
import { findContactsByHash, markUnusable } from '../../db/contacts';
import { ringAll } from '../../db/doorbell';
import type { FailedMessage } from '../../db/inbound';
import { explainFailure } from '../../db/inbound';
import { suppressChannel } from '../../db/opt-outs';
import { holdSender } from '../../db/senders';
import { noteReport } from '../../db/sending';
import type { Tx } from '../../db/tenancy';
import type { Channel, Reason } from '../../domain/message';
import type { OptOutSource } from '../../domain/suppression';
import type { Instant } from '../../domain/time';
import type { RefusalCode } from '../../providers/errors';
import { appointmentProcess } from '../../workflows/contracts/appointment';
import type { WebhookDeps } from './deps';

type Report = {
  businessId: string;
  messageId: string;
  vendor: string;
  vendorId: string;
  rank: number;
  status: 'sent' | 'delivered' | 'failed';
  refusal: RefusalCode | null;
  vendorCode: string | null;
  now: Instant;
};

/** Our word for why a message that the vendor had taken did not arrive. */
const REASONS: Partial<Record<RefusalCode, Reason>> = {
  suppressed: 'suppressed',
  channel_unusable: 'channel_unusable',
  international_blocked: 'international_blocked',
  registration_pending: 'registration_pending',
  too_late: 'too_late',
};

/** Moves a message forward by a vendor's report; a failure acts: an opt-out at the carrier is one here too, a dead address is not tried again (B6). */
export async function applyReport(tx: Tx, deps: WebhookDeps, { businessId, messageId, refusal, ...report }: Report): Promise<void> {
  const moved = await noteReport(tx, { id: messageId, ...report });
  if (!moved || report.status !== 'failed') return;
  const failed = await explainFailure(tx, { id: messageId, reason: refusal === null ? null : (REASONS[refusal] ?? null) });
  if (!failed) return;
  if (refusal === 'registration_pending' && failed.fromAddress !== null)
    await holdSender(tx, { address: failed.fromAddress, code: report.vendorCode ?? 'unknown', now: report.now });
  const closed = failed.contactId === null ? false : await closeAddress(tx, deps, { businessId, refusal, failed, ...report });
  // Another channel may be allowed (B1); a closed address wakes all of the person's visits, this one too.
  if (!closed && failed.appointmentId !== null) await wake(tx, [failed.appointmentId], report.now);
}

type Closing = { businessId: string; refusal: RefusalCode | null; failed: FailedMessage; vendorCode: string | null; now: Instant };

/** What a refusal says about the address itself holds for every later message to it. Answers whether it does. */
async function closeAddress(tx: Tx, { hash }: WebhookDeps, { businessId, refusal, failed, vendorCode, now }: Closing): Promise<boolean> {
  if (refusal !== 'suppressed' && refusal !== 'channel_unusable') return false;
  const address = { channel: failed.channel, addressHash: hash.address(businessId, failed.toAddress ?? ''), now };
  if (refusal === 'suppressed')
    await suppressChannel(tx, { ...address, source: 'carrier', evidence: `message ${failed.id}`, recordedBy: 'vendor' });
  else await markUnusable(tx, { ...address, code: vendorCode ?? 'unknown' });
  await wakeContacts(tx, address);
  return true;
}

/** A complaint or an unsubscribe from e-mail ends e-mail to that address (R33). */
export async function applyEmailOptOut(
  tx: Tx,
  { hash }: WebhookDeps,
  { businessId, email, source, now }: { businessId: string; email: string; source: OptOutSource; now: Instant },
): Promise<void> {
  const address = { channel: 'email' as const, addressHash: hash.address(businessId, email.toLowerCase()), now };
  await suppressChannel(tx, { ...address, source });
  await wakeContacts(tx, address);
}

/** Every visit ahead of the people at an address plans again: what they may be sent has changed. */
export async function wakeContacts(
  tx: Tx,
  { channel, addressHash, now }: { channel: Channel; addressHash: string; now: Instant },
): Promise<void> {
  for (const { id } of await findContactsByHash(tx, { channel, addressHash })) {
    const open = await findOpenAppointments(tx, { contactId: id, now });
    await wake(
      tx,
      open.map((appointment) => appointment.id),
      now,
    );
  }
}

async function wake(tx: Tx, appointmentIds: string[], now: Instant): Promise<void> {
  const touched = await touchAppointments(tx, appointmentIds, now);
  await ringAll(
    tx,
    touched.map(({ id, version }) => ({ ...appointmentProcess(id), version, now })),
  );
}
