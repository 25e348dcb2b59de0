import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPassword } from '../../api/passwords';
import { readConfig } from '../../config';
import { listChannelSettings } from '../../db/channel-settings';
import { findKeyHolder } from '../../db/api-keys';
import { createHasher, secretHash } from '../../db/hashing';
import { withBusiness } from '../../db/tenancy';
import { findLogin, findPasswordHash } from '../../db/users';
import type { Demo } from '../../scripts/lib/demo';
import { seedDemo } from '../../scripts/seed';
import { demoFile } from '../../sandbox/demo';
import { openDatabase, type OpenDatabase } from '../support/database';

const ADDRESSES = {
  api: 'http://127.0.0.1:3000/api/v1',
  console: 'http://127.0.0.1:3000/',
  docs: 'http://127.0.0.1:3000/docs',
  handset: 'http://127.0.0.1:3002/handset',
  sandbox: 'http://127.0.0.1:3002',
  temporal_ui: 'http://127.0.0.1:8233',
};
const SATURDAY = '2027-02-27T17:30:00.000Z';

const folder = mkdtempSync(join(tmpdir(), 'usher-seed-'));
const databases: OpenDatabase[] = [];
afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()));
  rmSync(folder, { recursive: true, force: true });
});

type Seeded = { database: OpenDatabase; file: string; demo: Demo; again: () => Promise<Demo> };

async function seeded(now = SATURDAY): Promise<Seeded> {
  const database = await openDatabase();
  databases.push(database);
  const file = join(folder, `demo-${String(databases.length)}.json`);
  const config = readConfig({ DATABASE_URL: database.url });
  const again = () => seedDemo({ config, addresses: ADDRESSES, file, now });
  return { database, file, demo: await again(), again };
}

type Visit = { contact: string; service: string; staff: string; startsAt: string; status: string; rung: boolean; linked: boolean };

const visitsOf = ({ database }: Seeded, businessId: string): Promise<Visit[]> =>
  withBusiness(database.db, businessId, async (tx) => {
    const { rows } = await tx.raw<{ rows: Visit[] }>(
      `select c.name as contact, v.name as service, s.name as staff, a.starts_at, a.status,
         exists (select 1 from doorbells d where d.workflow_id = 'appointment/' || a.id and d.version = a.version) as rung,
         exists (select 1 from links l where l.appointment_id = a.id) as linked
       from appointments a join contacts c on c.id = a.contact_id join services v on v.id = a.service_id join staff s on s.id = a.staff_id
       order by a.starts_at, s.name`,
    );
    return rows;
  });

describe('seedDemo', () => {
  let first: Seeded;
  beforeAll(async () => (first = await seeded()));

  it('makes a salon in New York and a dental practice in Los Angeles', () => {
    const shown = first.demo.businesses.map(({ name, zone, locale, sms_number, staff, services, contacts }) => [
      name,
      zone,
      locale,
      sms_number,
      staff.length,
      services.length,
      contacts.length,
    ]);
    expect(shown).toEqual([
      ['Marisol Salon', 'America/New_York', 'en', '+12125550142', 4, 6, 13],
      ['Bright Harbor Dental', 'America/Los_Angeles', 'en', '+12135550142', 4, 5, 13],
    ]);
  });

  it('leaves a file that the handset can read and others on the machine cannot', async () => {
    expect(JSON.parse(readFileSync(first.file, 'utf8'))).toEqual(first.demo);
    expect(statSync(first.file).mode & 0o777).toBe(0o600);
    expect(await demoFile(first.file)()).toMatchObject({ api: ADDRESSES.api });
  });

  it('books visits over the next three weeks, each with its link and a doorbell for the worker', async () => {
    for (const { id } of first.demo.businesses) {
      const visits = await visitsOf(first, id);
      expect(visits.length).toBeGreaterThanOrEqual(15);
      expect(visits.length).toBeLessThanOrEqual(25);
      expect(visits.every(({ rung, linked }) => rung && linked)).toBe(true);
      expect(visits[0]!.startsAt > '2027-02-28' && visits[0]!.startsAt < '2027-03-04').toBe(true);
      expect(visits.at(-1)!.startsAt > '2027-03-16' && visits.at(-1)!.startsAt < '2027-03-24').toBe(true);
      expect(new Set(visits.map(({ status }) => status))).toEqual(new Set(['booked', 'confirmed']));
      expect(new Set(visits.map(({ contact }) => contact)).size).toBe(12);
    }
  });

  it('has two people on each waitlist, who agreed to be asked', async () => {
    for (const { id } of first.demo.businesses) {
      const { rows } = await withBusiness(first.database.db, id, (tx) =>
        tx.raw<{ rows: { preference: string; agreed: boolean }[] }>(
          `select e.preference, exists (select 1 from consents s where s.contact_id = e.contact_id and s.purpose = 'marketing' and s.channel = 'sms' and s.granted) as agreed
           from waitlist_entries e join service_staff ss on ss.service_id = e.service_id where e.status = 'active' group by e.id, e.contact_id, e.preference order by e.id`,
        ),
      );
      expect(rows).toEqual([
        { preference: 'soonest', agreed: true },
        { preference: 'anytime', agreed: true },
      ]);
    }
  });

  it('has one person in a cadence, who enquired and was not reached', async () => {
    for (const { id } of first.demo.businesses) {
      const rows = await withBusiness(first.database.db, id, (tx) =>
        tx('cadenceStates as s')
          .join('cadences as d', 'd.id', 's.cadenceId')
          .join('leadStatus as l', 'l.contactId', 's.contactId')
          .select<object[]>('d.key', 's.status', 'l.bucket'),
      );
      expect(rows).toEqual([{ key: 'never_answered', status: 'active', bucket: 'no_answer' }]);
    }
  });

  it('has the salon on WhatsApp, and one guest who likes that best', async () => {
    const [salon] = first.demo.businesses;
    const [settings, likers] = await withBusiness(first.database.db, salon!.id, async (tx) => [
      await listChannelSettings(tx),
      await tx('contacts').where({ preferredChannel: 'whatsapp' }).select<{ name: string }[]>('name'),
    ]);
    expect(settings.find(({ channel }) => channel === 'whatsapp')).toMatchObject({ vendor: 'twilio', sender: '+12125550143' });
    expect(likers).toEqual([{ name: 'Jordan Blake' }]);
  });

  it('lets everybody be written to about their visits, and only those who wait for a time or enquired for anything else', async () => {
    for (const [turn, { id }] of first.demo.businesses.entries()) {
      const consents = await withBusiness(first.database.db, id, (tx) =>
        tx('consents').select<{ contactId: string; channel: string; purpose: string; granted: boolean }[]>('*'),
      );
      expect(new Set(consents.map(({ contactId, channel }) => `${contactId} ${channel}`)).size).toBe(turn === 0 ? 27 : 26);
      expect(consents.every(({ granted }) => granted)).toBe(true);
      expect(consents.filter(({ purpose }) => purpose !== 'service').map(({ channel, purpose }) => `${channel} ${purpose}`)).toEqual([
        ...['sms marketing', 'sms marketing', 'sms marketing'],
      ]);
    }
  });

  it('gives a key and log-ins that work', async () => {
    const hash = createHasher(readConfig({}).APP_SECRET);
    const { db } = first.database;
    for (const { id, api_key, log_ins } of first.demo.businesses) {
      expect(await findKeyHolder(db, secretHash(api_key))).toMatchObject({ businessId: id });
      expect(log_ins.map(({ permission_level }) => permission_level)).toEqual(['owner', 'staff']);
      for (const { email, password } of log_ins) {
        const login = await findLogin(db, hash.login(email));
        expect(login?.businessId).toBe(id);
        const stored = await withBusiness(db, id, (tx) => findPasswordHash(tx, login?.id ?? ''));
        expect(await isPassword(password, stored)).toBe(true);
      }
    }
  });

  it('books the same visits for the same day', async () => {
    const second = await seeded();
    for (const { id } of first.demo.businesses) expect(await visitsOf(second, id)).toEqual(await visitsOf(first, id));
  });

  it('adds nothing to a demo that is there, but shows a new key, as the old one cannot be read back', async () => {
    const once = await seeded();
    const [salon] = once.demo.businesses;
    const before = await visitsOf(once, salon!.id);
    await withBusiness(once.database.db, salon!.id, (tx) => tx('contacts').where({ name: 'Grace Kim' }).update({ name: 'Grace Kim-Lee' }));
    const [again] = (await once.again()).businesses;
    expect((await visitsOf(once, salon!.id)).length).toBe(before.length);
    expect(again!.contacts.map(({ name }) => name)).toContain('Grace Kim-Lee');
    expect(again!.contacts.map(({ id }) => id)).toEqual(salon!.contacts.map(({ id }) => id));
    expect(await findKeyHolder(once.database.db, secretHash(salon!.api_key))).toBeUndefined();
    expect(await findKeyHolder(once.database.db, secretHash(again!.api_key))).toMatchObject({ businessId: salon!.id });
  });

  it.each([
    ['before the spring clock change', '2027-03-13T23:30:00.000Z'],
    ['before Christmas', '2026-12-23T03:00:00.000Z'],
    ['before the autumn clock change', '2027-11-05T12:00:00.000Z'],
  ])('finds free times for every visit %s', async (_, now) => {
    const then = await seeded(now);
    for (const { id } of then.demo.businesses) expect((await visitsOf(then, id)).length).toBeGreaterThanOrEqual(20);
  });
});
