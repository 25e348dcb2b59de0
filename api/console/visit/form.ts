import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import getRawBody from 'raw-body';
import type { Hasher } from '../../../db/hashing';
import { LinkClosed, type Opened } from './opened';

const MAX_BYTES = 10_000;

/** What every form of a visit's page carries: proof that our page made it, and which time the reader saw. */
export type FormFacts = { proof: string; seen: number };

export const formFacts = ({ visit }: Opened, hash: Hasher): FormFacts => ({
  proof: hash.linkToken('visit_form', visit.id),
  seen: visit.scheduleVersion,
});

/** The fields of a form that our own page sent. Throws LinkClosed `refused` for anything else. */
export async function readForm(ctx: Context, opened: Opened, hash: Hasher): Promise<{ seen: number; pick: string }> {
  const fields = await readFields(ctx, formFacts(opened, hash).proof);
  return { seen: Number(fields.get('seen')), pick: fields.get('pick') ?? '' };
}

/** The fields of a form that one of our own pages sent, with the proof that it did. Throws LinkClosed `refused` for anything else. */
export async function readFields(ctx: Context, proof: string): Promise<URLSearchParams> {
  // The page sends no referrer, so `Origin` is "null" from our own forms too: the browser's own word is the better one, where it has one.
  if (!['', 'same-origin', 'none'].includes(ctx.get('Sec-Fetch-Site'))) throw new LinkClosed('refused');
  const fields = await fieldsOf(ctx);
  if (!equal(fields.get('proof') ?? '', proof)) throw new LinkClosed('refused');
  return fields;
}

async function fieldsOf(ctx: Context): Promise<URLSearchParams> {
  if (!ctx.is('application/x-www-form-urlencoded')) throw new LinkClosed('refused');
  try {
    return new URLSearchParams((await getRawBody(ctx.req, { limit: MAX_BYTES, length: ctx.length })).toString('utf8'));
  } catch {
    ctx.set('Connection', 'close'); // too long or cut short: the rest is not read
    throw new LinkClosed('refused');
  }
}

const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
