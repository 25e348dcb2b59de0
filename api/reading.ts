import { z } from 'zod';
import { camelKeys } from './naming';
import type { Payload } from './payload';
import { invalid, notFound, Problem, type FieldError } from './problem';
import type { Origin, Route } from './route';

type Read = { params: Record<string, unknown>; query: Record<string, unknown>; body: Record<string, unknown>; ifVersion: number | null };

/** What was asked, before anything is known about it: of the API in JSON, in the console by a form. What is wrong is said in the asker's language. */
export type Raw = Payload & { params: unknown; query: Record<string, unknown>; ifMatch: string; from: Origin };

const NOTHING = z.object({});
// zod's own words in both languages; our refinements bring an English sentence.
const WORDS = { en: z.locales.en().localeError, es: z.locales.es().localeError };

/** Params, query and body as the route declares them. A malformed id names nothing: 404. Anything else that is wrong, or not declared: 422. */
export function readAsked(route: Route, { fields, ifMatch, from: { locale }, ...raw }: Raw): Read {
  const params = (route.params ?? NOTHING).safeParse(raw.params);
  if (!params.success) throw notFound();
  const query = (route.query ?? NOTHING).strict().safeParse(raw.query, { error: WORDS[locale] });
  const body = (route.body ?? NOTHING).strict().safeParse(fields, { error: WORDS[locale] });
  const errors = [...errorsOf(query), ...errorsOf(body)];
  if (!query.success || !body.success || errors.length > 0) throw invalid('invalid', errors);
  return {
    params: camelKeys(params.data),
    query: camelKeys(query.data),
    body: camelKeys(body.data),
    ifVersion: ifVersionOf(ifMatch.trim()),
  };
}

function errorsOf(parsed: z.ZodSafeParseResult<unknown>): FieldError[] {
  if (parsed.success) return nulBytes(parsed.data, []);
  return parsed.error.issues.slice(0, 50).flatMap(errorsOfIssue);
}

function errorsOfIssue(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  const message = issue.message.slice(0, 200);
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message }];
  return issue.keys.map((key) => ({ path: [...path, key.slice(0, 100)].join('.'), message }));
}

/** PostgreSQL text holds no NUL byte. What is parsed has the shape that was declared, so this cannot run deep. */
function nulBytes(value: unknown, path: string[]): FieldError[] {
  if (typeof value === 'string') return value.includes('\0') ? [{ path: path.join('.'), message: 'NUL' }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => nulBytes(item, [...path, key]));
}

function ifVersionOf(given: string): number | null {
  if (given === '' || given === '*') return null;
  const [, version] = /^(?:W\/)?"(\d{1,9})"$/.exec(given) ?? [];
  if (version === undefined) throw new Problem('changed_meanwhile'); // no version of ours looks like that
  return Number(version);
}
