import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { SlotView } from './presenters/appointment';
import { PROBLEMS, type ProblemCode } from './problem-codes';
import type { Route } from './route';

export type OpenApi = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const ProblemView = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    error: z.string(),
    detail: z.string().max(200),
    request_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    retry_after_s: z.int().optional(),
    alternatives: z.array(SlotView).optional().meta({ description: 'with `conflict`: the next free slots' }),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457; `error` is `code` again. Some codes add fields of their own.',
    additionalProperties: true,
  });

/** OpenAPI 3.1 of the declared routes, from the schemas that check their requests and answers. */
export function openApiOf(routes: Route[], { publicUrl, version }: { publicUrl: string; version: string }): OpenApi {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer', description: 'An API key or a session' });
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'usher_session' });
  for (const route of routes) registry.registerPath(operationOf(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Usher', version, description: 'The front desk of an appointment business.' },
    servers: [{ url: `${publicUrl}/api/v1` }],
  });
}

/** What every route may answer, by who may call it and what it takes. */
export function problemsOf(route: Route): ProblemCode[] {
  const always: ProblemCode[] = ['invalid', 'internal', 'unavailable'];
  const guarded: ProblemCode[] = route.role === 'public' ? [] : ['unauthorized', 'forbidden', 'too_many'];
  const once: ProblemCode[] = route.role === 'public' || route.action === null ? [] : ['idempotency_key_reused', 'try_again'];
  const keyed: ProblemCode[] = route.keyRequired ? ['idempotency_key_required'] : [];
  // An id in the path, the query or the body may name nothing of this business.
  const named: ProblemCode[] = route.role !== 'public' && (route.params || route.query || route.body) ? ['not_found'] : [];
  const writing: ProblemCode[] = route.method === 'get' ? [] : ['malformed_json', 'too_large', 'unsupported_media_type'];
  const editing: ProblemCode[] = takesIfMatch(route) ? ['changed_meanwhile'] : [];
  return [...new Set([...always, ...guarded, ...named, ...writing, ...once, ...keyed, ...editing, ...route.problems])];
}

/** Does it change something that exists and answer its new version? Such a route refuses a version that is no more; a test asks each. */
export const takesIfMatch = ({ method, path, status, response }: Route): boolean =>
  method !== 'get' && status !== 201 && path.includes(':') && response instanceof z.ZodObject && 'version' in response.shape;

function operationOf(route: Route): RouteConfig {
  return {
    method: route.method,
    path: route.path.replace(/:(\w+)/g, '{$1}'),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    operationId: operationId(route),
    ...(route.role === 'public' ? { security: [] } : { security: [{ key: [] }, { session: [] }], 'x-role': route.role }),
    request: {
      ...(route.params ? { params: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      headers: headersOf(route),
      ...bodyOf(route),
    },
    responses: { [String(route.status)]: successOf(route), ...refusalsOf(route) },
  };
}

/** get /contacts/:id/consents → getContactsByIdConsents */
const operationId = ({ method, path }: Route): string =>
  method + path.replace(/[/-]:?(\w)/g, (match, letter: string) => (match.includes(':') ? 'By' : '') + letter.toUpperCase());

function headersOf(route: Route): z.ZodObject {
  const { role, action, keyRequired } = route;
  const text = z.string().max(200);
  const key = {
    'Idempotency-Key': (keyRequired ? text : text.optional()).meta({ description: 'Same key and request: the same answer, for 24 h' }),
  };
  const match = { 'If-Match': z.string().optional().meta({ description: 'The ETag you read; refused with 412 if it changed since' }) };
  return z.object({ ...(action === null || role === 'public' ? {} : key), ...(takesIfMatch(route) ? match : {}) });
}

function bodyOf({ body, file }: Route): { body?: NonNullable<NonNullable<RouteConfig['request']>['body']> } {
  if (file) {
    const form = (body ?? z.object({})).extend({
      [file.field]: z.string().meta({ contentMediaType: 'text/csv', description: `At most ${String(file.maxBytes)} bytes` }),
    });
    return { body: { required: true, content: { 'multipart/form-data': { schema: form } } } };
  }
  return body ? { body: { required: !body.safeParse({}).success, content: { 'application/json': { schema: body.strict() } } } } : {};
}

const successOf = ({ response, produces }: Route): RouteConfig['responses'][string] =>
  response ? { description: 'Done', content: { [produces]: { schema: response } } } : { description: 'Done, nothing to say' };

function refusalsOf(route: Route): RouteConfig['responses'] {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) byStatus.set(PROBLEMS[code].status, [...(byStatus.get(PROBLEMS[code].status) ?? []), code]);
  const content = { 'application/problem+json': { schema: ProblemView } };
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), { description: codes.join(', '), content }]));
}
