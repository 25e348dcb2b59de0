import { z } from 'zod';
import type { QuarantinedRow } from '../../db/quarantine';
import { CHANNELS, id, instantOut } from '../wire';

export const QuarantinedView = z
  .object({
    id,
    channel: z.enum(CHANNELS),
    from: z.string().nullable().meta({ description: 'the number or address: how else could anybody tell whose it is' }),
    body: z.string().nullable(),
    media_types: z.array(z.string()),
    state: z.enum(['waiting', 'assigned', 'dismissed']),
    contact_id: id.nullable(),
    received_at: instantOut,
  })
  .meta({ id: 'QuarantinedMessage' });

/** A message of an unknown sender as staff see it. */
export const presentQuarantined = ({
  id: messageId,
  channel,
  fromAddress,
  body,
  mediaTypes,
  quarantine,
  contactId,
  createdAt,
}: QuarantinedRow) => ({
  id: messageId,
  channel,
  from: fromAddress,
  body,
  mediaTypes,
  state: quarantine,
  contactId,
  receivedAt: createdAt,
});
