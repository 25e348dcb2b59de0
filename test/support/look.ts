import type { Page } from 'playwright-core';

export type Look = { widthPx: number; small: string[]; faint: string[] };

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
  const targets = shown.filter((element) => element.matches('a, button, summary, label'));
  const name = (element) => element.tagName + ' ' + element.textContent.trim().slice(0, 30);
  return {
    widthPx: document.documentElement.scrollWidth,
    small: targets.filter((element) => element.getBoundingClientRect().height < 44).map(name),
    faint: worded.filter((element) => contrast(element) < 4.5).map((element) => name(element) + ' ' + contrast(element).toFixed(2)),
  };
})()`;

export const look = (page: Page): Promise<Look> => page.evaluate<Look>(LOOK);
