import { isUuid } from '../../../db/tenancy';
import { notFound } from '../../problem';

/** What is no id names nothing: 404, as in the API. */
export function idOf({ id = '' }: Record<string, string>): string {
  if (!isUuid(id)) throw notFound('appointment');
  return id;
}
