/** There is no such row in this business. Says nothing about other businesses' rows. */
export class RowMissing extends Error {
  constructor(readonly what: string) {
    super(`no such ${what}`);
    this.name = 'RowMissing';
  }
}

/** The facts read are older than the ring that asked for them: read again. */
export class FactsBehind extends Error {
  constructor(readonly workflowId: string) {
    super(`facts of ${workflowId} are behind its ring`);
    this.name = 'FactsBehind';
  }
}

/** The row was changed since the caller read it (If-Match). */
export class RowChanged extends Error {
  constructor(readonly what: string) {
    super(`${what} was changed meanwhile`);
    this.name = 'RowChanged';
  }
}

/** The first row, or RowMissing. */
export function one<Row>(what: string, rows: Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new RowMissing(what);
  return row;
}

type PgError = { code: string; constraint?: string };
const isPgError = (error: unknown): error is PgError =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && error.code.length === 5;

const hasState = (code: string) => (error: unknown): boolean => isPgError(error) && error.code === code;

/** Two live rows want the same staff member or resource at the same time. */
export const isExclusion = hasState('23P01');
export const isDuplicate = hasState('23505');
export const isForeignKey = hasState('23503');
export const isDeadlock = hasState('40P01');

/** The name of the violated constraint, or null. */
export const constraintOf = (error: unknown): string | null => (isPgError(error) ? (error.constraint ?? null) : null);
