import { cityOf, spanOf, timesIn, venueMoment } from '../../sandbox/handset/times';
import { chooseLocale, wordsIn } from '../../sandbox/handset/words';

const plain = (text: string) => text.replace(/\s/g, ' ');

describe('chooseLocale', () => {
  it.each([
    ['es', 'en-US', 'es'],
    ['en', 'es', 'en'],
    [null, 'es-MX,es;q=0.9,en;q=0.8', 'es'],
    [null, 'fr-FR, es;q=0.5', 'es'],
    [null, 'en-GB,es', 'en'],
    [null, 'de', 'en'],
    [null, '', 'en'],
    ['xx', 'es', 'es'],
  ])('takes ?lang=%s before Accept-Language %s', (asked, accept, locale) => {
    expect(chooseLocale(asked, accept)).toBe(locale);
  });
});

describe('the words of the handset', () => {
  /** Every text with its place; a function is called with marks for its arguments. */
  const texts = (words: object, path = ''): [string, string][] =>
    Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, string][] => {
      if (typeof value === 'string') return [[path + key, value]];
      if (typeof value === 'function') return [[path + key, String((value as (...marks: unknown[]) => unknown)(2, 'B'))]];
      return texts(value as object, `${path}${key}.`);
    });

  it('are all there in both languages, none of them empty', () => {
    const [english, spanish] = [texts(wordsIn('en')), texts(wordsIn('es'))];
    expect(spanish.map(([path]) => path)).toEqual(english.map(([path]) => path));
    expect([...english, ...spanish].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are translated, but for what both languages write alike', () => {
    const spanish = new Map(texts(wordsIn('es')));
    const alike = texts(wordsIn('en')).flatMap(([path, text]) => (spanish.get(path) === text ? [path] : []));
    expect(alike).toEqual(['whatsapps', 'virtualTag', 'nextIs']);
  });
});

describe('the times of the handset', () => {
  const at = '2027-03-14T14:05:00.000Z';

  it("writes a moment in the reader's zone and language", () => {
    expect(plain(timesIn('America/New_York', 'en').moment(at))).toBe('Sun, Mar 14, 10:05 AM');
    expect(plain(timesIn('America/Los_Angeles', 'en').time(at))).toBe('7:05 AM');
    expect(plain(timesIn('America/New_York', 'es').day(at))).toContain('14 de mar');
  });

  it("names the venue's zone only where the reader's clock shows another time (R9)", () => {
    const [venue, reader] = [timesIn('America/Los_Angeles', 'en'), timesIn('America/New_York', 'en')];
    expect(plain(venueMoment(at, { venue, reader }))).toBe('Sun, Mar 14, 7:05 AM PDT');
    expect(plain(venueMoment(at, { venue: reader, reader }))).toBe('Sun, Mar 14, 10:05 AM');
    expect(plain(venueMoment(at, { venue: timesIn('America/Detroit', 'en'), reader }))).toBe('Sun, Mar 14, 10:05 AM');
  });

  it.each([
    [86_400_000, '1 day'],
    [6 * 86_400_000 + 3 * 3_600_000 + 59_000, '6 days and 3 hours'],
    [86_399_960, '1 day'],
    [3_600_000, '1 hour'],
    [2 * 86_400_000 + 5 * 60_000, '2 days and 5 minutes'],
    [20_000, '1 minute'],
  ])('says how far %d ms are', (ms, text) => {
    expect(plain(spanOf(ms, 'en'))).toBe(text);
  });

  it('says it in Spanish', () => {
    expect(plain(spanOf(6 * 86_400_000 + 3 * 3_600_000, 'es'))).toBe('6 días y 3 horas');
  });

  it('calls a zone by its city', () => {
    expect(['America/New_York', 'America/Argentina/Buenos_Aires', 'UTC'].map(cityOf)).toEqual(['New York', 'Buenos Aires', 'UTC']);
  });
});
