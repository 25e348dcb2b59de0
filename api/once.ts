import { createHash } from 'node:crypto';
import { claimKey, keepAnswer, type KeyTable } from '../db/idempotency';
import type { Tx } from '../db/tenancy';
import type { ApiDeps } from './deps';
import { invalid, invalidField } from './problem';

/** What is sent back. `body` is the wire form, checked against the route's response. */
export type Answer = { status: number; body: unknown; replayed: boolean };

const CONTEXT = 'idempotency_keys.answer';
const ACCEPTABLE = /^[\x21-\x7e]{1,200}$/;

type Asked = { key: string; table: KeyTable; requestHash: string };

/**
 * Runs `work` at most once per key: the key, its answer and the effect are one transaction. Same key, same request: the same answer; another request: 422.
 * A refusal is not kept (the transaction is rolled back), so a repeated request is judged afresh.
 */
export async function once(
  tx: Tx,
  { key, table, requestHash }: Asked,
  { encryption, work }: Pick<ApiDeps, 'encryption'> & { work: () => Promise<Answer> },
): Promise<Answer> {
  const claimed = await claimKey(tx, { table, key, requestHash });
  if (claimed.kind === 'reused') throw invalid('idempotency_key_reused');
  if (claimed.kind === 'again') {
    const { keyId, bytes } = claimed.answer;
    const kept = JSON.parse(encryption.open({ keyId, bytes: Buffer.from(bytes, 'base64') }, CONTEXT)) as Pick<Answer, 'status' | 'body'>;
    return { ...kept, replayed: true };
  }
  const answer = await work();
  const { keyId, bytes } = encryption.seal(JSON.stringify({ status: answer.status, body: answer.body }), CONTEXT);
  await keepAnswer(tx, { table, key, status: answer.status, answer: { keyId, bytes: bytes.toString('base64') } });
  return answer;
}

/** The key of a request, or null. Throws 422 for one that cannot be kept. */
export function idempotencyKeyOf(header: string): string | null {
  if (header === '') return null;
  if (!ACCEPTABLE.test(header)) throw invalidField('Idempotency-Key', '1 to 200 printable characters');
  return header;
}

/** What makes two requests the same: path, query and what was read of the body. The order of its fields counts, multipart boundaries do not. */
export function requestHash(request: { method: string; url: string; fields: unknown; file: Buffer }): string {
  const { method, url, fields, file } = request;
  return createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(fields)}\n`)
    .update(file)
    .digest('base64url');
}
