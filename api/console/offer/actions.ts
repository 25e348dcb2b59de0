import { v7 as newId } from 'uuid';
import { recordAudit } from '../../../db/audit';
import { isDeadlock } from '../../../db/errors';
import { withBusiness, type Tx } from '../../../db/tenancy';
import { noteBooked } from '../../../db/waitlist';
import type { Instant } from '../../../domain/time';
import { book } from '../../booking';
import type { ApiDeps } from '../../deps';
import { conflict, Problem } from '../../problem';
import { acceptOffer, declineOffer } from '../../waitlist';
import { isNextTime, type OpenedOffer } from './opened';
import type { Said } from './words';

// What a contact may do with an offer, by its link. Each is safe to repeat: a second tap finds it done. Null: done, the page shows it.

type Tapped = { opened: OpenedOffer; requestId: string };

export function takeOffer(deps: ApiDeps, tapped: Tapped): Promise<Said | null> {
  const { offer, now } = tapped.opened;
  return act(deps, tapped, {
    action: 'waitlist_offer.accepted',
    change: async (tx) => ((await acceptOffer(tx, { offerId: offer.id, by: 'contact', now }, deps)).kind === 'lost' ? 'late' : null),
  });
}

export function passOffer(deps: ApiDeps, tapped: Tapped): Promise<Said | null> {
  const { offer, now } = tapped.opened;
  return act(deps, tapped, {
    action: 'waitlist_offer.declined',
    change: async (tx) => {
      await declineOffer(tx, { offerId: offer.id, now });
      return null;
    },
  });
}

/** Books another time from the page of an offer that came too late. */
export async function bookInstead(deps: ApiDeps, tapped: Tapped, startsAt: Instant): Promise<Said | null> {
  const { offer, now } = tapped.opened;
  const { contactId, serviceId, entryId } = offer;
  const change = async (tx: Tx): Promise<Said> => {
    if (!(await isNextTime(tx, { offer, now }, startsAt))) throw conflict();
    const visit = { id: newId(), contactId, serviceId, staffId: null, startsAt, by: 'contact' as const, now };
    await book(tx, { ...visit, source: 'waitlist', externalRef: null, note: null }, deps);
    await noteBooked(tx, { id: entryId, now });
    return 'booked';
  };
  try {
    return await act(deps, tapped, { action: 'appointment.booked', change });
  } catch (error) {
    if (error instanceof Problem && (error.code === 'conflict' || error.code === 'appointment.in_the_past')) return 'taken';
    throw error;
  }
}

type Action = { action: string; change: (tx: Tx) => Promise<Said | null> };

async function act(deps: ApiDeps, { opened, requestId }: Tapped, { action, change }: Action): Promise<Said | null> {
  const { businessId, offer, now } = opened;
  try {
    return await withBusiness(deps.db, businessId, async (tx) => {
      const said = await change(tx);
      const entry = {
        id: newId(),
        actorKind: 'contact',
        actorId: offer.contactId,
        action,
        subjectKind: 'waitlist_offer',
        subjectId: offer.id,
      };
      if (said !== 'late') await recordAudit(tx, { ...entry, changes: { fields: [] }, requestId, now });
      return said;
    });
  } catch (error) {
    if (isDeadlock(error)) return 'again';
    throw error;
  }
}
