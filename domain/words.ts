/**
 * What somebody typed, reduced to bare words for comparison with a list: upper case, no accents, punctuation, symbols or emoji, hyphens as spaces,
 * single spaces: ' No más. 🛑' is 'NO MAS', '1️⃣' is '1', 'opt-out' is 'OPT OUT'.
 */
export function bareWords(text: string): string {
  return text
    .normalize('NFKD') // full-width letters become plain ones, accents become marks of their own
    .replace(/[\s\p{Pd}]+/gu, ' ')
    .replace(/[\p{P}\p{S}\p{M}\p{C}]+/gu, '')
    .toUpperCase()
    .replace(/ +/g, ' ')
    .trim();
}
