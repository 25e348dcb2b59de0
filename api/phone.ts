import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { z } from 'zod';

/** A number as people write it, in E.164, or null when it is none. Without a country code it is of the United States. */
export function e164(text: string): string | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: 'US', extract: false });
  // A text cannot dial an extension: such a number would reach the switchboard.
  return number?.isValid() && number.ext === undefined ? number.number : null;
}

/** What is said of something else, to a client of the API. */
export const PHONE_NEEDED = 'a phone number such as +12125550100 or (212) 555-0100';

/** A phone number asked for; comes out in E.164. */
export const phoneIn = z
  .string()
  .trim()
  .max(40)
  .transform((text, ctx) => {
    const number = e164(text);
    if (number !== null) return number;
    ctx.addIssue({ code: 'custom', message: PHONE_NEEDED });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'E.164, or a US number as people write it', example: '+12125550100' });
