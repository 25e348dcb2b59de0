import { findProcess } from '../../db/processes';
import { withBusiness } from '../../db/tenancy';
import type { Channel } from '../../domain/message';
import type { Instant } from '../../domain/time';
import { appointmentProcess } from '../../workflows/contracts/appointment';
import type { Reply } from './api';
import { until } from './eventually';
import type { Salon } from './salon';
import type { World } from './world';

/** A line of the ledger, as the API shows it. */
export type Line = {
  id: string;
  rule: string | null;
  channel: Channel;
  direction: 'out' | 'in';
  recipient: 'contact' | 'staff';
  status: string;
  reason: string | null;
  due_at: Instant;
  waiting_until: Instant | null;
  not_after: Instant;
  sent_at: Instant | null;
  body: string | null;
  explanation: string;
};

type View = { id: string; status: string; start_ts: Instant };

/** A booked visit, seen and changed through the API. */
export type Visit = {
  id: string;
  workflowId: string;
  /** 'confirm', 'cancel', 'no-show', … or 'reschedule' with a body. Throws unless it was answered with 200. */
  change: (what: string, body?: Record<string, unknown>) => Promise<View>;
  tryTo: (what: string, body?: Record<string, unknown>) => Promise<Reply<View>>;
  move: (startsAt: Instant) => Promise<View>;
  status: () => Promise<string>;
  messages: () => Promise<Line[]>;
  /** What became of each message to the contact (or to staff), in the order of time: 'confirmation sent 03-06 15:00', '7d skipped past_due'. */
  story: (recipient?: Line['recipient']) => Promise<string[]>;
  /** Resolves when the engine has planned the newest change. */
  planned: () => Promise<void>;
};

type Booking = { startsAt: Instant; staffId?: string; contactId?: string };

/** Books through the API. Throws unless the answer is 201. */
export async function aVisit(world: World, salon: Salon, { startsAt, staffId, contactId = salon.contactId }: Booking): Promise<Visit> {
  const body = {
    contact_id: contactId,
    service_id: salon.serviceId,
    start_ts: startsAt,
    ...(staffId !== undefined && { staff_id: staffId }),
  };
  const booked = await world.call<View>(salon, 'POST /appointments', body);
  if (booked.status !== 201) throw new Error(`not booked: ${booked.status} ${JSON.stringify(booked.body)}`);
  return visitOf(world, salon, booked.body.id);
}

export function visitOf(world: World, salon: Salon, id: string): Visit {
  const { workflowId } = appointmentProcess(id);
  const tryTo: Visit['tryTo'] = (what, asked) => world.call<View>(salon, `POST /appointments/${id}/${what}`, asked ?? {});
  const change: Visit['change'] = async (what, asked) => {
    const { status, body } = await tryTo(what, asked);
    if (status !== 200) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const messages = async (): Promise<Line[]> =>
    (await world.call<{ messages: Line[] }>(salon, `GET /appointments/${id}/messages`)).body.messages;
  return {
    id,
    workflowId,
    change,
    tryTo,
    move: (startsAt) => change('reschedule', { start_ts: startsAt }),
    status: async () => (await world.call<View>(salon, `GET /appointments/${id}`)).body.status,
    messages,
    story: async (recipient = 'contact') =>
      (await messages()).filter((line) => line.direction === 'out' && line.recipient === recipient).map(toWords),
    planned: () => until(`${workflowId} plans its newest change`, () => isPlanned(world, salon, workflowId)),
  };
}

async function isPlanned({ db }: World, { id: businessId }: Salon, workflowId: string): Promise<boolean> {
  const process = await withBusiness(db, businessId, (tx) => findProcess(tx, workflowId));
  return process !== undefined && process.plannedVersion === process.version;
}

/** The vendor's report comes when it comes: delivered is sent. */
function toWords({ rule, channel, status, reason, due_at, waiting_until, sent_at }: Line): string {
  const name = [rule, ...(channel === 'email' ? ['by e-mail'] : [])].join(' ');
  switch (status) {
    case 'sent':
    case 'delivered':
      return `${name} sent ${minute(sent_at ?? '')}`;
    case 'planned':
      return `${name} planned ${minute(waiting_until ?? due_at)}`;
    default:
      return [name, status, ...(reason === null ? [] : [reason])].join(' ');
  }
}

/** 2027-03-06T15:00:12.345Z → 03-06 15:00 */
const minute = (at: Instant): string => at.slice(5, 16).replace('T', ' ');
