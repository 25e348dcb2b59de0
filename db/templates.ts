import type { OwnWords } from '../domain/templates/check';
import type { OwnClass } from '../domain/templates/template';
import type { Instant } from '../domain/time';
import { one, RowChanged } from './errors';
import type { Tx } from './tenancy';

export type TemplateRow = {
  key: string;
  /** Of a template of the business's own, like its class; a rule has both from the catalog. */
  name: string | null;
  messageClass: OwnClass | null;
  /** Null: the default speaks; of the business's own: taken away. */
  words: OwnWords | null;
  version: number;
  updatedAt: Instant;
};
const COLUMNS = ['key', 'name', 'messageClass', 'words', 'version', 'updatedAt'];

export type VersionRow = Omit<TemplateRow, 'updatedAt'> & { savedBy: string; savedAt: Instant };
const VERSION_COLUMNS = ['key', 'name', 'messageClass', 'words', 'version', 'savedBy', 'savedAt'];

/** Everything that the business ever worded itself, by key. */
export async function listTemplates(tx: Tx): Promise<TemplateRow[]> {
  return tx('templates').orderBy('key').select<TemplateRow[]>(COLUMNS);
}

export async function findTemplate(tx: Tx, key: string): Promise<TemplateRow | undefined> {
  const [row] = await tx('templates').where({ key }).select<TemplateRow[]>(COLUMNS);
  return row;
}

export type SavedTemplate = Pick<TemplateRow, 'key' | 'name' | 'messageClass' | 'words'> & {
  /** The version that the caller saw; null: whichever. A template that was never saved is at version 0. */
  ifVersion: number | null;
  savedBy: string;
  now: Instant;
};

/** Saves wording as the next version; the earlier ones are kept. Throws RowChanged. */
export async function saveTemplate(
  tx: Tx,
  { key, name, messageClass, words, ifVersion, savedBy, now }: SavedTemplate,
): Promise<TemplateRow> {
  const row = { name, messageClass, words: words === null ? null : JSON.stringify(words) };
  await tx('templates')
    .insert({ businessId: tx.raw('current_business()'), key, ...row, version: 0, createdAt: now, updatedAt: now })
    .onConflict(['businessId', 'key'])
    .ignore();
  const [current] = await tx('templates').where({ key }).forUpdate().select<{ version: number }[]>('version');
  const before = current?.version ?? 0;
  if (ifVersion !== null && ifVersion !== before) throw new RowChanged('template');
  const version = before + 1;
  const rows = await tx('templates')
    .where({ key })
    .update({ ...row, version, updatedAt: now })
    .returning<TemplateRow[]>(COLUMNS);
  await tx('templateVersions').insert({ businessId: tx.raw('current_business()'), key, ...row, version, savedBy, savedAt: now });
  return one('template', rows);
}

/** The latest version first. */
export async function listVersions(tx: Tx, { key, before, limit }: { key: string; before?: number; limit: number }): Promise<VersionRow[]> {
  const query = tx('templateVersions').where({ key }).orderBy('version', 'desc').limit(limit);
  if (before !== undefined) void query.where('version', '<', before);
  return query.select<VersionRow[]>(VERSION_COLUMNS);
}

/** Throws RowMissing. */
export async function findVersion(tx: Tx, { key, version }: { key: string; version: number }): Promise<VersionRow> {
  return one('template version', await tx('templateVersions').where({ key, version }).select<VersionRow[]>(VERSION_COLUMNS));
}
