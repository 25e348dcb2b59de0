import { noteWritten } from '../../db/conversations';
import { listEntries } from '../../db/waitlist';
import { v7 as newId } from 'uuid';
import { aBusiness, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { aBusySalon } from '../support/busy-salon';
import { aDesk, type Desk } from '../support/console';

let api: TestApi;
let salon: Awaited<ReturnType<typeof aBusySalon>>;
let desk: Desk;
beforeAll(async () => {
  api = await startApi({ limits: { requestsPerMin: 100_000, loginsPer10Min: 200 } });
  salon = await aBusySalon(api);
  desk = await aDesk(api, salon.id);
});
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

const rowOf = (text: string, name: string): string =>
  new RegExp(`${name} .*?Haircut \\S+ (.*?)(?=\\d+:\\d\\d [AP]M|Needs a person)`).exec(text)?.[1]?.trim() ?? '';

describe('today', () => {
  it('counts the day and offers for each visit what is allowed now', async () => {
    const { text } = await desk.open('/');
    expect(text).toContain('1 to come, 1 here, 1 done');
    expect(rowOf(text, 'Chidi Okafor')).toBe('Confirmed Check in : Chidi Okafor');
    expect(rowOf(text, 'Bartholomew Featherstonehaugh-Cholmondeley')).toMatch(/^Arrived Complete/);
    expect(rowOf(text, 'Ana López')).toBe('Completed');
  });

  it('notes who has arrived with one tap, comes back to the day, and takes it back for ten minutes', async () => {
    const arrived = await desk.send(`/visits/${salon.visitId}/arrive`, { back: '/' });
    expect([arrived.status, arrived.location]).toEqual([303, '/']);
    const page = await desk.open('/');
    expect(page.text).toContain('Marked as arrived. Undo');
    const [, undo = ''] = /action="(\/visits\/[^"]+\/undo\?version=\d+)"/.exec(page.html) ?? [];
    expect((await desk.sendAndSee(undo, { back: '/' })).text).toContain('Taken back.');

    await desk.send(`/visits/${salon.visitId}/arrive`);
    api.setNow('2027-03-01T14:10:00.000Z');
    const late = await desk.sendAndSee(`/visits/${salon.visitId}/undo`, { back: '/' });
    expect(late.text).toContain('It can be undone for 10 minutes only.');
    expect(rowOf(late.text, 'Chidi Okafor')).toMatch(/^Arrived/);
  });

  it('shows who wrote and which message nobody knows of', async () => {
    const { text } = await desk.open('/');
    expect(text).toContain('Chidi Okafor wrote. One unread message. Can I bring my daughter along?');
    expect(text).toMatch(/1-day reminder to Dolores Quintanilla\. .*could not say/);
  });

  it('shows the free times that somebody waits for, and offers one by the API', async () => {
    const page = await desk.open('/');
    expect(page.text).toContain('Haircut with Nadia. One person waits for this.');
    const form = /<form[^>]*action="\/gaps\/offer".*?<\/form>/s.exec(page.html)?.[0] ?? '';
    const fields = Object.fromEntries(
      [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    expect((await desk.sendAndSee('/gaps/offer', fields)).text).toContain('It is offered, to one after the other');
    const again = await desk.sendAndSee('/gaps/offer', { ...fields, start_ts: MONDAY, end_ts: '2027-03-01T15:00:00.000Z' });
    expect(again.html).toContain('class="notice trouble"');
    const offers = await api.get<{ data: unknown[] }>('/waitlist-offers', { key: salon.apiKey });
    expect(offers.status).toBe(200);
    expect(await inBusiness(api.database.db, salon.id, (tx) => listEntries(tx, { today: '2027-03-01', limit: 5 }))).toHaveLength(1);
  });

  it('leaves needs and gaps to today, and another day to its visits', async () => {
    const tomorrow = await desk.open('/?date=2027-03-02');
    expect(tomorrow.text).not.toContain('Needs a person');
    expect(tomorrow.text).toContain('No visits on this day.');
    expect((await desk.open('/?date=2027-02-30')).text).toContain('Visits on Mon, Mar 1');
  });

  it('says so when nothing needs anybody', async () => {
    const empty = await aDesk(api, (await aBusiness(api.database.db)).id);
    const { text } = await empty.open('/');
    expect(text).toContain('Nothing: every message went out and nobody waits for an answer.');
    expect(text).toContain('None: no free time today suits anybody on the waitlist.');
  });

  it('shows nothing of another business', async () => {
    const other = await aBusySalon(api);
    await inBusiness(api.database.db, other.id, (tx) => noteWritten(tx, { id: newId(), contactId: other.contactId, now: MONDAY }));
    expect((await desk.open('/')).text).not.toContain('Ana Diaz wrote');
  });
});
