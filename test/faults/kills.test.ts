import { Client, Connection } from '@temporalio/client';
import { fastForward } from '../../sandbox/fast-forward';
import { reconcile } from '../../scripts/reconcile';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { startRig, type Rig } from './rig';

jest.setTimeout(180_000);

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await Promise.all([rig.start('api'), rig.start('worker')]);
});
afterAll(() => rig.close());
afterEach(() => rig.sandbox.faults.clear('twilio'));

const START = '2027-03-12T15:00:00.000Z';

async function book(salon: Salon, key = 'once'): Promise<string> {
  const answer = await fetch(`${rig.api}/api/v1/appointments`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${salon.apiKey}`, 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify({ contact_id: salon.contactId, service_id: salon.serviceId, start_ts: START }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

/** What the vendor took for this person, oldest first. */
const taken = (salon: Salon): string[] =>
  rig.sandbox.log
    .entries()
    .filter(({ to, kind }) => to === salon.contactPhone && kind === 'sms')
    .map(({ body }) => body);

async function statuses(salon: Salon, id: string): Promise<Record<string, string>> {
  const answer = await fetch(`${rig.api}/api/v1/appointments/${id}/messages`, { headers: { Authorization: `Bearer ${salon.apiKey}` } });
  const { messages } = (await answer.json()) as { messages: { rule: string; status: string; recipient: string }[] };
  return Object.fromEntries(messages.filter(({ recipient }) => recipient === 'contact').map(({ rule, status }) => [rule, status]));
}

it('confirms a visit whose api was killed after the commit and before any relay saw the doorbell', async () => {
  await rig.kill('worker'); // nobody relays
  const salon = await rig.aSalon();
  const id = await book(salon);
  await rig.kill('api');
  await Promise.all([rig.start('api'), rig.start('worker')]);
  await eventually(async () => expect(await statuses(salon, id)).toMatchObject({ confirmation: 'delivered', '7d': 'planned' }));
  expect(taken(salon)).toHaveLength(1);
  expect(await book(salon)).toBe(id); // the client that got no answer asks again with its key
  expect(taken(salon)).toHaveLength(1);
});

it('sends one text when the worker is killed after the vendor took it and before it answered', async () => {
  rig.sandbox.faults.put('twilio', { mode: 'slow', times: 1, delay_ms: 8_000 });
  const salon = await rig.aSalon();
  const id = await book(salon);
  await eventually(() => expect(taken(salon)).toHaveLength(1));
  await rig.kill('worker');
  await rig.start('worker');
  // The first callback names the vendor's id, so the row is settled without a second call.
  await eventually(async () => expect(await statuses(salon, id)).toMatchObject({ confirmation: 'delivered', '7d': 'planned' }), {
    withinMs: 90_000,
  });
  expect(taken(salon)).toHaveLength(1);
});

it('sends one text when a worker died with a message marked, and only after the vendor was asked', async () => {
  const salon = await rig.aSalon();
  rig.sandbox.faults.put('twilio', { mode: 'drop_before_commit', times: 1, match: salon.contactPhone });
  const id = await book(salon);
  const owner = rig.owner();
  await eventually(async () => expect(await statuses(salon, id)).toMatchObject({ confirmation: 'sending' }));
  await rig.kill('worker');
  rig.sandbox.faults.clear('twilio'); // the kill may have come before the call did
  expect(taken(salon)).toHaveLength(0);
  await owner.raw(
    `update messages set marked_at = marked_at - interval '10 minutes', looks = 1 where appointment_id = ? and status = 'sending'`,
    [id],
  );
  await bookAnother(); // the vendor's callbacks do arrive: a sign that it has nothing of ours
  await rig.start('worker');
  await eventually(
    async () => {
      await skipBackoff(`appointment/${id}`); // the next look is a minute and a half away
      expect(await statuses(salon, id)).toMatchObject({ confirmation: 'delivered' });
    },
    { withinMs: 90_000 },
  );
  expect(taken(salon)).toHaveLength(1);
});

async function bookAnother(): Promise<void> {
  await rig.start('worker');
  const other = await rig.aSalon();
  await book(other);
  await eventually(() => expect(taken(other)).toHaveLength(1));
  await rig.kill('worker');
}

it('goes on after PostgreSQL and Temporal were killed together', async () => {
  const salon = await rig.aSalon();
  const id = await book(salon);
  await Promise.all([rig.kill('postgres'), rig.kill('temporal')]);
  await Promise.all([rig.start('postgres'), rig.start('temporal')]);
  await eventually(async () => expect(await statuses(salon, id)).toMatchObject({ confirmation: 'delivered', '7d': 'planned' }), {
    withinMs: 90_000,
  });
  expect(taken(salon)).toHaveLength(1);
});

it('is rung awake again by reconcile after Temporal lost all its data: nothing lost, nothing twice', async () => {
  const salon = await rig.aSalon();
  const id = await book(salon);
  await eventually(async () => expect(await statuses(salon, id)).toMatchObject({ confirmation: 'delivered' }));
  await rig.loseTemporal();
  await rig.kill('worker'); // it registers search attributes and schedules anew when it starts
  await rig.start('worker');
  const rung = await reconcile({ db: rig.db(), sweeper: rig.sweeper(), now: () => new Date().toISOString(), say: () => undefined });
  expect(rung).toBeGreaterThan(0);
  await eventually(async () => expect(await runningWorkflows()).toContain(`appointment/${id}`), { withinMs: 60_000 });
  expect(taken(salon)).toHaveLength(1);
  expect(await statuses(salon, id)).toMatchObject({ confirmation: 'delivered', '7d': 'planned', '1d': 'planned' });
});

async function skipBackoff(workflowId: string): Promise<void> {
  const connection = await Connection.connect({ address: rig.temporalAddress });
  await fastForward(new Client({ connection }), workflowId, 100_000);
  await connection.close();
}

async function runningWorkflows(): Promise<string[]> {
  const connection = await Connection.connect({ address: rig.temporalAddress });
  const ids: string[] = [];
  for await (const { workflowId } of new Client({ connection }).workflow.list({ query: "ExecutionStatus = 'Running'" }))
    ids.push(workflowId);
  await connection.close();
  return ids;
}
