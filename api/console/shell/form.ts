import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import type { Hasher } from '../../../db/hashing';
import { readRaw } from '../../payload';
import { forbidden, Problem } from '../../problem';

const FORM_BYTES = 64_000;

/** What a form of a session carries, so that no other site can send one in its name. */
export const formProof = (hash: Hasher, sessionHash: string): string => hash.linkToken('console_form', sessionHash);

/** The fields that a form posted. Throws 413, 415. */
export async function readFields(ctx: Context, limit = FORM_BYTES): Promise<URLSearchParams> {
  if (!ctx.is('application/x-www-form-urlencoded')) throw new Problem('unsupported_media_type');
  return new URLSearchParams((await readRaw(ctx, limit)).toString('utf8'));
}

/** For forms without a session: throws 403 `cross_site` when a browser says that another site sent it. */
export function refuseStrangers(ctx: Context): void {
  if (!['', 'same-origin', 'none'].includes(ctx.get('Sec-Fetch-Site'))) throw forbidden('cross_site');
}

/** Throws 403 `cross_site` for a form that none of this session's own pages made. */
export function checkProof(fields: URLSearchParams, proof: string): void {
  if (!timingSafeEqual(digest(fields.get('proof') ?? ''), digest(proof))) throw forbidden('cross_site');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The named fields that were filled in, as a route's body: an empty field was not given. */
export function filled(fields: URLSearchParams, names: readonly string[]): Record<string, string> {
  const given = names.map((name): [string, string] => [name, (fields.get(name) ?? '').trim()]);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/**
 * The Idempotency-Key of a form: the page's own key with all that was entered. Sent twice it is the same; the same page sent once more with something else,
 * after the browser's way back, is another. Null for a form without a key.
 */
export function keyOf(fields: URLSearchParams): string | null {
  if ((fields.get('key') ?? '') === '') return null;
  const entered = [...fields].filter(([name]) => name !== 'proof');
  return createHash('sha256').update(new URLSearchParams(entered).toString()).digest('base64url');
}

/** A path of our own to go to, or `otherwise`: nobody is sent to another site. */
export function ownPath(given: string | null | undefined, otherwise: string): string {
  return given !== null && given !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(given) ? given : otherwise;
}
