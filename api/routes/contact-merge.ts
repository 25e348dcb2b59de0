import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { recordEvent } from '../../db/events-ledger';
import { contactDetail } from '../contact-detail';
import { mergeContacts } from '../contact-merge';
import { ContactDetailView } from '../presenters/contact';
import { route } from '../route';
import { ById, id } from '../wire';

const merge = route(
  {
    method: 'post',
    path: '/contacts/:id/merge',
    tag: 'Contacts',
    summary: 'Make two contacts one: they are the same person',
    description:
      'The contact in the path is kept, with its own name and addresses; what it lacks comes from the other. Visits, messages, the conversation, waitlist, cadence and ' +
      'identities move to it. Of consents and opt-outs the stricter holds; a consent for an address that goes is not taken over. The other is gone for good: there is no ' +
      'undo. The same again moves what came to it meanwhile.',
    action: 'contact.merged',
    role: 'admin',
    params: ById,
    body: z.object({ contact_id: id.meta({ description: 'the contact that goes' }) }),
    response: z
      .object({
        contact: ContactDetailView,
        moved: z.object({ appointments: z.int(), messages: z.int(), waitlist_entries: z.int() }),
        dropped: z
          .object({ phone: z.string().nullable(), email: z.string().nullable() })
          .meta({ description: 'addresses of the other that are not written to any more; what comes from there still finds this contact' }),
      })
      .meta({ id: 'ContactMerge' }),
    problems: ['contact.merged_elsewhere'],
  },
  async ({ tx, params: { id: keptId }, body: { contactId: goneId }, caller, now }) => {
    const { contact, moved, dropped } = await mergeContacts(tx, { keptId, goneId, by: `${caller.kind}:${caller.id}`, now });
    await recordEvent(tx, { id: newId(), type: 'contact_merged', subjectId: keptId, payload: { gone_id: goneId }, now });
    const { appointments, messages, waitlist_entries: waitlistEntries } = moved;
    return { contact: await contactDetail(tx, contact, now), moved: { appointments, messages, waitlistEntries }, dropped };
  },
);

export const contactMergeRoutes = [merge];
