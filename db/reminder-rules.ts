import type { Channel, ReminderTrigger } from '../domain/message';
import type { Instant } from '../domain/time';
import { one, RowChanged } from './errors';
import type { Tx } from './tenancy';

export type RuleRow = {
  rule: ReminderTrigger;
  /** Same local time that many days before the start, or that many elapsed hours: one of the two (R1). */
  offsetDays: number | null;
  offsetHours: number | null;
  /** In the order in which they are tried. */
  channels: Channel[];
  /** Minutes before the start after which it is of no use (R3). */
  lastUsefulMin: number;
  enabled: boolean;
  version: number;
  updatedAt: Instant;
};
export type RuleFields = Omit<RuleRow, 'rule' | 'version' | 'updatedAt'>;
const COLUMNS = ['rule', 'offsetDays', 'offsetHours', 'channels', 'lastUsefulMin', 'enabled', 'version', 'updatedAt'];

export async function insertRules(tx: Tx, rules: (RuleFields & { rule: ReminderTrigger })[], now: Instant): Promise<void> {
  await tx('reminderRules').insert(rules.map((rule) => ({ businessId: tx.raw('current_business()'), ...rule, updatedAt: now })));
}

/** The earliest reminder first. */
export async function listRules(tx: Tx): Promise<RuleRow[]> {
  return tx('reminderRules').orderByRaw('coalesce(offset_days * 24, offset_hours) desc, rule').select<RuleRow[]>(COLUMNS);
}

/** Throws RowChanged, RowMissing. */
export async function updateRule(
  tx: Tx,
  edit: { rule: ReminderTrigger; fields: RuleFields; ifVersion: number | null; now: Instant },
): Promise<RuleRow> {
  const { rule, fields, ifVersion, now } = edit;
  const before = one('reminder rule', await tx('reminderRules').where({ rule }).forUpdate().select<{ version: number }[]>('version'));
  if (ifVersion !== null && before.version !== ifVersion) throw new RowChanged('reminder rule');
  const rows = await tx('reminderRules')
    .where({ rule })
    .update({ ...fields, version: before.version + 1, updatedAt: now })
    .returning<RuleRow[]>(COLUMNS);
  return one('reminder rule', rows);
}
