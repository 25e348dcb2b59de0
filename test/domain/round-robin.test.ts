import fc from 'fast-check';
import { pickStaff, type StaffLoad } from '../../domain/round-robin';

const load = (id: string, bookingsThatDay = 0, lastBookedAt: string | null = null): StaffLoad => ({ id, bookingsThatDay, lastBookedAt });
const [monday, tuesday] = ['2027-03-15T14:00:00.000Z', '2027-03-16T14:00:00.000Z'];

describe('pickStaff', () => {
  it.each<{ title: string; candidates: StaffLoad[]; preferredId?: string; expected: string | null }>([
    { title: 'takes the one with the fewest bookings that day', candidates: [load('ana', 2), load('bea', 1, tuesday)], expected: 'bea' },
    {
      title: 'takes the least recently booked of those with equally many',
      candidates: [load('ana', 1, tuesday), load('bea', 1, monday)],
      expected: 'bea',
    },
    {
      title: 'takes somebody never booked before somebody booked long ago',
      candidates: [load('ana', 1, '1999-01-01T00:00:00.000Z'), load('bea', 1)],
      expected: 'bea',
    },
    { title: 'takes the smaller id when all else is equal', candidates: [load('bea', 1, monday), load('ana', 1, monday)], expected: 'ana' },
    {
      title: 'takes the preferred one who is free, however busy',
      candidates: [load('ana', 9, tuesday), load('bea')],
      preferredId: 'ana',
      expected: 'ana',
    },
    { title: 'takes another when the preferred one is not free', candidates: [load('bea')], preferredId: 'ana', expected: 'bea' },
    { title: 'takes nobody when nobody is free', candidates: [], preferredId: 'ana', expected: null },
  ])('$title', ({ candidates, preferredId, expected }) => {
    expect(pickStaff(candidates, preferredId)).toBe(expected);
  });

  it('picks the same person whatever the order in which the candidates come', () => {
    const candidate = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      bookingsThatDay: fc.integer({ min: 0, max: 2 }),
      lastBookedAt: fc.constantFrom(null, monday, tuesday),
    });
    const candidates = fc.uniqueArray(candidate, { selector: ({ id }) => id, minLength: 1 });
    fc.assert(
      fc.property(
        candidates.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(pickStaff(shuffled)).toBe(pickStaff(all));
          expect(all.find(({ id }) => id === pickStaff(all))?.bookingsThatDay).toBe(
            Math.min(...all.map(({ bookingsThatDay }) => bookingsThatDay)),
          );
        },
      ),
    );
  });

  it('spreads a day of bookings evenly', () => {
    const staff = ['ana', 'bea', 'cid'].map((id) => load(id));
    const picked = [1, 2, 3, 4, 5, 6].map((hour) => {
      const one = staff.find(({ id }) => id === pickStaff(staff))!;
      one.bookingsThatDay += 1;
      one.lastBookedAt = `2027-03-16T0${hour}:00:00.000Z`;
      return one.id;
    });
    expect(picked).toEqual(['ana', 'bea', 'cid', 'ana', 'bea', 'cid']);
  });
});
