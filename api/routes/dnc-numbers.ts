import { v7 as newId } from 'uuid';
import { z } from 'zod';
import {
  findContactIdsByPhone,
  findDncNumber,
  insertDncNumbers,
  listDncNumbers,
  removeDncNumber,
  type NewDncNumber,
} from '../../db/dnc-numbers';
import type { Tx } from '../../db/tenancy';
import type { Instant } from '../../domain/time';
import type { Caller } from '../caller';
import { DNC_REJECTS, MOST_DNC_ROWS, readDncFile } from '../dnc-file';
import { phoneIn } from '../phone';
import { DncNumberView, presentDncNumber } from '../presenters/dnc-number';
import { conflict, notFound } from '../problem';
import { replanVisits } from '../replan';
import { route } from '../route';
import { writeTable } from '../table-file';
import { ById, pageOf, pageQueryById, text, toPage } from '../wire';

const tag = 'Compliance';

const add = route(
  {
    method: 'post',
    path: '/dnc-numbers',
    tag,
    summary: 'Put a number on the own do-not-call list',
    description: 'From then on it gets no automated text and no call; answers to its own messages still go. E-mail is not concerned.',
    action: 'dnc_number.added',
    role: 'staff',
    body: z.object({ phone: phoneIn, reason: text(200).meta({ example: 'asked at the desk' }) }),
    status: 201,
    response: DncNumberView,
    problems: ['already_exists'],
  },
  async ({ tx, body: { phone, reason }, caller, deps, now }) => {
    const number = { id: newId(), numberE164: phone, numberHash: deps.hash.address(caller.businessId, phone), reason };
    const added = await insertDncNumbers(tx, [number], { source: 'manual', createdBy: who(caller), now });
    if (added.length === 0) throw conflict('already_exists');
    await replan(tx, added, now);
    const row = await findDncNumber(tx, number.numberHash);
    if (!row) throw notFound();
    return presentDncNumber(row);
  },
);

const list = route(
  {
    method: 'get',
    path: '/dnc-numbers',
    tag,
    summary: 'The own do-not-call list, newest first; by a number or some of its digits',
    role: 'viewer',
    query: z.object({
      phone: phoneIn.optional(),
      digits: z
        .string()
        .regex(/^\d{3,15}$/)
        .optional(),
      ...pageQueryById,
    }),
    response: pageOf(DncNumberView),
  },
  async ({ tx, query: { phone, digits, cursor, limit }, caller, deps }) => {
    const filter = {
      ...(phone !== undefined && { numberHash: deps.hash.address(caller.businessId, phone) }),
      ...(digits !== undefined && { digits }),
      ...(cursor !== undefined && { before: cursor }),
    };
    const rows = await listDncNumbers(tx, { ...filter, limit: limit + 1 });
    return toPage(rows, { limit, present: presentDncNumber, keyOf: (row) => row.id });
  },
);

const remove = route(
  {
    method: 'delete',
    path: '/dnc-numbers/:id',
    tag,
    summary: 'Take a number off the own list',
    description: 'Who put it there, who took it off and why is kept.',
    action: 'dnc_number.removed',
    role: 'admin',
    params: ById,
    query: z.object({ reason: z.enum(['entered_by_mistake', 'person_asked', 'number_reassigned', 'no_longer_required']) }),
    status: 204,
  },
  async ({ tx, params, query: { reason }, caller, now }) => {
    const numberHash = await removeDncNumber(tx, { id: params.id, reason, removedBy: who(caller), now });
    await replan(tx, [numberHash], now);
  },
);

const importFile = route(
  {
    method: 'post',
    path: '/dnc-numbers/import',
    tag,
    summary: 'Put the numbers of a CSV file on the own list',
    description: `Columns phone, and reason if there is one; up to ${String(MOST_DNC_ROWS)} rows. Numbers that are listed already are left as they are.`,
    action: 'dnc_number.imported',
    role: 'admin',
    body: z.object({ reason: text(200).default('csv import') }),
    file: { field: 'file', maxBytes: 8_000_000 },
    response: z
      .object({
        counts: z.object({ rows: z.int(), added: z.int(), known: z.int(), rejected: z.int() }),
        rejects: z.array(z.object({ row: z.int(), reason: z.enum(DNC_REJECTS) })),
      })
      .meta({ id: 'DncImport' }),
    problems: ['malformed_upload'],
  },
  async ({ tx, file, body, caller, deps, now }) => {
    const { lines, rejects } = readDncFile(file);
    const numbers = new Map<string, NewDncNumber>();
    for (const { number, reason } of lines)
      numbers.set(number, {
        id: newId(),
        numberE164: number,
        numberHash: deps.hash.address(caller.businessId, number),
        reason: reason ?? body.reason,
      });
    const added = await insertDncNumbers(tx, [...numbers.values()], { source: 'csv_import', createdBy: who(caller), now });
    await replan(tx, added, now);
    const counts = {
      rows: lines.length + rejects.length,
      added: added.length,
      known: lines.length - added.length,
      rejected: rejects.length,
    };
    return { counts, rejects };
  },
);

const exportFile = route(
  {
    method: 'get',
    path: '/dnc-numbers/export',
    tag,
    summary: 'The own do-not-call list as a CSV file',
    role: 'admin',
    produces: 'text/csv',
    response: z.string(),
  },
  async ({ tx }) => {
    const rows = await listDncNumbers(tx, { limit: MOST_DNC_ROWS });
    return writeTable(
      ['phone', 'reason', 'source', 'created_by', 'created_at'],
      rows.map(({ numberE164, reason, source, createdBy, createdAt }) => [numberE164, reason, source, createdBy, createdAt]),
    );
  },
);

const who = ({ kind, id }: Caller): string => `${kind}:${id}`;

/** What may be sent to the people of these numbers has changed: their visits plan again. */
async function replan(tx: Tx, numberHashes: string[], now: Instant): Promise<void> {
  const contactIds = await findContactIdsByPhone(tx, numberHashes);
  await replanVisits(tx, { contactIds, lane: 1, now });
}

export const dncNumberRoutes = [exportFile, importFile, add, list, remove];
