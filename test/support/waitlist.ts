import type { Instant } from '../../domain/time';
import type { Salon } from './salon';
import type { World } from './world';

export type Guest = { contactId: string; entryId: string; phone: string };

const state = { guests: 0 };

type GuestOptions = {
  name?: string;
  zone?: string;
  locale?: 'en' | 'es';
  /** Of a written consent to marketing texts: without it nobody is asked. */
  marketing?: boolean;
  entry?: Record<string, unknown>;
};

/** Somebody with a number of their own who is put on the salon's waitlist through the API. */
export async function aGuest(
  world: World,
  salon: Salon,
  { name = 'Rosa Gil', zone = 'America/New_York', ...options }: GuestOptions = {},
): Promise<Guest> {
  state.guests += 1;
  const phone = `+1646555${String(1000 + state.guests)}`;
  const word = { channel: 'sms', statement: 'Text me', source: 'test' };
  const purposes = options.marketing === false ? ['service'] : ['service', 'marketing'];
  const consents = purposes.map((purpose) => ({ ...word, purpose }));
  const contact = await call([world, salon], 'POST /contacts', { name, phone, zone, locale: options.locale ?? 'en', consents });
  const entry = { contact_id: contact.id, service_id: salon.serviceId, preference: 'anytime', ...options.entry };
  return { contactId: contact.id, entryId: (await call([world, salon], 'POST /waitlist-entries', entry)).id, phone };
}

async function call([world, salon]: [World, Salon], what: string, body: unknown): Promise<{ id: string }> {
  const { status, body: made } = await world.call<{ id: string }>(salon, what, body);
  if (status !== 201) throw new Error(`${what}: ${status} ${JSON.stringify(made)}`);
  return made;
}

export type Offer = {
  id: string;
  freed_slot_id: string;
  entry_id: string;
  contact_id: string;
  status: string;
  reason: string | null;
  explanation: string;
  start_ts: Instant;
  asked_at: Instant | null;
  expires_at: Instant | null;
  appointment_id: string | null;
};

/** The salon's offers, oldest first. */
export async function offersOf(world: World, salon: Salon): Promise<Offer[]> {
  return (await world.call<{ data: Offer[] }>(salon, 'GET /waitlist-offers?limit=200')).body.data.reverse();
}

/** What became of each, in order: 'Rosa offered', 'Ida ignored'. By the order of the guests given. */
export async function offerStory(world: World, salon: Salon, guests: Record<string, Guest>): Promise<string[]> {
  const nameOf = new Map(Object.entries(guests).map(([name, { contactId }]) => [contactId, name]));
  return (await offersOf(world, salon)).map(({ contact_id, status, reason }) =>
    [nameOf.get(contact_id) ?? contact_id, status, ...(reason === null ? [] : [reason])].join(' '),
  );
}

/** What these people were texted, oldest first. */
export const textsTo = (world: World, { phone }: Guest): string[] =>
  world.sandbox.log.entries({ to: phone, kind: 'sms' }).map(({ body }) => body);
