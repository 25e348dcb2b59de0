import type { MessageRow } from '../../db/messages';
import { pushOf } from '../../sandbox/handset/pushing';
import { linesOf, nextMessage, sortVisits, type VisitView } from '../../sandbox/handset/timeline';
import { timesIn } from '../../sandbox/handset/times';
import { wordsIn } from '../../sandbox/handset/words';

const english = { words: wordsIn('en'), times: timesIn('America/New_York', 'en') };
const DUE = '2027-03-07T15:00:00.000Z'; // 10:00 in New York
const plain = (text: string) => text.replace(/\s/g, ' '); // ICU writes a narrow space before AM

function aMessage(message: Partial<MessageRow> = {}): MessageRow {
  const nothing = {
    staffId: null,
    vendorCode: null,
    fallbackFrom: null,
    fallbackReason: null,
    sentAt: null,
    deliveredAt: null,
    failedAt: null,
    reason: null,
  };
  const facts = { id: 'm1', direction: 'out', contactId: 'c1', rule: '7d', channel: 'sms', status: 'planned', dueAt: DUE, sendAt: DUE };
  return { ...nothing, ...facts, createdAt: DUE, updatedAt: DUE, ...message } as MessageRow;
}

const aVisit = (visit: Partial<VisitView> = {}): VisitView => ({
  id: 'v1',
  status: 'booked',
  startsAt: '2027-03-14T14:00:00.000Z',
  endsAt: '2027-03-14T15:00:00.000Z',
  zone: 'America/New_York',
  scheduleVersion: 1,
  serviceId: 's1',
  serviceName: 'Haircut',
  staffId: 'p1',
  staffName: 'Marta',
  locationName: 'Main Street',
  messages: [],
  ...visit,
});

const says = (message: Partial<MessageRow>, reading = english) =>
  plain(linesOf(aVisit({ messages: [aMessage(message)] }), reading).lines[0]!.says);

describe('linesOf', () => {
  it.each<[string, Partial<MessageRow>, string]>([
    ['what is planned', {}, 'Planned for Sun, Mar 7, 10:00 AM'],
    [
      'what quiet hours put off',
      { sendAt: '2027-03-08T13:05:00.000Z', reason: 'quiet_hours' },
      'Waiting until Mon, Mar 8, 8:05 AM: quiet hours',
    ],
    ['what a vendor put off', { sendAt: '2027-03-07T15:01:00.000Z' }, 'Waiting until Sun, Mar 7, 10:01 AM'],
    ['what quiet hours pulled back', { sendAt: '2027-03-07T01:59:00.000Z' }, 'Planned for Sat, Mar 6, 8:59 PM'],
    [
      'what waits for something else',
      { status: 'held', reason: 'registration_pending' },
      'Held: the registration of the number is pending',
    ],
    ['what is on its way', { status: 'sending' }, 'Being sent'],
    ['what was sent', { status: 'sent', sentAt: DUE }, 'Sent Sun, Mar 7, 10:00 AM'],
    ['what arrived', { status: 'delivered', deliveredAt: '2027-03-07T15:02:00.000Z' }, 'Delivered Sun, Mar 7, 10:02 AM'],
    ['what the vendor refused', { status: 'failed', vendorCode: '30006' }, 'Failed: the vendor refused it (30006)'],
    ['what failed for a reason of ours', { status: 'failed', reason: 'suppressed', vendorCode: '21610' }, 'Failed: the person opted out'],
    ['what was left out', { status: 'skipped', reason: 'past_due' }, 'Not sent: its time had passed when the visit was booked'],
    ['what nobody can tell', { status: 'unknown' }, 'Unclear whether it was sent: the vendor could not tell.'],
    ['what the person wrote', { status: 'received', direction: 'in' }, 'Received Sun, Mar 7, 10:00 AM'],
  ])('says %s in one line', (_, message, line) => {
    expect(says(message)).toBe(line);
  });

  it('says it in Spanish', () => {
    const spanish = { words: wordsIn('es'), times: timesIn('America/New_York', 'es') };
    expect(says({ status: 'skipped', reason: 'no_consent' }, spanish)).toBe('No enviado: no hay consentimiento para este canal');
  });

  it("names rule, channel and whether it goes to the business's own people", () => {
    const messages = [aMessage(), aMessage({ rule: 'staff_new_booking', channel: 'email', contactId: null, staffId: 'p1' })];
    expect(linesOf(aVisit({ messages }), english).lines.map(({ title }) => title)).toEqual([
      '7-day reminder · text',
      'New booking · e-mail to staff',
    ]);
  });

  it('keeps apart what a move replaced', () => {
    const messages = [aMessage({ id: 'old', status: 'skipped', reason: 'superseded' }), aMessage({ id: 'new' })];
    const { lines, replaced } = linesOf(aVisit({ messages }), english);
    expect([lines.map(({ id }) => id), replaced.map(({ id }) => id)]).toEqual([['new'], ['old']]);
  });
});

describe('sortVisits', () => {
  const now = '2027-03-10T00:00:00.000Z';
  const ids = (visits: VisitView[]) => visits.map(({ id }) => id);

  it('puts the visits ahead first, the nearest on top, and the latest of the earlier ones on top of those', () => {
    const at = (id: string, day: string, status: VisitView['status'] = 'booked') =>
      aVisit({ id, status, startsAt: `2027-03-${day}T14:00:00.000Z`, endsAt: `2027-03-${day}T15:00:00.000Z` });
    const { ahead, earlier } = sortVisits([at('next week', '20'), at('tomorrow', '11'), at('last week', '01'), at('yesterday', '09')], now);
    expect([ids(ahead), ids(earlier)]).toEqual([
      ['tomorrow', 'next week'],
      ['yesterday', 'last week'],
    ]);
  });

  it('counts a visit that has begun and not ended as ahead, and a cancelled one as over', () => {
    const during = aVisit({ id: 'now', startsAt: '2027-03-09T23:30:00.000Z', endsAt: '2027-03-10T00:30:00.000Z' });
    const { ahead, earlier } = sortVisits([during, aVisit({ id: 'off', status: 'cancelled' })], now);
    expect([ids(ahead), ids(earlier)]).toEqual([['now'], ['off']]);
  });
});

describe('nextMessage', () => {
  it("is the earliest planned message to the person, whichever visit it belongs to, and none to the business's own people", () => {
    const late = aVisit({
      messages: [
        aMessage({ id: 'late', sendAt: '2027-03-12T00:00:00.000Z' }),
        aMessage({ id: 'sent', status: 'sent', sendAt: '2027-03-01T00:00:00.000Z' }),
      ],
    });
    const early = aVisit({
      messages: [aMessage({ id: 'early' }), aMessage({ id: 'staff', contactId: null, staffId: 'p1', sendAt: '2027-03-02T00:00:00.000Z' })],
    });
    expect(nextMessage([late, early])?.message.id).toBe('early');
  });

  it('is nothing when everything is sent, held or left out', () => {
    expect(nextMessage([aVisit({ messages: [aMessage({ status: 'held' }), aMessage({ status: 'delivered' })] })])).toBeNull();
  });
});

describe('pushOf', () => {
  const now = '2027-03-07T14:00:00.000Z';
  const visits = [aVisit({ messages: [aMessage()] })];

  it.each([
    ['hour', { byS: 3_600 }],
    ['day', { byS: 86_400 }],
    ['next', { to: { at: DUE } }],
    ['2027-03-14T13:00:00.000Z', { to: { at: '2027-03-14T13:00:00.000Z' } }],
    ['2027-03-01T13:00:00.000Z', { byS: 0 }],
    ['soon', null],
    ['', null],
  ])('understands the button %s', (to, push) => {
    expect(pushOf(to, { visits, now })).toEqual(push);
  });

  it('does what is due already without moving time', () => {
    expect(pushOf('next', { visits, now: '2027-03-07T15:00:01.000Z' })).toEqual({ byS: 0 });
  });

  it('leads nowhere when nothing is planned', () => {
    expect(pushOf('next', { visits: [], now })).toBeNull();
  });
});
