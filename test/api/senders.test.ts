import { OPERATOR_KEY } from '../support/api';
import { attemptsOf } from '../support/attempts';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { startWorld, type World } from '../support/world';

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const THURSDAY_NOON = '2027-03-04T17:00:00.000Z';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('twilio'));

type Sender = {
  id: string;
  address: string;
  kind: string;
  may_text: boolean;
  registration: { state: string; since: string; reason: string | null };
};

async function ask(method: string, path: string, { key, body }: { key: string; body?: unknown }) {
  const response = await fetch(`${world.api}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const sendersOf = async (salon: Salon): Promise<Sender[]> =>
  (await world.call<{ data: Sender[] }>(salon, `GET /businesses/${salon.id}/senders`)).body.data;

async function register(salon: Salon, body: { state: string; since?: string; reason?: string }) {
  const [sender] = await sendersOf(salon);
  return ask('PUT', `/businesses/${salon.id}/senders/${sender!.id}/registration`, { key: OPERATOR_KEY, body });
}

describe('the registration of a sender', () => {
  it('is seen by the owner: state, since when, and why not', async () => {
    const salon = await world.aSalon({ now: NOW });
    await register(salon, { state: 'rejected', reason: 'the form shows no terms' });
    expect(await sendersOf(salon)).toMatchObject([
      {
        ...{ address: salon.number, kind: 'long_code', may_text: false },
        registration: { state: 'rejected', reason: 'the form shows no terms', since: expect.stringMatching(/^2027-03-02T15:0/) },
      },
    ]);
  });

  it('is set by the operator only, and a rejection has a reason', async () => {
    const salon = await world.aSalon({ now: NOW });
    const [sender] = await sendersOf(salon);
    const path = `/businesses/${salon.id}/senders/${sender!.id}/registration`;
    expect((await ask('PUT', path, { key: salon.apiKey, body: { state: 'approved' } })).status).toBe(403);
    expect((await register(salon, { state: 'rejected' })).status).toBe(422);
    expect((await register(salon, { state: 'pending', since: '2027-02-20T12:00:00Z' })).body).toMatchObject({
      registration: { state: 'pending', since: '2027-02-20T12:00:00.000Z' },
    });
  });

  it('begins with "not started" for a new number of the United States, and holds nothing up elsewhere', async () => {
    const salon = await world.aSalon({ now: NOW });
    const add = (address: string) => ask('POST', `/businesses/${salon.id}/senders`, { key: OPERATOR_KEY, body: { address } });
    expect((await add('+14155550123')).body).toMatchObject({ kind: 'long_code', may_text: false, registration: { state: 'not_started' } });
    expect((await add('+18885550123')).body).toMatchObject({ kind: 'toll_free', may_text: false, segments_per_second: 3 });
    expect((await add('+34600123457')).body).toMatchObject({ may_text: true, registration: { state: 'approved' } });
    expect((await add('+14155550123')).status).toBe(409);
  });

  it('holds texts while it is pending and lets them go when it is approved', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    await register(salon, { state: 'pending' });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await visit.planned();
    await eventually(async () => expect(await visit.story()).toContain('confirmation held registration_pending'));
    expect(attemptsOf(world, salon).accepted()).toEqual([]);
    const [held] = (await visit.messages()).filter(({ rule }) => rule === 'confirmation');
    expect(held?.explanation).toBe("Held back, because the number's registration is pending.");

    await register(salon, { state: 'approved' });
    await eventually(async () => expect(await visit.story()).toContain('confirmation sent 03-02 15:00'));
    expect(attemptsOf(world, salon).accepted()).toHaveLength(1);
  });

  it('lets e-mail go on meanwhile', async () => {
    const salon = await world.aSalon({ now: NOW });
    await register(salon, { state: 'pending' });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await eventually(async () => expect(await visit.story()).toContain('confirmation by e-mail sent 03-02 15:00'));
  });

  it.each(['30034', '30032'])('is pending again when the carriers answer %s, so that nothing more is refused', async (code) => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    world.sandbox.faults.put('twilio', { mode: 'refuse', code, match: salon.contactPhone, times: 1 });
    await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await eventually(async () =>
      expect(await sendersOf(salon)).toMatchObject([{ may_text: false, registration: { state: 'pending', reason: code } }]),
    );
    const later = await aVisit(world, salon, { startsAt: '2027-03-05T17:00:00.000Z' });
    await eventually(async () => expect(await later.story()).toContain('confirmation held registration_pending'));
  });
});
