import { v7 as newId } from 'uuid';
import { recordConsents } from '../../db/contacts';
import { savePlanned } from '../../db/messages';
import type { Db } from '../../db/tenancy';
import { withBusiness } from '../../db/tenancy';
import type { ContactChannel, MessageClass, Purpose } from '../../domain/message';
import type { Instant } from '../../domain/time';
import { DAY_MS, plusMs } from '../../domain/time';
import type { Salon } from './salon';

type Given = { channel: ContactChannel; purpose: Purpose; at: Instant; granted?: boolean };

/** The salon's contact says what may be sent to her. */
export const aConsent = (db: Db, { id: businessId, contactId }: Salon, { channel, purpose, at, granted = true }: Given): Promise<void> =>
  withBusiness(db, businessId, (tx) =>
    recordConsents(tx, [
      {
        id: newId(),
        contactId,
        channel,
        purpose,
        granted,
        statement: 'Yes, in writing.',
        source: 'test',
        method: 'form',
        addressHash: null,
        attestationId: null,
        recordedBy: 'test',
        ip: null,
        userAgent: null,
        recordedAt: at,
      },
    ]),
  );

type Planned = { at: Instant; messageClass?: MessageClass; count?: number };

/** Texts to the salon's contact outside any visit, due at once; answers their ids. */
export async function plannedTexts(
  db: Db,
  { id: businessId, contactId }: Salon,
  { at, messageClass = 'marketing', count = 1 }: Planned,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  const rows = ids.map((id) => ({
    id,
    sendKey: `test/${id}`,
    appointmentId: null,
    contactId,
    staffId: null,
    rule: 'handoff' as const,
    messageClass,
    channel: 'sms' as const,
    scheduleVersion: null,
    status: 'planned' as const,
    reason: null,
    dueAt: at,
    sendAt: at,
    notAfter: plusMs(at, 7 * DAY_MS),
  }));
  await withBusiness(db, businessId, (tx) => savePlanned(tx, rows, at));
  return ids;
}
