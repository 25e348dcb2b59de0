import { v7 as newId } from 'uuid';
import { insertState, type CadenceStateRow } from '../../db/cadence-states';
import { insertCadence, insertCadences, listCadences, type CadenceWithSteps, type NewCadence } from '../../db/cadences';
import type { Db } from '../../db/tenancy';
import { DEFAULT_CADENCES, type DefaultCadence } from '../../domain/cadence-defaults';
import type { Channel } from '../../domain/message';
import type { Instant } from '../../domain/time';
import { aBusiness, aContact, anApiKey, inBusiness } from '../factories';
import type { TestApi } from './api';
import { waitingRings } from './doorbells';
import type { Salon } from './salon';
import type { World } from './world';

const BEFORE_ALL: Instant = '2027-01-04T12:00:00.000Z';

/** The cadences that every business begins with, by their keys; `of` what is to be otherwise. */
export async function someCadences(
  db: Db,
  businessId: string,
  of: Partial<Record<string, Partial<DefaultCadence>>> = {},
): Promise<Record<string, CadenceWithSteps>> {
  const cadences = DEFAULT_CADENCES.map((cadence) => ({ ...cadence, ...of[cadence.key] }));
  return inBusiness(db, businessId, async (tx) => {
    await insertCadences(tx, cadences, { newId, now: BEFORE_ALL });
    return Object.fromEntries((await listCadences(tx)).map((row) => [row.key, row]));
  });
}

/** One that the business made itself: a text at once. */
export async function anOwnCadence(db: Db, businessId: string, of: Partial<NewCadence> = {}): Promise<CadenceWithSteps> {
  const cadence: NewCadence = {
    ...{ key: 'own_thanks', name: { en: 'Thanks', es: 'Thanks' }, trigger: 'manual', priority: 15, enabled: true },
    ...{ winbackWeeks: null, messageClass: 'marketing' },
    steps: [{ waitMin: 0, templateKey: 'cadence_winback_1', channels: ['sms'] }],
    ...of,
  };
  return (await inBusiness(db, businessId, (tx) => insertCadence(tx, { ...cadence, id: newId(), now: BEFORE_ALL })))!;
}

/** Somebody in a cadence, straight into the table: no process is rung. */
export async function anEnrolment(
  db: Db,
  businessId: string,
  { now = BEFORE_ALL, ...row }: { contactId: string; cadenceId: string; appointmentId?: string; now?: Instant },
): Promise<CadenceStateRow> {
  const state = { id: newId(), appointmentId: null, ...row, now };
  return (await inBusiness(db, businessId, (tx) => insertState(tx, state)))!;
}

export type State = {
  id: string;
  contact_id: string;
  cadence_id: string;
  status: 'active' | 'ended';
  ended_reason: string | null;
  step: number;
  next_action_at: Instant | null;
  sent_at: Instant | null;
  last_status: string | null;
  version: number;
};

/** Every enrolment of a person, in order, as 'winback active 2' or 'winback replied 1'. */
export async function enrolmentsOf(db: Db, businessId: string, contactId: string): Promise<string[]> {
  const rows = await inBusiness(db, businessId, (tx) =>
    tx('cadenceStates as s')
      .join('cadences as d', 'd.id', 's.cadenceId')
      .where({ contactId })
      .orderBy('s.createdAt')
      .orderBy('s.id')
      .select<{ key: string; status: string; endedReason: string | null; step: number }[]>('d.key', 's.status', 's.endedReason', 's.step'),
  );
  return rows.map(({ key, status, endedReason, step }) => `${key} ${endedReason ?? status} ${step}`);
}

/** What an enrolment's messages came to, step by step: '1 sms sent', '2 sms skipped no_consent'. What the vendor reports later is sent too. */
export async function stepsOf(db: Db, businessId: string, contactId: string): Promise<string[]> {
  const rows = await inBusiness(db, businessId, (tx) =>
    tx('messages')
      .where({ contactId })
      .whereNotNull('cadenceStateId')
      .orderBy('id')
      .select<{ sendKey: string; channel: string; status: string; reason: string | null }[]>('sendKey', 'channel', 'status', 'reason'),
  );
  return rows.map(({ sendKey, channel, status, reason }) =>
    [sendKey.split('/')[2], channel, status === 'delivered' ? 'sent' : status, ...(reason === null ? [] : [reason])].join(' '),
  );
}

/** The contact's consent in writing to marketing, noted through the API. */
export async function agreesToOffers(world: World, salon: Salon, channel: Channel = 'sms'): Promise<void> {
  const word = { channel, purpose: 'marketing', statement: 'Yes, write to me.', source: 'form' };
  const { status } = await world.call(salon, `POST /contacts/${salon.contactId}/consents`, word);
  if (status !== 201) throw new Error(`no consent: ${status}`);
}

/** Puts the salon's contact into a cadence through the API. */
export async function start(world: World, salon: Salon, cadence: CadenceWithSteps): Promise<State> {
  const { status, body } = await world.call<State>(salon, 'POST /cadences/start', { contact_id: salon.contactId, cadence_id: cadence.id });
  if (status !== 200) throw new Error(`not started: ${status} ${JSON.stringify(body)}`);
  return body;
}

export type Setting = { businessId: string; contactId: string; cadences: Record<string, CadenceWithSteps> };

/** A person of a business with its cadences, and what the API does with them. */
export function cadencesOver(api: () => TestApi) {
  const db = (): Db => api().database.db;
  const named = ({ contactId, cadences }: Setting, key = 'never_answered') => ({ contact_id: contactId, cadence_id: cadences[key]!.id });
  return {
    aSetting: async (): Promise<Setting> => {
      const { id: businessId } = await aBusiness(db());
      api().useKey(await anApiKey(db(), businessId));
      const { id: contactId } = await aContact(db(), businessId, { marketing: ['sms'] });
      return { businessId, contactId, cadences: await someCadences(db(), businessId) };
    },
    named,
    begin: (setting: Setting, key?: string) => api().post<State>('/cadences/start', named(setting, key)),
    enrolments: ({ businessId, contactId }: Setting) => enrolmentsOf(db(), businessId, contactId),
    rings: async ({ businessId }: Setting) =>
      (await waitingRings(db(), businessId)).filter(({ workflowId }) => workflowId.startsWith('cadence/')),
  };
}
