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
const SELECT = `select d.*, ${STEPS} as steps from cadences d`;

/** What a business begins with. `newId` names each. */
export async function insertCadences(
  tx: Tx,
  cadences: readonly DefaultCadence[],
  { newId, now }: { newId: () => string; now: Instant },
): Promise<void> {
  for (const { steps, name, ...cadence } of cadences) {
    const id = newId();
    const row = { ...cadence, id, nameEn: name.en, nameEs: name.es, createdAt: now, updatedAt: now };
    await tx('cadences').insert({ businessId: tx.raw('current_business()'), ...row });
    await insertSteps(tx, id, steps);
  }
}

type NewStep = Omit<CadenceStep, 'position'>;

async function insertSteps(tx: Tx, cadenceId: string, steps: readonly NewStep[]): Promise<void> {
  if (steps.length === 0) return;
  await tx('cadenceSteps').insert(
    steps.map((step, i) => ({ businessId: tx.raw('current_business()'), cadenceId, position: i + 1, ...step })),
  );
}

/** The most important first. */
export async function listCadences(tx: Tx): Promise<CadenceWithSteps[]> {
  const { rows } = await tx.raw<{ rows: CadenceWithSteps[] }>(`${SELECT} order by d.priority desc, d.key`);
  return rows;
}

/** Throws RowMissing. */
export async function findCadence(tx: Tx, id: string): Promise<CadenceWithSteps> {
  const { rows } = await tx.raw<{ rows: CadenceWithSteps[] }>(`${SELECT} where d.id = ?`, [id]);
  return one('cadence', rows);
}

/** What starts by itself on this; undefined: the business has none. */
export async function findTriggered(tx: Tx, trigger: Exclude<CadenceTrigger, 'manual'>): Promise<CadenceRow | undefined> {
  const [row] = await tx('cadences').where({ trigger }).select<CadenceRow[]>('*');
  return row;
}

export type CadenceChange = Partial<Pick<CadenceRow, 'enabled' | 'priority' | 'winbackWeeks'>>;

/** Changes a cadence; `steps` replaces all of them. Throws RowChanged, RowMissing. */
export async function updateCadence(
  tx: Tx,
  { fields, steps, ...edit }: Omit<Edit, 'fields'> & { fields: CadenceChange; steps?: NewStep[] | undefined },
): Promise<CadenceWithSteps> {
  const { id } = await editRow<CadenceRow>(tx, { table: 'cadences', what: 'cadence' }, { ...edit, fields });
  if (steps !== undefined) {
    await tx('cadenceSteps').where({ cadenceId: id }).delete();
    await insertSteps(tx, id, steps);
  }
  return findCadence(tx, id);
}
