import { AREA_CODES } from '../../domain/data/area-codes';
import { COUNTRIES } from '../../domain/data/countries';
import { CANADIAN_POSTAL_LETTERS, ZIP_PREFIXES } from '../../domain/data/postal-prefixes';
import { recipientPlace, UNKNOWN_ZONES, widenForMarketing, type RecipientPlace, type Whereabouts } from '../../domain/recipient-place';
import { US_STATES } from '../../domain/state-rules';
import { isZone } from '../../domain/time';

const placeOf = (more: Partial<Whereabouts>): RecipientPlace => recipientPlace({ zone: null, postalCode: null, phone: null, ...more });

describe('recipientPlace', () => {
  it('believes the person, then the postal code, then the number', () => {
    const all = { zone: 'America/Denver', postalCode: '90210', phone: '+12125550123' };
    expect(placeOf(all)).toMatchObject({ zones: ['America/Denver'], source: 'stated' });
    expect(placeOf({ ...all, zone: null })).toMatchObject({ zones: ['America/Los_Angeles'], source: 'postal_code' });
    expect(placeOf({ phone: all.phone })).toMatchObject({
      zones: ['America/New_York'],
      source: 'area_code',
      states: ['NY'],
      countries: ['US'],
    });
  });

  it('keeps to the rows of both states when number and address differ', () => {
    expect(placeOf({ postalCode: '33101', phone: '+12125550123' }).states).toEqual(['FL', 'NY']);
    expect(placeOf({ zone: 'America/Chicago', phone: '+13055550123' }).states).toEqual(['FL']);
  });

  it.each([
    ['+18505550123', ['America/New_York', 'America/Chicago']], // Tallahassee and Pensacola
    ['+17015550123', ['America/Chicago', 'America/Denver']],
    ['+12085550123', ['America/Denver', 'America/Los_Angeles']],
    ['+14585550123', ['America/Denver', 'America/Los_Angeles']],
    ['+18125550123', ['America/New_York', 'America/Chicago']],
    ['+16055550123', ['America/Chicago', 'America/Denver']],
    ['+19285550123', ['America/Denver', 'America/Phoenix']], // the Navajo Nation changes its clocks, Arizona does not
    ['+19075550123', ['America/Anchorage', 'America/Adak']],
    ['+12505550123', ['America/Edmonton', 'America/Vancouver']],
    ['+17785550123', ['America/Edmonton', 'America/Vancouver']],
  ])('lists every zone of %s', (phone, zones) => {
    expect(placeOf({ phone }).zones).toEqual(zones);
  });

  it.each([
    ['+19155550123', 'America/Denver', 'TX'],
    ['+14075550123', 'America/New_York', 'FL'],
    ['+16895550123', 'America/New_York', 'FL'],
    ['+16025550123', 'America/Phoenix', 'AZ'],
    ['+18085550123', 'Pacific/Honolulu', 'HI'],
    ['+17875550123', 'America/Puerto_Rico', 'PR'],
    ['+13175550123', 'America/New_York', 'IN'],
    ['+13135550123', 'America/New_York', 'MI'],
  ])('places %s in %s', (phone, zone, state) => {
    expect(placeOf({ phone })).toMatchObject({ zones: [zone], states: [state], source: 'area_code' });
  });

  it.each([['+18005550123'], ['+18885550123'], ['+15005550006'], ['+1'], ['5550123'], [null]])(
    'says zone unknown for %s, New York to Los Angeles, any state',
    (phone) => {
      expect(placeOf({ phone })).toEqual({ zones: [...UNKNOWN_ZONES], states: [...US_STATES], countries: ['US'], source: 'zone_unknown' });
    },
  );

  it('looks at Alaska and Hawaii too before it markets to somebody who may be anywhere', () => {
    const unknown = placeOf({ phone: '+18005550123' });
    expect(widenForMarketing(unknown).zones).toEqual([...UNKNOWN_ZONES, 'America/Anchorage', 'Pacific/Honolulu']);
    const known = placeOf({ phone: '+12125550123' });
    expect(widenForMarketing(known)).toEqual(known);
  });

  it.each([
    [
      '+525555550123',
      'MX',
      ['America/Mexico_City', 'America/Cancun', 'America/Matamoros', 'America/Ciudad_Juarez', 'America/Mazatlan', 'America/Tijuana'],
    ],
    ['+34915550123', 'ES', ['Europe/Madrid', 'Atlantic/Canary']],
    ['+77015550123', 'KZ', ['Asia/Almaty', 'Asia/Qyzylorda']],
    ['+442075550123', 'GB', ['Europe/London']],
  ])('takes all zones of the country of %s', (phone, country, zones) => {
    expect(placeOf({ phone })).toEqual({ zones, states: [], countries: [country], source: 'country' });
  });

  it('tells the islands of the North American plan from the states', () => {
    expect(placeOf({ phone: '+18765550123' })).toEqual({ zones: ['America/Jamaica'], states: [], countries: ['JM'], source: 'area_code' });
  });

  it.each([
    ['10001', ['America/New_York'], ['NY']],
    ['10001-1234', ['America/New_York'], ['NY']],
    [' 79901 ', ['America/Denver'], ['TX']],
    ['32401', ['America/New_York', 'America/Chicago'], ['FL']],
    ['83814', ['America/Los_Angeles'], ['ID']],
    ['96813', ['Pacific/Honolulu'], ['HI']],
    ['96799', ['Pacific/Pago_Pago'], ['AS']],
    ['96913', ['Pacific/Guam'], ['GU']],
    ['00901', ['America/Puerto_Rico'], ['PR']],
  ])('reads the ZIP code %s', (postalCode, zones, states) => {
    expect(placeOf({ postalCode })).toEqual({ zones, states, countries: ['US'], source: 'postal_code' });
  });

  it('reads a Canadian postal code, written with a space or without', () => {
    expect(placeOf({ postalCode: 'M5V 2T6', phone: '+14165550123' })).toEqual({
      zones: ['America/Toronto'],
      states: [],
      countries: ['CA'],
      source: 'postal_code',
    });
    expect(placeOf({ postalCode: 'v6b1a1' }).zones).toEqual(['America/Vancouver', 'America/Edmonton']);
  });

  it.each([['09012'], ['ABC'], ['123'], [''], ['00000']])('goes on to the number when the postal code is %s', (postalCode) => {
    expect(placeOf({ postalCode, phone: '+12125550123' }).source).toBe('area_code');
  });

  it('asks both places when five digits stand beside a number from abroad', () => {
    const place = placeOf({ postalCode: '28001', phone: '+34915550123' }); // Madrid, or North Carolina
    expect(place.zones).toEqual(['America/New_York', 'Europe/Madrid', 'Atlantic/Canary']);
    expect(place.countries).toEqual(['US', 'ES']);
  });

  it('does not take somebody who states a zone overseas for an American', () => {
    expect(placeOf({ zone: 'Europe/Madrid' })).toEqual({ zones: ['Europe/Madrid'], states: [], countries: [], source: 'stated' });
    expect(placeOf({ zone: 'America/Denver' }).states).toEqual(US_STATES);
  });

  it('passes over a stated zone that does not exist', () => {
    expect(placeOf({ zone: 'America/Gotham', phone: '+12125550123' }).source).toBe('area_code');
  });
});

describe('the tables of places', () => {
  const words = (text: string): string[] => text.split(' ');
  const zones = [...AREA_CODES.map((row) => row[2]), ...ZIP_PREFIXES.map((row) => row[1]), ...COUNTRIES.map((row) => row[1])];

  it('name only zones that exist', () => {
    const all = [...zones, ...CANADIAN_POSTAL_LETTERS.map((row) => row[0])].flatMap(words);
    expect([...new Set(all)].filter((zone) => !isZone(zone))).toEqual([]);
  });

  it('list each code once', () => {
    const codes = [AREA_CODES.map((row) => row[3]), ZIP_PREFIXES.map((row) => row[2]), COUNTRIES.map((row) => row[2])];
    for (const table of codes.map((column) => column.flatMap(words))) expect(new Set(table).size).toBe(table.length);
  });

  it('know every state, 350 and more American area codes, 900 ZIP prefixes and 200 countries', () => {
    const american = AREA_CODES.filter((row) => row[0] === 'US');
    expect(US_STATES).toHaveLength(56); // 50 states, DC, five territories
    expect(american.flatMap((row) => words(row[3])).length).toBeGreaterThanOrEqual(350);
    expect(new Set(ZIP_PREFIXES.flatMap((row) => words(row[2])).map((code) => code.slice(0, 3))).size).toBeGreaterThanOrEqual(900);
    expect(COUNTRIES.length).toBeGreaterThanOrEqual(200);
  });

  it('put every ZIP prefix and area code in a state', () => {
    const states = [...ZIP_PREFIXES.map((row) => row[0]), ...AREA_CODES.filter((row) => row[0] === 'US').map((row) => row[1])].flatMap(
      words,
    );
    expect(states.filter((state) => !US_STATES.includes(state) && !['FM', 'MH', 'PW'].includes(state))).toEqual([]);
  });
});
