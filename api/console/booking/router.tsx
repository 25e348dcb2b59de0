import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findPerson, searchPeople, type Person } from '../../../db/contact-search';
import { listServices } from '../../../db/services';
import { listStaff } from '../../../db/staff';
import type { Tx } from '../../../db/tenancy';
import { localDate } from '../../../domain/time';
import { fieldOf } from '../../perform';
import { invalid, type Problem } from '../../problem';
import { dateAsked } from '../dates';
import { ask, routeOf } from '../shell/acting';
import { filled, keyOf } from '../shell/form';
import type { ConsolePages, Seen, Shown } from '../shell/pages';
import { BookingPage, NextDay, type Choice, type Draft } from './page';
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
  page('/book/look', { role: 'staff', show: () => Promise.resolve({ to: '/book' }) });
  form('/book/look', { role: 'staff', act: look });
  form('/book', { role: 'staff', act: book, again: (seen, { fields, problem }) => showForm(seen, fields, problem) });
}

/** Times and people anew, with all that was entered: in the answer itself, since a name has no place in an address. */
function look(seen: Seen, fields: URLSearchParams): Promise<Shown> {
  const next = fields.get('next');
  if (next !== null) fields.set('date', next);
  return showForm({ ...seen, frame: { ...seen.frame, path: '/book' } }, fields, null);
}

async function showForm(seen: Seen, fields: URLSearchParams, problem: Problem | null): Promise<Shown> {
  const { tx, frame } = seen;
  const [services, staff] = [await choicesOf(listServices(tx, ALL)), await choicesOf(listStaff(tx, ALL))];
  const draft = draftOf(fields, seen, services);
  const people = await peopleOf(tx, draft);
  const times = await timesOf(seen, draft);
  return {
    page: <BookingPage frame={frame} draft={draft} services={services} staff={staff} times={times} people={people} problem={problem} />,
  };
}

async function showTimes(seen: Seen): Promise<Shown> {
  const { tx, frame, ctx } = seen;
  const draft = draftOf(ctx.URL.searchParams, seen, await choicesOf(listServices(tx, ALL)));
  const times = await timesOf(seen, draft);
  const nextDay = <NextDay locale={frame.locale} date={draft.date} />;
  return { piece: <Times frame={frame} times={times} picked={draft.start_ts} nextDay={nextDay} refusal={null} /> };
}

/** Who was looked for, or else who was chosen before. Null: nobody. */
async function peopleOf(tx: Tx, { q, contact_id }: Draft): Promise<Person[] | null> {
  if (q !== '') return searchPeople(tx, { text: q, limit: MOST_PEOPLE });
  if (!z.uuid().safeParse(contact_id).success) return null;
  const chosen = await findPerson(tx, contact_id);
  return chosen ? [chosen] : null;
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
  const what = filled(fields, ['service_id', 'staff_id', 'note', ...(walkIn ? [] : ['start_ts'])]);
  if (!walkIn && what['start_ts'] === undefined) throw invalid('invalid', [{ path: 'start_ts', message: words.pickTime }]);
  const contactId = await contactOf(seen, fields);
  const when = walkIn ? { source: 'walk_in' } : { source: 'front_desk' };
  const body = { ...what, ...when, contact_id: contactId, by: 'staff' };
  const booked = await ask(seen, BOOK, { body, key: keyOf(fields) });
  return { to: `/visits/${String(fieldOf(booked, 'id'))}`, said: { tone: 'done', text: walkIn ? words.walkedIn : words.booked } };
}

/** Somebody we know, or somebody new. */
async function contactOf(seen: Seen, fields: URLSearchParams): Promise<string> {
  const words = bookingWords(seen.locale);
  const person = filled(fields, ['name', 'phone', 'email']);
  const known = fields.get('contact_id') ?? '';
  if (known !== '' && Object.keys(person).length > 0) throw invalid('invalid', [{ path: 'name', message: words.twoPeople }]);
  if (known !== '') return known;
  if (person['name'] === undefined) throw invalid('invalid', [{ path: 'name', message: words.pickPerson }]);
  const channels = [...(person['phone'] === undefined ? [] : ['sms']), ...(person['email'] === undefined ? [] : ['email'])];
  const about = { purpose: 'service', statement: words.statement, source: 'front desk' };
  const consents = fields.has('agreed') ? channels.map((channel) => ({ channel, ...about })) : [];
  const added = await ask(seen, ADD_CONTACT, { body: { ...person, consents }, key: keyOf(fields) });
  return String(fieldOf(added, 'id'));
}
