import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../setup/browser';
import { startApi, type TestApi } from '../support/api';
import { anOffer, type OfferAtSalon } from '../support/offer';
import { aVisit } from '../support/visit';

let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  [api, browser] = await Promise.all([startApi(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await api.close();
});

type Look = { widthPx: number; small: string[]; faint: string[] };

/** What a person with a thumb or weak eyes would trip over. Runs in the page, hence as text. */
const LOOK = `(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = numbers(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const shown = [...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility());
  const worded = shown.filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
  const targets = shown.filter((element) => element.matches('a, button, summary'));
  const name = (element) => element.tagName + ' ' + element.textContent.trim().slice(0, 30);
  return {
    widthPx: document.documentElement.scrollWidth,
    small: targets.filter((element) => element.getBoundingClientRect().height < 44).map(name),
    faint: worded.filter((element) => contrast(element) < 4.5).map((element) => name(element) + ' ' + contrast(element).toFixed(2)),
  };
})()`;

const look = (page: Page): Promise<Look> => page.evaluate<Look>(LOOK);

describe.each([
  ['a phone', 375, 'light'],
  ['a phone at night', 375, 'dark'],
  ['a desk', 1280, 'light'],
] as const)("a visit's page on %s", (_, widthPx, colorScheme) => {
  it.each(['en', 'es'] as const)('fits, with large targets and readable text (%s)', async (locale) => {
    const visit = await aVisit(api, { locale, colleague: true, name: 'Salon Sol de Medianoche y Madrugada' });
    const page = await browser.newPage({ viewport: { width: widthPx, height: 812 }, colorScheme });
    for (const part of ['', '?said=changed', '/cancel', '/times?week=1', 'cut-short']) {
      await page.goto(`${api.url}/v/${visit.token}${part}`);
      expect(await look(page)).toEqual({ widthPx, small: [], faint: [] });
    }
    await visit.send('/cancel');
    await page.goto(`${api.url}/v/${visit.token}?said=cancelled`);
    expect(await look(page)).toEqual({ widthPx, small: [], faint: [] });
    await page.close();
  });

  it.each(['en', 'es'] as const)('and that of a waitlist offer, open, taken, passed and gone (%s)', async (locale) => {
    const page = await browser.newPage({ viewport: { width: widthPx, height: 812 }, colorScheme });
    const offers = { '': null, '/take': null, '/pass': null, lost: '?said=late' };
    for (const [part, said] of Object.entries(offers)) {
      const offer = await anOffer(api, { locale, name: 'Salon Sol de Medianoche y Madrugada' });
      if (part.startsWith('/')) await offer.tap(part);
      if (part === 'lost') await beatenBy(offer);
      await page.goto(`${api.url}/o/${offer.token}${said ?? ''}`);
      expect(await look(page)).toEqual({ widthPx, small: [], faint: [] });
    }
    await page.close();
  });
});

/** Somebody else is faster. */
async function beatenBy(offer: OfferAtSalon): Promise<void> {
  const form = await offer.form();
  await (await anOffer(api, { salon: offer.salon, freedSlotId: offer.freedSlotId })).tap('/take');
  await offer.tap('/take', {}, { form });
}

describe('a contact without JavaScript', () => {
  it('confirms, moves and cancels the visit', async () => {
    const visit = await aVisit(api);
    const context = await browser.newContext({ viewport: { width: 375, height: 667 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${api.url}/v/${visit.token}`);
    await page.getByRole('button', { name: 'Confirm my visit' }).click();
    expect(await page.getByRole('status').textContent()).toBe('Thank you. Your visit is confirmed.');

    await page.getByRole('link', { name: 'Pick another time' }).click();
    await page.getByRole('link', { name: 'Later days' }).click();
    await page.getByRole('button', { name: '8:00 AM' }).first().click();
    expect(await page.getByRole('status').textContent()).toBe('Done. This is the new time of your visit.');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Mon, Mar 8 at 8:00 AM');

    await page.getByRole('link', { name: 'Cancel my visit' }).click();
    await page.getByRole('button', { name: 'Yes, cancel my visit' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Your visit is canceled.');
    await page.reload();
    expect((await visit.row()).status).toBe('cancelled');
    await context.close();
  });
});
