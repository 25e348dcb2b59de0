import type { Db } from './tenancy';

/** Does the database answer within 2 s? */
export async function databaseAnswers({ pool }: Db): Promise<boolean> {
  try {
    await pool.raw('select 1').timeout(2_000);
    return true;
  } catch {
    return false; // whatever the reason: the question was yes or no
  }
}

/** Messages of all businesses of which nobody knows whether they were sent; the count and nothing else. */
export async function countUnknownMessages({ pool }: Db): Promise<number> {
  const { rows } = await pool.raw<{ rows: { unknown: number }[] }>('select count_unknown_messages() as unknown');
  return rows[0]?.unknown ?? 0;
}

/** Changes of all businesses that no workflow has heard of yet. The look-up function answers the count and nothing else. */
export async function countWaitingDoorbells({ pool }: Db): Promise<number> {
  const { rows } = await pool.raw<{ rows: { waiting: number }[] }>('select count_doorbells() as waiting');
  return rows[0]?.waiting ?? 0;
}
