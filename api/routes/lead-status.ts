import { z } from 'zod';
import { findContact } from '../../db/contacts';
import { countBuckets, findLeadStatus, setLeadStatus } from '../../db/lead-status';
import { BUCKETS } from '../../domain/lead-status';
import { BucketCountView, LeadStatusView, presentCounts, presentLeadStatus } from '../presenters/lead-status';
import { route } from '../route';
import { ById, instantIn, text } from '../wire';

const tag = 'Leads';

const getStatus = route(
  {
    method: 'get',
    path: '/leads/:id/status',
    tag,
    summary: 'Where somebody stands with the business',
    description: '`id` is the contact’s.',
    role: 'viewer',
    params: ById,
    response: LeadStatusView,
  },
  async ({ tx, params }) => {
    const { id } = await findContact(tx, params.id);
    return presentLeadStatus(await findLeadStatus(tx, id));
  },
);

const setStatus = route(
  {
    method: 'post',
    path: '/leads/:id/status',
    tag,
    summary: 'Say where somebody stands',
    description:
      'Bookings, no-shows, replies and opt-outs move people by themselves; what is said here stands until something newer happens. What is left out stays as it is; ' +
      'null empties `tag` and `next_action_at`.',
    action: 'lead_status.set',
    role: 'staff',
    params: ById,
    body: z
      .object({ bucket: z.enum(BUCKETS), tag: text(60).nullable().optional(), next_action_at: instantIn.nullable().optional() })
      .meta({ example: { bucket: 'engaged', tag: 'wants a quote', next_action_at: '2027-03-15T14:00:00Z' } }),
    response: LeadStatusView,
  },
  async ({ tx, params, body: { bucket, tag: word, nextActionAt }, ifVersion, now }) => {
    const { id } = await findContact(tx, params.id);
    return presentLeadStatus(await setLeadStatus(tx, { contactId: id, bucket, tag: word, nextActionAt, ifVersion, now }));
  },
);

const distribution = route(
  {
    method: 'get',
    path: '/buckets/distribution',
    tag,
    summary: 'How many people stand where',
    description: 'People of whom nothing is known yet are in no bucket.',
    role: 'viewer',
    response: z.array(BucketCountView),
  },
  async ({ tx }) => presentCounts(await countBuckets(tx)),
);

export const leadStatusRoutes = [getStatus, setStatus, distribution];
