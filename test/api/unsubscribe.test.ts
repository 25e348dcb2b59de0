import type { Browser } from 'playwright-core';
import { readConfig } from '../../config';
import { listConsents, recordConsents, type ConsentRow } from '../../db/contacts';
import { suppressChannel } from '../../db/opt-outs';
import { messageToken } from '../../db/message-tokens';
import { withBusiness } from '../../db/tenancy';
import type { Locale, MessageClass, Purpose } from '../../domain/message';
import { v7 as newId } from 'uuid';
import { testHasher } from '../factories';
import { launchBrowser } from '../setup/browser';
import { startApi, type TestApi } from '../support/api';
import { aSentMessage } from '../support/deliveries';
import { look } from '../support/look';
import { aSalon, type Salon } from '../support/salon';

let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  [api, browser] = await Promise.all([startApi(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await api.close();
});

type Mail = { salon: Salon; url: string; messageId: string };

/** A salon whose contact got a mail, and the address that its List-Unsubscribe header names. */
type Made = { locale?: Locale; messageClass?: MessageClass };
async function aMail({ locale = 'en', messageClass = 'notice' }: Made = {}): Promise<Mail> {
  const salon = await aSalon(api.database.db, { now: api.now(), appSecret: readConfig({}).APP_SECRET, name: 'Salon Sol & Niños', locale });
  const { id: messageId } = await aSentMessage(api.database.db, salon, { channel: 'email', now: api.now() });
  await inSalon(salon, (tx) => tx('messages').where({ id: messageId }).update({ locale, messageClass }));
  return { salon, messageId, url: `${api.url}/u/${messageToken(testHasher, 'unsubscribe', messageId)}` };
}

const inSalon = <T>({ id }: Salon, work: Parameters<typeof withBusiness<T>>[2]): Promise<T> => withBusiness(api.database.db, id, work);

const agree = (salon: Salon, purpose: Purpose): Promise<void> =>
  inSalon(salon, (tx) =>
    recordConsents(tx, [
      {
        ...{ id: newId(), contactId: salon.contactId, channel: 'email', purpose, granted: true, statement: 'Yes', source: 'test' },
        ...{ method: 'form', addressHash: null, attestationId: null, recordedBy: 'test', ip: null, userAgent: null, recordedAt: api.now() },
      },
    ]),
  );

const ofEmail = async (salon: Salon): Promise<ConsentRow[]> =>
  (await inSalon(salon, (tx) => listConsents(tx, salon.contactId))).filter(({ channel }) => channel === 'email');
const standing = async (salon: Salon, purpose: Purpose): Promise<boolean | undefined> =>
  (await ofEmail(salon)).find((entry) => entry.purpose === purpose)?.granted;

type Channel = { channel: string; opted_out: boolean };
async function isOptedOut({ contactId, apiKey }: Salon): Promise<boolean | undefined> {
  const { body } = await api.get<{ channels: Channel[] }>(`/contacts/${contactId}`, { key: apiKey });
  return body.channels.find(({ channel }) => channel === 'email')?.opted_out;
}

const post = async (url: string, fields: Record<string, string> | FormData, headers: Record<string, string> = {}) => {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
  return { status: response.status, text: await response.text(), cookie: response.headers.get('set-cookie') };
};
const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

describe('One click in a mail program', () => {
  it('ends all e-mail at once, without cookie, redirect or question, and is written down with its proof', async () => {
    const { salon, url, messageId } = await aMail();
    expect(await post(url, ONE_CLICK, { 'User-Agent': 'Mail/1.0' })).toMatchObject({ status: 200, cookie: null });
    expect(await isOptedOut(salon)).toBe(true);
    expect((await ofEmail(salon)).slice(0, 2)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ purpose: 'service', granted: false, method: 'link', source: `message ${messageId}` },
          ...{ statement: 'List-Unsubscribe=One-Click', userAgent: 'Mail/1.0', recordedBy: 'contact' },
        }),
      ]),
    );
    const rows = await inSalon(salon, (tx) => tx('optOuts').where({ channel: 'email' }).select<object[]>('*'));
    expect(rows).toMatchObject([{ source: 'unsubscribe', scope: 'automated', evidence: `message ${messageId}` }]);
  });

  it('in an offer ends offers, and leaves the reminders of visits', async () => {
    const { salon, url } = await aMail({ messageClass: 'marketing' });
    await agree(salon, 'marketing');
    expect(await post(url, ONE_CLICK)).toMatchObject({ status: 200 });
    expect([await standing(salon, 'marketing'), await standing(salon, 'service')]).toEqual([false, true]);
    expect(await isOptedOut(salon)).toBe(false);
  });

  it('may come as a form of several parts, and twice', async () => {
    const { salon, url } = await aMail();
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    expect(await post(url, form)).toMatchObject({ status: 200 });
    const once = await ofEmail(salon);
    expect(await post(url, ONE_CLICK)).toMatchObject({ status: 200 });
    expect(await ofEmail(salon)).toEqual(once);
  });

  it('needs a token of ours: no other ends anything', async () => {
    const { salon, url, messageId } = await aMail();
    for (const wrong of [`${url.slice(0, -1)}x`, `${api.url}/u/nonsense`, `${api.url}/u/${messageToken(testHasher, 'reply', messageId)}`])
      expect((await post(wrong, ONE_CLICK)).status).toBe(404);
    expect(await isOptedOut(salon)).toBe(false);
  });
});

describe('The link in a mail', () => {
  it('only shows a page, however often programs open it', async () => {
    const { salon, url } = await aMail();
    for (let i = 0; i < 5; i += 1) expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    expect(await isOptedOut(salon)).toBe(false);
    const page = await (await fetch(url)).text();
    expect(page).toContain('a•••@example.com');
    expect(page).not.toContain(salon.contactEmail);
  });

  it('lets the person choose offers only, and keeps the words of the button as proof', async () => {
    const { salon, url } = await aMail({ locale: 'es' });
    await agree(salon, 'marketing');
    const done = await post(url, { scope: 'marketing' }, { 'Sec-Fetch-Site': 'same-origin' });
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining('ya no le enviará ofertas ni novedades') });
    expect([await standing(salon, 'marketing'), await standing(salon, 'service')]).toEqual([false, true]);
    expect((await ofEmail(salon))[0]).toMatchObject({ statement: 'Correos de Salon Sol & Niños. Ofertas y novedades. Darme de baja' });
  });

  it('is no door for other sites, and takes nothing that its page does not offer', async () => {
    const { salon, url } = await aMail();
    expect((await post(url, { scope: 'all' }, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await post(`${url}/undo`, {}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await post(url, { scope: 'everything' })).status).toBe(403);
    expect((await post(url, {})).status).toBe(403);
    expect(await isOptedOut(salon)).toBe(false);
  });

  it('takes a slip back, and gives no consent that there was not', async () => {
    const { salon, url } = await aMail();
    await post(url, { scope: 'all' });
    expect(await isOptedOut(salon)).toBe(true);
    expect(await post(`${url}/undo`, {})).toMatchObject({ status: 200, text: expect.stringContaining('You get e-mails again') });
    expect(await isOptedOut(salon)).toBe(false);
    expect([await standing(salon, 'marketing'), await standing(salon, 'service')]).toEqual([false, true]);
  });

  it('takes nothing back that was ended by other means', async () => {
    const { salon, url } = await aMail();
    const addressHash = testHasher.address(salon.id, salon.contactEmail);
    await inSalon(salon, (tx) => suppressChannel(tx, { channel: 'email', addressHash, source: 'spam_report', now: api.now() }));
    await post(`${url}/undo`, {});
    expect(await isOptedOut(salon)).toBe(true);
  });

  it('still answers when the person has been erased', async () => {
    const { salon, url } = await aMail();
    expect((await api.delete(`/contacts/${salon.contactId}`, { key: salon.apiKey })).status).toBe(204);
    expect(await post(url, ONE_CLICK)).toMatchObject({ status: 200 });
  });
});

describe.each([
  ['a phone', 375, 'light'],
  ['a phone at night', 375, 'dark'],
  ['a desk', 1280, 'light'],
] as const)('The page that ends e-mail, on %s', (_, widthPx, colorScheme) => {
  it.each(['en', 'es'] as const)(
    'fits, with large targets and readable text, and is one tap and one button away from done (%s)',
    async (locale) => {
      const { salon, url } = await aMail({ locale });
      const page = await browser.newPage({ viewport: { width: widthPx, height: 812 }, colorScheme });
      await page.goto(url);
      expect(await look(page)).toEqual({ widthPx, small: [], faint: [] });
      await page.locator('input[value=all]').check();
      await page.locator('button[type=submit]').click();
      await page.locator('[role=status]').waitFor();
      expect(await look(page)).toEqual({ widthPx, small: [], faint: [] });
      expect(await isOptedOut(salon)).toBe(true);
      await page.locator('button[type=submit]').click();
      await page.locator('h1', { hasText: locale === 'en' ? 'You get e-mails again' : 'Vuelve a recibir correos' }).waitFor();
      expect(await look(page)).toEqual({ widthPx, small: [], faint: [] });
      await page.goto(`${api.url}/u/nonsense`);
      expect(await look(page)).toEqual({ widthPx, small: [], faint: [] });
      await page.close();
    },
  );
});
