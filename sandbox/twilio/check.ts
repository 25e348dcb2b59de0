import type { NewMessage, TwilioMessages } from './messages';

/** Twilio's numbers that always fail, so that a failure can be had at will; https://www.twilio.com/docs/iam/test-credentials. */
const MAGIC_TO: Record<string, number> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};
const MAGIC_FROM: Record<string, number> = { '+15005550001': 21212, '+15005550007': 21606, '+15005550008': 21611 };
const MAGIC_FROM_GOOD = '+15005550006';

const LONGEST = 1_600;
const LONGEST_VALIDITY_S = 36_000;

export type Checked = { message: Omit<NewMessage, 'carrierCode'> } | { code: number; about: string };

/** E.164; in North America ten digits with an area code and an exchange that can exist. */
export const isPhone = (number: string): boolean =>
  number.startsWith('+1') ? /^\+1[2-9]\d{2}[2-9]\d{6}$/.test(number) || /^\+1500555\d{4}$/.test(number) : /^\+[2-9]\d{6,14}$/.test(number);

/** Reads a form as Twilio does and says what is wrong with it first. Without a list of numbers any valid sender is ours. */
export function checkMessage(form: URLSearchParams, numbers: readonly string[] | undefined, messages: TwilioMessages): Checked {
  const field = (name: string) => form.get(name) ?? '';
  const [to, from, body, callback] = [field('To'), field('From'), field('Body'), form.get('StatusCallback')];
  const validityS = Number(form.get('ValidityPeriod') ?? LONGEST_VALIDITY_S);
  const wrong =
    wrongTo(to) ??
    wrongFrom(from, numbers) ??
    wrongBody(body) ??
    wrongCallback(callback) ??
    wrongValidity(validityS) ??
    (messages.isBlocked(from, to) ? { code: 21610, about: to } : null);
  return wrong ?? { message: { to, from, body, callback, validityS } };
}

function wrongTo(to: string): Checked | null {
  if (to === '') return { code: 21604, about: '' };
  const magic = MAGIC_TO[to];
  if (magic !== undefined) return { code: magic, about: to };
  return isPhone(to) ? null : { code: 21211, about: to };
}

function wrongFrom(from: string, numbers: readonly string[] | undefined): Checked | null {
  if (from === '') return { code: 21603, about: '' };
  if (from === MAGIC_FROM_GOOD) return null;
  const magic = MAGIC_FROM[from];
  if (magic !== undefined) return { code: magic, about: from };
  if (!isPhone(from)) return { code: 21212, about: from };
  return numbers && !numbers.includes(from) ? { code: 21606, about: from } : null;
}

function wrongBody(body: string): Checked | null {
  if (body === '') return { code: 21602, about: '' };
  return body.length > LONGEST ? { code: 21617, about: '' } : null;
}

const wrongCallback = (url: string | null): Checked | null => (url === null || isWebAddress(url) ? null : { code: 21609, about: url });

const wrongValidity = (seconds: number): Checked | null =>
  Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_VALIDITY_S ? null : { code: 21624, about: '' };

const isWebAddress = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && url.length <= 4_000;
