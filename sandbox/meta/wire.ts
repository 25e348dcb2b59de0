import { createHash, randomBytes } from 'node:crypto';
import { signMeta } from '../../providers/meta/signature';

/** Meta's id of a message: opaque to everybody else. */
export const newWamid = (): string => `wamid.${randomBytes(24).toString('base64')}`;

/** What Meta calls a person at a business: the same for the same number, another one for a new phone. */
export const userIdOf = (address: string): string =>
  address.startsWith('+') ? `US.${BigInt(`0x${createHash('sha256').update(address).digest('hex').slice(0, 16)}`).toString()}` : address;

/** A status or a message of a person, at one of our numbers. */
export type Told = { phoneNumberId: string; contact: Record<string, unknown> | null; status?: object; message?: object };

/** One delivery: an entry with a change for each number, as Meta writes it, every letter beyond ASCII escaped. */
export function delivery(told: readonly Told[]): string {
  const numbers = [...new Set(told.map(({ phoneNumberId }) => phoneNumberId))];
  const changes = numbers.map((phoneNumberId) => {
    const own = told.filter((one) => one.phoneNumberId === phoneNumberId);
    const contacts = own.flatMap(({ contact }) => contact ?? []);
    const [statuses, messages] = [own.flatMap(({ status }) => status ?? []), own.flatMap(({ message }) => message ?? [])];
    return {
      value: {
        messaging_product: 'whatsapp',
        metadata: { display_phone_number: '15550783881', phone_number_id: phoneNumberId },
        ...(contacts.length > 0 && { contacts }),
        ...(statuses.length > 0 && { statuses }),
        ...(messages.length > 0 && { messages }),
      },
      field: 'messages',
    };
  });
  return escaped(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes }] }));
}

/** The header by which our api knows that it is Meta who calls. */
export const signed = (appSecret: string, body: string): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'facebookexternalua',
  'x-hub-signature-256': signMeta(appSecret, Buffer.from(body, 'utf8')),
});

const escaped = (json: string): string =>
  json.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const epochS = (): string => String(Math.floor(Date.now() / 1_000));
