import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { detailsHtml, frameHtml, linkHtml, listHtml, paragraphHtml } from '../../../domain/templates/letter-html';
import { ROOT } from '../../../scripts/lib/environment';
import { launchBrowser } from '../../setup/browser';
import { look } from '../../support/look';

const letter = (lang: 'en' | 'es') => {
  const words = {
    en: {
      title: 'Your visit is booked: Tue, Mar 16, 10:00 AM',
      hello: 'Hi Ana,',
      confirm: 'Confirm or change your visit',
      out: 'Unsubscribe',
    },
    es: {
      title: 'Su cita está reservada: mar 16 mar, 10:00',
      hello: 'Hola, Íñigo:',
      confirm: 'Confirmar o cambiar su cita',
      out: 'Darse de baja',
    },
  }[lang];
  return frameHtml({
    lang,
    title: words.title,
    preheader: 'Tue, Mar 16, 10:00 AM · Haircut',
    parts: [
      paragraphHtml(words.hello),
      paragraphHtml('¿Vendrá? ¡Le esperamos! '.repeat(8)),
      detailsHtml([{ label: 'When', value: 'Tue, Mar 16, 10:00 AM' }]),
      listHtml(['one', 'two']),
      linkHtml({ label: words.confirm, url: 'https://sol.example/v/abc', first: true }),
      linkHtml({ label: 'Add to your calendar', url: 'https://sol.example/v/abc.ics', first: false }),
    ],
    footer: ['Salón Sol', '1 Main St, New York, NY 10001', { label: words.out, url: 'https://sol.example/u/abc' }],
  });
};

describe('The shell of letters', () => {
  it('is what mjml makes of letter.mjml', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/usher.mjs', 'compile-letter', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it('leaves no place unfilled, fetches nothing, and stays far below what mail programs cut off', () => {
    const html = letter('es');
    expect(html).not.toMatch(/\{\{|\[\[/);
    expect(html).not.toMatch(/(src|href)="?https?:\/\/(?!sol\.example)|url\(|@import/);
    expect(html).toContain('charset=UTF-8');
    expect(html).toContain('Su cita está reservada');
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
  });

  it('takes nothing that a value says for a place to fill', () => {
    const html = frameHtml({
      lang: 'en',
      title: '{{body}}',
      preheader: '{{footer}}',
      parts: [paragraphHtml('{{title}} $& $1')],
      footer: ['{{lang}}'],
    });
    for (const said of ['{{body}}', '{{footer}}', '{{title}} $&amp; $1', '{{lang}}']) expect(html).toContain(said);
  });

  it('links web addresses only, the first as a button', () => {
    expect(linkHtml({ label: 'Go', url: 'javascript:alert(1)', first: true })).not.toContain('href');
    expect(linkHtml({ label: 'Go', url: 'https://a.example/?x=1&y="2', first: true })).toContain(
      'href="https://a.example/?x=1&amp;y=&quot;2"',
    );
    expect(listHtml([])).toBe('');
  });
});

describe('A letter in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  const SIZES = [
    [375, 'light'],
    [375, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const;
  const CASES = SIZES.flatMap(([widthPx, colorScheme]) => (['en', 'es'] as const).map((lang) => ({ widthPx, colorScheme, lang })));

  it.each(CASES)(
    'fits $widthPx px, $colorScheme, in $lang: large targets, readable text, nothing below 16 px',
    async ({ widthPx, colorScheme, lang }) => {
      const page = await browser.newPage({ viewport: { width: widthPx, height: 812 }, colorScheme });
      await page.setContent(letter(lang));
      expect(await look(page)).toEqual({ widthPx, small: [], faint: [] });
      const smallest = await page.evaluate<number>(
        `Math.min(...[...document.body.querySelectorAll('p, li, a, h1, div')].filter((e) => e.checkVisibility({ opacityProperty: true }) &&
        [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())).map((e) => parseFloat(getComputedStyle(e).fontSize)))`,
      );
      expect(smallest).toBeGreaterThanOrEqual(16);
      await page.close();
    },
  );
});
