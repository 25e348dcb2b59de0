import { createHmac, timingSafeEqual } from 'node:crypto';

export type TwilioDelivery = {
  /** `X-Twilio-Signature`. */
  signature: string | undefined;
  /** The address we gave Twilio, with its query: from config, never from the Host header. */
  url: string;
  /** The form exactly as posted. */
  body: string;
  /** Two while a token is being rotated. */
  authTokens: readonly string[];
};

/** Whether Twilio, with one of our tokens, signed this form for this address. Never throws. */
export function verifyTwilio({ signature, url, body, authTokens }: TwilioDelivery): boolean {
  const given = Buffer.from(signature ?? '', 'utf8');
  const form = new URLSearchParams(body);
  // Every candidate is compared, so the time taken does not tell which one came near.
  return authTokens
    .flatMap((token) => spellings(url).map((spelling) => signTwilio(token, spelling, form)))
    .map((expected) => equal(given, Buffer.from(expected, 'utf8')))
    .some(Boolean);
}

/** HMAC-SHA1 over the address and each form field, name and value, sorted by name; base64. A repeated field counts each distinct value once. */
export function signTwilio(authToken: string, url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  const text = names.reduce(
    (signed, name) =>
      signed +
      [...new Set(form.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    url,
  );
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}

/** Twilio signs some addresses with the scheme's standard port and some without, whatever was registered. */
function spellings(url: string): string[] {
  const parts = /^(https?):\/\/([^/?#:]+|\[[^\]]+\])(:\d+)?(.*)$/is.exec(url);
  if (!parts) return [url];
  const [, scheme = '', host = '', port, rest = ''] = parts;
  const standard = scheme.toLowerCase() === 'https' ? ':443' : ':80';
  return [...new Set([url, `${scheme}://${host}${rest}`, `${scheme}://${host}${port ?? standard}${rest}`])];
}

const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
