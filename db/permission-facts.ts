import type { PermissionFacts } from '../domain/permission';
import type { Instant } from '../domain/time';
import { one } from './errors';
import { FROM_NUMBER, SENDER_REGISTRATION, identity } from './plan-facts';
import type { Tx } from './tenancy';

/** `dncSince`: an answer of the external do-not-call list counts if it is not older, by the machine's clock; null: none is asked. */
export type PermissionQuery = { contactId: string; now: Instant; dncSince: Instant | null };

const iso = (timestamp: string): string => `to_char((${timestamp}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A cap over a sliding span: how many began in it, and when the one that makes it full is out of it. */
const cap = ({ from, at, span, limit }: { from: string; at: string; span: string; limit: string }): string => `(
  select jsonb_build_object('used', count(*), 'limit', ${limit},
    'freesAt', case when count(*) >= ${limit} and ${limit} > 0 then ${iso(`(array_agg(${at} order by ${at} desc))[${limit}] + interval '${span}'`)} end)
  from ${from} and ${at} > :now::timestamptz - interval '${span}')`;

// What a business that set nothing has; a test holds these against domain/gate.ts.
const PER_PERSON = 'coalesce(cs.contact_daily_cap, 3)';
const PER_MIN = 'coalesce(cs.outbound_per_min_cap, 5)';
const PER_DAY = 'coalesce(cs.outbound_daily_cap, 50)';

const CALLS = 'call_reservations r where r.released_at is null';

/** All by which a person is reached: number, e-mail, and what WhatsApp calls them. */
const HASHES = `(array[c.phone_hash, c.email_hash] || array(select i.external_hash from contact_identities i where i.contact_id = c.id))`;
/** And all by which they were: what was refused at an address that went with a merge they refused. */
const KNOWN_HASHES = `(${HASHES} || array(select a.address_hash from contact_aliases a where a.contact_id = c.id))`;

/** The newest word of each channel and purpose. What goes beyond visits must be newer than the last opt-out of any address of the kind: START brings back texts, not calls. */
const CONSENTS = `(
  select coalesce(jsonb_agg(jsonb_build_object('channel', s.channel, 'purpose', s.purpose)), '[]')
  from (select distinct on (channel, purpose) channel, purpose, granted, recorded_at from consents where contact_id = c.id
        order by channel, purpose, recorded_at desc, id desc) s
  where s.granted and (s.purpose = 'service' or not exists (
    select 1 from opt_outs o where o.address_hash = any(${KNOWN_HASHES}) and (o.channel = 'email') = (s.channel = 'email') and o.suppressed_at >= s.recorded_at)))`;

const DNC_CHECK = `case when :dncSince::timestamptz is null then 'off' else coalesce(
  (select case when k.listed then 'listed' else 'clear' end from dnc_checks k where k.number_hash = c.phone_hash and k.checked_at >= :dncSince::timestamptz), 'unknown') end`;

/** The PermissionFacts of the contact `c` of an outer query; takes the bindings now and dncSince. */
export const PERMISSION = `(select jsonb_build_object(
    'business', jsonb_build_object('status', b.status, 'quiet', jsonb_build_object('startMinute', b.quiet_start_minute, 'endMinute', b.quiet_end_minute),
      'fromNumber', ${FROM_NUMBER}, 'senderRegistration', ${SENDER_REGISTRATION},
      'postalAddressKnown', b.postal_address is not null,
      'onWhatsApp', exists (select 1 from channel_settings w where w.channel = 'whatsapp' and w.vendor <> 'off')),
    'settings', jsonb_build_object('international', coalesce(cs.international, 'visits'), 'trialOutbound', coalesce(cs.trial_outbound, true)),
    'contact', jsonb_build_object('phone', c.phone_e164, 'email', c.email, 'whatsapp', coalesce(c.phone_e164, (${identity('external_id')})), 'zone', c.zone, 'postalCode', c.postal_code),
    'unusable', (select coalesce(jsonb_agg(k.channel), '[]') from contact_channels k
      where k.address_hash = any(${HASHES}) and k.unusable_at is not null),
    'optOuts', (select coalesce(jsonb_agg(jsonb_build_object('channel', o.channel, 'scope', o.scope, 'reopened', to_jsonb(o.reopened))), '[]') from opt_outs o
      where o.address_hash = any(${KNOWN_HASHES}) and o.lifted_at is null),
    'consents', ${CONSENTS},
    'onOwnDncList', exists (select 1 from dnc_numbers d where d.number_hash = c.phone_hash and d.removed_at is null),
    'dncCheck', ${DNC_CHECK},
    'contactCap', ${cap({ from: 'messages m where m.contact_id = c.id', at: 'm.counted_at', span: '24 hours', limit: PER_PERSON })},
    'callsPerMin', ${cap({ from: CALLS, at: 'r.reserved_at', span: '1 minute', limit: PER_MIN })},
    'callsPerDay', ${cap({ from: CALLS, at: 'r.reserved_at', span: '24 hours', limit: PER_DAY })},
    'written', (select coalesce(jsonb_agg(w.channel), '[]') from unnest(array['sms', 'whatsapp', 'email']) as w (channel) where exists (
      select 1 from messages m where m.contact_id = c.id and m.channel = w.channel and m.direction = 'out' and m.sent_at is not null)))
  from businesses b
  left join compliance_settings cs on cs.business_id = b.id
  where b.id = c.business_id)`;

/** All that decides what may be sent to a contact, over every channel, in one query. Throws RowMissing. */
export async function findPermissionFacts(tx: Tx, query: PermissionQuery): Promise<PermissionFacts> {
  const { rows } = await tx.raw<{ rows: { facts: PermissionFacts }[] }>(
    `select ${PERMISSION} as facts from contacts c where c.id = :contactId`,
    query,
  );
  return one('contact', rows).facts;
}

/**
 * Locks a contact's addresses so that an opt-out, a withdrawal and a send cannot pass each other (R34). Facts are to be read after it: what waited here
 * would else be judged by what was true before.
 */
export async function lockContactAddresses(tx: Tx, contactId: string): Promise<void> {
  await tx.raw(
    `select 1 from contact_channels k join contacts c on k.address_hash = any(${KNOWN_HASHES}) where c.id = ?
     order by k.address_hash, k.channel for share of k`,
    [contactId],
  );
}

/** What asks for a cap waits here for who asked before, until the transaction ends: so a count and a mark are one step, and a cap is never passed (R24). */
export async function lockCap(tx: Tx, subject: { kind: 'contact' | 'calls'; id: string }): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 1))', [`cap ${subject.kind} ${subject.id}`]);
}
