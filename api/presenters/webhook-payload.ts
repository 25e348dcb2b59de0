export type Field = { name: string; value: string; masked: boolean };

/** What tells nothing about a person: ids, states, codes and counts of the vendors. Whatever is not here is masked. */
const HARMLESS = new Set(
  (
    'url AccountSid MessageSid SmsSid SmsMessageSid MessagingServiceSid MessageStatus SmsStatus ErrorCode NumMedia NumSegments ApiVersion OptOutType ' +
    'ToCountry FromCountry event timestamp sg_event_id sg_message_id m type status bounce_classification tls send_at attempt ' +
    'id object field messaging_product phone_number_id code conversation origin category pricing_model billable charsets attachments spam_score SPF'
  ).split(' '),
);
const FIELDS_SHOWN = 200;

/** A stored payload as an operator sees it without giving a reason: every field's name, and the values that tell nothing about a person. */
export function maskPayload(payload: string): Field[] {
  return leavesOf(payload)
    .slice(0, FIELDS_SHOWN)
    .map(({ name, value }) => {
      const last = name.split('.').findLast((part) => !/^\d+$/.test(part)) ?? name;
      return HARMLESS.has(last) ? { name, value, masked: false } : { name, value: mask(value), masked: true };
    });
}

/** A number keeps its last two digits, so that two events can be seen to be about the same one. */
const mask = (value: string): string => (/^\+?\d{7,15}$/.test(value) ? `•••${value.slice(-2)}` : value === '' ? '' : '•••');

type Leaf = { name: string; value: string };

/** Twilio's deliveries are kept as address and form, the others as JSON. */
function leavesOf(payload: string): Leaf[] {
  const parsed = parse(payload);
  if (isForm(parsed))
    return [{ name: 'url', value: parsed.url }, ...[...new URLSearchParams(parsed.body)].map(([name, value]) => ({ name, value }))];
  return flatten(parsed, []);
}

const isForm = (value: unknown): value is { url: string; body: string } =>
  typeof value === 'object' &&
  value !== null &&
  'url' in value &&
  'body' in value &&
  typeof value.url === 'string' &&
  typeof value.body === 'string' &&
  !value.body.trimStart().startsWith('{');

function flatten(value: unknown, path: string[]): Leaf[] {
  if (typeof value === 'object' && value !== null && path.length < 12)
    return Object.entries(value).flatMap(([key, item]) => flatten(item, [...path, key]));
  return [{ name: path.join('.'), value: typeof value === 'string' ? value : JSON.stringify(value) }];
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return { unread: payload }; // no shape that we know: one masked field
  }
}
