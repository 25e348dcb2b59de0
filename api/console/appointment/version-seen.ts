import type { Seen } from '../shell/pages';

/**
 * The version of the visit that the reader saw: of their form, or, where a button takes something back, of its address. What somebody else has changed since
 * is not written over.
 */
export const versionSeen = ({ ctx }: Pick<Seen, 'ctx'>, fields: URLSearchParams): string | null =>
  fields.get('version') ?? ctx.URL.searchParams.get('version');
