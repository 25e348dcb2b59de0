import type { Tx } from './tenancy';

/** A business's requests, or those of the platform's operator, who belongs to none. */
export type KeyTable = 'idempotency_keys' | 'operator_requests';
type Claim = { table: KeyTable; key: string; requestHash: string };

export type Claimed =
  | { kind: 'first' }
  /** Answered before; `answer` is sealed. */
  | { kind: 'again'; answer: SealedAnswer }
  | { kind: 'reused' };
export type SealedAnswer = { keyId: string; bytes: string };

/**
 * Claims an Idempotency-Key in the request's own transaction. A concurrent second waits here for the first to end: it then sees the answer or, if the first
 * was rolled back, becomes the first itself.
 */
export async function claimKey(tx: Tx, { table, key, requestHash }: Claim): Promise<Claimed> {
  const business = table === 'idempotency_keys' ? { businessId: tx.raw('current_business()') } : {};
  const columns = table === 'idempotency_keys' ? ['businessId', 'key'] : ['key'];
  const claimed = await tx(table)
    .insert({ ...business, key, requestHash })
    .onConflict(columns)
    .ignore()
    .returning<{ key: string }[]>('key');
  if (claimed.length > 0) return { kind: 'first' };
  const [row] = await tx(table).where({ key }).select<{ requestHash: string; answer: SealedAnswer | null }[]>('requestHash', 'answer');
  if (row?.requestHash !== requestHash || row.answer === null) return { kind: 'reused' };
  return { kind: 'again', answer: row.answer };
}

/** Keeps the answer with its key, for 24 h. It is sealed: answers hold personal data, and once a new API key. */
export async function keepAnswer(
  tx: Tx,
  { table, key, status, answer }: { table: KeyTable; key: string; status: number; answer: SealedAnswer },
): Promise<void> {
  await tx(table)
    .where({ key })
    .update({ status, answer: JSON.stringify(answer) });
}
