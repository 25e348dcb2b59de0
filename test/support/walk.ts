import { v7 as newId } from 'uuid';
import type { Route } from '../../api/route';
import { OPERATOR_KEY, type Reply, type TestApi } from './api';
import { PLAIN } from './walk-plain';
import { TEXT, type FullBusiness } from './full-business';

export type Walked = { path: string; also?: Record<string, string>; body?: unknown; key?: string; before?: string[] };
type Ask = (of: FullBusiness) => Walked;

const of =
  (id: keyof FullBusiness['ids'], body?: unknown): Ask =>
  ({ ids }) => ({ path: ids[id], body });
const query =
  (text: (ids: FullBusiness['ids']) => string): Ask =>
  ({ ids }) => ({ path: `?${text(ids)}` });

const asOperator =
  (id: keyof FullBusiness['ids'], body?: unknown): Ask =>
  ({ ids }) => ({ path: ids[id], body, key: OPERATOR_KEY });

const STEP = { wait_min: 0, template_id: 'cadence_winback_1', channels: ['sms'] };
const STARTS = '2027-03-17T14:00:00Z';

/** What to ask of every route so that it succeeds on a full business. `path` is an id for :id, or a query; `also` the other parameters; `before`: what must have been posted first. */
const ASKS: Record<string, Ask> = {
  'post /sessions': () => ({ path: '', body: { email: 'walk@example.com', password: 'a long password' }, key: '' }),
  'delete /sessions/:id': of('session'),
  'post /api-keys': () => ({ path: '', body: { name: 'walk', permission_level: 'viewer' } }),
  'delete /api-keys/:id': of('key'),
  'post /businesses': () => ({ path: '', body: { name: 'Walk', owner: { name: 'W' } }, key: OPERATOR_KEY }),
  'get /businesses/:id': ({ businessId }) => ({ path: businessId }),
  'patch /businesses/:id': ({ businessId }) => ({ path: businessId, body: { status: 'paused' } }),
  'delete /businesses/:id': ({ businessId }) => ({ path: businessId, key: OPERATOR_KEY }),
  'get /businesses/:id/senders': ({ businessId }) => ({ path: businessId }),
  'post /businesses/:id/senders': ({ businessId }) => ({ path: businessId, body: { address: '+13125550142' }, key: OPERATOR_KEY }),
  'put /businesses/:id/senders/:sender_id/registration': ({ businessId, ids }) => ({
    path: businessId,
    also: { sender_id: ids.sender },
    body: { state: 'rejected', reason: 'the form shows no terms' },
    key: OPERATOR_KEY,
  }),
  'get /businesses/:id/compliance': ({ businessId }) => ({ path: businessId }),
  'post /businesses/:id/compliance': ({ businessId }) => ({ path: businessId, body: { contact_daily_cap: 2 } }),
  'post /dnc-numbers': () => ({ path: '', body: { phone: '2125550166', reason: 'walk' } }),
  'delete /dnc-numbers/:id': ({ ids }) => ({ path: `${ids.dnc}?reason=entered_by_mistake` }),
  'post /locations': () => ({ path: '', body: { name: 'Walk' } }),
  'get /locations/:id': of('location'),
  'patch /locations/:id': of('location', { zone: 'America/Denver' }),
  'post /staff': ({ ids }) => ({ path: '', body: { name: 'W', permission_level: 'staff', hours: [], location_id: ids.location } }),
  'get /staff/:id': of('staff'),
  'patch /staff/:id': of('staff', { name: 'W' }),
  'delete /staff/:id': of('idleStaff'),
  'post /staff/:id/calendar-link': of('staff'),
  'delete /staff/:id/calendar-link': of('staff'),
  'post /resources': ({ ids }) => ({ path: '', body: { name: 'W', location_id: ids.location } }),
  'get /resources/:id': of('resource'),
  'patch /resources/:id': of('resource', { name: 'W' }),
  'delete /resources/:id': of('resource'),
  'post /services': ({ ids }) => ({
    path: '',
    body: { name: 'W', duration_min: 30, price_cents: 1, staff_ids: [ids.staff], resource_ids: [ids.resource] },
  }),
  'get /services/:id': of('service'),
  'patch /services/:id': of('service', { name: 'W' }),
  'delete /services/:id': of('idleService'),
  'post /availability': ({ ids }) => ({
    path: '',
    body: { staff_id: ids.staff, start_ts: '2027-05-01T09:00', end_ts: '2027-05-01T12:00' },
  }),
  'get /availability': query(({ staff }) => `staff_id=${staff}`),
  'get /availability/:id': of('absence'),
  'patch /availability/:id': of('absence', { reason: 'walk' }),
  'delete /availability/:id': of('absence'),
  'post /contacts': () => ({ path: '', body: { name: 'Walk' } }),
  'get /contacts/:id': of('contact'),
  'patch /contacts/:id': of('contact', { zone: 'America/Denver' }),
  'delete /contacts/:id': of('idleContact'),
  'post /contacts/:id/merge': ({ ids }) => ({ path: ids.contact, body: { contact_id: ids.idleContact } }),
  'get /contacts/:id/consents': of('contact'),
  'post /contacts/:id/consents': of('contact', { channel: 'sms', purpose: 'service', statement: 'yes', source: 'walk' }),
  'get /contacts/:id/consents/export': of('contact'),
  'get /contacts/:id/opt-outs': of('contact'),
  'post /contacts/:id/opt-outs': of('contact', { channel: 'sms', statement: 'no more' }),
  'get /contacts/:id/permissions': of('contact'),
  'get /slots': query(({ service }) => `service_id=${service}&from=2027-03-17T00:00:00Z&to=2027-03-18T00:00:00Z`),
  'post /holds': ({ ids }) => ({ path: '', body: { contact_id: ids.contact, service_id: ids.service, start_ts: STARTS } }),
  'post /appointments': ({ ids }) => ({ path: '', body: { contact_id: ids.contact, service_id: ids.service, start_ts: STARTS } }),
  'get /appointments': query(({ contact }) => `contact_id=${contact}`),
  'get /appointments/:id': of('appointment'),
  'patch /appointments/:id': of('appointment', { note: 'walk' }),
  'post /appointments/:id/reschedule': of('appointment', { start_ts: STARTS }),
  'get /appointments/:id/messages': of('appointment'),
  'post /appointments/:id/confirm': of('appointment'),
  'post /appointments/:id/arrive': of('past'),
  'post /appointments/:id/complete': of('past'),
  'post /appointments/:id/no-show': of('past'),
  'post /appointments/:id/cancel': of('appointment'),
  'post /appointments/:id/undo': ({ ids }) => ({ path: ids.past, before: [`/appointments/${ids.past}/complete`] }),
  'post /waitlist-entries': ({ ids }) => ({
    path: '',
    body: { contact_id: ids.contact, service_id: ids.service, staff_id: ids.staff, preference: 'soonest' },
  }),
  'get /waitlist-entries/:id': of('entry'),
  'patch /waitlist-entries/:id': of('entry', { weekdays: [1, 2] }),
  'delete /waitlist-entries/:id': of('entry'),
  'post /notify-list/trigger-cancellation': ({ ids }) => ({
    path: '',
    body: { service_id: ids.service, start_ts: STARTS, end_ts: '2027-03-17T15:00:00Z' },
  }),
  'get /waitlist-offers/:id': of('offer'),
  'post /waitlist-offers/:id/accept': of('offer'),
  'post /waitlist-offers/:id/decline': of('offer'),
  'post /cadences': () => ({ path: '', body: { key: 'own_walk', name: 'Walk', steps: [STEP] } }),
  'get /cadences/:id': of('cadence'),
  'patch /cadences/:id': of('cadence', { priority: 40 }),
  'delete /cadences/:id': of('ownCadence'),
  'get /cadences/queue': query(({ cadence }) => `cadence_id=${cadence}`),
  'post /cadences/start': ({ ids }) => ({ path: '', body: { contact_id: ids.contact, cadence_id: ids.cadence } }),
  'post /cadences/stop': ({ ids }) => ({ path: '', body: { contact_id: ids.contact, cadence_id: ids.cadence } }),
  'get /leads/:id/status': of('contact'),
  'post /leads/:id/status': of('contact', { bucket: 'engaged', tag: 'walk' }),
  'post /messages/simulate': ({ ids }) => ({ path: '', body: { contact_id: ids.contact, channel: 'sms', body: 'Your glasses are here.' } }),
  'post /messages/send': ({ ids }) => ({ path: '', body: { contact_id: ids.contact, channel: 'sms', body: 'Your glasses are here.' } }),
  'get /messages': query(({ contact }) => `contact_id=${contact}`),
  'post /messages/:id/resolve': of('unknownMessage', { decision: 'leave_it' }),
  'put /channels/:channel': () => ({ path: 'sms', body: { vendor: 'twilio', sender: '+12125550177' } }),
  'post /whatsapp-templates': () => ({
    path: '',
    body: {
      ...{ vendor: 'meta', rule: '2h', locale: 'es', external_id: 'recordatorio_2h', category: 'utility' },
      ...{ wording: 'Hasta pronto, {{1}}.', variables: ['contactName'] },
    },
  }),
  'patch /whatsapp-templates/:id': of('whatsappTemplate', { status: 'paused' }),
  'delete /whatsapp-templates/:id': of('whatsappTemplate'),
  'get /templates/:key': of('template'),
  'put /templates/:key': () => ({ path: '1d', body: { sms: { en: TEXT, es: TEXT } } }),
  'delete /templates/:key': of('template'),
  'get /templates/:key/versions': of('template'),
  'post /templates/:key/preview': of('template', {}),
  'post /templates/:key/test': ({ ids }) => ({ path: '1d', body: { channel: 'sms', staff_id: ids.staff } }),
  'post /templates/:key/restore': of('template', { version: 1 }),
  'get /conversations/:id': of('conversation'),
  'post /conversations/:id/read': of('conversation'),
  'post /conversations/:id/settle': of('conversation'),
  'post /conversations/:id/close': of('conversation'),
  'post /conversations/:id/reopen': of('conversation'),
  'post /conversations/:id/assign': ({ ids }) => ({ path: ids.conversation, body: { staff_id: ids.staff } }),
  'post /inbound/quarantine/:id/assign': ({ ids }) => ({ path: ids.quarantined, body: { contact_id: ids.contact } }),
  'post /inbound/quarantine/:id/dismiss': of('quarantined'),
  'post /inbound/quarantine/:id/undo': ({ ids }) => ({
    path: ids.quarantined,
    before: [`/inbound/quarantine/${ids.quarantined}/dismiss`],
  }),
  'get /admin/webhook_events': () => ({ path: '', key: OPERATOR_KEY }),
  'get /admin/webhook_events/:id': asOperator('webhookEvent'),
  'post /admin/webhook_events/:id/payload': asOperator('webhookEvent', { reason: 'walk' }),
  'post /admin/webhook_events/:id/reprocess': asOperator('webhookEvent', {}),
  'post /admin/webhook_events/reprocess_failed': () => ({ path: '', body: { reason: 'walk' }, key: OPERATOR_KEY }),
  'put /reminder-rules/:rule': () => ({ path: '1d', body: { offset_days: 2, channels: ['sms'], last_useful_min: 60 } }),
};

function ask(route: Route, business: FullBusiness): Walked {
  const name = `${route.method} ${route.path}`;
  if (PLAIN.has(name)) return { path: '' };
  if (route.file) return { path: '', body: csvForm() };
  if (name === 'delete /locations/:id') return { path: business.ids.location };
  const found = ASKS[name];
  if (!found) throw new Error(`${name}: say in test/support/walk.ts how to ask it, so that its answer and its isolation are tested`);
  return found(business);
}

function csvForm(): FormData {
  const form = new FormData();
  form.set('file', new Blob(['name,phone\nWalk,2125550101\n']), 'walk.csv');
  return form;
}

type Walking = { about: FullBusiness; by?: FullBusiness; headers?: Record<string, string> };

/** Asks a route about `about`, with the key of `by` (the same business unless told). */
export async function walk(api: TestApi, route: Route, { about, by = about, headers = {} }: Walking): Promise<Reply> {
  const { path, also = {}, body, key = by.key, before = [] } = ask(route, about);
  // What another business prepares is not the question when somebody else asks.
  for (const first of by === about || by.ids === about.ids ? before : []) await api.post(first, undefined, { key: about.key });
  const url = path.startsWith('?') ? `${route.path}${path}` : fill(route.path.replace(/:\w+/, path), also);
  const asking = { key, headers: { ...headers, ...keyOf(route) } };
  if (route.method === 'get' || route.method === 'delete') return api[route.method](url, asking);
  return api[route.method](url, body, asking);
}

const fill = (path: string, params: Record<string, string>): string =>
  path.replace(/:(\w+)/g, (whole, name: string) => params[name] ?? whole);

const keyOf = ({ keyRequired }: Route): Record<string, string> => (keyRequired ? { 'Idempotency-Key': newId() } : {});
