import type { AcceptedLog } from '../accepted-log';
import type { SandboxTemplates } from '../templates';
import type { NewMessage, TwilioMessages } from './messages';
import { bare, WHATSAPP } from './messages';
import { checkWhatsApp } from './whatsapp';

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

/** `failsWith`: Twilio takes it, and says by callback that it will not arrive. */
export type Checked = { message: Omit<NewMessage, 'carrierCode'>; failsWith: number | null } | Wrong;
export type Wrong = { code: number; about: string };

export type CheckDeps = { numbers: readonly string[] | undefined; messages: TwilioMessages; templates: SandboxTemplates; log: AcceptedLog };

/** E.164; in North America ten digits with an area code and an exchange that can exist. */
export const isPhone = (number: string): boolean =>
  number.startsWith('+1') ? /^\+1[2-9]\d{2}[2-9]\d{6}$/.test(number) || /^\+1500555\d{4}$/.test(number) : /^\+[2-9]\d{6,14}$/.test(number);

/** Reads a form as Twilio does and says what is wrong with it first. Without a list of numbers any valid sender is ours. */
export function checkMessage(form: URLSearchParams, deps: CheckDeps): Checked {
  const field = (name: string) => form.get(name) ?? '';
  const [to, callback] = [field('To'), form.get('StatusCallback')];
  const service = field('MessagingServiceSid');
  const from = service === '' ? field('From') : senderOf(service, deps);
  const validityS = Number(form.get('ValidityPeriod') ?? LONGEST_VALIDITY_S);
  const said = to.startsWith(WHATSAPP) ? checkWhatsApp(form, deps) : { body: field('Body'), failsWith: null };
  if ('code' in said) return said;
  const { body, failsWith } = said;
  const wrong =
    wrongAddresses({ to, from }, deps) ??
    wrongBody(body) ??
    wrongCallback(callback) ??
    wrongValidity(validityS) ??
    (deps.messages.isBlocked(from, to) ? { code: 21610, about: to } : null);
  return wrong ?? { message: { to, from, body, callback, validityS, service: service === '' ? null : service }, failsWith };
}

/** A Messaging Service has numbers of its own; here one made from its sid. */
const senderOf = (service: string, { numbers }: CheckDeps): string =>
  numbers?.[0] ?? `+1212555${String(Number.parseInt(service.slice(-6), 16) % 10_000).padStart(4, '0')}`;

const wrongAddresses = ({ to, from }: { to: string; from: string }, { numbers }: CheckDeps): Wrong | null =>
  wrongPair(to, from) ?? wrongTo(bare(to)) ?? wrongFrom(bare(from), numbers);

const wrongPair = (to: string, from: string): Wrong | null =>
  to !== '' && from !== '' && to.startsWith(WHATSAPP) !== from.startsWith(WHATSAPP) ? { code: 21910, about: to } : null;

function wrongTo(to: string): Wrong | null {
  if (to === '') return { code: 21604, about: '' };
  const magic = MAGIC_TO[to];
  if (magic !== undefined) return { code: magic, about: to };
  return isPhone(to) ? null : { code: 21211, about: to };
}

function wrongFrom(from: string, numbers: readonly string[] | undefined): Wrong | null {
  if (from === '') return { code: 21603, about: '' };
  if (from === MAGIC_FROM_GOOD) return null;
  const magic = MAGIC_FROM[from];
  if (magic !== undefined) return { code: magic, about: from };
  if (!isPhone(from)) return { code: 21212, about: from };
  return numbers && !numbers.includes(from) ? { code: 21606, about: from } : null;
}

function wrongBody(body: string): Wrong | null {
  if (body === '') return { code: 21602, about: '' };
  return body.length > LONGEST ? { code: 21617, about: '' } : null;
}

const wrongCallback = (url: string | null): Wrong | null => (url === null || isWebAddress(url) ? null : { code: 21609, about: url });

const wrongValidity = (seconds: number): Wrong | null =>
  Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_VALIDITY_S ? null : { code: 21624, about: '' };

const isWebAddress = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && url.length <= 4_000;
