import { isHoliday, type StateHoliday } from '../../domain/holidays';

describe('isHoliday', () => {
  it.each([
    ['2027-01-01'],
    ['2027-01-18'],
    ['2027-02-15'],
    ['2027-05-31'],
    ['2027-06-19'],
    ['2027-06-18'], // Juneteenth is a Saturday, observed on Friday
    ['2027-07-04'],
    ['2027-07-05'], // the Fourth is a Sunday, observed on Monday
    ['2027-09-06'],
    ['2027-10-11'],
    ['2027-11-11'],
    ['2027-11-25'],
    ['2027-12-25'],
    ['2027-12-24'], // Christmas is a Saturday
    ['2027-12-31'], // New Year 2028 is a Saturday
  ])('keeps %s as a federal holiday', (date) => {
    expect(isHoliday(date, [])).toBe(true);
  });

  it('counts observed days too: 12 in 2026, 15 in 2027', () => {
    const days = (year: number): string[] =>
      Array.from({ length: 365 }, (_, i) => new Date(Date.UTC(year, 0, 1 + i)).toISOString().slice(0, 10)).filter((date) =>
        isHoliday(date, []),
      );
    expect(days(2026)).toHaveLength(12); // eleven, and the Fourth observed on Friday the 3rd
    expect(days(2027)).toHaveLength(15);
  });

  it.each<[StateHoliday, string]>([
    ['mardi_gras', '2026-02-17'],
    ['mardi_gras', '2028-02-29'],
    ['good_friday', '2026-04-03'],
    ['good_friday', '2038-04-23'], // the latest Easter there is
    ['pioneer_day', '2026-07-24'],
    ['victory_day', '2026-08-10'],
    ['confederate_memorial_day_al', '2026-04-27'],
    ['confederate_memorial_day_ms', '2027-04-26'],
    ['jefferson_davis_day', '2026-06-01'],
  ])('finds %s on %s, and only where it is kept', (holiday, date) => {
    expect(isHoliday(date, [holiday])).toBe(true);
    expect(isHoliday(date, [])).toBe(false);
  });
});
