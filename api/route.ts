import type { Context } from 'koa';
import type { z } from 'zod';
import type { Locale } from '../domain/message';
import type { Instant } from '../domain/time';
import type { Tx } from '../db/tenancy';
import type { Caller, Role } from './caller';
import type { ApiDeps } from './deps';
import type { Camel } from './naming';
import type { ProblemCode } from './problem-codes';

type Fields = z.ZodObject;
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- a route without parameters has none: {} is meant
type NoFields = z.ZodObject<Record<never, never>>;

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

type Common<P extends Fields, Q extends Fields, B extends Fields, R extends z.ZodType> = {
  /** Below /api/v1: '/contacts/:id' */
  path: `/${string}`;
  /** The resource, for the docs. */
  tag: string;
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  body?: B;
  /** A file of the multipart form: its field's name and its size limit in bytes. */
  file?: { field: string; maxBytes: number };
  /** Of the success; 200 unless told, 204 has no response. */
  status?: 200 | 201 | 202 | 204;
  response?: R;
  /** What the answer is, if it is not JSON: its response is a string then. */
  produces?: 'text/csv';
  /** Refused without an Idempotency-Key: doing it twice would harm. */
  keyRequired?: boolean;
  /** The refusals a client should expect, besides those that every route has. */
  problems?: ProblemCode[];
};

/** A write names what happened, for the audit log: 'contact.created'. Null: a question too long for a query, which writes nothing. */
type Doing = { method: 'get' } | { method: Exclude<Method, 'get'>; action: `${string}.${string}` | null };

export type Asked<P extends Fields, Q extends Fields, B extends Fields> = {
  params: Camel<z.output<P>>;
  query: Camel<z.output<Q>>;
  body: Camel<z.output<B>>;
  /** The uploaded file, where one was declared; else empty. */
  file: Buffer;
  /** The version in If-Match, or null without one. */
  ifVersion: number | null;
  from: Origin;
  cookies: Context['cookies'];
  deps: ApiDeps;
};
/** Where a request comes from: proofs of consent and the audit log keep it. */
export type Origin = { requestId: string; ip: string; userAgent: string | null; locale: Locale };

/** What a handler of a business's route gets: one transaction that sees this business only, and the business's time. */
export type Call<P extends Fields = NoFields, Q extends Fields = NoFields, B extends Fields = NoFields> = Asked<P, Q, B> & {
  caller: Caller;
  tx: Tx;
  now: Instant;
};
export type Operator = {
  /** Nobody but the operator. */
  only?: boolean;
  /** Nobody else is told that it is there: 404 instead of 403. */
  hidden?: boolean;
  /** The business that the operator acts on; null for none. */
  business: (params: Record<string, string>) => string | null;
};

type Declared = {
  method: Method;
  path: string;
  tag: string;
  summary: string;
  description?: string;
  action: string | null;
  params: Fields | null;
  query: Fields | null;
  body: Fields | null;
  file: { field: string; maxBytes: number } | null;
  status: 200 | 201 | 202 | 204;
  response: z.ZodType | null;
  produces: 'application/json' | 'text/csv';
  keyRequired: boolean;
  problems: ProblemCode[];
};
/** A route as the framework keeps it, its types worked into `run`. Serving, OpenAPI, docs and the contract, leak and bad-input tests all walk these. */
export type BusinessRoute = Declared & {
  role: Role;
  operator: Operator | null;
  run: (call: Call<Fields, Fields, Fields>) => Promise<unknown>;
};
export type PublicRoute = Declared & { role: 'public'; run: (call: Asked<Fields, Fields, Fields>) => Promise<unknown> };
export type Route = BusinessRoute | PublicRoute;

type Answer<R extends z.ZodType> = Camel<z.input<R>>;

/**
 * Declares a route of one business. `role`: the lowest that may call it. The handler runs in one transaction of the caller's business; whatever it throws
 * rolls all of it back, the idempotency key included. It answers in camelCase, as its presenter made it; the framework renames, checks and sends.
 */
export function route<
  P extends Fields = NoFields,
  Q extends Fields = NoFields,
  B extends Fields = NoFields,
  R extends z.ZodType = z.ZodVoid,
>(
  declared: Common<P, Q, B, R> & Doing & { role: Role; operator?: Operator },
  handler: (call: Call<P, Q, B>) => Promise<Answer<R>>,
): BusinessRoute {
  return {
    ...filled(declared),
    role: declared.role,
    operator: declared.operator ?? null,
    run: (call) => handler(call as unknown as Call<P, Q, B>),
  };
}

/** Declares a route that needs no log-in. Its handler opens its own transactions. */
export function publicRoute<
  P extends Fields = NoFields,
  Q extends Fields = NoFields,
  B extends Fields = NoFields,
  R extends z.ZodType = z.ZodVoid,
>(declared: Common<P, Q, B, R> & Doing, handler: (call: Asked<P, Q, B>) => Promise<Answer<R>>): PublicRoute {
  return { ...filled(declared), role: 'public', run: (call) => handler(call) };
}

function filled<P extends Fields, Q extends Fields, B extends Fields, R extends z.ZodType>(declared: Common<P, Q, B, R> & Doing): Declared {
  return {
    method: declared.method,
    path: declared.path,
    tag: declared.tag,
    summary: declared.summary,
    ...(declared.description === undefined ? {} : { description: declared.description }),
    action: 'action' in declared ? declared.action : null,
    params: declared.params ?? null,
    query: declared.query ?? null,
    body: declared.body ?? null,
    file: declared.file ?? null,
    status: declared.status ?? 200,
    response: declared.response ?? null,
    produces: declared.produces ?? 'application/json',
    keyRequired: declared.keyRequired ?? false,
    problems: declared.problems ?? [],
  };
}
