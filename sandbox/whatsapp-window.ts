import { WHATSAPP_WINDOW_MS } from '../domain/whatsapp';
import type { AcceptedLog, VendorName } from './accepted-log';

/** Whether a person wrote to a number on WhatsApp within the last 24 hours of the machine's time: WhatsApp knows no pushed clock. */
export function isWindowOpen(
  log: AcceptedLog,
  { vendor, person, number }: { vendor: VendorName; person: string; number: string },
): boolean {
  const sinceMs = Date.now() - WHATSAPP_WINDOW_MS;
  return log
    .entries({ vendor, kind: 'inbound' })
    .some(({ channel, from, to, at }) => channel === 'whatsapp' && from === person && to === number && Date.parse(at) > sinceMs);
}
