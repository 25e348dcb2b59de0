import { messageToken, type TokenKind } from '../db/message-tokens';
import type { MessageRow } from '../db/messages';
import type { SendEmail } from '../providers/sendgrid/port';
import type { Deps } from './deps';

type LinkDeps = Pick<Deps, 'hash' | 'publicUrl'>;
type Mail = Pick<MessageRow, 'id' | 'contactId' | 'messageClass'>;

/** How the person who gets a mail answers it, and ends such mails with one click (RFC 8058). Staff get neither; who is answered needs no way out. */
export function mailHeaders(deps: LinkDeps & Pick<Deps, 'inboundEmailDomain'>, mail: Mail): Pick<SendEmail, 'replyTo' | 'unsubscribe'> {
  const { hash, inboundEmailDomain: domain } = deps;
  if (mail.contactId === null) return {};
  const addressFor = (kind: TokenKind): string | null =>
    domain === null ? null : `${kind}+${messageToken(hash, kind, mail.id)}@${domain}`;
  const [replyTo, url] = [addressFor('reply'), unsubscribeUrl(deps, mail)];
  return { ...(replyTo !== null && { replyTo }), ...(url !== null && { unsubscribe: { url, mailto: addressFor('unsubscribe') } }) };
}

/** The page that ends e-mail, by a token made from the mail's id; null where there is nothing to end. */
export const unsubscribeUrl = ({ hash, publicUrl }: LinkDeps, { id, contactId, messageClass }: Mail): string | null =>
  contactId === null || messageClass === 'reply' ? null : `${publicUrl}/u/${messageToken(hash, 'unsubscribe', id)}`;
