import { createActivities } from '../../activities';
import { takePlace, takeRoom } from '../../db/sender-lines';
import { withBusiness } from '../../db/tenancy';
import { readConfig } from '../../config';
import { createVendors } from '../../worker/vendors';
import { attemptsOf, type Attempts } from '../support/attempts';
import { eventually } from '../support/eventually';
import { aLine, type Line } from '../support/line';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { startWorld, type World } from '../support/world';

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
/** The 18 free hours from Thursday to Saturday noon. */
const FREE = Array.from({ length: 18 }, (_, i) => `2027-03-0${String(4 + Math.floor(i / 6))}T${String(14 + (i % 6))}:00:00.000Z`);

let world: World;
let line: Line;
beforeAll(async () => {
  world = await startWorld({ worker: false });
  line = await aLine(world.sandboxUrl);
});
afterAll(async () => {
  await line.close();
  await world.close();
});

/** A worker of its own whose breakers rest for a moment only. */
function aWorker(salon: Salon, openForMs = 200): Attempts {
  const config = readConfig({});
  const vendors = createVendors({
    twilio: { accountSid: config.TWILIO_ACCOUNT_SID, authToken: config.TWILIO_AUTH_TOKEN, publicUrl: world.api, baseUrl: line.url },
    sendgrid: { apiKey: config.SENDGRID_API_KEY, baseUrl: line.url },
    meta: { ...config.meta, accessToken: config.META_ACCESS_TOKEN, baseUrl: line.url },
    tracing: world.apiDeps.tracing,
    meter: world.meter,
    log: world.apiDeps.log,
    breaker: { openAfter: 3, openForMs },
  });
  return attemptsOf({ ...world, activities: createActivities({ ...world.activityDeps, ...vendors }) }, salon);
}

async function planned(salon: Salon, { plan }: Attempts, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (const startsAt of FREE.slice(0, count)) ids.push(await plan(await aVisit(world, salon, { startsAt }), 'confirmation'));
  return ids;
}

describe('a vendor that is away for ten minutes', () => {
  it('delays messages and loses none: each leaves once when it is back, and none is ever unclear', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'], senderKind: 'short_code' });
    const attempts = aWorker(salon);
    const ids = await planned(salon, attempts, 12);
    await line.cut();
    const seen = new Set<unknown>();
    for (let minute = 0; minute < 10; minute += 1) {
      await attempts.setClock(at(minute));
      for (const id of ids) {
        await attempts.send(id);
        const { status, reason } = await attempts.row(id);
        seen.add(`${status} ${String(reason)}`);
      }
    }
    expect([...seen]).toEqual(['planned vendor_down']);
    expect(attempts.accepted()).toEqual([]);
    const tries = (await Promise.all(ids.map(attempts.row))).map(({ attempt }) => attempt);
    expect(Math.max(...tries)).toBeLessThan(10); // most waits were no attempt at all

    await line.mend();
    await attempts.setClock(at(20));
    for (const id of ids) await eventually(async () => expect(['sent', 'settled']).toContain(await attempts.send(id)));
    expect(attempts.accepted()).toHaveLength(12);
    expect((await attempts.row(ids[0]!)).reason).toBeNull();
  });

  it('says meanwhile in one line what the message waits for', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const attempts = aWorker(salon);
    const [id = ''] = await planned(salon, attempts, 1);
    await line.cut();
    await attempts.send(id);
    await line.mend();
    const { body } = await world.call<{ messages: { id: string; explanation: string }[] }>(
      salon,
      `GET /messages?contact_id=${salon.contactId}`,
    );
    expect(body.messages.find((message) => message.id === id)?.explanation).toMatch(
      /^Waiting until .*, because the carrier does not answer\.$/,
    );
  });

  it('is not waited for beyond the last moment at which the message is of use', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const attempts = aWorker(salon, 60_000);
    const [id = ''] = await planned(salon, attempts, 1);
    await line.cut();
    for (let i = 0; i < 4; i += 1) {
      await attempts.setClock(at(i));
      await attempts.send(id);
    }
    await line.mend();
    await attempts.setClock('2027-03-04T13:59:59.950Z'); // a moment before the visit
    expect(await attempts.send(id)).toBe('skipped too_late');
    expect(attempts.accepted()).toEqual([]);
  });

  it('is shown to operators: calls by outcome, and the breaker', async () => {
    const text = await world.meter.registry.metrics();
    expect(text).toMatch(/usher_vendor_calls_total\{vendor="twilio",operation="send",outcome="refused_vendor_down"\} \d+/);
    expect(text).toMatch(/usher_vendor_calls_total\{vendor="twilio",operation="send",outcome="ok"\} \d+/);
    expect(text).toMatch(/usher_vendor_breaker_open\{vendor="twilio"\} (0|1|0\.5)/);
    expect(text).toMatch(/usher_message_late_seconds_bucket\{le="300",channel="sms"\} \d+/);
  });
});

describe('the speed of a sender', () => {
  const turn = (businessId: string, shared: boolean, sender: string) => ({
    ...{ sender, businessId, shared, costMs: 1_000, burstMs: 60_000, now: NOW },
  });

  it('lets a minute of segments go ahead, then one in a second, each in its place', async () => {
    const { id } = await world.aSalon({ now: NOW });
    const ask = (): Promise<number> => withBusiness(world.db, id, (tx) => takePlace(tx, turn(id, false, '+12125550001')));
    const waits = await Promise.all(Array.from({ length: 80 }, ask));
    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(61);
    expect(waits.filter((waitMs) => waitMs > 0).sort((a, b) => a - b)).toEqual(Array.from({ length: 19 }, (_, i) => (i + 1) * 1_000));
  });

  it('leaves room on a shared number, however much one business has to say', async () => {
    const [loud, quiet] = [await world.aSalon({ now: NOW }), await world.aSalon({ now: NOW })];
    const ask = ({ id }: Salon): Promise<number> =>
      withBusiness(world.db, id, async (tx) => {
        const waitMs = await takePlace(tx, turn(id, true, '+12125550002'));
        return waitMs > 0 ? waitMs : takeRoom(tx, turn(id, true, '+12125550002'));
      });
    const flood = await Promise.all(Array.from({ length: 300 }, () => ask(loud)));
    expect(flood.filter((waitMs) => waitMs === 0).length).toBeLessThan(35);
    expect(await ask(quiet)).toBe(0);
  });

  it('does not let a flood of one business delay the message of another on the same number', async () => {
    const platform = world.activityDeps.defaultFromNumber;
    const [loud, quiet] = [await aTenant(), await aTenant()];
    const now = new Date().toISOString();
    await withBusiness(world.db, loud.id, async (tx) => {
      for (let i = 0; i < 200; i += 1) {
        const waitMs = await takePlace(tx, { ...turn(loud.id, true, platform), now });
        if (waitMs === 0) await takeRoom(tx, { ...turn(loud.id, true, platform), now });
      }
    });
    const [ofLoud, ofQuiet] = [attemptsOf(world, loud), attemptsOf(world, quiet)];
    const [late = ''] = await planned(loud, ofLoud, 1);
    const [soon = ''] = await planned(quiet, ofQuiet, 1);
    expect(await ofLoud.send(late)).toBe('deferred sender_busy');
    expect(await ofQuiet.send(soon)).toBe('sent');

    const { deferredUntil } = await ofLoud.row(late);
    await ofLoud.setClock(deferredUntil ?? '');
    expect(await ofLoud.send(late)).toBe('sent'); // it had its place and does not stand in line again
    expect([ofLoud.accepted().length, ofQuiet.accepted().length]).toEqual([1, 1]);
  });

  const aTenant = (): Promise<Salon> => world.aSalon({ now: NOW, consents: ['sms'], ownNumber: false });
});
