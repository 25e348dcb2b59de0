import { z } from 'zod';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Schema = {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: Json[];
  format?: string;
  example?: Json;
  anyOf?: Schema[];
  default?: Json;
  minimum?: number;
  description?: string;
};

/** zod's own JSON Schema of what comes in: read for the docs page, never shown. What it cannot say (a transform) has its words beside it. */
export const schemaOf = (body: z.ZodType): Schema => z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as Schema;

/** One line for each field: `phone?: string — E.164, or a US number as people write it`. */
export function fieldsOf(body: z.ZodType): string[] {
  const { properties = {}, required = [] } = schemaOf(body);
  return Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) && schema.default === undefined ? '' : '?';
    const note = schema.description === undefined ? '' : ` — ${schema.description}`;
    return `${name}${optional}: ${typeOf(schema)}${note}`;
  });
}

function typeOf({ type, enum: values, items, anyOf, format, properties }: Schema): string {
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (anyOf) return anyOf.map(typeOf).join(' | ');
  if (items) return `${items.enum ? `(${typeOf(items)})` : typeOf(items)}[]`;
  if (properties)
    return `{ ${Object.entries(properties)
      .map(([name, schema]) => `${name}: ${typeOf(schema)}`)
      .join(', ')} }`;
  return format ?? (Array.isArray(type) ? type.join(' | ') : (type ?? 'string'));
}
