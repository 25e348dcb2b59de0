import { secretHash } from '../../db/hashing';
import { messageToken } from '../../db/message-tokens';
import { listSessions } from '../../db/users';
import { tooMany } from '../../api/problem';
import { plusMs, type Instant } from '../../domain/time';
import { aBusiness, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { aBrowser, aDesk, aUser } from '../support/console';

let api: TestApi;
let businessId: string;
beforeAll(async () => {
  api = await startApi({ limits: { requestsPerMin: 100_000, loginsPer10Min: 200 } });
  businessId = (await aBusiness(api.database.db)).id;
});
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

const MINUTE_MS = 60_000;
const after = (minutes: number): Instant => plusMs(MONDAY, minutes * MINUTE_MS);

/** The links that wait to be mailed to a user, as the mail will have them. */
async function linksTo(userId: string): Promise<string[]> {
  const rows = await inBusiness(api.database.db, businessId, (tx) =>
    tx('messages').where({ userId }).orderBy('id').select<{ id: string }[]>('id'),
  );
  return rows.map(({ id }) => `/login/link/${messageToken(api.deps.hash, 'sign_in', id)}`);
}

async function aLink() {
  const user = await aUser(api, businessId);
  const browser = aBrowser(api);
  await browser.send('/login/link', { email: user.email });
  await api.deps.behind.settled();
  const [link = ''] = await linksTo(user.id);
  return { user, browser, link };
}

describe('a link to sign in', () => {
  it('lets somebody in once: opening it uses nothing up, the button does', async () => {
    const { user, browser, link } = await aLink();
    const page = await browser.open(link);
    expect(page.text).toContain(`You sign in as ${user.email}.`);
    await browser.open(link);
    expect(await browser.send(link)).toMatchObject({ status: 303, location: '/' });
    expect((await browser.open('/')).status).toBe(200);

    const second = aBrowser(api);
    expect((await second.open(link)).status).toBe(410);
    const late = await second.send(link);
    expect([late.status, late.text]).toEqual([410, expect.stringContaining('This link no longer works')]);
    expect((await second.open('/')).status).toBe(302);
  });

  it('lets in one of two that press the button at the same moment', async () => {
    const { link } = await aLink();
    const statuses = await Promise.all([1, 2, 3].map(async () => (await aBrowser(api).send(link)).status));
    expect(statuses.sort()).toEqual([303, 410, 410]);
  });

  it('works for 20 minutes', async () => {
    const { link, browser } = await aLink();
    api.setNow(after(19));
    expect((await browser.open(link)).status).toBe(200);
    api.setNow(after(20));
    expect((await browser.open(link)).status).toBe(410);
    expect((await browser.send(link)).status).toBe(410);
  });

  it('is not made from another secret, kind or letter', async () => {
    const { link } = await aLink();
    const id = '01890000-0000-7000-8000-000000000000';
    const unsubscribe = `/login/link/${messageToken(api.deps.hash, 'unsubscribe', id)}`;
    for (const path of [`${link.slice(0, -1)}${link.endsWith('a') ? 'b' : 'a'}`, unsubscribe, '/login/link/short'])
      expect((await aBrowser(api).send(path)).status).toBe(410);
  });

  it('is not sent from another site in the name of somebody', async () => {
    const { link } = await aLink();
    expect((await aBrowser(api).send(link, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await aBrowser(api).send(link)).status).toBe(303);
  });
});

describe('asking for a link', () => {
  it('answers the same whether or not the address is known, and writes a message only for one that is', async () => {
    const { email, id } = await aUser(api, businessId);
    const [known, unknown] = [
      await aBrowser(api).send('/login/link', { email: email.toUpperCase() }),
      await aBrowser(api).send('/login/link', { email: 'nobody@x.example' }),
    ];
    for (const { status, location } of [known, unknown]) expect([status, location]).toEqual([303, '/login/sent']);
    expect((await aBrowser(api).open('/login/sent')).text).toContain('If the address belongs to somebody here, a link is on its way.');
    await api.deps.behind.settled();
    expect(await linksTo(id)).toHaveLength(1);
  });

  it('mails nobody more than five in ten minutes', async () => {
    const { email, id } = await aUser(api, businessId);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await aBrowser(api).send('/login/link', { email })).status);
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
    await api.deps.behind.settled();
    expect(await linksTo(id)).toHaveLength(5);
  });

  it('mails nobody more than twenty in a day', async () => {
    const asked = { ip: 'of a salon', address: 'of somebody' };
    const tenMinutesPass = () => owner('rate_limits').where('key', 'like', 'sign_in_mail:%').delete();
    const owner = api.database.poolOf('owner', 1);
    for (let i = 0; i < 20; i += 1) {
      if (i % 4 === 0) await tenMinutesPass();
      await api.deps.limits.signInLink(asked);
    }
    await tenMinutesPass();
    await expect(api.deps.limits.signInLink(asked)).rejects.toMatchObject({ code: 'too_many' });
  });

  it('keeps the secret out of the database', async () => {
    const { user, link } = await aLink();
    const secret = link.split('/').at(-1) ?? '';
    const kept = await inBusiness(api.database.db, businessId, async (tx) => [
      await tx('messages').where({ userId: user.id }).select('*'),
      await tx('signInLinks').where({ userId: user.id }).select('*'),
    ]);
    expect(JSON.stringify(kept)).not.toContain(secret);
    expect(JSON.stringify(kept)).not.toContain(secretHash(secret));
  });
});

describe('links that are refused', () => {
  it('say so as a page, in the words of the reader', async () => {
    const { link } = await aLink();
    const spanish = { 'accept-language': 'es' };
    const foreign = await aBrowser(api).send(link, {}, { ...spanish, 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, foreign.html]).toEqual([403, expect.stringContaining('<html lang="es">')]);
    const limits = jest.spyOn(api.deps.limits, 'link').mockRejectedValue(tooMany(7));
    for (const page of [await aBrowser(api).open(link), await aBrowser(api).send(link)]) {
      expect([page.status, page.headers.get('retry-after')]).toEqual([429, '7']);
      expect(page.html).toContain('<h1>');
    }
    limits.mockRestore();
    const down = jest.spyOn(api.deps.limits, 'signInLink').mockRejectedValue(new Error('no database'));
    expect((await aBrowser(api).send('/login/link', { email: 'a@x.example' })).html).toContain('<h1>Our mistake</h1>');
    down.mockRestore();
  });

  it('cost no attempt to log in when they were ours', async () => {
    const logins = jest.spyOn(api.deps.limits, 'login');
    const { link, browser } = await aLink();
    await browser.send(link);
    await browser.send(link);
    expect(logins).not.toHaveBeenCalled();
    await browser.send('/login/link/guessed');
    expect(logins).toHaveBeenCalledTimes(1);
    logins.mockRestore();
  });

  it('are all that somebody has not used, once they are in, or end their sessions, or an owner does', async () => {
    const { user, link, browser } = await aLink();
    const another = async (): Promise<string> => {
      await aBrowser(api).send('/login/link', { email: user.email });
      await api.deps.behind.settled();
      return (await linksTo(user.id)).at(-1) ?? '';
    };
    const unused = await another();
    await browser.send(link);
    expect((await browser.open(unused)).status).toBe(410);
    const second = await another();
    await browser.send('/sessions/others/end');
    expect((await browser.open(second)).status).toBe(410);
    const third = await another();
    const [{ id } = { id: '' }] = await inBusiness(api.database.db, businessId, (tx) =>
      listSessions(tx, { userId: user.id, tokenHash: null, now: MONDAY }),
    );
    await (await aDesk(api, businessId)).send(`/sessions/${id}/end`);
    expect((await aBrowser(api).open(third)).status).toBe(410);
  });

  it('are those of a business that is canceled, not of one that is paused', async () => {
    const { link } = await aLink();
    const be = (status: 'active' | 'paused' | 'canceled') =>
      inBusiness(api.database.db, businessId, (tx) => tx('businesses').where({ id: businessId }).update({ status }));
    await be('paused');
    expect((await aBrowser(api).open(link)).status).toBe(200);
    await be('canceled');
    expect([(await aBrowser(api).open(link)).status, (await aBrowser(api).send(link)).status]).toEqual([410, 410]);
    await be('active');
  });
});

describe('sessions', () => {
  it('are shown with their device and last use, and ended one by one or all others at once', async () => {
    const first = await aDesk(api, businessId);
    const [user] = await inBusiness(api.database.db, businessId, (tx) =>
      tx('users').where({ email: first.email }).select<{ id: string }[]>('id'),
    );
    const again = async (userAgent: string) => {
      const browser = aBrowser(api, first.email);
      await browser.send('/login', { email: first.email, password: 'a long password for the desk' }, { 'user-agent': userAgent });
      return browser;
    };
    const phone = await again('Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36');
    const tablet = await again('Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1');
    api.setNow(after(30));
    await tablet.open('/');
    const page = await first.open('/sessions');
    expect(page.text).toContain('Chrome, Android');
    expect(page.text).toMatch(/Safari, iPad Mon, Mar 1, 9:00 AM Mon, Mar 1, 9:30 AM/);
    expect(page.text.match(/This one/g)).toHaveLength(1);

    const list = await inBusiness(api.database.db, businessId, (tx) =>
      listSessions(tx, { userId: user!.id, tokenHash: null, now: after(30) }),
    );
    const ofPhone = list.find(({ device }) => device === 'Chrome, Android');
    expect((await first.sendAndSee(`/sessions/${ofPhone!.id}/end`)).text).toContain('That session is ended.');
    expect((await phone.open('/')).location).toBe('/login');
    expect((await first.sendAndSee('/sessions/others/end')).text).toContain('You are signed in here and nowhere else.');
    expect((await tablet.open('/')).location).toBe('/login');
    expect((await first.open('/')).status).toBe(200);
  });

  it('of others are ended by owners and administrators only', async () => {
    const [owner, staff] = [await aDesk(api, businessId), await aDesk(api, businessId, { role: 'staff' })];
    const idOf = async (email: string) => {
      const rows = await inBusiness(api.database.db, businessId, (tx) =>
        tx('sessions as s').join('users as u', 'u.id', 's.userId').where('u.email', email).select<{ id: string }[]>('s.id'),
      );
      return rows[0]!.id;
    };
    await staff.send(`/sessions/${await idOf(owner.email)}/end`);
    expect((await owner.open('/')).status).toBe(200);
    await owner.send(`/sessions/${await idOf(staff.email)}/end`);
    expect((await staff.open('/')).location).toBe('/login');
  });
});
