import { z } from 'zod';
import type { Locale } from '../../domain/message';
import type { Instant } from '../../domain/time';

const Slot = z.object({ start_ts: z.string(), staff_id: z.string() });
const Appointment = z.object({ id: z.string(), start_ts: z.string() });
const Problem = z.object({ code: z.string(), detail: z.string().optional(), title: z.string().optional() });

export type Slot = { startsAt: Instant; staffId: string };

/** What Usher's API answered: data, its refusal, or nothing at all. */
export type ApiAnswer<Data> =
  { kind: 'ok'; data: Data } | { kind: 'refused'; status: number; code: string; detail: string } | { kind: 'away' };

export type UsherApi = {
  /** Free times whose start lies in the span. */
  slots: (asked: { serviceId: string; staffId: string | null; from: Instant; to: Instant }) => Promise<ApiAnswer<Slot[]>>;
  book: (visit: {
    contactId: string;
    serviceId: string;
    staffId: string | null;
    startsAt: Instant;
    key: string;
  }) => Promise<ApiAnswer<{ startsAt: Instant }>>;
  move: (visit: { id: string; staffId: string | null; startsAt: Instant; key: string }) => Promise<ApiAnswer<{ startsAt: Instant }>>;
  cancel: (visit: { id: string; key: string }) => Promise<ApiAnswer<null>>;
  /** Puts the person on the waitlist of a service, for the soonest time, and notes that they agreed in writing to be asked: an offer is marketing. */
  join: (wish: { contactId: string; serviceId: string; statement: string; key: string }) => Promise<ApiAnswer<null>>;
};

type Access = { api: string; apiKey: string; locale: Locale };
type Call = { method: 'GET' | 'POST'; path: string; body?: object; key?: string };

const ANSWER_MS = 15_000;

/** Usher's public API as the handset uses it: in the contact's name, whose hand holds it. The key stays on this side of the browser. */
export function usherApi(access: Access): UsherApi {
  const staff = (staffId: string | null): { staff_id?: string } => (staffId === null ? {} : { staff_id: staffId });
  const changed = ({ start_ts }: z.infer<typeof Appointment>): { startsAt: Instant } => ({ startsAt: start_ts });
  return {
    slots: ({ serviceId, staffId, from, to }) => {
      const query = new URLSearchParams({ service_id: serviceId, from, to, ...staff(staffId) });
      return ask(access, { method: 'GET', path: `/slots?${query.toString()}` }, (body) =>
        z
          .object({ slots: z.array(Slot) })
          .parse(body)
          .slots.map(({ start_ts, staff_id }) => ({ startsAt: start_ts, staffId: staff_id })),
      );
    },
    book: ({ contactId, serviceId, staffId, startsAt, key }) => {
      const body = { contact_id: contactId, service_id: serviceId, start_ts: startsAt, by: 'contact', ...staff(staffId) };
      return ask(access, { method: 'POST', path: '/appointments', body, key }, (answer) => changed(Appointment.parse(answer)));
    },
    move: ({ id, staffId, startsAt, key }) => {
      const body = { start_ts: startsAt, by: 'contact', ...staff(staffId) };
      return ask(access, { method: 'POST', path: `/appointments/${id}/reschedule`, body, key }, (answer) =>
        changed(Appointment.parse(answer)),
      );
    },
    cancel: ({ id, key }) => ask(access, { method: 'POST', path: `/appointments/${id}/cancel`, body: { by: 'contact' }, key }, () => null),
    join: async ({ contactId, serviceId, statement, key }) => {
      const consent = { channel: 'sms', purpose: 'marketing', statement, source: 'handset' };
      const agreed = await ask(
        access,
        { method: 'POST', path: `/contacts/${contactId}/consents`, body: consent, key: `${key}-consent` },
        () => null,
      );
      if (agreed.kind !== 'ok') return agreed;
      const wish = { contact_id: contactId, service_id: serviceId, preference: 'soonest' };
      return ask(access, { method: 'POST', path: '/waitlist-entries', body: wish, key }, () => null);
    },
  };
}

async function ask<Data>(
  { api, apiKey, locale }: Access,
  { method, path, body, key }: Call,
  read: (body: unknown) => Data,
): Promise<ApiAnswer<Data>> {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'accept-language': locale,
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => null);
  if (!response) return { kind: 'away' };
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return { kind: 'ok', data: read(answer) };
  const problem = Problem.safeParse(answer);
  const { code, detail, title } = problem.success ? problem.data : { code: 'unreadable', detail: response.statusText, title: undefined };
  return { kind: 'refused', status: response.status, code, detail: detail ?? title ?? code };
}
