import type { ProblemCode } from './problem-codes';

export type FieldError = { path: string; message: string };
/** What a problem says besides its code. Names are camelCase here and snake_case on the wire. */
export type ProblemExtra = { errors?: FieldError[]; retryAfterS?: number; [name: string]: unknown };

/** An answer that is not a success. Thrown anywhere below a route; one middleware (middleware/problems.ts) answers it. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly extra: ProblemExtra = {},
  ) {
    super(code);
    this.name = 'Problem';
  }
}

// One constructor per status, so that a throw reads like the answer. The status itself belongs to the code (problem-codes.ts).
export const unauthorized = (code: ProblemCode = 'unauthorized'): Problem => new Problem(code);
export const forbidden = (code: ProblemCode = 'forbidden', extra?: ProblemExtra): Problem => new Problem(code, extra);
/** `what` is our noun; an id of another business is answered in the same words. */
export const notFound = (what?: string): Problem => new Problem('not_found', what === undefined ? {} : { what });
export const conflict = (code: ProblemCode = 'conflict', extra?: ProblemExtra): Problem => new Problem(code, extra);
export const gone = (code: ProblemCode = 'gone', extra?: ProblemExtra): Problem => new Problem(code, extra);
export const invalid = (code: ProblemCode, errors: FieldError[] = [], extra: ProblemExtra = {}): Problem =>
  new Problem(code, errors.length > 0 ? { ...extra, errors } : extra);
/** One wrong field, in the caller's own path: `hours.0.from`. */
export const invalidField = (path: string, message: string): Problem => invalid('invalid', [{ path, message }]);
export const tooMany = (retryAfterS: number): Problem => new Problem('too_many', { retryAfterS });
