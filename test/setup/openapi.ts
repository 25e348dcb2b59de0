import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiOf } from '../../api/openapi';
import { ROUTES } from '../../api/routes';

/** Writes the OpenAPI document that every answer of the tests is held against, and names the file. */
export function writeOpenApi(folder: string): string {
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(openApiOf(ROUTES, { publicUrl: 'http://localhost', version: 'test' })));
  return file;
}
