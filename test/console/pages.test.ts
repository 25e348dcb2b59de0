import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findAppointment } from '../../db/appointments';
import { inBusiness } from '../factories';
import { launchBrowser } from '../setup/browser';
import { startApi, type TestApi } from '../support/api';
import { aBusySalon } from '../support/busy-salon';
import { aDesk, aUser, PASSWORD, type Desk } from '../support/console';
import { smallTargets } from '../browser/accessible';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let api: TestApi;
let browser: Browser;
let salon: Awaited<ReturnType<typeof aBusySalon>>;
let desk: Desk;
beforeAll(async () => {
  [api, browser] = await Promise.all([startApi({ limits: { requestsPerMin: 100_000, loginsPer10Min: 200 } }), launchBrowser()]);
  salon = await aBusySalon(api);
  desk = await aDesk(api, salon.id, { email: 'olga@salon.example' });
});
afterAll(async () => {
  await browser.close();
  await api.close();
});

const cookiesOf = (locale: string) =>
  [...desk.cookies().split('; '), `usher_language=${locale}`].map((cookie) => {
    const [name = '', value = ''] = cookie.split('=');
    return { name, value, url: api.url };
  });

type Finding = { id: string; nodes: { html: string }[] };
/** What axe holds against a page. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<Finding[]>(
    `axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false }).then(({ violations }) => violations)`,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
}

/** Every page of the console; each new one adds its line. */
const pagesOf = ({ visitId }: { visitId: string }): string[] => [
  '/',
  '/?date=2027-03-05',
  `/visits/${visitId}`,
  `/visits/${visitId}/cancel`,
  `/visits/${visitId}/reschedule`,
  '/calendar',
  '/calendar?view=week',
  '/calendar?view=list',
  '/book?q=o',
  '/sessions',
  '/more',
  '/login',
  '/visits/17',
];

describe.each([
  { width: 375, locale: 'en', colorScheme: 'dark' },
  { width: 375, locale: 'es', colorScheme: 'light' },
  { width: 1280, locale: 'en', colorScheme: 'light' },
  { width: 1280, locale: 'es', colorScheme: 'dark' },
] as const)('the console at $width px in $locale, $colorScheme', ({ width, locale, colorScheme }) => {
  it('has no fault that axe knows, fits, and has large targets', async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    await context.addCookies(cookiesOf(locale));
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => message.text().includes('Content Security Policy') && wrong.push(message.text()));
    for (const path of pagesOf(salon)) {
      await page.goto(api.url + path);
      const widthPx = await page.evaluate<number>('document.documentElement.scrollWidth');
      wrong.push(
        ...(await faultsOf(page)),
        ...(await page.evaluate(smallTargets)),
        ...(widthPx > width ? [`${String(widthPx)} px wide`] : []),
      );
      expect({ path, wrong }).toEqual({ path, wrong: [] });
    }
    await context.close();
  });
});

describe('somebody at the desk without JavaScript', () => {
  it('logs in, books a visit for somebody new, checks them in, takes it back, and moves the visit', async () => {
    const { email } = await aUser(api, salon.id);
    const context = await browser.newContext({ viewport: { width: 375, height: 740 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${api.url}/calendar`);
    await page.locator('#email').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'Book a visit' }).click();

    await page.getByLabel('Day').fill('2027-03-01');
    await page.getByRole('button', { name: 'Show times' }).click();
    await page.locator('label', { hasText: '5:00 PM' }).click();
    await page.getByText('Somebody new').click();
    await page.getByLabel('Name', { exact: true }).fill('Rosa Vega');
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    expect(await page.getByRole('status').textContent()).toContain('The visit is booked.');

    await page.getByRole('button', { name: 'Check in' }).click();
    await page.getByRole('button', { name: 'Undo' }).first().click();
    expect(await page.getByRole('status').textContent()).toContain('Taken back.');
    await page.getByRole('link', { name: 'Move' }).click();
    await page.locator('label', { hasText: '6:00 PM' }).click();
    await page.getByRole('button', { name: 'Move here' }).click();
    expect(await page.getByText('Mon, Mar 1, 6:00 PM').count()).toBe(1);
    await context.close();
  });
});

describe('somebody at the desk with JavaScript', () => {
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addCookies(cookiesOf('en'));
    page = await context.newPage();
  });
  afterAll(() => context.close());

  it('checks somebody in without losing their place in the page', async () => {
    await page.goto(api.url);
    await page.evaluate(`document.body.dataset.kept = 'yes'`);
    await page.getByRole('button', { name: 'Check in : Chidi Okafor' }).click();
    await page.getByText('Marked as arrived.').waitFor();
    expect(await page.evaluate('document.body.dataset.kept')).toBe('yes');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('Taken back.').waitFor();
  });

  it('sees the times of another day as soon as it is chosen', async () => {
    await page.goto(`${api.url}/book`);
    await page.getByLabel('Day').fill('2027-03-03');
    await page.locator('input[value="2027-03-03T13:00:00.000Z"]').waitFor({ state: 'attached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('drags a visit to another time and another person', async () => {
    await page.goto(`${api.url}/calendar`);
    await page.setViewportSize({ width: 1280, height: 1500 }); // a page that scrolls under the mouse drags nothing
    const [from, to] = await Promise.all([
      page.locator(`[data-visit="${salon.visitId}"]`).boundingBox(),
      page.locator(`[data-column="${salon.colleagueId}"]`).boundingBox(),
    ]);
    await page.mouse.move(from!.x + 20, from!.y + 4);
    await page.mouse.down();
    await page.mouse.move(from!.x + 40, from!.y + 40, { steps: 3 });
    // 13:30 is 5½ hours of twelve rows of 8 px below 8:00.
    await page.mouse.move(to!.x + 30, to!.y + 5.5 * 12 * 8 + 5, { steps: 5 });
    await page.mouse.up();
    await page.getByText('The visit is moved.').waitFor();
    const moved = await inBusiness(api.database.db, salon.id, (tx) => findAppointment(tx, salon.visitId));
    expect(moved).toMatchObject({ staffId: salon.colleagueId, startsAt: '2027-03-01T18:30:00.000Z' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The visit is back where it was.').waitFor();
  });
});
