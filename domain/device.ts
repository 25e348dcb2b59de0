// In the order in which they are looked for: Edge and Opera call themselves Chrome too, Chrome calls itself Safari.
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
];
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['Mac', /\bMacintosh\b/],
  ['Chromebook', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

/** What a browser says it is, in two words, "Chrome, Android": enough to know one's own again, too little to tell people apart. Null: nothing known. */
export function deviceOf(userAgent: string | null): string | null {
  const named = [BROWSERS, SYSTEMS].flatMap((kinds) => kinds.find(([, pattern]) => pattern.test(userAgent ?? ''))?.[0] ?? []);
  return named.length === 0 ? null : named.join(', ');
}
