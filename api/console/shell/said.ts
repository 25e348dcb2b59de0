import type { Context } from 'koa';
import { z } from 'zod';
import type { Hasher } from '../../../db/hashing';

/** What a page says once about what was just done. `undo`: where a POST takes it back. */
export type Said = { tone: 'done' | 'trouble'; text: string; undo?: string | undefined };

const COOKIE = 'usher_said';
const KEPT_MS = 60_000;
const Kept = z.object({ tone: z.enum(['done', 'trouble']), text: z.string(), undo: z.string().startsWith('/').optional() });

/** Keeps it for the page that the browser is sent to next: signed, so that nobody else puts words or buttons into our pages. */
export function keepSaid(ctx: Context, hash: Hasher, said: Said): void {
  const text = Buffer.from(JSON.stringify(said)).toString('base64url');
  ctx.cookies.set(COOKIE, `${text}.${hash.linkToken('said', text)}`, { httpOnly: true, sameSite: 'lax', maxAge: KEPT_MS, overwrite: true });
}

/** What there is to say, once: it is forgotten by being read. */
export function takeSaid(ctx: Context, hash: Hasher): Said | null {
  const cookie = ctx.cookies.get(COOKIE);
  if (cookie === undefined) return null;
  ctx.cookies.set(COOKIE, null, { httpOnly: true, sameSite: 'lax', overwrite: true });
  const [text = '', proof] = cookie.split('.');
  if (proof !== hash.linkToken('said', text)) return null;
  return Kept.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
}
