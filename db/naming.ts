/** The database speaks snake_case, the code camelCase; this file is the only translator. Only column names are translated, never what is inside jsonb. */

const cache = new Map<string, string>();

export function camelCase(name: string): string {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const result = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  cache.set(name, result);
  return result;
}

export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const camelRow = (row: unknown): unknown =>
  typeof row === 'object' && row !== null && Object.getPrototypeOf(row) === Object.prototype
    ? Object.fromEntries(Object.entries(row).map(([name, value]) => [camelCase(name), value]))
    : row;

/** knex's postProcessResponse: rows of the query builder, of raw SQL, and single rows. */
export function camelResponse(response: unknown): unknown {
  if (Array.isArray(response)) return response.map(camelRow);
  if (typeof response === 'object' && response !== null && 'rows' in response && Array.isArray(response.rows)) {
    response.rows = response.rows.map(camelRow);
    return response;
  }
  return camelRow(response);
}
