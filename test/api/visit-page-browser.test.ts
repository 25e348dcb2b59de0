import type { Browser } from 'playwright-core';
import { launchBrowser } from '../setup/browser';
import { startApi, type TestApi } from '../support/api';
import { anOffer, type OfferAtSalon } from '../support/offer';
import { look } from '../support/look';
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
