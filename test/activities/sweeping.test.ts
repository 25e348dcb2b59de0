import { withBusiness } from '../../db/tenancy';
import { aBusiness, anAppointment } from '../factories';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());

const aStaleHold = async (businessId: string): Promise<string> =>
  (
    await anAppointment(world.db, businessId, {
      status: 'held',
      holdExpiresAt: '2020-01-01T12:10:00.000Z',
      now: '2020-01-01T12:00:00.000Z',
    })
  ).id;

const statusOf = (businessId: string, id: string): Promise<string | undefined> =>
  withBusiness(
    world.db,
    businessId,
    async (tx) => (await tx('appointments').where({ id }).select<{ status: string }[]>('status'))[0]?.status,
  );

describe('the sweep', () => {
  it('expires the holds of other businesses when one cannot be expired, does its other steps, and says how many failed', async () => {
    const owner = world.database.poolOf('owner', 1);
    const [broken, other] = [await aBusiness(world.db), await aBusiness(world.db)];
    const holds = [await aStaleHold(broken.id), await aStaleHold(other.id)] as const;
    await withBusiness(world.db, other.id, (tx) =>
      tx.raw(`insert into processes (workflow_id, business_id, kind, version, planned_version, closed_at, created_at)
        values ('message/old', current_business(), 'messageDelivery', 1, 1, now() - interval '31 days', now()),
               ('message/new', current_business(), 'messageDelivery', 1, 1, now() - interval '29 days', now())`),
    );
    await owner.raw(`create function refuse() returns trigger language plpgsql as $$ begin
      if new.business_id = '${broken.id}' then raise exception 'no'; end if; return new; end $$;
      create trigger refuse before update on appointments for each row execute function refuse()`);

    await expect(world.activities.sweep()).rejects.toThrow('1 of 7');
    expect(await statusOf(broken.id, holds[0])).toBe('held');
    expect(await statusOf(other.id, holds[1])).toBe('expired');
    const kept = await withBusiness(world.db, other.id, (tx) => tx('processes').select<{ workflowId: string }[]>('workflowId'));
    expect(kept).toEqual([{ workflowId: 'message/new' }]);
  });
});
