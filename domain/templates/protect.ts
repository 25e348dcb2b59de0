// What a variable holds must never be read as markup of a letter ("[label](url)", "- item", a new line). Characters that mean something there travel
// in Unicode's private use area while the template is filled in, and come back once the markup has been read.

const BASE = 0xe000;
const MEANINGFUL = /[[\]()\n\r\t-]/g;

/** A value on its way into a template. Whatever is no text prints nothing. */
export function asValue(value: unknown): string {
  return typeof value === 'string' ? value.replace(MEANINGFUL, (character) => String.fromCharCode(BASE + character.charCodeAt(0))) : '';
}

/** The text as it should be read. */
export const unprotected = (text: string): string =>
  text.replace(/[\ue000-\ue07f]/g, (character) => String.fromCharCode(character.charCodeAt(0) - BASE));

/** Nothing from outside may look protected, or like a place for a block. */
export const withoutPrivateUse = (text: string): string => text.replace(/\p{Co}/gu, '');

/** Where a letter's block goes: its variable's value while the template is filled in. */
export const BLOCK_MARKS = { details: '\uf000', list: '\uf001' } as const;
