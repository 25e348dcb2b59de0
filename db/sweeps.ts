import type { Knex } from 'knex';

// What the sweeper's role may see and remove, in all businesses.

/** Holds that may have expired: the caller judges by the business's clock. */
export async function findExpiringHolds(sweeper: Knex, limit: number): Promise<{ businessId: string; id: string }[]> {
  return sweeper('appointments')
    .where({ status: 'held' })
    .orderBy('holdExpiresAt')
    .limit(limit)
    .select<{ businessId: string; id: string }[]>('businessId', 'id');
}

/** Answers to repeated requests are kept for 24 h; of the businesses' the role's policy shows only older ones. */
export async function forgetIdempotencyKeys(sweeper: Knex): Promise<number> {
  const old = `created_at < now() - interval '24 hours'`;
  return (await sweeper('idempotencyKeys').whereRaw(old).delete()) + (await sweeper('operatorRequests').whereRaw(old).delete());
}

/** Raw webhooks are kept for 30 days, samples of badly signed ones for 24 h. */
export async function forgetWebhooks(sweeper: Knex): Promise<number> {
  const events = await sweeper('webhookEvents').whereRaw(`received_at < now() - interval '30 days'`).delete();
  return events + (await sweeper('rejectedWebhooks').whereRaw(`received_at < now() - interval '24 hours'`).delete());
}

/** Processes that ended 30 days ago: the role's policy lets it remove no others. */
export const forgetProcesses = (sweeper: Knex): Promise<number> =>
  sweeper('processes').whereRaw(`closed_at < now() - interval '30 days'`).delete();

/** Answers of the external do-not-call list count for an hour at most. */
export async function forgetDncChecks(sweeper: Knex): Promise<number> {
  return sweeper('dncChecks').whereRaw(`checked_at < now() - interval '1 hour'`).delete();
}
