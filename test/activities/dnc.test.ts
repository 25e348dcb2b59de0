import { v7 as newId } from 'uuid';
import { sweep } from '../../activities/sweeping';
import { withBusiness } from '../../db/tenancy';
import { DAY_MS, plusMs } from '../../domain/time';
import { attemptsOf } from '../support/attempts';
import { aConsent, plannedTexts } from '../support/marketing';
import type { Salon } from '../support/salon';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false, dncKeepMs: 30 * 60_000 });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('dnc'));

// A Tuesday, 12:00 in New York.
const NOON = '2027-03-02T17:00:00.000Z';

const put = (number: string): Promise<Response> =>
  fetch(`${world.sandboxUrl}/sandbox/dnc/${encodeURIComponent(number)}`, { method: 'PUT' });
const aMarketed = async (): Promise<Salon> => {
  const salon = await world.aSalon({ now: NOON });
  await aConsent(world.db, salon, { channel: 'sms', purpose: 'marketing', at: NOON });
  await aConsent(world.db, salon, { channel: 'voice', purpose: 'ai_voice', at: NOON });
  return salon;
};
const text = async (salon: Salon, messageClass: 'marketing' | 'notice' = 'marketing') => {
  const [id = ''] = await plannedTexts(world.db, salon, { at: NOON, messageClass });
  return attemptsOf(world, salon).send(id);
};
const call = (salon: Salon) =>
  world.activities.askCall({
    businessId: salon.id,
    contactId: salon.contactId,
    reservationId: newId(),
    notAfter: plusMs(NOON, DAY_MS),
    now: new Date().toISOString(),
  });
const checksOf = (salon: Salon) => withBusiness(world.db, salon.id, (tx) => tx('dncChecks').select<{ listed: boolean }[]>('listed'));

describe('The external do-not-call list', () => {
  it('is asked before what advertises and before calls, and its no is final', async () => {
    const salon = await aMarketed();
    await put(salon.contactPhone);
    expect(await text(salon)).toBe('skipped dnc');
    expect(await call(salon)).toEqual({ kind: 'no', reason: 'dnc' });
    expect(await text(salon, 'notice')).toBe('sent');
  });

  it('is asked once for half an hour, and again after that', async () => {
    const salon = await aMarketed();
    expect(await text(salon)).toBe('sent');
    await put(salon.contactPhone);
    expect(await text(salon)).toBe('sent');
    await withBusiness(world.db, salon.id, (tx) => tx('dncChecks').update({ checkedAt: new Date(Date.now() - 31 * 60_000).toISOString() }));
    expect(await text(salon)).toBe('skipped dnc');
    expect(await checksOf(salon)).toEqual([{ listed: true }]);
  });

  it('lets nothing of the kind pass while it does not answer, and lets it go once it does', async () => {
    const salon = await aMarketed();
    world.sandbox.faults.put('dnc', { mode: 'error' });
    const [id = ''] = await plannedTexts(world.db, salon, { at: NOON });
    const { send, row, setClock } = attemptsOf(world, salon);
    expect(await send(id)).toBe('deferred dnc');
    expect(await call(salon)).toMatchObject({ kind: 'defer', reason: 'dnc' });
    expect(await checksOf(salon)).toEqual([]);
    expect(await text(salon, 'notice')).toBe('sent');

    world.sandbox.faults.clear('dnc');
    await setClock(plusMs((await row(id)).sendAt, 1_000));
    expect(await send(id)).toBe('sent');
  });

  it('is forgotten after an hour', async () => {
    const salon = await aMarketed();
    await text(salon);
    await sweep(world.activityDeps);
    expect(await checksOf(salon)).toHaveLength(1);
    await withBusiness(world.db, salon.id, (tx) => tx('dncChecks').update({ checkedAt: new Date(Date.now() - 61 * 60_000).toISOString() }));
    await sweep(world.activityDeps);
    expect(await checksOf(salon)).toEqual([]);
  });
});
