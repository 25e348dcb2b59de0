import { randomUUID } from 'node:crypto';
import type { Config } from '../../config';

/** What `npm start` leaves in .usher/demo.json: the demo's keys and ids, for people, scripts and tests. */
export type Demo = Addresses & { businesses: DemoBusiness[] };

export type Addresses = { api: string; console: string; docs: string; handset: string; sandbox: string; temporal_ui: string };

/** What scripts/seed.ts is given: it fills the database of `config` and writes a Demo with these addresses to `file`. Called once per database. */
export type SeedOptions = { config: Config; addresses: Addresses; file: string };

export type DemoBusiness = {
  id: string;
  name: string;
  zone: string;
  locale: string;
  api_key: string;
  sms_number: string;
  log_ins: { email: string; password: string; permission_level: string }[];
  staff: { id: string; name: string }[];
  services: { id: string; name: string }[];
  contacts: { id: string; name: string }[];
};

/** The lines that `npm start` ends with. `curl`: a command that books, or null when the api offers no free time. */
export function table({ businesses, ...addresses }: Demo, curl: string | null): string[] {
  const rows: [string, string][] = [
    ['Console', addresses.console],
    ['Handset', addresses.handset],
    ['API docs', addresses.docs],
    ['Temporal UI', addresses.temporal_ui],
    ...businesses.flatMap(({ name, api_key, log_ins }): [string, string][] => [
      [name, `API key ${api_key}`],
      ...log_ins.map(({ email, password }): [string, string] => ['', `log-in  ${email} / ${password}`]),
    ]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return [
    '',
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}${value}`),
    '',
    ...(curl ? ['  Book a visit:', `  ${curl}`, ''] : []),
  ];
}

/** A command that books the first free time of the first business for its first contact. Asks the running api, so that it works when pasted. */
export async function bookingCurl({ api, businesses: [business] }: Demo, now: Date): Promise<string | null> {
  const [service, contact] = [business?.services[0], business?.contacts[0]];
  if (!business || !service || !contact) return null;
  const query = new URLSearchParams({
    service_id: service.id,
    from: now.toISOString(),
    to: new Date(now.getTime() + 7 * 86_400_000).toISOString(),
  });
  const response = await fetch(`${api}/slots?${query.toString()}`, { headers: { authorization: `Bearer ${business.api_key}` } });
  if (!response.ok) return null;
  const { slots } = (await response.json()) as { slots: { start_ts: string; staff_id: string }[] };
  const slot = slots[Math.floor(slots.length / 2)]; // some days ahead, so that there are reminders to watch
  if (!slot) return null;
  const body = JSON.stringify({ contact_id: contact.id, service_id: service.id, staff_id: slot.staff_id, start_ts: slot.start_ts });
  return `curl -sS ${api}/appointments -H 'Authorization: Bearer ${business.api_key}' -H 'Content-Type: application/json' -H 'Idempotency-Key: ${randomUUID()}' -d '${body}'`;
}
