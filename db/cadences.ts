import type { CadenceClass, CadenceStep, CadenceTrigger } from '../domain/cadence';
import type { DefaultCadence } from '../domain/cadence-defaults';
import type { Instant } from '../domain/time';
import { editRow, type Edit } from './editing';
import { one } from './errors';
import type { Tx } from './tenancy';

export type CadenceRow = {
  id: string;
  key: string;
  nameEn: string;
  nameEs: string;
  trigger: CadenceTrigger;
  /** The higher one has a person to itself. */
  priority: number;
  enabled: boolean;
  /** False: taken away; who was in it can still be read. */
  active: boolean;
  /** So many weeks without a visit start a winback; null for all else. */
  winbackWeeks: number | null;
  messageClass: CadenceClass;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};
export type CadenceWithSteps = CadenceRow & { steps: CadenceStep[] };

/** The steps of the cadence `d` of an outer query, in order. */
export const STEPS = `(select coalesce(jsonb_agg(jsonb_build_object('position', p.position, 'waitMin', p.wait_min, 'templateKey', p.template_key, 'channels', p.channels)
    order by p.position), '[]') from cadence_steps p where p.cadence_id = d.id)`;
const CADENCES = { table: 'cadences', what: 'cadence' } as const;
const SELECT = `select d.*, ${STEPS} as steps from cadences d`;

/** Whether a step of a cadence that was not taken away says this template's words. */
export async function isInCadence(tx: Tx, templateKey: string): Promise<boolean> {
  const active = tx('cadences').where({ active: true }).select('id');
  const steps = await tx('cadenceSteps').where({ templateKey }).whereIn('cadenceId', active).limit(1).select('cadenceId');
  return steps.length > 0;
}

type NewStep = Omit<CadenceStep, 'position'>;
export type NewCadence = Omit<DefaultCadence, 'steps'> & { steps: readonly NewStep[] };

/** What a business begins with. `newId` names each. */
export async function insertCadences(
  tx: Tx,
  cadences: readonly DefaultCadence[],
  { newId, now }: { newId: () => string; now: Instant },
): Promise<void> {
  for (const cadence of cadences) await insertCadence(tx, { ...cadence, id: newId(), now });
}

/** Null: the business has one of this key. */
export async function insertCadence(
  tx: Tx,
  { steps, name, now, ...cadence }: NewCadence & { id: string; now: Instant },
): Promise<CadenceWithSteps | null> {
  const row = { ...cadence, nameEn: name.en, nameEs: name.es, createdAt: now, updatedAt: now };
  const [created] = await tx('cadences')
    .insert({ businessId: tx.raw('current_business()'), ...row })
    .onConflict(tx.raw('(business_id, key) where active'))
    .ignore()
    .returning<{ id: string }[]>('id');
  if (!created) return null;
  await insertSteps(tx, created.id, steps);
  return findCadence(tx, created.id);
}

async function insertSteps(tx: Tx, cadenceId: string, steps: readonly NewStep[]): Promise<void> {
  if (steps.length === 0) return;
  await tx('cadenceSteps').insert(
    steps.map((step, i) => ({ businessId: tx.raw('current_business()'), cadenceId, position: i + 1, ...step })),
  );
}

/** All that there are, the most important first. */
export async function listCadences(tx: Tx): Promise<CadenceWithSteps[]> {
  const { rows } = await tx.raw<{ rows: CadenceWithSteps[] }>(`${SELECT} where d.active order by d.priority desc, d.key`);
  return rows;
}

/** Throws RowMissing, also for one that was taken away. */
export async function findCadence(tx: Tx, id: string): Promise<CadenceWithSteps> {
  const { rows } = await tx.raw<{ rows: CadenceWithSteps[] }>(`${SELECT} where d.id = ? and d.active`, [id]);
  return one('cadence', rows);
}

/** What starts by itself on this; undefined: the business has none. */
export async function findTriggered(tx: Tx, trigger: Exclude<CadenceTrigger, 'manual'>): Promise<CadenceRow | undefined> {
  const [row] = await tx('cadences').where({ trigger }).select<CadenceRow[]>('*');
  return row;
}

export type CadenceChange = Partial<Pick<CadenceRow, 'nameEn' | 'nameEs' | 'enabled' | 'priority' | 'winbackWeeks'>>;

/** Changes a cadence; `steps` replaces all of them. Throws RowChanged, RowMissing. */
export async function updateCadence(
  tx: Tx,
  { fields, steps, ...edit }: Omit<Edit, 'fields'> & { fields: CadenceChange; steps?: NewStep[] | undefined },
): Promise<CadenceWithSteps> {
  const { id } = await editRow<CadenceRow>(tx, CADENCES, { ...edit, fields });
  if (steps !== undefined) {
    await tx('cadenceSteps').where({ cadenceId: id }).delete();
    await insertSteps(tx, id, steps);
  }
  return findCadence(tx, id);
}

/** Takes a cadence away: it is off, and nobody is shown it. Throws RowMissing. */
export async function retireCadence(tx: Tx, { id, now }: { id: string; now: Instant }): Promise<void> {
  await editRow<CadenceRow>(tx, CADENCES, { id, fields: { active: false, enabled: false }, ifVersion: null, now });
}
