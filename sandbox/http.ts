import type { Context } from 'koa';
import rawBody from 'raw-body';

/** SendGrid's limit for a mail with its attachments; no vendor here takes more. */
const LARGEST = '30mb';

export const readText = async (ctx: Context): Promise<string> => (await rawBody(ctx.req, { limit: LARGEST })).toString('utf8');

/** Undefined for a body that is no JSON, which no schema accepts. */
export async function readJson(ctx: Context): Promise<unknown> {
  try {
    return JSON.parse(await readText(ctx)) as unknown;
  } catch {
    return undefined; // the schema that reads it says what is wrong
  }
}

/** The connection breaks without an answer: the caller sees a reset. */
export function drop(ctx: Context): void {
  ctx.respond = false;
  ctx.req.socket.resetAndDestroy();
}
