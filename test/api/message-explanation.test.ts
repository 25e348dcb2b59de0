import { explainMessage } from '../../api/presenters/message-explanation';
import type { MessageRow } from '../../db/messages';

const NOW = '2027-03-01T14:00:00.000Z';
const reader = { now: NOW, locale: 'en' as const, zone: 'America/New_York' };
type Seen = Parameters<typeof explainMessage>[0];
const message = (over: Partial<Seen>): Seen => ({
  channel: 'sms',
  status: 'planned',
  reason: null,
  vendorCode: null,
  fallbackFrom: null,
  fallbackReason: null,
  sendAt: '2027-03-02T14:00:00.000Z',
  sentAt: null,
  deliveredAt: null,
  failedAt: null,
  resolution: null,
  waitingUntil: null,
  ...over,
});

describe('What a person reads about a message', () => {
  it.each<[over: Partial<Seen>, sentence: string]>([
    [{}, 'Goes out Tue, Mar 2, 9:00 AM (America/New York).'],
    [{ sendAt: NOW }, 'Is about to go out.'],
    [{ waitingUntil: '2027-03-02T13:00:00.000Z' }, 'Waiting until Tue, Mar 2, 8:00 AM (America/New York).'],
    [
      { waitingUntil: '2027-03-02T13:00:00.000Z', reason: 'quiet_hours' },
      'Waiting until Tue, Mar 2, 8:00 AM (America/New York), because it is quiet hours for the contact.',
    ],
    [{ status: 'held', reason: 'business_inactive' }, 'Held back, because the business is paused.'],
    [{ status: 'sending' }, 'Is being sent.'],
    [{ status: 'sent', sentAt: NOW }, 'Sent Mon, Mar 1, 9:00 AM (America/New York); not yet confirmed as delivered.'],
    [{ status: 'delivered', deliveredAt: NOW }, 'Delivered Mon, Mar 1, 9:00 AM (America/New York).'],
    [{ status: 'failed', failedAt: NOW }, 'Could not be delivered (Mon, Mar 1, 9:00 AM (America/New York)).'],
    [
      { status: 'failed', failedAt: NOW, vendorCode: '63024' },
      'Could not be delivered (Mon, Mar 1, 9:00 AM (America/New York)), because the vendor says 63024.',
    ],
    [
      { status: 'sent', sentAt: NOW, channel: 'email', fallbackFrom: 'whatsapp', fallbackReason: 'whatsapp_marketing_us' },
      'Sent Mon, Mar 1, 9:00 AM (America/New York); not yet confirmed as delivered. By e-mail instead of WhatsApp, because WhatsApp delivers no marketing to United States numbers.',
    ],
    [{ status: 'skipped', reason: 'no_consent' }, 'Not sent, because there is no consent for this channel.'],
    [{ status: 'unknown' }, 'The carrier could not say whether it took it. It is not sent again by itself.'],
    [{ status: 'unknown', resolution: 'leave_it' }, 'The carrier could not say whether it took it, and a person decided to leave it so.'],
    [{ status: 'received' }, 'Written by the person.'],
  ])('is one plain sentence: %j', (over, sentence) => {
    expect(explainMessage(message(over), reader)).toBe(sentence);
  });

  it.each<MessageRow['status']>(['planned', 'held', 'sending', 'sent', 'delivered', 'failed', 'skipped', 'unknown', 'received'])(
    'has a Spanish one for %s',
    (status) => {
      const spanish = explainMessage(message({ status }), { ...reader, locale: 'es' });
      expect(spanish).not.toBe(explainMessage(message({ status }), reader));
    },
  );
});
