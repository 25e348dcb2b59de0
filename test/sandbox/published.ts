import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
for (const vendor of ['twilio', 'sendgrid', 'meta'])
  ajv.addSchema(JSON.parse(readFileSync(join(__dirname, '..', 'contracts', `${vendor}.json`), 'utf8')) as object);

/** Throws, naming every difference, unless it is as the vendor publishes it; `what` is a vendor and one of its schemas in test/contracts: 'twilio/message'. */
export function expectPublished(what: string, said: unknown): void {
  const [vendor = '', schema = ''] = what.split('/');
  const validate = ajv.getSchema(`${vendor}#/schemas/${schema}`);
  if (!validate) throw new Error(`nothing is published as ${what}`);
  if (validate(said) !== true) throw new Error(`${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(said)}`);
}
