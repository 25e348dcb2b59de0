import { z } from 'zod';
import { instantsOfLocal, isZone, type Instant } from '../domain/time';
import type { Channel } from '../domain/message';
import { invalid } from './problem';

// The words that requests and answers are declared in. Wire names are snake_case; see naming.ts.

export const id = z.uuid();
export const ById = z.object({ id });

const EARLIEST_MS = Date.parse('2000-01-01T00:00:00Z');
const LATEST_MS = Date.parse('2200-01-01T00:00:00Z');
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;
const EPOCH_SECONDS = /^\d{1,11}$/;

/** An instant asked for: ISO 8601 with Z or an offset, or epoch seconds. Comes out as an Instant. */
export const instantIn = z
  .union([z.string(), z.number()])
  .transform((value, ctx): Instant => {
    const at = instantOf(value);
    if (at !== null) return at;
    ctx.addIssue({ code: 'custom', message: 'an instant such as 2027-03-14T10:00:00-04:00, 2027-03-14T14:00:00Z or epoch seconds' });
    return z.NEVER;
  })
  .meta({ type: ['string', 'integer'], description: 'ISO 8601 with an offset, or epoch seconds', example: '2027-03-14T10:00:00-04:00' });

function instantOf(value: string | number): Instant | null {
  const isSeconds = typeof value === 'number' || EPOCH_SECONDS.test(value);
  if (!isSeconds && !WITH_OFFSET.test(value)) return null;
  const ms = isSeconds ? Number(value) * 1000 : Date.parse(value);
  // Date.parse takes 30 February for 2 March: a date that does not exist is refused, not guessed.
  if (!(ms >= EARLIEST_MS && ms < LATEST_MS) || (!isSeconds && !dateExists(value))) return null;
  return new Date(ms).toISOString();
}

function dateExists(text: string): boolean {
  const date = text.slice(0, 10);
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

/** An instant, or a local wall time without offset (2027-03-14T10:00) that means the venue's own clock: see `resolveMoment`. */
export const momentIn = z
  .union([z.string(), z.number()])
  .transform((value, ctx): { at: Instant } | { local: string } => {
    if (typeof value === 'string' && LOCAL.test(value) && dateExists(value)) return { local: value };
    const at = instantOf(value);
    if (at !== null) return { at };
    ctx.addIssue({
      code: 'custom',
      message: 'an instant such as 2027-03-14T14:00:00Z, epoch seconds, or a local time such as 2027-03-14T10:00',
    });
    return z.NEVER;
  })
  .meta({
    type: ['string', 'integer'],
    description: 'ISO 8601 with an offset, epoch seconds, or the local time of the place',
    example: '2027-03-14T10:00',
  });
export type Moment = z.output<typeof momentIn>;

/** The instant a moment means in a zone. 422 for a local time that does not exist, or exists twice there: never a guess (R10). */
export function resolveMoment(moment: Moment, zone: string, path: string): Instant {
  if ('at' in moment) return moment.at;
  const [date = '', time = ''] = moment.local.split('T');
  const [first, second] = instantsOfLocal({ date, time }, zone);
  if (first === undefined) throw invalid('local_time_missing', [{ path, message: `${moment.local} does not exist in ${zone}` }]);
  if (second !== undefined)
    throw invalid('local_time_twice', [{ path, message: `${moment.local} occurs twice in ${zone}` }], { candidates: [first, second] });
  return first;
}

/** An instant in an answer. */
export const instantOut = z.iso.datetime({ precision: 3 }).meta({ example: '2027-03-14T14:00:00.000Z' });

export const text = (max: number): z.ZodString => z.string().trim().min(1).max(max);
export const zoneIn = z.string().max(64).refine(isZone, 'an IANA zone such as America/New_York').meta({ example: 'America/New_York' });
/** How messages travel. */
export const CHANNELS = ['sms', 'whatsapp', 'email'] as const satisfies readonly Channel[];
export const localeIn = z.enum(['en', 'es']);
export const emailIn = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** 09:00; with `midnight`, 24:00 too. */
export const wallTime = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time such as 09:00')
  .meta({ example: '09:00' });

/** A list of ids without doubles. */
export const ids = z
  .array(id)
  .max(200)
  .refine((list) => new Set(list).size === list.length, 'no id twice');

/** A whole number in a query. */
export const countIn = (min: number, max: number): z.ZodCoercedNumber<string> => z.coerce.number<string>().int().min(min).max(max);
export const flagIn = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .meta({ type: 'boolean' });

/** What a page is asked by. `Key` is what the cursor hides: the sort key of the last row seen. */
export const pageQuery = <Key extends z.ZodType>(key: Key) => ({
  limit: countIn(1, 200).default(50),
  cursor: z
    .string()
    .max(500)
    .transform((value, ctx): z.output<Key> => {
      const parsed = key.safeParse(fromCursor(value));
      if (parsed.success) return parsed.data;
      ctx.addIssue({ code: 'custom', message: 'a cursor of an earlier page' });
      return z.NEVER;
    })
    .meta({ type: 'string', description: '`next_cursor` of the page before' })
    .optional(),
});
/** For lists in the order of their ids. */
export const pageQueryById = pageQuery(id);
/** For lists of things that can be retired. */
export const pageQueryOfActive = z.object({ ...pageQueryById, include_inactive: flagIn.default(false) });

export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** A page from one row more than was asked for. `keyOf` names the sort key that the cursor hides. */
export function toPage<Row, View>(
  rows: Row[],
  page: { limit: number; present: (row: Row) => View; keyOf: (row: Row) => unknown },
): { data: View[]; nextCursor: string | null } {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const more = rows.length > page.limit && last !== undefined;
  return { data: shown.map(page.present), nextCursor: more ? toCursor(page.keyOf(last)) : null };
}

const toCursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');
function fromCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
