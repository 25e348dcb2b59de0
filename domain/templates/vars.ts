import { withoutPrivateUse } from './protect';

/** A line of a list of visits: the schedule of a day, or "which visit do you mean?". `when` as formatHour or formatWhen give it. */
export type VisitLine = { when: string; contactName?: string | null; serviceName?: string | null; staffName?: string | null };

/**
 * What a message may say. What is null or left out is left out of the text too (a dental practice names neither service nor staff).
 * `when` is needed by every rule about a visit and by the daily schedule, where it is the day.
 */
export type MessageVars = {
  businessName: string;
  /** first name */
  contactName?: string | null;
  staffName?: string | null;
  serviceName?: string | null;
  locationName?: string | null;
  address?: string | null;
  /** the business's number for calls, as it should be read */
  phone?: string | null;
  /** of the visit, by formatWhen */
  when?: string | null;
  /** before it moved */
  oldWhen?: string | null;
  /** the signed page: confirm, change, pick another time, book again */
  link?: string | null;
  icsLink?: string | null;
  /** of the business: at the foot of e-mails */
  postalAddress?: string | null;
  /** the page that ends e-mails: at their foot too */
  unsubscribeUrl?: string | null;
  /** the visit is not confirmed yet, and the rule asks (R6) */
  askConfirm?: boolean;
  /** the first text to this person: says how to opt out */
  firstMessage?: boolean;
  visits?: VisitLine[];
};

/**
 * Text from imports and forms made safe for one line: no control characters, single spaces, no longer than a message can bear.
 * Links are left alone.
 */
export function tidyVars(vars: MessageVars, maxLength: number): MessageVars {
  const { link, icsLink, unsubscribeUrl, visits = [], ...rest } = vars;
  const tidied = { ...tidy(rest, maxLength), visits: visits.map((visit) => tidy(visit, maxLength)) };
  return {
    ...tidied,
    link: withoutPrivateUse(link ?? ''),
    icsLink: withoutPrivateUse(icsLink ?? ''),
    unsubscribeUrl: unsubscribeUrl ?? null,
  };
}

function tidy<T extends object>(values: T, maxLength: number): T {
  const entries = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === 'string' ? tidyText(value, maxLength) : (value as unknown),
  ]);
  return Object.fromEntries(entries) as T;
}

function tidyText(text: string, maxLength: number): string {
  const characters = Array.from(
    withoutPrivateUse(text)
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
  );
  return characters.length <= maxLength
    ? characters.join('')
    : `${characters
        .slice(0, maxLength - 3)
        .join('')
        .trimEnd()}...`;
}
