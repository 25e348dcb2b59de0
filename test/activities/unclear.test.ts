import { noteReport } from '../../db/sending';
import { withBusiness } from '../../db/tenancy';
import { VendorRefused } from '../../providers/errors';
import { attemptsOf, type Attempts } from '../support/attempts';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

const asked = { toSend: 0, toFind: 0, vendorIsDown: false };

let world: World;
beforeAll(async () => {
  world = await startWorld({
    worker: false,
    sms: ({ send, find, price }) => ({
      price,
      send: (...input) => ((asked.toSend += 1), send(...input)),
      find: async (...input) => {
        asked.toFind += 1;
        if (asked.vendorIsDown) throw new VendorRefused({ vendor: 'twilio', code: 'vendor_down' });
        return find(...input);
      },
    }),
  });
});
afterAll(() => world.close());
beforeEach(() => Object.assign(asked, { toSend: 0, toFind: 0, vendorIsDown: false }));
afterEach(() => {
  world.sandbox.faults.clear('twilio');
  world.sandbox.faults.clear('sendgrid');
});

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const FIRST_LOOK_MS = 91_000;
const MINUTE_MS = 60_000;

type Case = Attempts & { salon: Salon; messageId: string };

/** A visit's confirmation, planned, whose vendor call will befall `mode`. Its callbacks come forged, so that nobody learns from them. */
async function aConfirmation(mode: 'commit_then_drop' | 'drop_before_commit', { heard = false, phone = true } = {}): Promise<Case> {
  const salon = await world.aSalon({ now: NOW, phone });
  const attempts = attemptsOf(world, salon);
  const messageId = await attempts.plan(await aVisit(world, salon, { startsAt: '2027-03-04T17:00:00.000Z' }), 'confirmation');
  const [vendor, match] = phone ? (['twilio', salon.contactPhone] as const) : (['sendgrid', salon.contactEmail] as const);
  world.sandbox.faults.put(vendor, { mode, match, times: 1 });
  if (!heard) world.sandbox.faults.put(vendor, { mode: 'bad_signature', match });
  return { ...attempts, salon, messageId };
}

/** Somebody else's message goes out and is reported: the vendor's callbacks do arrive. */
async function hearFromTwilio(): Promise<void> {
  const salon = await world.aSalon({ now: NOW });
  const { plan, send, row } = attemptsOf(world, salon);
  const messageId = await plan(await aVisit(world, salon, { startsAt: '2027-03-04T17:00:00.000Z' }), 'confirmation');
  expect(await send(messageId)).toBe('sent');
  await eventually(async () => expect(await row(messageId)).toMatchObject({ status: 'delivered' }));
}

describe('a text whose fate is unclear', () => {
  it('is left alone for 90 seconds: neither sent again nor asked for, only our own row is looked at meanwhile', async () => {
    const { send, age, messageId } = await aConfirmation('commit_then_drop');
    const againIn = async (): Promise<number> => ((await send(messageId)) as { againInMs: number }).againInMs;
    expect(await againIn()).toBeLessThanOrEqual(3_000);
    await age(messageId, 4_000);
    expect(await againIn()).toBeLessThanOrEqual(6_000);
    await age(messageId, 60_000);
    expect(await againIn()).toBeLessThanOrEqual(30_000);
    expect(asked).toMatchObject({ toSend: 1, toFind: 0 });
  });

  it('is found at the vendor and counts as sent: one message in all', async () => {
    const { send, age, row, messageId, accepted } = await aConfirmation('commit_then_drop');
    await send(messageId);
    await age(messageId, FIRST_LOOK_MS);
    expect(await send(messageId)).toBe('sent');
    expect(await row(messageId)).toMatchObject({ status: 'sent', vendorId: expect.stringMatching(/^SM/) });
    expect(await send(messageId)).toBe('settled');
    expect([accepted().length, asked]).toMatchObject([1, { toSend: 1, toFind: 1 }]);
  });

  it('is settled by the first report that names it, without asking', async () => {
    const { send, row, messageId, accepted } = await aConfirmation('commit_then_drop', { heard: true });
    await send(messageId);
    await eventually(async () =>
      expect(await row(messageId)).toMatchObject({ status: 'delivered', vendorId: expect.stringMatching(/^SM/) }),
    );
    expect(await send(messageId)).toBe('settled');
    expect([accepted().length, asked]).toMatchObject([1, { toSend: 1, toFind: 0 }]);
  });

  it('is sent once more when the vendor has it in neither of two looks and its reports of others do arrive', async () => {
    const { send, age, row, messageId, accepted } = await aConfirmation('drop_before_commit');
    await send(messageId);
    await age(messageId, FIRST_LOOK_MS);
    await hearFromTwilio();
    asked.toSend = 1;
    expect(await send(messageId)).toEqual({ againInMs: MINUTE_MS });
    expect(accepted()).toEqual([]);
    expect(await send(messageId)).toBe('again');
    expect([await send(messageId), await send(messageId)]).toEqual(['sent', 'settled']);
    expect([accepted().length, asked]).toMatchObject([1, { toSend: 2, toFind: 2 }]);
    expect(await row(messageId)).toMatchObject({ attempt: 2 });
  });

  it('is not sent again when the vendor called it absent in two looks and reports it after all', async () => {
    const { salon, send, age, row, messageId, accepted } = await aConfirmation('drop_before_commit');
    await send(messageId);
    await age(messageId, FIRST_LOOK_MS);
    await hearFromTwilio();
    await send(messageId);
    expect(await send(messageId)).toBe('again');
    expect(await row(messageId)).toMatchObject({ status: 'planned' });
    const vendorId = `SM${'a'.repeat(32)}`;
    const report = { id: messageId, vendor: 'twilio', vendorId, rank: 3, status: 'sent' as const, vendorCode: null, now: NOW };
    expect(await withBusiness(world.db, salon.id, (tx) => noteReport(tx, report))).toBe(true);
    expect([await send(messageId), accepted()]).toEqual(['settled', []]);
    expect(await row(messageId)).toMatchObject({ status: 'sent', vendorId });
  });

  it('is unknown when the vendor could not be asked for a day', async () => {
    const { send, age, row, messageId } = await aConfirmation('commit_then_drop');
    await send(messageId);
    await age(messageId, 24 * 60 * MINUTE_MS + 1_000);
    asked.vendorIsDown = true;
    expect(await send(messageId)).toBe('unknown');
    expect(await row(messageId)).toMatchObject({ status: 'unknown' });
  });

  it('stays unknown, for a person to look at, when nothing was heard from the vendor either', async () => {
    const { send, age, row, messageId, accepted } = await aConfirmation('drop_before_commit');
    // The heard reports of other tests lie before the mark.
    await send(messageId);
    await age(messageId, FIRST_LOOK_MS);
    await world.database.poolOf('owner').raw(`update webhook_events set received_at = received_at - interval '1 hour'`);
    expect(await send(messageId)).toEqual({ againInMs: MINUTE_MS });
    expect(await send(messageId)).toBe('unknown');
    expect(await row(messageId)).toMatchObject({ status: 'unknown' });
    expect([await send(messageId), accepted()]).toEqual(['settled', []]);
    expect(asked).toMatchObject({ toSend: 1, toFind: 2 });
  });

  it('stays unknown when two of the same text went to the same number and either may be ours', async () => {
    const { salon, send, age, row, messageId, accepted } = await aConfirmation('commit_then_drop');
    await send(messageId);
    const { body, fromAddress } = await row(messageId);
    await world.activityDeps.sms.send({
      to: salon.contactPhone,
      from: fromAddress ?? '',
      body: body ?? '',
      messageId: 'of-somebody-else',
      validityMs: 60_000,
    });
    await age(messageId, FIRST_LOOK_MS);
    expect(await send(messageId)).toBe('unknown');
    expect(accepted()).toHaveLength(2);
  });

  it('is looked for again a minute later when the vendor does not answer the question', async () => {
    const { send, age, messageId } = await aConfirmation('commit_then_drop');
    await send(messageId);
    await age(messageId, FIRST_LOOK_MS);
    asked.vendorIsDown = true;
    expect(await send(messageId)).toEqual({ againInMs: MINUTE_MS });
    asked.vendorIsDown = false;
    expect(await send(messageId)).toBe('sent');
  });
});

describe('an e-mail whose fate is unclear', () => {
  it('waits five minutes for its event and is then unknown, until a late event says that it was delivered', async () => {
    const { salon, send, age, row, messageId, accepted } = await aConfirmation('commit_then_drop', { phone: false, heard: true });
    world.sandbox.faults.put('sendgrid', { mode: 'late', match: salon.contactEmail, delay_ms: 1_500 });
    await send(messageId);
    await age(messageId, 4 * MINUTE_MS);
    expect(await send(messageId)).toEqual({ againInMs: expect.any(Number) });
    await age(messageId, 5 * MINUTE_MS + 1_000);
    expect(await send(messageId)).toBe('unknown');
    await eventually(async () => expect(await row(messageId)).toMatchObject({ status: 'delivered' }));
    expect([await send(messageId), accepted().length]).toEqual(['settled', 1]);
  });
});
