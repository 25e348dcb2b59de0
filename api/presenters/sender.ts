import { z } from 'zod';
import type { SenderRow } from '../../db/senders';
import { mayText, SEGMENTS_PER_SECOND } from '../../domain/registration';
import { id, instantOut } from '../wire';

export const SENDER_KINDS = ['long_code', 'toll_free', 'short_code'] as const;
export const REGISTRATIONS = ['not_started', 'pending', 'approved', 'rejected'] as const;

export const SenderView = z
  .object({
    id,
    address: z.string().meta({ description: 'a number, a short code or a Messaging Service (MG…)' }),
    kind: z.enum(SENDER_KINDS),
    registration: z.object({
      state: z.enum(REGISTRATIONS),
      since: instantOut,
      reason: z.string().nullable().meta({ description: "why it was rejected, or the carriers' code" }),
    }),
    may_text: z.boolean().meta({ description: 'false: texts are held until it is approved; e-mail goes on' }),
    segments_per_second: z.int(),
    version: z.int(),
    created_at: instantOut,
  })
  .meta({ id: 'Sender' });

export const presentSender = (row: SenderRow) => ({
  id: row.id,
  address: row.address,
  kind: row.kind,
  registration: { state: row.registration, since: row.registrationSince, reason: row.registrationReason },
  mayText: mayText(row.registration),
  segmentsPerSecond: SEGMENTS_PER_SECOND[row.kind],
  version: row.version,
  createdAt: row.createdAt,
});
