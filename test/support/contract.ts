import { readFileSync } from 'node:fs';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { OpenApi } from '../../api/openapi';
import { ROUTES } from '../../api/routes';
import type { Route } from '../../api/route';

type Operation = { responses: Record<string, { content?: Record<string, { schema: object }> }> };

type Promised = { document: OpenApi; ajv: Ajv2020; validators: Map<string, ValidateFunction> };
const state: { promised?: Promised } = {};

/** Written once per run (test/setup/openapi.ts), because it takes a second, and read when a file first asks. */
function promised(): Promised {
  return (state.promised ??= read());
}

function read(): Promised {
  const document = JSON.parse(readFileSync(process.env['TEST_OPENAPI_FILE'] ?? '', 'utf8')) as OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'openapi', components: document.components });
  return { document, ajv, validators: new Map() };
}

/** Fails the test when an answer is not what the OpenAPI document promises for that route and status. Paths of no route (404 tests) pass. */
export function checkContract(
  method: string,
  path: string,
  { status, body, headers }: { status: number; body: unknown; headers: Headers },
): void {
  const route = ROUTES.find(
    (candidate) => candidate.method === method.toLowerCase() && patternOf(candidate).test(path.split('?')[0] ?? ''),
  );
  if (!route) return;
  const { ajv, validators } = promised();
  const where = `${method} ${route.path} ${String(status)}`;
  const response = operationOf(route).responses[String(status)];
  if (!response) throw new Error(`${where}: this status is not in the OpenAPI document; body ${JSON.stringify(body)}`);
  if (!response.content) {
    if (body !== null) throw new Error(`${where}: a body where none is promised`);
    return;
  }
  const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
  const schema = response.content[type]?.schema;
  if (!schema) throw new Error(`${where}: content type ${type} is not in the OpenAPI document`);
  const validate =
    validators.get(where) ??
    ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')) as object);
  validators.set(where, validate);
  if (!validate(body)) throw new Error(`${where}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`);
}

function operationOf({ method, path }: Route): Operation {
  const item = (promised().document.paths ?? {})[path.replace(/:(\w+)/g, '{$1}')] as unknown as Record<string, Operation>;
  return item[method]!;
}

const patternOf = ({ path }: Route): RegExp => new RegExp(`^${path.replace(/:(\w+)/g, '[^/]+')}$`);
