// Checks that run inside the page: each answers the elements that fail it, described, so that an empty list is the expectation.

/** Elements that stick out of the window on the right. */
export const widerThanScreen = (): string[] =>
  [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1 && !element.closest('.unseen'))
    .filter(() => document.documentElement.scrollWidth > window.innerWidth)
    .map((element) => element.outerHTML.slice(0, 120));

/** Visible controls lower than 44 px or narrower than 24 px. A radio button or a box is hit by its label. */
export const smallTargets = (): string[] =>
  [...document.querySelectorAll('button, a, input:not([type=hidden]), select, summary')]
    .map((element) => (element.matches('[type=radio], [type=checkbox]') ? (element.closest('label') ?? element) : element))
    .filter((element) => element.checkVisibility() && !element.closest('.bubble'))
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return height < 43.5 || width < 24;
    })
    .map((element) => `${Math.round(element.getBoundingClientRect().height)} px high: ${element.outerHTML.slice(0, 120)}`);

/** Visible texts with less contrast than AA asks: 4.5, or 3 for large ones. */
export const lowContrast = (): string[] => {
  const parse = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const linear = (value: number): number => (value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r = 0, g = 0, b = 0]: number[]): number => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const isOpaque = (color: number[]): boolean => color.length === 3 || color[3] === 1;
  const background = (element: Element): number[] => {
    const own = parse(getComputedStyle(element).backgroundColor);
    return isOpaque(own) || !element.parentElement ? own : background(element.parentElement);
  };
  const contrast = (element: Element): number => {
    const pair = [luminance(parse(getComputedStyle(element).color)), luminance(background(element))];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  };
  const least = (element: Element): number => {
    const { fontSize, fontWeight } = getComputedStyle(element);
    return parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24) ? 3 : 4.5;
  };
  return [...document.querySelectorAll('body *')]
    .filter((element) => [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== ''))
    .filter((element) => element.checkVisibility() && !element.closest('.unseen, option, script'))
    .filter((element) => contrast(element) < least(element))
    .map((element) => `${contrast(element).toFixed(2)}: ${element.textContent.trim().slice(0, 60)}`);
};
