import { notFound } from '../../problem';

/** What is no id names nothing: 404, as in the API. */
export function idOf({ id = '' }: Record<string, string>): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw notFound('appointment');
  return id;
}
