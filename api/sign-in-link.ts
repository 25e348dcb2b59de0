import { setTimeout as delay } from 'node:timers/promises';
import { v7 as newId } from 'uuid';
import { recordAudit } from '../db/audit';
import { findBusiness } from '../db/businesses';
import { ring } from '../db/doorbell';
import { findBusinessOfMessage } from '../db/inbound';
import { readMessageToken } from '../db/message-tokens';
import { savePlanned } from '../db/messages';
import { findSignInLink, insertSignInLink, spendOtherSignInLinks, spendSignInLink } from '../db/sign-in-links';
import { withBusiness, withoutBusiness, type Tx } from '../db/tenancy';
import { findLogin, findUser } from '../db/users';
import type { Locale } from '../domain/message';
import { MINUTE_MS, plusMs } from '../domain/time';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import type { ApiDeps } from './deps';
import { gone } from './problem';
import { openSession, setSessionCookie, type Browser } from './sign-in';

/** How long a link works. */
export const LINK_MINUTES = 20;
/** Every answer takes so long and waits for no mail, so that nobody learns from it whether an address is known. */
const ANSWER_AFTER_MS = 150;

type Asking = { email: string; ip: string; locale: Locale };

/**
 * Mails a link to log in, if the address belongs to a user; answers the same, as late, if it does not, or if the mail fails. Throws 429 after ten attempts in
 * ten minutes from one place, or for one address five in ten minutes or 20 in a day.
 */
export async function askForLink(deps: ApiDeps, { email, ip, locale }: Asking): Promise<void> {
  const { db, hash, limits, behind } = deps;
  await limits.signInLink({ ip: hash.login(ip), address: hash.login(email) });
  behind.run('sign_in_link', async () => {
    const login = await findLogin(db, hash.login(email));
    if (login) await mailLink(deps, { ...login, locale });
  });
  await delay(ANSWER_AFTER_MS);
}

async function mailLink(
  { db, clock }: ApiDeps,
  { businessId, id: userId, locale }: { businessId: string; id: string; locale: Locale },
): Promise<void> {
  const [id, now, createdAt] = [newId(), await clock.now(businessId), clock.system()];
  const message = {
    ...{ id, sendKey: `sign-in/${id}`, appointmentId: null, contactId: null, staffId: null, userId },
    ...{
      rule: 'sign_in_link' as const,
      messageClass: 'staff' as const,
      channel: 'email' as const,
      scheduleVersion: null,
      facts: { locale },
    },
    ...{ status: 'planned' as const, reason: null, dueAt: now, sendAt: now, notAfter: plusMs(now, LINK_MINUTES * MINUTE_MS) },
  };
  await withBusiness(db, businessId, async (tx) => {
    await savePlanned(tx, [message], now);
    await insertSignInLink(tx, { messageId: id, userId, createdAt, expiresAt: plusMs(createdAt, LINK_MINUTES * MINUTE_MS) });
    await ring(tx, { ...messageDeliveryProcess(id), version: 1, now });
  });
}

/** Whom a link lets in, without using it: mail programs open links by themselves. Null: it was used, has run out or is none. */
export const lookAtLink = (deps: ApiDeps, token: string): Promise<{ email: string } | null> =>
  withLink(deps, token, async (tx, messageId) => {
    const link = await findSignInLink(tx, { messageId, now: deps.clock.system() });
    return link ? { email: (await findUser(tx, link.userId)).email } : null;
  });

/** Uses a link, once, with every other that the user has not used, and opens a session. Throws 410 `sign_in_link_gone`, 429 for who tries many that are none. */
export async function signInByLink(
  deps: ApiDeps,
  { token, requestId, ...browser }: Browser & { token: string; requestId: string },
): Promise<void> {
  // Whoever holds a link of ours has guessed nothing, and a salon shares an address: only guesses are counted as log-ins.
  if (readMessageToken(deps.hash, 'sign_in', token) === null) await deps.limits.login(deps.hash.login(browser.ip));
  else await deps.limits.link({ token, ip: browser.ip });
  const opened = await withLink(deps, token, async (tx, messageId) => {
    const now = deps.clock.system();
    const link = await spendSignInLink(tx, { messageId, now });
    if (!link) return null;
    await spendOtherSignInLinks(tx, { userId: link.userId, now });
    const actor = { actorKind: 'user' as const, actorId: link.userId };
    const about = { action: 'session.created', subjectKind: 'session', subjectId: null, changes: { fields: ['link'] } };
    await recordAudit(tx, { id: newId(), ...actor, ...about, requestId, now });
    return openSession(tx, deps, { userId: link.userId, userAgent: browser.userAgent });
  });
  if (!opened) throw gone('sign_in_link_gone');
  setSessionCookie(deps, browser, opened.token);
}

/** Work in the business whose link it is; null for what is no link of ours, or of a business that is canceled. */
async function withLink<T>(
  { db, hash }: ApiDeps,
  token: string,
  work: (tx: Tx, messageId: string) => Promise<T | null>,
): Promise<T | null> {
  const messageId = readMessageToken(hash, 'sign_in', token);
  if (messageId === null) return null;
  const found = await withoutBusiness(db, (tx) => findBusinessOfMessage(tx, { messageId, vendor: '', vendorId: '' }));
  if (!found) return null;
  return withBusiness(db, found.businessId, async (tx) => {
    const { status } = await findBusiness(tx, found.businessId);
    return status === 'canceled' ? null : work(tx, messageId);
  });
}
