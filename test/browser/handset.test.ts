import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../setup/browser';
import { eventually } from '../support/eventually';
import { aHandset, aPerson, asDemo, plainSpaces, type Handset } from '../support/handset';
import type { Salon } from '../support/salon';
import { startWorld, type World } from '../support/world';
import { lowContrast, smallTargets, widerThanScreen } from './accessible';

/** A Monday, 10:00 in New York. */
const NOW = '2027-03-01T15:00:00.000Z';
const SLOW = 30_000;
const SIZES = { 'a phone': { width: 375, height: 812 }, 'a desktop': { width: 1280, height: 900 } };

let world: World;
let handset: Handset;
let browser: Browser;
beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
  handset = aHandset(world);
});
afterAll(async () => {
  await browser.close();
  handset.close();
  await world.close();
});

let salon: Salon;
let context: BrowserContext;
let page: Page;
/** What the browser complained about, and whom it asked besides us. */
let complaints: string[];
async function open(size: keyof typeof SIZES, query: Record<string, string> = {}): Promise<void> {
  salon = await world.aSalon({ now: NOW });
  handset.demo.current = asDemo(world, [{ salon, name: 'Salon Sol' }]);
  context = await browser.newContext({ viewport: SIZES[size], locale: 'en-US' });
  page = await context.newPage();
  page.setDefaultTimeout(SLOW);
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => !request.url().startsWith(world.sandboxUrl) && complaints.push(request.url()));
  const params = new URLSearchParams({ business: salon.id, contact: salon.contactId, ...query });
  await page.goto(`${handset.url}?${params.toString()}`);
}
afterEach(async () => {
  await context.close();
  expect(complaints).toEqual([]);
});

const isSmall = () => (page.viewportSize()?.width ?? 0) < 860;
/** The half of the page to look at: on a desktop both show. */
const look = async (at: 'Phone' | 'Visits') => {
  if (isSmall()) await page.getByRole('group', { name: 'Views' }).getByRole('button', { name: at }).click();
};
const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
const texts = async (selector: string) => (await page.locator(selector).allTextContents()).map(plainSpaces);

async function book(): Promise<void> {
  await page.getByRole('button', { name: 'Book a visit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: '10:00 AM', exact: true }).check();
  await dialog.getByRole('button', { name: 'Book', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

describe.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('a first journey on %s', (size) => {
  it('books, sees the confirmation, pushes time to the reminder, answers C, moves the visit and sees its reminders move', async () => {
    await open(size);
    await look('Visits');
    await see('No visits yet: book one.');
    await book();
    await see('Booked for Tue, Mar 9, 10:00 AM');
    await see(/Delivered Mon, Mar 1/);
    await look('Phone');
    await see(/Your visit is booked for Tue, Mar 9 at 10:00 AM/);

    await look('Visits');
    await page.getByRole('button', { name: /To the next reminder/ }).click();
    await see(/Done\. On the way: .*7-day reminder/);
    await see(/This business’s time is virtual: it is/);
    await look('Phone');
    await see(/A reminder of your visit on Tue, Mar 9/);

    await page.getByLabel('Text message', { exact: true }).fill('C');
    await page.getByRole('button', { name: 'Send' }).click();
    await see(/Your visit on Tue, Mar 9 at 10:00 AM is confirmed/);
    expect(await page.getByLabel('Text message', { exact: true }).inputValue()).toBe('');
    await look('Visits');
    await page.locator('.status', { hasText: 'Confirmed' }).waitFor();

    await page.getByRole('button', { name: 'Move', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Day').fill('2027-03-12');
    await dialog.locator('[value="2027-03-12T16:00:00.000Z"]').check();
    await dialog.getByRole('button', { name: 'Move' }).click();
    await see('Moved to Fri, Mar 12, 11:00 AM');
    await page.locator('.line', { hasText: '1-day reminder' }).getByText('Planned for Thu, Mar 11, 11:00 AM').waitFor();
    expect(await texts('.replaced > summary')).toEqual([expect.stringContaining('Earlier plan, replaced by a move')]);
  });
});

describe('the page', () => {
  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('fits %s, can be read and hit there, in every part of it', async (size) => {
    await open(size);
    const check = async () => {
      expect(await page.evaluate(widerThanScreen)).toEqual([]);
      expect(await page.evaluate(smallTargets)).toEqual([]);
      expect(await page.evaluate(lowContrast)).toEqual([]);
    };
    await check();
    await look('Visits');
    await check();
    await page.getByRole('button', { name: 'Book a visit' }).click();
    await page.getByRole('dialog').getByText('10:00 AM', { exact: true }).waitFor();
    await check();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await book();
    await see(/Planned for/);
    await check();
  });

  it('is used by keyboard alone: book, answer, close', async () => {
    await open('a desktop');
    await page.getByRole('button', { name: 'Book a visit' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('10:00 AM', { exact: true }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('sheet-title');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.id')).toBe('book');
    await page.keyboard.press('Enter');
    await dialog.getByRole('radio').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await see('Booked for Tue, Mar 9, 8:15 AM');
    await page.getByLabel('Text message', { exact: true }).focus();
    await page.keyboard.type('Is there parking?');
    await page.keyboard.press('Enter');
    await page.locator('.mine', { hasText: 'Is there parking?' }).waitFor();
    await page.getByRole('button', { name: 'STOP' }).press('Enter');
    await page.locator('.mine', { hasText: 'STOP' }).waitFor();
  });

  it('keeps what the reader opened and typed while news arrives', async () => {
    await open('a desktop');
    await book();
    await see(/Planned for/);
    await page.locator('.plan > summary').click();
    await page.getByLabel('Text message', { exact: true }).fill('half a sen');
    await page.getByRole('button', { name: '+1 hour' }).click();
    await see(/Done\./);
    expect(await page.locator('.plan').getAttribute('open')).toBeNull();
    expect(await page.getByLabel('Text message', { exact: true }).inputValue()).toBe('half a sen');
  });

  it('marks the phone as having news while the visits show on a small screen', async () => {
    await open('a phone');
    await look('Visits');
    await book();
    await page.locator('.new-mark').waitFor();
    await look('Phone');
    await page.locator('.new-mark').waitFor({ state: 'hidden' });
    expect(
      await page.evaluate(
        '(() => { const t = document.getElementById("thread"); return t.scrollHeight - t.scrollTop - t.clientHeight; })()',
      ),
    ).toBeLessThan(2);
  });

  it('shows an e-mail in full when it is opened', async () => {
    await open('a phone');
    const contact = await aPerson(world, salon, { name: 'Priya Nair', email: `priya-${salon.id}@example.com` });
    await world.sandbox.log.append({
      ...{ vendor: 'sendgrid', kind: 'email', to: `priya-${salon.id}@example.com`, from: 'desk@example.com', subject: 'Booked' },
      ...{
        body: 'Booked',
        html: `<body style="margin:0"><div style="height:700px">Your visit is booked</div></body>`,
        our_id: null,
        vendor_id: 'm',
      },
    });
    await page.goto(`${handset.url}?${new URLSearchParams({ business: salon.id, contact }).toString()}`);
    await page.getByText('Open e-mail').click();
    await page.frameLocator('.mail iframe').getByText('Your visit is booked').waitFor();
    await eventually(async () => expect((await page.locator('.mail iframe').boundingBox())?.height).toBeGreaterThanOrEqual(700));
  });

  it('finds somebody else by name and shows their phone', async () => {
    await open('a phone');
    await aPerson(world, salon, { name: 'Dana Whitfield', phone: '+16465550123' });
    await page.getByText('Choose somebody else').click();
    await page.getByLabel('Search by name, number or e-mail').fill('whit');
    await page.getByRole('link', { name: /Dana Whitfield/ }).click();
    await page.getByRole('heading', { name: 'Dana Whitfield’s phone' }).waitFor();
  });

  it('speaks Spanish throughout', async () => {
    await open('a desktop', { lang: 'es' });
    await page.getByRole('button', { name: 'Reservar una cita' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio').first().check();
    await dialog.getByRole('button', { name: 'Reservar' }).click();
    await see(/Reservada para el/);
    await see(/Recordatorio de 7 días · mensaje/);
    await see(/Previsto para/);
  });

  it('says what to do when nobody does what is due, and goes on once somebody does', async () => {
    await open('a desktop');
    await book();
    await see(/Delivered Mon, Mar 1/);
    await world.worker.stop();
    await page.getByRole('button', { name: '+1 day' }).click();
    await see(/Time is moving/);
    await see(/Is the worker running\?/);
    await world.worker.start();
    await see(/Done\. On the way: .*7-day reminder/);
  });
});
