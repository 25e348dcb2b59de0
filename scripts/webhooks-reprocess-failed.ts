import { parseArgs } from 'node:util';
import { v7 as newId } from 'uuid';
import { readConfig } from '../config';
import { recordPlatformAudit } from '../db/audit';
import { createPool } from '../db/knex';
import type { Db } from '../db/tenancy';
import { withoutBusiness } from '../db/tenancy';
import { countEvents, requeueEvents, type UndoneFilter } from '../db/webhook-inspector';
import { runCommand, say, type Say } from './lib/say';

export type ReprocessDeps = { db: Db; now: () => string; say: Say };

const USAGE =
  'npm run webhooks:reprocess_failed -- [--provider twilio] [--kind inbound] [--error TypeError] [--status failed|unmatched] [--from 2027-03-01T00:00:00Z] ' +
  '[--to …] [--reason "why"] [--dry-run]';

/**
 * Puts back to received all webhooks that were given up, or those that match; the api's sweep handles them within seconds. Says first how many there are.
 * Written down in the platform's audit log. Safe to run twice: what is put back matches no longer.
 */
export async function reprocessFailed({ db, now, say: tell }: ReprocessDeps, args: string[]): Promise<number> {
  const asked = read(args);
  if (!asked) {
    tell(USAGE);
    return 1;
  }
  const { filter, reason, dryRun } = asked;
  tell(`${String(await withoutBusiness(db, (tx) => countEvents(tx, filter)))} webhooks match.`);
  if (dryRun) return 0;
  const count = await withoutBusiness(db, async (tx) => {
    const requeued = await requeueEvents(tx, filter);
    const who = { id: newId(), actorKind: 'command', actorId: 'webhooks:reprocess_failed', requestId: null, now: now() };
    const what = { action: 'webhook_event.reprocessed_failed', subjectKind: 'webhook_event', subjectId: null };
    await recordPlatformAudit(tx, { ...who, ...what, reason, asked: { ...filter, count: requeued } });
    return requeued;
  });
  tell(`${String(count)} queued for reprocessing: the api handles them within seconds.`);
  return 0;
}

type Asked = { filter: UndoneFilter; reason: string | null; dryRun: boolean };

/** Null for arguments that make no sense. */
function read(args: string[]): Asked | null {
  const text = { type: 'string' } as const;
  const options = { provider: text, kind: text, error: text, status: text, from: text, to: text, reason: text };
  try {
    const { values } = parseArgs({ args, options: { ...options, 'dry-run': { type: 'boolean' } } });
    const { provider, kind, error, status = 'failed', reason = null } = values;
    if (status !== 'failed' && status !== 'unmatched') return null;
    const [from, to] = [instantOf(values.from), instantOf(values.to)];
    return { filter: { provider, kind, error, status, from, to }, reason, dryRun: values['dry-run'] ?? false };
  } catch {
    return null; // an option that does not exist, or a date that is none
  }
}

const instantOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : new Date(text).toISOString());

// `npm run webhooks:reprocess_failed`; the tests call the function.
if (require.main === module) {
  void runCommand(async () => {
    const { DATABASE_URL: url, databaseRolePassword: rolePassword } = readConfig();
    const pool = createPool(url, { role: 'app', rolePassword, max: 1, name: 'usher-reprocess' });
    try {
      return await reprocessFailed(
        { db: { pool, wakeRelay: () => undefined }, now: () => new Date().toISOString(), say },
        process.argv.slice(2),
      );
    } finally {
      await pool.destroy();
    }
  });
}
