// GSM 03.38 has é, ñ, ü, ¿ and ¡, but not á, í, ó, ú.
const GSM_7 = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** These take an escape first: two units. */
const GSM_7_TWO_UNITS = new Set('^{}\\[~]|€\f');

export type SmsSegments = { encoding: 'GSM-7' | 'UCS-2'; units: number; segments: number };

/** How a text travels and what it costs: 160 GSM-7 units or 70 UCS-2 ones in a single segment, 153 or 67 in each of several (they carry a header). */
export function smsSegments(text: string): SmsSegments {
  const characters = Array.from(text);
  const isGsm = characters.every(isGsm7Character);
  const sizes = characters.map((character) => (isGsm ? 1 + Number(GSM_7_TWO_UNITS.has(character)) : character.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const encoding = isGsm ? 'GSM-7' : 'UCS-2';
  if (units <= (isGsm ? 160 : 70)) return { encoding, units, segments: units === 0 ? 0 : 1 };
  return { encoding, units, segments: packed(sizes, isGsm ? 153 : 67) };
}

/** Whether a text can travel in GSM-7. */
export const isGsm7 = (text: string): boolean => Array.from(text).every(isGsm7Character);

const isGsm7Character = (character: string): boolean => GSM_7.has(character) || GSM_7_TWO_UNITS.has(character);

/** A character of two units does not straddle two segments. */
function packed(sizes: number[], capacity: number): number {
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > capacity) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return segments;
}

/**
 * The text spelled plainly when that alone makes it GSM-7, else unchanged: one "á" more than halves what fits into a segment.
 * Ñ, é, ü, ¿ and ¡ stay.
 */
export function plainSpelling(text: string): string {
  const plain = spelledPlainly(text);
  return isGsm7(plain) ? plain : text;
}

/** The text with everything spelled plainly that can be; an emoji stays. */
export const spelledPlainly = (text: string): string => Array.from(text.normalize('NFC'), plainCharacter).join('');

/** What makes a text travel in UCS-2, each character once. */
export const beyondGsm7 = (text: string): string[] => [...new Set(text.normalize('NFC'))].filter((character) => !isGsm7(character));

const plainCharacter = (character: string): string =>
  GSM_7.has(character) ? character : (PLAIN[character] ?? character.normalize('NFD').replace(/\p{M}/gu, ''));

const PLAIN: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '−': '-',
  '—': '-',
  '…': '...',
  '•': '-',
  '\t': ' ',
  '\u00a0': ' ',
  '\u202f': ' ',
};
