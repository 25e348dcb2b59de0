import { z } from 'zod';
import { listChannelSettings } from '../../db/channel-settings';
import type { Person } from '../../db/contact-search';
import { findPerson, searchPeople } from '../../db/contact-search';
import { withBusiness } from '../../db/tenancy';
import type { Locale } from '../../domain/message';
import type { Demo, DemoBusiness } from '../demo';
import type { HandsetDeps } from './deps';
import { timesIn, type Times } from './times';
import { chooseLocale, wordsIn, type Words } from './words';

/** What a request is about and in which language it is answered. */
export type Reading = { locale: Locale; words: Words };

/** A person of a business, and how their times are written. */
export type Scope = Reading & {
  demo: Demo;
  business: DemoBusiness;
  person: Person;
  /** As whom each business writes on WhatsApp; null: it does not. */
  senders: Sender[];
  /** The phone owner's. */
  times: Times;
  /** The business's own, for its clock. */
  businessTimes: Times;
};

export type Sender = { id: string; whatsapp: string | null };

type Asked = { query: URLSearchParams; acceptLanguage: string };

export function readingOf({ query, acceptLanguage }: Asked): Reading {
  const locale = chooseLocale(query.get('lang'), acceptLanguage);
  return { locale, words: wordsIn(locale) };
}

/** The business asked for, else the first; null without a demo. */
export async function findBusiness(
  { demo: read }: Pick<HandsetDeps, 'demo'>,
  { query }: Asked,
): Promise<{ demo: Demo; business: DemoBusiness } | null> {
  const demo = await read();
  const business = demo?.businesses.find(({ id }) => id === query.get('business')) ?? demo?.businesses[0];
  return demo && business ? { demo, business } : null;
}

/** Everything a request is about; null when there is no demo or the business has nobody yet. */
export async function findScope(deps: HandsetDeps, asked: Asked): Promise<Scope | null> {
  const found = await findBusiness(deps, asked);
  if (!found) return null;
  const { business } = found;
  const person = await withBusiness(deps.db, business.id, async (tx) => {
    const id = z.uuid().safeParse(asked.query.get('contact') ?? business.contacts[0]?.id);
    const known = id.success ? await findPerson(tx, id.data) : undefined;
    return known ?? (await searchPeople(tx, { text: '', limit: 1 }))[0];
  });
  if (!person) return null;
  const reading = readingOf(asked);
  const times = timesIn(person.zone ?? business.zone, reading.locale);
  const senders = await findSenders(deps, found.demo);
  return { ...reading, ...found, person, senders, times, businessTimes: timesIn(business.zone, reading.locale) };
}

/** Asks every business for its own setting: none sees another's. */
async function findSenders({ db }: HandsetDeps, { businesses }: Demo): Promise<Sender[]> {
  const senders: Sender[] = [];
  for (const { id } of businesses) {
    const settings = await withBusiness(db, id, listChannelSettings);
    senders.push({ id, whatsapp: settings.find(({ channel }) => channel === 'whatsapp')?.sender ?? null });
  }
  return senders;
}

/** An address of the handset that keeps person and language. */
export function linkTo(
  path: string,
  { business, person, locale }: Pick<Scope, 'business' | 'person' | 'locale'>,
  more: Record<string, string> = {},
): string {
  return `${path}?${new URLSearchParams({ business: business.id, contact: person.id, lang: locale, ...more }).toString()}`;
}
