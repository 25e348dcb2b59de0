import { findMessageTimes, findPersonVisits } from '../../db/handset';
import { listAppointmentMessages } from '../../db/messages';
import { withBusiness } from '../../db/tenancy';
import type { Instant } from '../../domain/time';
import type { PushState } from '../watched-clock';
import type { HandsetDeps } from './deps';
import { entriesOf, feedOf, type FeedItem, type Ledger } from './feed';
import type { Scope } from './scope';
import type { VisitView } from './timeline';

/** What changes by itself on the page. */
export type Live = { now: Instant; offsetMs: number; push: PushState; feed: FeedItem[]; visits: VisitView[] };

const VISITS = 12;
const UUID = /^[0-9a-f-]{36}$/i;

export async function readLive(deps: HandsetDeps, scope: Scope): Promise<Live> {
  const { db, clock } = deps;
  const { business, person } = scope;
  const { now, offsetMs } = await clock.read(business.id);
  const visits = await withBusiness(db, business.id, async (tx) => {
    const rows = await findPersonVisits(tx, { contactId: person.id, limit: VISITS });
    const views: VisitView[] = [];
    for (const row of rows) views.push({ ...row, messages: await listAppointmentMessages(tx, row.id) });
    return views;
  });
  return { now, offsetMs, push: clock.stateOf(business.id), feed: await readFeed(deps, scope), visits };
}

/** Asks every business for its own messages: none sees another's. */
async function readFeed({ db, clock, log }: HandsetDeps, { demo: { businesses }, person, senders }: Scope): Promise<FeedItem[]> {
  const entries = entriesOf(log, person);
  if (entries.length === 0) return [];
  const ids = entries.flatMap(({ our_id }) => (our_id !== null && UUID.test(our_id) ? [our_id] : []));
  const vendorIds = entries.map(({ vendor_id }) => vendor_id);
  const ledgers: Ledger[] = [];
  for (const business of businesses) {
    const messages = await withBusiness(db, business.id, (tx) => findMessageTimes(tx, { ids, vendorIds }));
    const whatsapp = senders.find(({ id }) => id === business.id)?.whatsapp ?? null;
    ledgers.push({ business, whatsapp, messages, offsetMs: (await clock.read(business.id)).offsetMs });
  }
  return feedOf(entries, ledgers);
}
