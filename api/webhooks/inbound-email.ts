import { convert } from 'html-to-text';
import type { Tx } from '../../db/tenancy';
import { withBusiness, withoutBusiness } from '../../db/tenancy';
import { findBusinessOfMessage, findBusinessOfSlug } from '../../db/inbound';
import { readMessageToken } from '../../db/message-tokens';
import { findMessage } from '../../db/messages';
import type { MessageRow } from '../../db/messages';
import type { Instant } from '../../domain/time';
import { withoutQuotedText } from '../../domain/quoted-text';
import type { InboundEmail } from '../../providers/sendgrid/port';
import { scopeOfOneClick, unsubscribe } from '../unsubscribing';
import type { Effect, WebhookDeps } from './deps';
import type { InboundText } from './inbound-text';
import { textEffect } from './judging';

/**
 * What a mail to us does. `unsubscribe+<token>@`, of the List-Unsubscribe header: ends e-mail. `reply+<token>@`, our reply-to: a message of the person whom
 * the answered one went to. `<slug>@`: a message to that business, of whoever its domain vouches for. Anything else is nobody's.
 */
export async function inboundEmailEffect(deps: WebhookDeps, email: InboundEmail, storedId: string): Promise<Effect> {
  const { tag, slug, token } = addressed(email.to, deps.settings.inboundEmailDomain);
  if (tag === null) {
    const businessId = slug === null ? null : await withoutBusiness(deps.db, (tx) => findBusinessOfSlug(tx, slug));
    if (businessId === null) return 'unmatched';
    return textEffect(deps, { businessId, event: textOf(email, email.from), storedId });
  }
  const answered = await findAnswered(deps, tag, token);
  if (!answered) return 'unmatched';
  const { businessId, message } = answered;
  if (tag === 'unsubscribe') return { businessId, apply: (tx, now) => endEmail(tx, deps, { businessId, message, now }) };
  // Who holds the token is the person to whom we wrote, from whichever of their addresses.
  const from = message.toAddress ?? email.from;
  return textEffect(deps, { businessId, event: { ...textOf(email, from), unverified: false }, storedId });
}

type Tag = 'reply' | 'unsubscribe';
type Addressed = { tag: Tag | null; slug: string | null; token: string };

/** Our own address among the receivers: only what the receiving server took counts, never the To header. */
function addressed(to: readonly string[], domain: string | null): Addressed {
  const local = domain === null ? '' : (to.find((address) => address.endsWith(`@${domain}`))?.slice(0, -domain.length - 1) ?? '');
  const [, tag, token = ''] = /^(reply|unsubscribe)\+([0-9a-z]+)$/.exec(local) ?? [];
  if (tag === 'reply' || tag === 'unsubscribe') return { tag, token, slug: null };
  return { tag: null, token: '', slug: local === '' ? null : local };
}

async function findAnswered(deps: WebhookDeps, tag: Tag, token: string): Promise<{ businessId: string; message: MessageRow } | null> {
  const messageId = readMessageToken(deps.hash, tag, token);
  if (messageId === null) return null;
  const found = await withoutBusiness(deps.db, (tx) => findBusinessOfMessage(tx, { messageId, vendor: '', vendorId: '' }));
  if (!found) return null;
  const message = await withBusiness(deps.db, found.businessId, (tx) => findMessage(tx, messageId));
  return { businessId: found.businessId, message };
}

type Ending = { businessId: string; message: MessageRow; now: Instant };

const endEmail = (tx: Tx, deps: WebhookDeps, { businessId, message, now }: Ending): Promise<void> =>
  unsubscribe(tx, deps, {
    ...{ businessId, messageId: message.id, now, ip: null, userAgent: null },
    scope: scopeOfOneClick(message),
    statement: 'List-Unsubscribe by e-mail',
  });

/** The mail as a message of a person: what they wrote themselves. Attachments are noted, not kept. */
const textOf = (email: InboundEmail, from: string): InboundText => ({
  channel: 'email',
  vendor: 'sendgrid',
  vendorId: email.eventId,
  from: from.toLowerCase(),
  to: email.to[0] ?? '',
  body: bodyOf(email),
  answeredByVendor: null,
  media: email.attachments.map(({ filename, type, bytes }) => ({
    contentType: type,
    url: `attachment:${filename} (${String(bytes)} bytes)`,
  })),
  automatic: email.automatic,
  unverified: !email.vouched,
});

/** A mail without words says what its subject says. */
function bodyOf({ subject, text, html }: InboundEmail): string {
  const written = withoutQuotedText(text.trim() === '' ? plain(html) : text);
  return written === '' ? subject : written;
}

const HTML_MAX = 200_000;

const plain = (html: string): string =>
  convert(html.slice(0, HTML_MAX), {
    wordwrap: false,
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'blockquote', format: 'skip' }, // what it answers
    ],
  });
