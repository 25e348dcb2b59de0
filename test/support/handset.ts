import { v7 as newId } from 'uuid';
import { createHasher } from '../../db/hashing';
import { insertContact } from '../../db/contacts';
import { withBusiness } from '../../db/tenancy';
import { readConfig } from '../../config';
import { createSandboxClock } from '../../sandbox/clock';
import type { Demo, DemoBusiness } from '../../sandbox/demo';
import { handsetRoutes } from '../../sandbox/handset/routes';
import { clockRoutes } from '../../sandbox/routes/clock';
import { watchClock, type WatchedClock } from '../../sandbox/watched-clock';
import type { Salon } from './salon';
import type { World } from './world';

export type Handset = {
  url: string;
  clock: WatchedClock;
  /** What the handset reads as .usher/demo.json; null: there is none. */
  demo: { current: Demo | null };
  /** Ends the streams, as a stop of the process does. */
  close: () => void;
};

/** The handset in front of a world's stand-ins. Call `close` before the world's. */
export function aHandset(world: World): Handset {
  const clock = watchClock(createSandboxClock({ db: world.db, client: world.client, reportsMs: 1_000 }));
  const closing = new AbortController();
  const demo: Handset['demo'] = { current: null };
  const { router, log } = world.sandbox;
  clockRoutes(router, { clock, isBusiness: () => Promise.resolve(true) });
  const read = () => Promise.resolve(demo.current);
  handsetRoutes(router, { db: world.db, clock, log, demo: read, sandboxUrl: world.sandboxUrl, closing: closing.signal });
  return { url: `${world.sandboxUrl}/handset`, clock, demo, close: () => closing.abort() };
}

/** A salon as the demo file names it. */
export function asDemo(world: World, salons: { salon: Salon; name: string; zone?: string }[]): Demo {
  const business = ({ salon, name, zone = 'America/New_York' }: (typeof salons)[number]): DemoBusiness => ({
    id: salon.id,
    name,
    zone,
    locale: 'en',
    api_key: salon.apiKey,
    sms_number: salon.number,
    staff: [{ id: salon.staffId, name: 'Marta' }],
    services: [{ id: salon.serviceId, name: 'Haircut' }],
    contacts: [{ id: salon.contactId, name: 'Ana Diaz' }],
  });
  return { api: `${world.api}/api/v1`, businesses: salons.map(business) };
}

type NewPerson = { name: string; phone?: string | null; email?: string | null; zone?: string | null };

/** Somebody else whom the salon serves; answers the id. */
export async function aPerson(world: World, salon: Salon, { name, phone = null, email = null, zone = null }: NewPerson): Promise<string> {
  const hash = createHasher(readConfig({}).APP_SECRET);
  const id = newId();
  const hashes = { phoneHash: phone && hash.address(salon.id, phone), emailHash: email && hash.address(salon.id, email) };
  const facts = { id, name, phoneE164: phone, email, ...hashes, locale: 'en' as const, zone, postalCode: null, source: 'api' };
  await withBusiness(world.db, salon.id, (tx) => insertContact(tx, { ...facts, now: new Date().toISOString() }));
  return id;
}

export type Asked = { form?: Record<string, string>; headers?: Record<string, string> };

/** Asks below /handset about the salon's person, unless the path's query says otherwise; a form is posted. Spaces as people type them. */
export async function askHandset({ url }: Handset, salon: Salon, { path, form, headers = {} }: Asked & { path: string }) {
  const [pathname = '', query = ''] = path.split('?');
  const params = new URLSearchParams({ business: salon.id, contact: salon.contactId, ...Object.fromEntries(new URLSearchParams(query)) });
  const answer = await fetch(`${url}${pathname}?${params.toString()}`, {
    headers,
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  return { status: answer.status, headers: answer.headers, html: plainSpaces(await answer.text()) };
}

/** ICU writes narrow and fixed spaces into times. */
export const plainSpaces = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');

/** The text of a page as a reader gets it. */
export const textOf = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');
