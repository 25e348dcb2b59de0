import { receiveText } from '../../api/webhooks/inbound';
import type { CadenceWithSteps } from '../../db/cadences';
import { saveTemplate } from '../../db/templates';
import { withBusiness } from '../../db/tenancy';
import { inBusiness } from '../factories';
import { attemptsOf } from '../support/attempts';
import { agreesToOffers, anOwnCadence, enrolmentsOf, someCadences, start, stepsOf, type State } from '../support/cadences';
import { newSid } from '../support/deliveries';
import { waitingRings } from '../support/doorbells';
import { eventually } from '../support/eventually';
import { everythingOf } from '../support/fingerprint';
import type { Salon } from '../support/salon';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('twilio'));

/** A Tuesday, 10:00 in New York, and when the first step is due. */
const NOW = '2027-03-02T15:00:00.000Z';
const DUE = '2027-03-04T15:01:00.000Z';

type Setting = { salon: Salon; cadence: CadenceWithSteps; state: State };

/** Somebody whose first message is planned. */
async function anEnrolled(): Promise<Setting & { messageId: string }> {
  const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
  const { never_answered: cadence } = await someCadences(world.db, salon.id);
  await agreesToOffers(world, salon);
  const setting = { salon, cadence: cadence!, state: await start(world, salon, cadence!) };
  return { ...setting, messageId: (await plan(setting))!.messageId };
}

const plan = async ({ salon, state }: Setting, now = NOW) =>
  (await world.activities.planCadence({ businessId: salon.id, id: state.id, atLeast: 1, now })).next;
const texts = ({ salon }: Setting) => attemptsOf(world, salon).accepted();
const enrolments = ({ salon }: Setting) => enrolmentsOf(world.db, salon.id, salon.contactId);
const steps = ({ salon }: Setting) => stepsOf(world.db, salon.id, salon.contactId);

const textOf = ({ salon }: Setting, body: string) => ({
  ...{
    channel: 'sms' as const,
    vendor: 'twilio',
    vendorId: newSid(),
    from: salon.contactPhone,
    to: salon.number,
    body,
    answeredByVendor: null,
  },
});

const waitingForLocks = async (): Promise<number> => {
  const { rows } = await world.db.pool.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return rows[0]?.count ?? 0;
};

describe('a step at its turn', () => {
  it('waits for a reply that is being written, and then does not leave', async () => {
    const setting = await anEnrolled();
    const { salon, messageId } = setting;
    const { send, setClock } = attemptsOf(world, salon);
    await setClock(DUE);
    const sending = await withBusiness(world.db, salon.id, async (tx) => {
      await receiveText(tx, world.apiDeps, { businessId: salon.id, event: textOf(setting, 'Hello?'), now: DUE });
      const attempt = send(messageId);
      await eventually(async () => expect(await waitingForLocks()).toBe(1));
      return { attempt };
    });
    expect(await sending.attempt).toBe('settled');
    expect(await enrolments(setting)).toEqual(['never_answered replied 1']);
    expect(texts(setting)).toEqual([]);
  });

  it('does not leave when the enrolment has ended, though its row still waits', async () => {
    const setting = await anEnrolled();
    const { salon, messageId } = setting;
    const { send, setClock } = attemptsOf(world, salon);
    await world.call(salon, 'POST /cadences/stop', { contact_id: salon.contactId, cadence_id: setting.cadence.id });
    // As a release that ran at the same moment would leave it.
    await inBusiness(world.db, salon.id, (tx) => tx('messages').where({ id: messageId }).update({ status: 'planned', reason: null }));
    await setClock(DUE);
    expect(await send(messageId)).toBe('skipped cadence_ended');
    expect(texts(setting)).toEqual([]);
  });

  it('is kept where it is by a mail program’s own answer, which is no reply', async () => {
    const setting = await anEnrolled();
    const { salon } = setting;
    await withBusiness(world.db, salon.id, (tx) =>
      receiveText(tx, world.apiDeps, { businessId: salon.id, event: { ...textOf(setting, 'I am away.'), automatic: true }, now: NOW }),
    );
    expect(await enrolments(setting)).toEqual(['never_answered active 1']);
  });

  it('of the carrier’s own opt-out ends the cadence', async () => {
    const setting = await anEnrolled();
    const { send, setClock } = attemptsOf(world, setting.salon);
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '21610', match: setting.salon.contactPhone, times: 1 });
    await setClock(DUE);
    expect(await send(setting.messageId)).toBe('skipped suppressed');
    expect(await enrolments(setting)).toEqual(['never_answered opted_out 1']);
    expect(await plan(setting, DUE)).toBeNull();
  });

  it('that nobody knows the end of is looked into, also when the person replied meanwhile', async () => {
    const setting = await anEnrolled();
    const { salon, messageId } = setting;
    const { send, setClock } = attemptsOf(world, salon);
    world.sandbox.faults.put('twilio', { mode: 'commit_then_drop', match: salon.contactPhone, times: 1 });
    world.sandbox.faults.put('twilio', { mode: 'late', match: salon.contactPhone }); // its report would tell
    await setClock(DUE);
    expect(await send(messageId)).toMatchObject({ againInMs: expect.any(Number) });
    await withBusiness(world.db, salon.id, (tx) =>
      receiveText(tx, world.apiDeps, { businessId: salon.id, event: textOf(setting, 'Hello?'), now: DUE }),
    );
    expect(await plan(setting, DUE)).toMatchObject({ messageId, queue: 'sms' });
    expect(await steps(setting)).toEqual(['1 sms sending']);
  });
});

describe('planCadence', () => {
  it('run twice changes nothing', async () => {
    const setting = await anEnrolled();
    const { salon } = setting;
    await plan(setting);
    const before = await everythingOf(world.db, salon.id);
    await plan(setting);
    const after = await everythingOf(world.db, salon.id);
    expect(after.get('messages')).toBe(before.get('messages'));
    expect(after.get('events_ledger')).toBe(before.get('events_ledger'));
  });

  it('holds a step while the business is paused, and lets it go when it goes on', async () => {
    const setting = await anEnrolled();
    const { salon } = setting;
    const { setClock } = attemptsOf(world, salon);
    await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'paused' });
    await setClock(DUE);
    expect(await plan(setting, DUE)).toMatchObject({ why: 'business_inactive' });
    expect(await steps(setting)).toEqual(['1 sms held business_inactive']);
    const ofCadence = async () =>
      (await waitingRings(world.db, salon.id)).find(({ workflowId }) => workflowId === `cadence/${setting.state.id}`)!.version;
    const before = await ofCadence();
    await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'active' });
    expect(await ofCadence()).toBeGreaterThan(before);
    expect(await steps(setting)).toEqual(['1 sms planned']);
  });

  it('ends it, and drops what waits, when the business takes its own cadence away', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    await agreesToOffers(world, salon);
    const cadence = await anOwnCadence(world.db, salon.id, {
      steps: [{ waitMin: 60, templateKey: 'cadence_winback_1', channels: ['sms'] }],
    });
    const setting = { salon, cadence, state: await start(world, salon, cadence) };
    expect(await plan(setting)).toMatchObject({ what: 'cadence_winback_1 by sms' });
    await world.call(salon, `DELETE /cadences/${cadence.id}`);
    expect(await plan(setting)).toBeNull();
    expect(await enrolments(setting)).toEqual(['own_thanks stopped 1']);
    expect(await steps(setting)).toEqual(['1 sms skipped cadence_ended']);
  });

  it('ends it for a visit that was booked by whatever way', async () => {
    const setting = await anEnrolled();
    const { salon } = setting;
    await inBusiness(world.db, salon.id, (tx) =>
      tx.raw(
        `insert into appointments (business_id, id, location_id, contact_id, service_id, staff_id, status, status_changed_at, starts_at, ends_at, busy_from, busy_to,
           buffer_before_min, buffer_after_min, zone, booked_at, source, created_at, updated_at)
         select current_business(), gen_random_uuid(), :locationId, :contactId, :serviceId, :staffId, 'booked', :at, :starts, :ends, :starts, :ends, 0, 0,
           'America/New_York', :at, 'import', :at, :at`,
        { ...salon, at: '2027-03-02T16:00:00.000Z', starts: '2027-03-20T16:00:00.000Z', ends: '2027-03-20T17:00:00.000Z' } as never,
      ),
    );
    expect(await plan(setting)).toBeNull();
    expect(await enrolments(setting)).toEqual(['never_answered booked 1']);
    expect(await steps(setting)).toEqual(['1 sms skipped cadence_ended']);
  });

  it('does not leave with the words of a template that is of another class by then', async () => {
    const setting = await anEnrolled();
    const { salon, cadence, messageId } = setting;
    const { send, setClock } = attemptsOf(world, salon);
    await inBusiness(world.db, salon.id, async (tx) => {
      const text = { subject: null, body: '{{ business_name }}: half price.' };
      const words = { sms: { en: text, es: text } };
      const saved = { key: 'own-care', name: 'Care', words, ifVersion: null, savedBy: 'test', now: NOW };
      await saveTemplate(tx, { ...saved, messageClass: 'marketing' });
      await tx('cadences').where({ id: cadence.id }).update({ messageClass: 'notice' });
      await tx('cadenceSteps').where({ cadenceId: cadence.id }).update({ templateKey: 'own-care' });
    });
    await setClock(DUE);
    await plan(setting, DUE);
    await inBusiness(world.db, salon.id, (tx) =>
      tx('messages')
        .where({ id: messageId })
        .update({ messageClass: 'notice', facts: JSON.stringify({ template: 'own-care' }) }),
    );
    expect(await send(messageId)).toBe('skipped no_template');
    expect(texts(setting)).toEqual([]);
  });

  it('takes the next channel for a template that has no words for the first', async () => {
    const setting = await anEnrolled();
    const { salon, cadence, messageId } = setting;
    const { send, setClock } = attemptsOf(world, salon);
    await world.call(salon, `PATCH /businesses/${salon.id}`, { postal_address: '1 Main St, New York' });
    await agreesToOffers(world, salon, 'email');
    await inBusiness(world.db, salon.id, async (tx) => {
      const text = { subject: 'Hello', body: 'Hello from {{ business_name }}.' };
      const words = { email: { en: text, es: text } };
      await saveTemplate(tx, {
        key: 'own-mail',
        name: 'Mail',
        messageClass: 'marketing',
        words,
        ifVersion: null,
        savedBy: 'test',
        now: NOW,
      });
      await tx('cadenceSteps').where({ cadenceId: cadence.id, position: 1 }).update({ templateKey: 'own-mail' });
    });
    await setClock(DUE);
    await plan(setting, DUE);
    expect(await send(messageId)).toBe('skipped no_template');
    expect(await plan(setting, DUE)).toMatchObject({ queue: 'email', what: 'cadence_step by email' });
    expect(await steps(setting)).toEqual(['1 sms skipped no_template', '1 email planned']);
  });
});
