/** There is no such row in this business. Says nothing about other businesses' rows. */
export class RowMissing extends Error {
  constructor(readonly what: string) {
    super(`no such ${what}`);
    this.name = 'RowMissing';
  }
}

/** The row was changed since the caller read it (If-Match). */
export class RowChanged extends Error {
  constructor(readonly what: string) {
    super(`${what} was changed meanwhile`);
    this.name = 'RowChanged';
  }
}

/** Somebody else has the staff member or a resource at that time: what the constraint against double booking says of an insert that gave way to it. */
export class TimeTaken extends Error {
  constructor() {
    super('that time is taken');
    this.name = 'TimeTaken';
  }
}

/** A migration gave up waiting for a table that a long transaction keeps. */
export class TableInUse extends Error {
  constructor() {
    super('a table that is to be changed is in use');
    this.name = 'TableInUse';
  }
}

/** The first row, or RowMissing. */
export function one<Row>(what: string, rows: Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new RowMissing(what);
  return row;
}

type PgError = { code: string };
const isPgError = (error: unknown): error is PgError =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && error.code.length === 5;

const hasState =
  (code: string) =>
  (error: unknown): boolean =>
    isPgError(error) && error.code === code;

/** Two live rows want the same staff member or resource at the same time: an insert gave way (TimeTaken), an update was refused (23P01). */
export const isTaken = (error: unknown): boolean => error instanceof TimeTaken || isExclusion(error);
const isExclusion = hasState('23P01');
/** A lock was not to be had within lock_timeout. */
export const isLocked = hasState('55P03');
export const isDuplicate = hasState('23505');
export const isForeignKey = hasState('23503');
export const isDeadlock = hasState('40P01');

/** A value that a column cannot take: class 22 (data exception) or a failed check. */
export const isInvalidData = (error: unknown): boolean => isPgError(error) && (error.code.startsWith('22') || error.code === '23514');

// No connection to be had: class 08, shut-downs and too many connections, refused sockets, and knex's and pg's own time-outs.
const AWAY = /^(08...|57P0[1-3]|53300)$/;
const AWAY_SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND']);
const AWAY_WORDS = /^(Connection terminated|timeout expired|timeout exceeded|Knex: Timeout acquiring)/;

/** The database cannot be reached, or is going away: nothing was decided, ask again. */
export function isUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const word = typeof code === 'string' ? code : '';
  return AWAY.test(word) || AWAY_SOCKET.has(word) || (typeof message === 'string' && AWAY_WORDS.test(message));
}
