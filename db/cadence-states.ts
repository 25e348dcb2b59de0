import type { CadenceEnding } from '../domain/cadence';
import type { Bucket } from '../domain/lead-status';
import type { MessageStatus, Reason } from '../domain/message';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

/** One person's way through one cadence. */
export type CadenceStateRow = {
  id: string;
  cadenceId: string;
  contactId: string;
  /** The visit that they missed. */
  appointmentId: string | null;
  status: 'active' | 'ended';
  endedReason: CadenceEnding | null;
  endedAt: Instant | null;
  /** The step that is next, or was last. */
  step: number;
  /** Null once it has ended. */
  nextActionAt: Instant | null;
  /** When the message of this step was planned. */
  queuedAt: Instant | null;
  sentAt: Instant | null;
  /** How the last message that had its turn fared; null: none had. */
  lastStatus: MessageStatus | null;
  /** Marks of outcomes that the ledger of events has heard (domain/cadence.ts). */
  noted: string[];
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

export type NewState = Pick<CadenceStateRow, 'id' | 'cadenceId' | 'contactId' | 'appointmentId'> & { now: Instant };

/** Enrols a person. Undefined: they are in a cadence since a moment ago. Throws a foreign key violation (23503) for ids of nobody or of another business. */
export async function insertState(tx: Tx, { now, ...row }: NewState): Promise<CadenceStateRow | undefined> {
  const [created] = await tx('cadenceStates')
    .insert({ businessId: tx.raw('current_business()'), ...row, nextActionAt: now, createdAt: now, updatedAt: now })
    .onConflict(tx.raw(`(business_id, contact_id) where status = 'active'`))
    .ignore()
    .returning<CadenceStateRow[]>('*');
  return created;
}

/** Throws RowMissing. For update: the plan takes it first, and so does what ends it. */
export async function findState(tx: Tx, id: string, lock?: 'forUpdate'): Promise<CadenceStateRow> {
  const query = tx('cadenceStates').where({ id });
  return one('cadence state', await (lock ? query.forUpdate() : query).select<CadenceStateRow[]>('*'));
}

/** Whether an enrolment still runs: read again at the message's mark, whose row whatever ends it waits for. */
export const isEnrolled = async (tx: Tx, id: string): Promise<boolean> => (await findState(tx, id)).status === 'active';

/** What a person is in, locked, with its priority. */
export async function lockActive(tx: Tx, contactId: string): Promise<(CadenceStateRow & { priority: number }) | undefined> {
  const { rows } = await tx.raw<{ rows: (CadenceStateRow & { priority: number })[] }>(
    `select s.*, d.priority from cadence_states s join cadences d on d.id = s.cadence_id
     where s.contact_id = ? and s.status = 'active' for update of s`,
    [contactId],
  );
  return rows[0];
}

/** A person's last enrolment in a cadence, running or not. */
export async function findLatest(tx: Tx, of: { contactId: string; cadenceId: string }): Promise<CadenceStateRow | undefined> {
  const [row] = await tx('cadenceStates')
    .where(of)
    .orderBy([
      { column: 'createdAt', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(1)
    .select<CadenceStateRow[]>('*');
  return row;
}

/** Which enrolments end: all of these people, those in one cadence, or the one that a visit started. */
export type EndingOf = { contactIds: string[]; cadenceId?: string; appointmentId?: string };
export type Ended = { id: string; version: number };

/**
 * Ends enrolments and drops what has not left yet, in the fact's own transaction. A message at its mark is waited for: its row is locked there. Answers what to
 * ring. In the order of their ids, so that two of these cannot deadlock.
 */
export async function endStates(
  tx: Tx,
  { contactIds, cadenceId, appointmentId, reason, now }: EndingOf & { reason: CadenceEnding; now: Instant },
): Promise<Ended[]> {
  if (contactIds.length === 0) return [];
  const { rows } = await tx.raw<{ rows: Ended[] }>(
    `with running as (select id from cadence_states where contact_id = any(:contactIds::uuid[]) and status = 'active'
       and (:cadenceId::uuid is null or cadence_id = :cadenceId::uuid) and (:appointmentId::uuid is null or appointment_id = :appointmentId::uuid)
       order by id for update)
     update cadence_states s set status = 'ended', ended_reason = :reason, ended_at = :now, next_action_at = null, version = version + 1, updated_at = :now
     from running where s.id = running.id returning s.id, s.version`,
    { contactIds, cadenceId: cadenceId ?? null, appointmentId: appointmentId ?? null, reason, now },
  );
  await dropPlanned(
    tx,
    rows.map(({ id }) => id),
    { reason: 'cadence_ended', now },
  );
  return rows;
}

/** Drops what of these enrolments waits to be sent. */
export async function dropPlanned(tx: Tx, stateIds: string[], { reason, now }: { reason: Reason; now: Instant }): Promise<void> {
  if (stateIds.length === 0) return;
  await tx('messages')
    .whereIn('cadenceStateId', stateIds)
    .whereIn('status', ['planned', 'held'])
    .update({ status: 'skipped', reason, updatedAt: now });
}

export type Progress = Pick<CadenceStateRow, 'id' | 'step' | 'queuedAt'> & { nextActionAt: Instant };

/** What comes next. An end is its own (endStates). */
export async function noteProgress(tx: Tx, { id, ...progress }: Progress, now: Instant): Promise<void> {
  await tx('cadenceStates')
    .where({ id })
    .update({ ...progress, updatedAt: now });
}

/** How its messages fared so far, and which outcomes the ledger of events has heard. */
export async function noteFares(tx: Tx, { id, ...fares }: Pick<CadenceStateRow, 'id' | 'sentAt' | 'lastStatus' | 'noted'>): Promise<void> {
  await tx('cadenceStates').where({ id }).update(fares);
}

/** Whose enrolments a change concerns; neither of them: everybody's. */
export type StatesOf = { contactIds?: string[]; cadenceId?: string };

/** Raises the version of running enrolments, so that their processes plan again, and answers what to ring. */
export async function touchStates(tx: Tx, { contactIds, cadenceId, now }: StatesOf & { now: Instant }): Promise<Ended[]> {
  const { rows } = await tx.raw<{ rows: Ended[] }>(
    `with running as (select id from cadence_states where status = 'active'
       and (:contactIds::uuid[] is null or contact_id = any(:contactIds::uuid[])) and (:cadenceId::uuid is null or cadence_id = :cadenceId::uuid)
       order by id for update)
     update cadence_states s set version = version + 1, updated_at = :now from running where s.id = running.id returning s.id, s.version`,
    { contactIds: contactIds ?? null, cadenceId: cadenceId ?? null, now },
  );
  return rows;
}

/** The same of enrolments by their ids, ended ones too: one of their messages changed. */
export async function touchStatesById(tx: Tx, ids: string[], now: Instant): Promise<Ended[]> {
  if (ids.length === 0) return [];
  return tx('cadenceStates')
    .whereIn('id', [...ids].sort())
    .update({ version: tx.raw('version + 1'), updatedAt: now })
    .returning<Ended[]>(['id', 'version']);
}

export type QueueLine = Pick<CadenceStateRow, 'contactId' | 'cadenceId' | 'step' | 'lastStatus'> & {
  bucket: Bucket | null;
  nextActionAt: Instant;
};
export type QueuePage = { cadenceId?: string; bucket?: string; after?: { at: Instant; contactId: string }; limit: number };

/** Who is in a cadence, by when something happens next. */
export async function listQueue(tx: Tx, { cadenceId, bucket, after, limit }: QueuePage): Promise<QueueLine[]> {
  const query = tx('cadenceStates as s')
    .leftJoin('leadStatus as l', 'l.contactId', 's.contactId')
    .where({ 's.status': 'active' })
    .orderBy([{ column: 's.nextActionAt' }, { column: 's.contactId' }])
    .limit(limit);
  if (cadenceId !== undefined) void query.where({ 's.cadenceId': cadenceId });
  if (bucket !== undefined) void query.where({ 'l.bucket': bucket });
  if (after) void query.whereRaw('(s.next_action_at, s.contact_id) > (?::timestamptz, ?::uuid)', [after.at, after.contactId]);
  return query.select<QueueLine[]>('s.contactId', 's.cadenceId', 's.step', 'l.bucket', 's.nextActionAt', 's.lastStatus');
}

/** Of a person who is erased: what was never written about goes, the rest names nobody. */
export async function forgetStates(tx: Tx, contactId: string): Promise<void> {
  await tx('cadenceStates')
    .where({ contactId })
    .whereNotExists(tx('messages').whereRaw('messages.cadence_state_id = cadence_states.id').select(tx.raw('1')))
    .delete();
}
