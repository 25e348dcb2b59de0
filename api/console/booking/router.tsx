import { v7 as newId } from 'uuid';
import { searchPeople } from '../../../db/contact-search';
import { listServices } from '../../../db/services';
import { listStaff } from '../../../db/staff';
import { localDate, plusDays } from '../../../domain/time';
import { fieldOf } from '../../perform';
import { invalid, type Problem } from '../../problem';
import { dateAsked } from '../dates';
import { ask, routeOf } from '../shell/acting';
import { filled, keyOf } from '../shell/form';
import type { ConsolePages, Seen, Shown } from '../shell/pages';
import { BookingPage, type Choice, type Draft } from './page';
import { findDayTimes, type FreeTime } from './times';
import { Times } from './times-list';
import { bookingWords } from './words';

const ADD_CONTACT = routeOf('post', '/contacts');
const BOOK = routeOf('post', '/appointments');
const MOST = 200;
const MOST_PEOPLE = 8;

/** Booking at the desk: by the API's own routes, a new person and their visit in one transaction. */
export function bookingPages({ page, form }: ConsolePages): void {
  page('/book', { role: 'staff', show: (seen) => showForm(seen, seen.ctx.URL.searchParams, null) });
  page('/book/times', { role: 'staff', show: showTimes });
  form('/book/look', { role: 'staff', act: (_, fields) => Promise.resolve({ to: `/book?${entered(fields)}` }) });
  form('/book', { role: 'staff', act: book, again: (seen, { fields, problem }) => showForm(seen, fields, problem) });
}

/** What was entered so far, in an address: times and people are looked up anew and nothing is lost. */
function entered(fields: URLSearchParams): string {
  const kept = [...fields].filter(([name, value]) => !['proof', 'back', 'step'].includes(name) && value !== '');
  return new URLSearchParams(kept).toString();
}

async function showForm(seen: Seen, fields: URLSearchParams, problem: Problem | null): Promise<Shown> {
  const { tx, frame } = seen;
  const [services, staff] = [await choicesOf(listServices(tx, ALL)), await choicesOf(listStaff(tx, ALL))];
  const draft = draftOf(fields, seen, services);
  const text = draft.q === '' ? draft.contact_id : draft.q;
  const people = text === '' ? null : await searchPeople(tx, { text, limit: MOST_PEOPLE });
  const times = await timesOf(seen, draft);
  return {
    page: <BookingPage frame={frame} draft={draft} services={services} staff={staff} times={times} people={people} problem={problem} />,
  };
}

async function showTimes(seen: Seen): Promise<Shown> {
  const { tx, frame, ctx } = seen;
  const draft = draftOf(ctx.URL.searchParams, seen, await choicesOf(listServices(tx, ALL)));
  const next = new URLSearchParams({ service_id: draft.service_id, staff_id: draft.staff_id, date: plusDays(draft.date, 1) });
  const times = await timesOf(seen, draft);
  return { piece: <Times frame={frame} times={times} picked={draft.start_ts} nextDay={`/book?${next.toString()}`} refusal={null} /> };
}

const ALL = { limit: MOST, includeInactive: false };
const choicesOf = async (rows: Promise<Choice[]>): Promise<Choice[]> => (await rows).map(({ id, name }) => ({ id, name }));

function draftOf(fields: URLSearchParams, { now, business }: Seen, [first]: Choice[]): Draft {
  const of = (name: string): string => fields.get(name) ?? '';
  const date = dateAsked(of('date'), localDate(now, business.zone));
  const person = {
    q: of('q').trim(),
    contact_id: of('contact_id'),
    name: of('name'),
    phone: of('phone'),
    email: of('email'),
    agreed: of('agreed'),
  };
  const what = { service_id: of('service_id') || (first?.id ?? ''), staff_id: of('staff_id'), start_ts: of('start_ts') };
  return { ...what, ...person, date, note: of('note'), key: of('key') || newId() };
}

async function timesOf({ tx, now, business: { zone } }: Seen, { service_id: serviceId, staff_id, date }: Draft): Promise<FreeTime[]> {
  if (serviceId === '') return [];
  return findDayTimes(tx, { serviceId, staffId: staff_id === '' ? null : staff_id, date, zone, now });
}

async function book(seen: Seen, fields: URLSearchParams): Promise<Shown> {
  const words = bookingWords(seen.locale);
  const walkIn = fields.has('walk_in');
  const what = filled(fields, ['service_id', 'staff_id', 'start_ts', 'note']);
  if (!walkIn && what['start_ts'] === undefined) throw invalid('invalid', [{ path: 'start_ts', message: words.pickTime }]);
  const contactId = await contactOf(seen, fields);
  const when = walkIn ? { start_ts: minuteOf(seen.now), source: 'walk_in' } : { source: 'front_desk' };
  const body = { ...what, ...when, contact_id: contactId, by: 'staff' };
  const booked = await ask(seen, BOOK, { body, key: keyOf(fields) });
  return { to: `/visits/${String(fieldOf(booked, 'id'))}`, said: { tone: 'done', text: walkIn ? words.walkedIn : words.booked } };
}

/** Visits begin on a whole minute. */
const minuteOf = (now: string): string => `${now.slice(0, 16)}:00.000Z`;

/** Somebody we know, or somebody new. */
async function contactOf(seen: Seen, fields: URLSearchParams): Promise<string> {
  const words = bookingWords(seen.locale);
  const person = filled(fields, ['name', 'phone', 'email']);
  const known = fields.get('contact_id') ?? '';
  if (known !== '') return known;
  if (person['name'] === undefined) throw invalid('invalid', [{ path: 'name', message: words.pickPerson }]);
  const channels = [...(person['phone'] === undefined ? [] : ['sms']), ...(person['email'] === undefined ? [] : ['email'])];
  const about = { purpose: 'service', statement: words.statement, source: 'front desk' };
  const consents = fields.has('agreed') ? channels.map((channel) => ({ channel, ...about })) : [];
  const added = await ask(seen, ADD_CONTACT, { body: { ...person, consents }, key: keyOf(fields) });
  return String(fieldOf(added, 'id'));
}
