import { transition } from '../../domain/appointment';

const startsAt = '2027-03-16T14:00:00.000Z';
const booked = {
  status: 'booked' as const,
  previousStatus: null,
  statusChangedAt: '2027-03-01T14:00:00.000Z',
  startsAt,
  holdExpiresAt: null,
};

describe('an arrival', () => {
  it.each([
    [
      'is noted from the start of the visit’s local day on',
      { zone: 'America/New_York', now: '2027-03-16T04:00:00.000Z' },
      { status: 'arrived' },
    ],
    ['is not noted the day before', { zone: 'America/New_York', now: '2027-03-16T03:59:59.999Z' }, { refused: 'appointment.not_today' }],
    ['goes by the day of the venue', { zone: 'Pacific/Auckland', now: '2027-03-16T11:00:00.000Z' }, { status: 'arrived' }],
    [
      'is not noted on the day before at the venue',
      { zone: 'Pacific/Auckland', now: '2027-03-16T10:59:59.999Z' },
      { refused: 'appointment.not_today' },
    ],
  ])('%s', (_, { zone, now }, outcome) => {
    expect(transition({ ...booked, zone }, 'arrive', now)).toEqual(outcome);
  });
});
