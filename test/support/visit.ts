import { readConfig } from '../../config';
import { findAppointment, type AppointmentRow } from '../../db/appointments';
import { withBusiness } from '../../db/tenancy';
import type { Instant } from '../../domain/time';
import type { TestApi } from './api';
import { aSalon, type Salon, type SalonOptions } from './salon';

export type Page = { status: number; html: string; text: string; headers: Headers; location: string };
export type Fields = Record<string, string>;

/** A booked visit and its page, as the contact's browser sees it. */
export type VisitAtSalon = {
  salon: Salon;
  id: string;
  token: string;
  /** '' is the visit's own page, '/times' one below it. */
  open: (part?: string, init?: RequestInit) => Promise<Page>;
  /** Sends the form of a page, with what the page itself put into it. */
  send: (part: string, fields?: Fields, options?: { form?: Fields; headers?: Fields }) => Promise<Page>;
  /** The hidden fields of the visit's forms as they are now. */
  form: () => Promise<Fields>;
  row: () => Promise<AppointmentRow>;
};

/** A Wednesday, 10:00 in New York, nine days after the tests' now. */
export const WEDNESDAY = '2027-03-10T15:00:00.000Z';

type Options = Omit<SalonOptions, 'appSecret'> & { startsAt?: Instant; salon?: Salon };

export async function aVisit(api: TestApi, { startsAt = WEDNESDAY, salon: given, ...options }: Options = {}): Promise<VisitAtSalon> {
  const { db } = api.database;
  const salon = given ?? (await aSalon(db, { ...options, appSecret: readConfig({}).APP_SECRET }));
  const asked = { contact_id: salon.contactId, service_id: salon.serviceId, staff_id: salon.staffId, start_ts: startsAt };
  const { body, status } = await api.post<{ id: string }>('/appointments', asked, { key: salon.apiKey });
  if (status !== 201) throw new Error(`the visit could not be booked: ${JSON.stringify(body)}`);
  return visitOf(api, salon, body.id);
}

export function visitOf(api: TestApi, salon: Salon, id: string): VisitAtSalon {
  const token = api.deps.hash.linkToken('appointment', id);
  const open = (part = '', init: RequestInit = {}): Promise<Page> => read(`${api.url}/v/${token}${part}`, init);
  const form = async (): Promise<Fields> => hiddenFields(await open('/cancel'));
  return {
    salon,
    id,
    token,
    open,
    form,
    send: async (part, fields = {}, { form: kept, headers = {} } = {}) => {
      const body = new URLSearchParams({ ...(kept ?? (await form())), ...fields });
      return open(part, { method: 'POST', body, headers });
    },
    row: () => withBusiness(api.database.db, salon.id, (tx) => findAppointment(tx, id)),
  };
}

export async function read(url: string, init: RequestInit): Promise<Page> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const html = await response.text();
  const text = html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  return { status: response.status, html, text, headers: response.headers, location: response.headers.get('location') ?? '' };
}

/** The hidden fields of a page's forms. */
export function hiddenFields({ html }: Pick<Page, 'html'>): Fields {
  const fields = [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
}

/** The times that a page offers to tap, as its buttons name and send them. */
export const offered = ({ html }: Page): { text: string; pick: string }[] =>
  [...html.matchAll(/<button[^>]*name="pick" value="([^"]+)"[^>]*>([^<]+)</g)].map(([, pick = '', text = '']) => ({ text, pick }));
