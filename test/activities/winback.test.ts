import type { CadenceWithSteps } from '../../db/cadences';
import type { Instant } from '../../domain/time';
import { aBusiness, aContact, anAppointment, aService, aStaffMember, inBusiness } from '../factories';
import { anEnrolment, enrolmentsOf, someCadences } from '../support/cadences';
import { waitingRings } from '../support/doorbells';
import { attemptsOf } from '../support/attempts';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());

/** Twelve weeks and more before the machine's own day, by which a business whose clock nobody pushed lives. */
const ago = (days: number): Instant => new Date(Date.now() - days * 86_400_000).toISOString();
const LONG_AGO = ago(100);

type Setting = { businessId: string; cadences: Record<string, CadenceWithSteps>; aVisitor: (over?: Visitor) => Promise<string> };
type Visitor = { lastAt?: Instant; aheadAt?: Instant; agrees?: boolean; status?: string };

/** A business that looks for who has not come for twelve weeks, at an hour at which it does. */
async function aSetting({ on = true, zone = zoneAt(12) } = {}): Promise<Setting> {
  const { db } = world;
  const { id: businessId } = await aBusiness(db, { zone });
  const cadences = await someCadences(db, businessId, { winback: { enabled: on } });
  const { id: staffId } = await aStaffMember(db, businessId);
  const { id: serviceId } = await aService(db, businessId, { staffIds: [staffId] });
  const taken = { minutes: 0 };
  const aVisitor = async ({ lastAt = LONG_AGO, aheadAt, agrees = true, status = 'completed' }: Visitor = {}): Promise<string> => {
    taken.minutes += 90;
    const phone = `+1212555${String(1000 + taken.minutes / 90)}`;
    const { id: contactId } = await aContact(db, businessId, { phone, marketing: agrees ? ['sms'] : [] });
    const startsAt = new Date(Date.parse(lastAt) - taken.minutes * 60_000).toISOString();
    const visit = await anAppointment(db, businessId, { contactId, staffId, serviceId, startsAt });
    await inBusiness(db, businessId, (tx) => tx('appointments').where({ id: visit.id }).update({ status }));
    if (aheadAt !== undefined) await anAppointment(db, businessId, { contactId, staffId, serviceId, startsAt: aheadAt });
    return contactId;
  };
  return { businessId, cadences, aVisitor };
}

/** A zone in which it is now about that hour. */
function zoneAt(hour: number): string {
  const shift = new Date().getUTCHours() - hour;
  return shift === 0 ? 'Etc/GMT' : `Etc/GMT${shift > 0 ? '+' : ''}${shift > 12 ? shift - 24 : shift < -12 ? shift + 24 : shift}`;
}

const look = (): Promise<void> => world.activities.startWinbacks();
const enrolments = ({ businessId }: Setting, contactId: string) => enrolmentsOf(world.db, businessId, contactId);
const isDone = async ({ businessId }: Setting): Promise<boolean> =>
  (await inBusiness(world.db, businessId, (tx) => tx('dailyRuns').where({ kind: 'winback' }).select('kind'))).length > 0;

describe('the day’s look for people who have not come for long', () => {
  it('enrols who was here twelve weeks ago and agreed to offers, rings them behind single changes, and says that they lapsed', async () => {
    const setting = await aSetting();
    const contactId = await setting.aVisitor();
    await look();
    expect(await enrolments(setting, contactId)).toEqual(['winback active 1']);
    expect(await waitingRings(world.db, setting.businessId)).toMatchObject([{ version: 1, lane: 1 }]);
    const [status] = await inBusiness(world.db, setting.businessId, (tx) => tx('leadStatus').select<{ bucket: string }[]>('bucket'));
    expect(status).toEqual({ bucket: 'lapsed' });
    expect(await isDone(setting)).toBe(true);
  });

  it.each([
    ['who was here last month', { lastAt: ago(30) }],
    ['who has a visit ahead', { aheadAt: ago(-10) }],
    ['who never agreed to offers', { agrees: false }],
    ['who was never here, and only missed a visit', { status: 'no_show' }],
  ])('leaves %s alone', async (_, over) => {
    const setting = await aSetting();
    const contactId = await setting.aVisitor(over);
    await look();
    expect(await enrolments(setting, contactId)).toEqual([]);
  });

  it('enrols nobody twice for the same absence, and again after a new one', async () => {
    const setting = await aSetting();
    const { winback } = setting.cadences;
    const contactId = await setting.aVisitor();
    const { id } = await anEnrolment(world.db, setting.businessId, { contactId, cadenceId: winback!.id, now: ago(50) });
    const end = (endedAt: Instant) =>
      inBusiness(world.db, setting.businessId, (tx) =>
        tx('cadenceStates')
          .where({ id })
          .update({ status: 'ended', endedReason: 'finished', endedAt, nextActionAt: null, createdAt: endedAt }),
      );
    await end(ago(50));
    await look();
    expect(await enrolments(setting, contactId)).toEqual(['winback finished 1']);
    await end(ago(200));
    await tomorrow(setting);
    await look();
    expect(await enrolments(setting, contactId)).toEqual(['winback finished 1', 'winback active 1']);
  });

  it('waits while a more important one runs', async () => {
    const setting = await aSetting();
    const contactId = await setting.aVisitor();
    await anEnrolment(world.db, setting.businessId, { contactId, cadenceId: setting.cadences['never_answered']!.id, now: ago(1) });
    await look();
    expect(await enrolments(setting, contactId)).toEqual(['never_answered active 1']);
  });

  it('is made once a day, from 07:00 on, and by a business that switched it on', async () => {
    const [early, off, on] = [await aSetting({ zone: zoneAt(5) }), await aSetting({ on: false }), await aSetting()];
    const people = [await early.aVisitor(), await off.aVisitor()];
    await look();
    expect(await isDone(early)).toBe(false);
    expect([await enrolments(early, people[0]!), await enrolments(off, people[1]!)]).toEqual([[], []]);
    const late = await on.aVisitor();
    await look(); // its look of today was before
    expect(await enrolments(on, late)).toEqual([]);
    await tomorrow(on);
    await look();
    expect(await enrolments(on, late)).toEqual(['winback active 1']);
  });

  it('takes more than a batch in one go', async () => {
    const setting = await aSetting();
    const people: string[] = [];
    for (let i = 0; i < 53; i += 1) people.push(await setting.aVisitor());
    await look();
    const rows = await inBusiness(world.db, setting.businessId, (tx) => tx('cadenceStates').select<{ contactId: string }[]>('contactId'));
    expect(new Set(rows.map(({ contactId }) => contactId))).toEqual(new Set(people));
  });

  it('goes on with the other businesses when one fails, and says so', async () => {
    const owner = world.database.poolOf('owner', 1);
    const [broken, other] = [await aSetting(), await aSetting()];
    const [first, second] = [await broken.aVisitor(), await other.aVisitor()];
    await owner.raw(`create function refuse() returns trigger language plpgsql as $$ begin
      if new.business_id = '${broken.businessId}' then raise exception 'no'; end if; return new; end $$;
      create trigger refuse before insert on cadence_states for each row execute function refuse()`);
    await expect(look()).rejects.toThrow(/^1 of \d+$/);
    expect(await enrolments(broken, first)).toEqual([]);
    expect(await enrolments(other, second)).toEqual(['winback active 1']);
    await owner.raw('drop trigger refuse on cadence_states');
    await look();
    expect(await enrolments(broken, first)).toEqual(['winback active 1']);
  });
});

/** A day later for this business: its look of today is yesterday's. */
async function tomorrow({ businessId }: Setting): Promise<void> {
  const { setClock } = attemptsOf(world, { id: businessId } as never);
  await setClock(new Date(Date.now() + 86_400_000).toISOString());
}
