import { v7 as newId } from 'uuid';
import { insertApiKey } from '../../db/api-keys';
import { secretHash } from '../../db/hashing';
import { withBusiness } from '../../db/tenancy';
import { startApi, MONDAY, type TestApi } from '../support/api';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visit';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

type File = { status: number; text: string; lines: string[]; headers: Headers };

async function read(url: string, headers: Record<string, string> = {}): Promise<File> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  // A line longer than 75 bytes goes on in the next, after a space (RFC 5545, 3.1).
  return { status: response.status, text, lines: text.replaceAll('\r\n ', '').split('\r\n'), headers: response.headers };
}

describe('GET /v/:token.ics', () => {
  it('is the visit as calendars take it: in UTC, with an id that stays', async () => {
    const visit = await aVisit(api);
    const { lines, headers } = await read(`${api.url}/v/${visit.token}.ics`);
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    for (const line of [
      'METHOD:PUBLISH',
      `UID:${visit.id}`,
      'SEQUENCE:1',
      'DTSTART:20270310T150000Z',
      'DTEND:20270310T160000Z',
      'SUMMARY:Haircut at Salon Sol',
      'LOCATION:Main Street\\, 1 Main St',
      `DESCRIPTION:Details or changes: ${api.url}/v/${visit.token}`,
      'STATUS:CONFIRMED',
    ])
      expect(lines).toContain(line);
  });

  it("is in the contact's language", async () => {
    const visit = await aVisit(api, { locale: 'es' });
    expect((await read(`${api.url}/v/${visit.token}.ics`)).lines).toContain('SUMMARY:Haircut en Salon Sol');
  });

  it('moves in the calendar when the visit moves, and goes when it is cancelled', async () => {
    const visit = await aVisit(api);
    const url = `${api.url}/v/${visit.token}.ics`;
    await api.post(`/appointments/${visit.id}/reschedule`, { start_ts: '2027-03-10T18:00:00.000Z' }, { key: visit.salon.apiKey });
    const moved = await read(url);
    expect(moved.lines).toEqual(expect.arrayContaining([`UID:${visit.id}`, 'SEQUENCE:2', 'DTSTART:20270310T180000Z']));
    await visit.send('/cancel');
    expect((await read(url)).lines).toEqual(expect.arrayContaining(['SEQUENCE:3', 'STATUS:CANCELLED']));
  });

  it('is not sent again while nothing has changed', async () => {
    const visit = await aVisit(api);
    const url = `${api.url}/v/${visit.token}.ics`;
    const tag = (await read(url)).headers.get('etag') ?? '';
    api.setNow('2027-03-02T14:00:00.000Z');
    const again = await read(url, { 'If-None-Match': tag });
    expect([again.status, again.text]).toEqual([304, '']);
    await visit.send('/confirm');
    expect((await read(url, { 'If-None-Match': tag })).status).toBe(200);
  });

  it('is unknown for a token that is cut short', async () => {
    const { status, headers } = await read(`${api.url}/v/AAAA.ics`);
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  });
});

describe('the calendar of a member of staff', () => {
  const linkOf = async ({ staffId, apiKey }: Salon): Promise<string> => {
    const { status, body } = await api.post<{ url: string }>(`/staff/${staffId}/calendar-link`, undefined, { key: apiKey });
    expect(status).toBe(200);
    return body.url;
  };

  it('holds their visits, with no more of the contact than a first name and an initial', async () => {
    const visit = await aVisit(api);
    await withBusiness(api.database.db, visit.salon.id, (tx) => tx('contacts').update({ name: 'Ana Díaz López' }));
    const { lines, text, headers } = await read(await linkOf(visit.salon));
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(lines).toEqual(
      expect.arrayContaining(['METHOD:PUBLISH', 'X-WR-CALNAME:Marta\\, Salon Sol', `UID:${visit.id}`, 'SUMMARY:Haircut: Ana D.']),
    );
    expect(text).not.toContain('López');
    expect(text).not.toContain(visit.token);
  });

  it('takes a name for a name, whatever is in it', async () => {
    const { salon } = await aVisit(api, { name: 'Salon Sol\r\nX-EVIL:1' });
    const { lines } = await read(await linkOf(salon));
    expect(lines).toContain('X-WR-CALNAME:Marta\\, Salon Sol X-EVIL:1');
  });

  it('leaves out cancelled visits, holds, other people’s visits and what is long over or far ahead', async () => {
    const visit = await aVisit(api, { colleague: true });
    const { salon } = visit;
    const book = async (path: string, startsAt: string, staffId = salon.staffId): Promise<string> => {
      const asked = { contact_id: salon.contactId, service_id: salon.serviceId, staff_id: staffId, start_ts: startsAt };
      const { body } = await api.post<{ id: string }>(path, asked, { key: salon.apiKey });
      return body.id;
    };
    const cancelled = await book('/appointments', '2027-03-11T15:00:00.000Z');
    await api.post(`/appointments/${cancelled}/cancel`, undefined, { key: salon.apiKey });
    await book('/holds', '2027-03-11T17:00:00.000Z');
    await book('/appointments', '2027-03-11T15:00:00.000Z', salon.colleagueId);
    const near = await book('/appointments', '2027-08-27T14:00:00.000Z');
    await book('/appointments', '2027-08-29T14:00:00.000Z');
    const url = await linkOf(salon);
    const uids = async (): Promise<string[]> => (await read(url)).lines.filter((line) => line.startsWith('UID:'));
    expect(await uids()).toEqual([`UID:${visit.id}`, `UID:${near}`]);
    api.setNow('2027-04-10T15:00:01.000Z'); // 30 days after the first
    expect(await uids()).not.toContain(`UID:${visit.id}`);
  });

  it('is asked for again at the same address, while nothing changes without being sent again', async () => {
    const { salon } = await aVisit(api);
    const url = await linkOf(salon);
    expect(await linkOf(salon)).toBe(url);
    const tag = (await read(url)).headers.get('etag') ?? '';
    expect((await read(url, { 'If-None-Match': tag })).status).toBe(304);
    await aVisit(api, { salon, startsAt: '2027-03-12T15:00:00.000Z' });
    expect((await read(url, { 'If-None-Match': tag })).status).toBe(200);
  });

  it('ends when it is revoked, and gets another address', async () => {
    const { salon } = await aVisit(api);
    const url = await linkOf(salon);
    expect((await api.delete(`/staff/${salon.staffId}/calendar-link`, { key: salon.apiKey })).status).toBe(204);
    expect((await read(url)).status).toBe(404);
    const next = await linkOf(salon);
    expect(next).not.toBe(url);
    expect((await read(next)).status).toBe(200);
    expect((await read(url)).status).toBe(404);
  });

  it('ends when the person leaves', async () => {
    const { salon } = await aVisit(api);
    const url = await linkOf(salon);
    await withBusiness(api.database.db, salon.id, (tx) => tx('staff').where({ id: salon.staffId }).update({ active: false }));
    expect((await read(url)).status).toBe(404);
  });

  it('is given out by administrators only, for people of their own business', async () => {
    const { salon } = await aVisit(api);
    const other = (await aVisit(api)).salon;
    const key = 'usher_key_of_somebody_at_the_desk';
    const row = { id: newId(), name: 'desk', keyHash: secretHash(key), permissionLevel: 'staff' as const, now: MONDAY };
    await withBusiness(api.database.db, salon.id, (tx) => insertApiKey(tx, row));
    const path = `/staff/${salon.staffId}/calendar-link`;
    expect((await api.post(path, undefined, { key })).status).toBe(403);
    expect((await api.post(path, undefined, { key: other.apiKey })).status).toBe(404);
    expect((await api.delete(path, { key: other.apiKey })).status).toBe(404);
  });

  it('opens no visit with its address, and no calendar with that of a visit', async () => {
    const visit = await aVisit(api);
    const token = /staff\/([\w-]+)\.ics$/.exec(await linkOf(visit.salon))?.[1] ?? '';
    for (const path of [`/v/${token}`, `/v/${token}.ics`, `/v/${token}/times`, `/calendar/staff/${visit.token}.ics`])
      expect((await read(`${api.url}${path}`)).status).toBe(404);
    expect((await visit.open()).status).toBe(200);
  });
});
