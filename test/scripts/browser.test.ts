import type { Browser } from 'playwright-core';
import { launchBrowser } from '../setup/browser';

describe('launchBrowser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('shows a page with readable text on the width of a phone', async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 667 } });
    await page.goto('data:text/html;charset=utf-8,<h1>Mañana a las 10:00</h1>');
    expect(await page.textContent('h1')).toBe('Mañana a las 10:00');
    // Without a font every letter is 0 pixels wide.
    const widthPx = await page.evaluate(
      '(() => { const r = document.createRange(); r.selectNodeContents(document.querySelector("h1")); return r.getBoundingClientRect().width; })()',
    );
    expect(widthPx).toBeGreaterThan(100);
    await page.close();
  });
});
