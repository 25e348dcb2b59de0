import { AREA_CODES } from './data/area-codes';
import { COUNTRIES } from './data/countries';
import { CANADIAN_POSTAL_LETTERS, ZIP_PREFIXES } from './data/postal-prefixes';
import { US_STATES } from './state-rules';
import { isZone } from './time';

/** Where a person may be, as far as the law of contact hours asks (R22). */
export type RecipientPlace = {
  /** IANA names, never empty: a message goes only when all of them allow it. */
  zones: string[];
  /** States of the United States whose rows bind; all of them when the person is there and the state is unknown. */
  states: string[];
  /** ISO 3166 codes. */
  countries: string[];
  /** What the zones come from; recorded with the decision. */
  source: 'stated' | 'postal_code' | 'area_code' | 'zone_unknown' | 'country';
};

export type Whereabouts = { zone: string | null; postalCode: string | null; phone: string | null };

/**
 * The zones a person may be in: stated by them, else by postal code, else by the number (E.164). Never the business's own (R22).
 * Five digits beside a number from abroad may be either country's postal code: then both must allow. States are those of the postal code and of the
 * area code, when they differ both.
 */
export function recipientPlace({ zone, postalCode, phone }: Whereabouts): RecipientPlace {
  const number = placeOfNumber(phone);
  const post = placeOfPostalCode(postalCode);
  const stated = zone !== null && isZone(zone) ? zone : null;
  const law = lawsOf([post, number], stated);
  if (stated !== null) return { ...law, zones: [stated], source: 'stated' };
  if (post) return { ...law, zones: unique([...post.zones, ...zonesAbroad(number)]), source: 'postal_code' };
  if (number) return { ...law, zones: [...number.zones], source: number.source };
  return { ...law, zones: [...UNKNOWN_ZONES], source: 'zone_unknown' };
}

/** For marketing and calls somebody somewhere in the United States may also be in Alaska or Hawaii (R22). */
export const widenForMarketing = (place: RecipientPlace): RecipientPlace =>
  place.source === 'zone_unknown' ? { ...place, zones: unique([...place.zones, 'America/Anchorage', 'Pacific/Honolulu']) } : place;

/** The countries a number may be of, ISO 3166; none for a toll-free one and for no number. */
export const countriesOfNumber = (phone: string | null): readonly string[] => placeOfNumber(phone)?.countries ?? [];

/** New York to Los Angeles: who may be anywhere in the United States is written to from 11:00 to 21:00 Eastern. */
export const UNKNOWN_ZONES: readonly string[] = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
];

/** No part of the United States has such a zone. */
const OVERSEAS = /^(Africa|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian)\//;

type Place = Pick<RecipientPlace, 'zones' | 'states' | 'countries'>;

/** Without any evidence a person is taken for one in the United States, unless the stated zone says otherwise. */
function lawsOf(evidence: (Place | null)[], stated: string | null): Pick<RecipientPlace, 'states' | 'countries'> {
  const places = evidence.filter((place) => place !== null);
  const nowhere = places.length === 0 && (stated === null || !OVERSEAS.test(stated));
  const countries = nowhere ? ['US'] : unique(places.flatMap((place) => place.countries));
  const states = unique(places.flatMap((place) => place.states));
  return { countries, states: countries.includes('US') && states.length === 0 ? [...US_STATES] : states };
}

const zonesAbroad = (number: Place | null): string[] =>
  number && !number.countries.includes('US') && !number.countries.includes('CA') ? number.zones : [];

/** Every code of a table's row gets the row's place. */
const index = <T extends readonly string[]>(rows: readonly T[], codes: (row: T) => string, place: (row: T) => Place): Map<string, Place> =>
  new Map(rows.flatMap((row) => words(codes(row)).map((code) => [code, place(row)] as const)));
const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
const unique = (values: readonly string[]): string[] => [...new Set(values)];

const BY_AREA_CODE = index(
  AREA_CODES,
  (row) => row[3],
  ([country, state, zones]) => ({ countries: [country], states: words(state), zones: words(zones) }),
);
const BY_CALLING_CODE = index(
  COUNTRIES,
  (row) => row[2],
  ([country, zones]) => ({ countries: [country], states: [], zones: words(zones) }),
);
const BY_ZIP = index(
  ZIP_PREFIXES,
  (row) => row[2],
  ([states, zones]) => ({ countries: ['US'], states: words(states), zones: words(zones) }),
);
const BY_CANADIAN_LETTER = index(
  CANADIAN_POSTAL_LETTERS,
  (row) => row[1],
  ([zones]) => ({ countries: ['CA'], states: [], zones: words(zones) }),
);
const LONGEST_CALLING_CODE = Math.max(...[...BY_CALLING_CODE.keys()].map((code) => code.length));

/** Null: no number, a toll-free one, or one of a network without a country. */
function placeOfNumber(phone: string | null): (Place & { source: 'area_code' | 'country' }) | null {
  if (phone === null || !phone.startsWith('+')) return null;
  if (phone.startsWith('+1')) return withSource(BY_AREA_CODE.get(phone.slice(2, 5)), 'area_code');
  // The longest prefix is the narrowest answer: +77 is Kazakhstan, +7 Russia.
  const prefixes = Array.from({ length: LONGEST_CALLING_CODE }, (_, i) => phone.slice(1, 1 + LONGEST_CALLING_CODE - i));
  return withSource(
    prefixes.map((prefix) => BY_CALLING_CODE.get(prefix)).find((place) => place !== undefined),
    'country',
  );
}

const withSource = <S>(place: Place | undefined, source: S): (Place & { source: S }) | null => (place ? { ...place, source } : null);

/** ZIP codes (5 digits, ZIP+4) and Canadian postal codes; null for anything else and for military post, which may be anywhere. */
function placeOfPostalCode(postalCode: string | null): Place | null {
  const code = (postalCode ?? '').trim().toUpperCase();
  const zip = /^(\d{5})(?:[- ]?\d{4})?$/.exec(code)?.[1];
  const letter = /^([A-Z])\d[A-Z] ?\d[A-Z]\d$/.exec(code)?.[1];
  if (zip !== undefined) return BY_ZIP.get(zip) ?? BY_ZIP.get(zip.slice(0, 3)) ?? null;
  return letter === undefined ? null : (BY_CANADIAN_LETTER.get(letter) ?? null);
}
