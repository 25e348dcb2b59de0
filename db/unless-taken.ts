import { isTaken } from './errors';
import type { Tx } from './tenancy';

/**
 * Runs a change that the constraint against double booking may refuse, without losing the transaction. Null: somebody else has the time.
 * Other errors, a deadlock too, pass and end the transaction.
 */
export async function unlessTaken<T>(tx: Tx, change: () => Promise<T>): Promise<T | null> {
  await tx.raw('savepoint attempt');
  try {
    const result = await change();
    await tx.raw('release savepoint attempt');
    return result;
  } catch (error) {
    if (!isTaken(error)) throw error;
    await tx.raw('rollback to savepoint attempt');
    return null;
  }
}
