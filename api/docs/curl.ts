import type { z } from 'zod';
import type { Route } from '../route';
import { schemaOf, type Json, type Schema } from './schema';

/** A command that calls the route, with an example for every required field of the body. */
export function curlOf({ method, path, role, query, body, file, keyRequired }: Route, publicUrl: string): string {
  const parts = [`curl '${publicUrl}/api/v1${path.replace(/:(\w+)/g, '<$1>')}${queryOf(query)}'`];
  if (method !== 'get' && method !== 'post') parts.push(`-X ${method.toUpperCase()}`);
  if (role !== 'public') parts.push(`-H "Authorization: Bearer $USHER_KEY"`);
  if (keyRequired) parts.push(`-H "Idempotency-Key: $(uuidgen)"`);
  if (file) return [...parts, ...formFields(body), `-F '${file.field}=@${file.field}.csv'`].join(' \\\n  ');
  if (body) parts.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(exampleOf(schemaOf(body))).replaceAll("'", "'\\''")}'`);
  else if (method === 'post') parts.push('-X POST');
  return parts.join(' \\\n  ');
}

/** Only what must be there. */
function queryOf(query: z.ZodType | null): string {
  const { properties = {}, required = [] } = query ? schemaOf(query) : {};
  const fields = required.filter((name) => properties[name]?.default === undefined);
  return fields.map((name, i) => `${i === 0 ? '?' : '&'}${name}=${asText(exampleOf(properties[name] ?? {}, name))}`).join('');
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const formFields = (body: z.ZodType | null): string[] =>
  body ? Object.keys(schemaOf(body).properties ?? {}).map((name) => `-F '${name}=…'`) : [];

function exampleOf(schema: Schema, name = ''): Json {
  const [first] = schema.enum ?? [];
  const given = schema.example ?? first;
  if (given !== undefined) return given;
  if (schema.anyOf?.[0]) return exampleOf(schema.anyOf[0], name);
  if (schema.properties) return objectExample(schema.properties, schema.required ?? []);
  if (schema.items) return [exampleOf(schema.items, name)];
  return plainExample(schema, name);
}

function plainExample({ type, format, minimum }: Schema, name: string): Json {
  if (format === 'uuid') return `<${name}>`;
  if (type === 'integer' || type === 'number') return Math.max(minimum ?? 0, 1);
  return type === 'boolean' ? true : name;
}

function objectExample(properties: Record<string, Schema>, required: string[]): Json {
  // A body without required fields (an edit) shows its first field.
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {}, name)]));
}
