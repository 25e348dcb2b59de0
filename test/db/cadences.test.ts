import { v7 as newId } from 'uuid';
import { insertCadences, listCadences } from '../../db/cadences';
import { CADENCES_OF_BEFORE } from '../../db/migrations/20261128_22_cadences';
import { moveBuckets } from '../../db/lead-status';
import { DEFAULT_CADENCES } from '../../domain/cadence-defaults';
import { aBusiness, aContact, inBusiness } from '../factories';
import { anEnrolment, someCadences } from '../support/cadences';
import { openDatabase, type OpenDatabase } from '../support/database';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const NOW = '2027-03-01T14:00:00.000Z';

describe('the migration', () => {
  it('gives a business of before the cadences that a new one begins with', async () => {
    const { db } = database;
    const [old, fresh] = [await aBusiness(db), await aBusiness(db)];
    await database.poolOf('owner').transaction(async (tx) => {
      const tables = ['businesses', 'cadences', 'cadence_steps'];
      for (const table of tables) await tx.raw(`alter table ${table} no force row level security`);
      await tx.raw(CADENCES_OF_BEFORE);
      await tx('cadenceSteps').where({ businessId: fresh.id }).delete();
      await tx('cadences').where({ businessId: fresh.id }).delete();
      for (const table of tables) await tx.raw(`alter table ${table} force row level security`);
    });
    await inBusiness(db, fresh.id, (tx) => insertCadences(tx, DEFAULT_CADENCES, { newId, now: NOW }));
    const shown = (businessId: string) =>
      inBusiness(db, businessId, async (tx) =>
        (await listCadences(tx)).map((row) => ({ ...row, id: '', businessId: '', createdAt: '', updatedAt: '' })),
      );
    expect(await shown(old.id)).toEqual(await shown(fresh.id));
    expect(await shown(old.id)).toHaveLength(3);
  });
});

describe('a contact', () => {
  it('is in one cadence at a time, whoever enrols them and however', async () => {
    const { db } = database;
    const { id: businessId } = await aBusiness(db);
    const cadences = await someCadences(db, businessId);
    const { id: contactId } = await aContact(db, businessId);
    await anEnrolment(db, businessId, { contactId, cadenceId: cadences['winback']!.id });
    await expect(
      inBusiness(db, businessId, (tx) =>
        tx.raw(
          `insert into cadence_states (business_id, id, cadence_id, contact_id, next_action_at, created_at, updated_at)
           values (current_business(), gen_random_uuid(), ?, ?, now(), now(), now())`,
          [cadences['never_answered']!.id, contactId],
        ),
      ),
    ).rejects.toMatchObject({ code: '23505' });
  });

  it('moved by two facts at the same moment stands where one of them says', async () => {
    const { db } = database;
    const { id: businessId } = await aBusiness(db);
    const { id: contactId } = await aContact(db, businessId);
    const move = (bucket: 'engaged' | 'booked') =>
      inBusiness(db, businessId, (tx) => moveBuckets(tx, { contactIds: [contactId], at: NOW }, () => bucket));
    await Promise.all([move('engaged'), move('booked'), move('engaged'), move('booked')]);
    const rows = await inBusiness(db, businessId, (tx) => tx('leadStatus').select<{ bucket: string }[]>('bucket'));
    expect(rows).toHaveLength(1);
    expect(['engaged', 'booked']).toContain(rows[0]!.bucket);
  });
});
