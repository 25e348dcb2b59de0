import { rmSync, writeFileSync } from 'node:fs';
import { createHasher, type Hasher } from '../db/hashing';
import { createPool } from '../db/knex';
import type { Db, Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import type { Instant } from '../domain/time';
import type { Demo, DemoBusiness, SeedOptions } from './lib/demo';
import { giveAccess, newPassword, type Access, type Password } from './lib/demo/access';
import { addBusiness } from './lib/demo/business';
import { DENTIST } from './lib/demo/dentist';
import { addLead } from './lib/demo/lead';
import { addContacts } from './lib/demo/people';
import type { DemoPlan } from './lib/demo/plan';
import { SALON } from './lib/demo/salon';
import { addVisits } from './lib/demo/visits';
import { addWaitlist } from './lib/demo/waitlist';

/**
 * Fills the database with the demo, once: two businesses with visits ahead of `now`. Where the businesses are there already, only their key and passwords
 * are new, since nobody can read the old ones back. Writes what there is to `file`, for its owner's eyes only.
 */
export async function seedDemo({
  config,
  addresses,
  file,
  now = new Date().toISOString(),
}: SeedOptions & { now?: Instant }): Promise<Demo> {
  const { DATABASE_URL, databaseRolePassword: rolePassword, APP_SECRET } = config;
  const pool = createPool(DATABASE_URL, { role: 'app', rolePassword, max: 2, name: 'usher-seed' });
  // No relay to wake: it looks for doorbells when it starts, and each second after.
  const db: Db = { pool, wakeRelay: () => undefined };
  const hash = createHasher(APP_SECRET);
  try {
    const password = newPassword();
    const businesses = await Promise.all([SALON, DENTIST].map((plan) => seedOne(db, { plan, password, hash, now })));
    const demo: Demo = { ...addresses, businesses };
    rmSync(file, { force: true }); // the mode is that of a new file only
    writeFileSync(file, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
    return demo;
  } finally {
    await pool.destroy();
  }
}

type Seeding = { plan: DemoPlan; password: Promise<Password>; hash: Hasher; now: Instant };

/** One transaction: a seeding that was cut short leaves nothing behind. */
function seedOne(db: Db, seeding: Seeding): Promise<DemoBusiness> {
  const { plan } = seeding;
  return withBusiness(db, plan.id, async (tx) => {
    const there = await tx('businesses').where({ id: plan.id }).select<{ id: string }[]>('id');
    if (there.length === 0) await fill(tx, seeding);
    return describe(tx, plan, await giveAccess(tx, { ...seeding, password: await seeding.password }));
  });
}

async function fill(tx: Tx, { plan, hash, now }: Seeding): Promise<void> {
  const serviceIds = await addBusiness(tx, { plan, hash, now });
  const contactIds = await addContacts(tx, { plan, hash, now });
  await addVisits(tx, { plan, serviceIds, contactIds, hash, now });
  await addWaitlist(tx, { plan, serviceIds, contactIds, hash, now });
  await addLead(tx, { plan, hash, now });
}

/** As it stands now: who was added or renamed since is in it too. */
async function describe(tx: Tx, { id, name, zone, locale, smsNumber }: DemoPlan, access: Access): Promise<DemoBusiness> {
  const named = (table: 'staff' | 'services' | 'contacts') => tx(table).orderBy('id').select<{ id: string; name: string }[]>('id', 'name');
  const [staff, services, contacts] = [await named('staff'), await named('services'), await named('contacts')];
  return { id, name, zone, locale, ...access, sms_number: smsNumber, staff, services, contacts };
}
