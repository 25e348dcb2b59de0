import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBusiness, type Tx } from '../../db/tenancy';
import { ROOT } from '../../scripts/lib/environment';
import { startApi, type TestApi } from '../support/api';
import { everythingOf } from '../support/fingerprint';
import { aFullBusiness, type FullBusiness } from '../support/full-business';

// Every query function of db/ that takes a transaction and an id is found in the source and asked inside another business's transaction with real ids of
// the first. A new one is asked by itself.

type Query = (tx: Tx, ...rest: unknown[]) => Promise<unknown>;
type Probe = { name: string; run: Query; takes: 'id' | 'ids' | 'fields' };

/** `tx` and then an id, a list of ids, or fields among which one is an id. */
const SIGNATURE =
  /export (?:async )?(?:function (\w+)(?:<[^(]*>)?\(|const (\w+) = (?:async )?\()\s*tx: Tx,\s*(\{[^}]*\}|\w+)(\??: [^,)]*)/g;

function probesIn(file: string): Probe[] {
  const source = readFileSync(join(ROOT, 'db', file), 'utf8');
  return [...source.matchAll(SIGNATURE)].flatMap(([, declared, assigned, param = '', type = '']) => {
    const name = declared ?? assigned ?? '';
    const takes = taken(param, type);
    if (takes === null) return [];
    const module = jest.requireActual<Record<string, Query>>(`../../db/${file.replace(/\.ts$/, '')}`);
    return [{ name, run: module[name]!, takes }];
  });
}

function taken(param: string, type: string): Probe['takes'] | null {
  if (param.startsWith('{')) return /\b(id|ids|\w+Ids?)\b/.test(param) ? 'fields' : null;
  if (/^(id|\w+Id)$/.test(param)) return 'id';
  if (/^(ids|\w+Ids)$/.test(param)) return 'ids';
  return /^: (Edit|AppointmentPage|MessagePage|AbsencePage)$/.test(type) || /\bid: string/.test(type) ? 'fields' : null;
}

/** Of tables without a tenant: raw webhooks belong to the platform's operator, whose routes alone ask for them. */
const OF_THE_PLATFORM = new Set(['findEvent', 'requeueEvent']);

const PROBES = readdirSync(join(ROOT, 'db'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .flatMap(probesIn)
  .filter(({ name }) => !OF_THE_PLATFORM.has(name));

const NOW = '2027-03-01T14:00:00.000Z';

/** Everything by which rows are named, and what questions need besides. `id` is each id in turn. */
function fieldsOf(ids: FullBusiness['ids'], id: string): Record<string, unknown> {
  const { contact: contactId, appointment: appointmentId, staff: staffId, service: serviceId, location: locationId } = ids;
  const span = {
    from: NOW,
    to: '2028-01-01T00:00:00.000Z',
    startsAt: NOW,
    endsAt: '2028-01-01T00:00:00.000Z',
    since: '2026-01-01T00:00:00.000Z',
  };
  const lists = { ids: Object.values(ids), contactIds: [contactId], appointmentIds: [appointmentId], staffIds: [staffId], ownerIds: [id] };
  const rest = { now: NOW, limit: 50, fields: { active: true }, ifVersion: null, includeInactive: true, phoneHash: null, emailHash: null };
  const words = {
    channel: 'sms',
    reason: 'cancelled',
    status: 'closed',
    rule: 'help',
    kind: 'appointment',
    resourceIds: [],
    hours: [],
    vendorIds: [],
  };
  return { id, ownerId: id, linkId: id, contactId, appointmentId, staffId, serviceId, locationId, ...span, ...lists, ...rest, ...words };
}

/** The same question about each thing of a business. */
const questions = ({ takes }: Probe, { ids }: FullBusiness): unknown[][] =>
  Object.values(ids).map((id) => (takes === 'fields' ? [fieldsOf(ids, id)] : [takes === 'id' ? id : [id], NOW]));

let api: TestApi;
let theirs: FullBusiness;
let mine: FullBusiness;
let before: Map<string, string>;
const answered = new Set<string>();
beforeAll(async () => {
  api = await startApi();
  [theirs, mine] = [await aFullBusiness(api), await aFullBusiness(api)];
  before = await everythingOf(api.database.db, theirs.businessId);
});
afterAll(() => api.close());

class Undone extends Error {}

/** What a question is answered with in a business's transaction, which is then undone; undefined where it was refused. */
async function answerIn(
  businessId: string,
  { run }: Probe,
  { question, keep }: { question: unknown[]; keep: boolean },
): Promise<string | undefined> {
  const state: { answer?: string } = {};
  await withBusiness(api.database.db, businessId, async (tx) => {
    const answer: unknown = JSON.stringify(await run(tx, ...question), withMaps); // undefined for a function that answers nothing
    state.answer = String(answer);
    if (!keep) throw new Undone();
  }).catch((error: unknown) => {
    if (!(error instanceof Undone)) delete state.answer;
  });
  return state.answer;
}

const withMaps = (_key: string, value: unknown): unknown =>
  value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;

describe('A query function', () => {
  it.each(PROBES)('$name finds nothing of another business and changes nothing there', async (probe) => {
    for (const question of questions(probe, theirs)) {
      if (!answered.has(probe.name) && (await answerIn(theirs.businessId, probe, { question, keep: false })) !== undefined)
        answered.add(probe.name);
      const answer = (await answerIn(mine.businessId, probe, { question, keep: true })) ?? '';
      expect([theirs.businessId, ...Object.values(theirs.ids)].filter((id) => answer.includes(id))).toEqual([]);
    }
  });

  it('answers its own business, most often: the questions are real ones', () => {
    // Those that want a row which the full business lacks, or more than ids, refuse everybody.
    expect(answered.size).toBeGreaterThan(PROBES.length / 2);
  });

  it('changed nothing there by any of these questions', async () => {
    expect(await everythingOf(api.database.db, theirs.businessId)).toEqual(before);
  });
});
