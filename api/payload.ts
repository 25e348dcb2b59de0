import busboy from 'busboy';
import type { Context } from 'koa';
import getRawBody from 'raw-body';
import { Problem } from './problem';
import type { Route } from './route';

const MAX_BYTES = 1_048_576;

/** What came in the body, before anything is known about its fields. */
export type Payload = { fields: unknown; file: Buffer };

/** Reads the whole body, so that no transaction ever waits for the network. Throws 400, 413 or 415. */
export async function readPayload(ctx: Context, { file }: Pick<Route, 'file'>): Promise<Payload> {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return { fields: {}, file: Buffer.alloc(0) };
  if (file) return readForm(ctx, file);
  const raw = await readRaw(ctx);
  if (raw.length === 0) return { fields: {}, file: raw };
  const plain = ['', 'identity'].includes(ctx.get('Content-Encoding'));
  if (!plain || !ctx.is('json', '+json')) throw new Problem('unsupported_media_type');
  return { fields: parseJson(raw), file: Buffer.alloc(0) };
}

/** The body as it was posted, of so many bytes at most. Throws 400, 413. */
export async function readRaw(ctx: Context, maxBytes = MAX_BYTES): Promise<Buffer> {
  try {
    return await getRawBody(ctx.req, { limit: maxBytes, length: ctx.headers['content-length'] ?? null });
  } catch (error) {
    ctx.set('Connection', 'close'); // the rest of the body is not read
    throw new Problem(error instanceof Error && 'type' in error && error.type === 'entity.too.large' ? 'too_large' : 'malformed_json');
  }
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    throw new Problem('malformed_json'); // a SyntaxError, or a TypeError for bytes that are no UTF-8
  }
}

/** The one file may come under any field's name. */
function readForm(ctx: Context, { maxBytes }: { maxBytes: number }): Promise<Payload> {
  if (!ctx.is('multipart/form-data')) throw new Problem('unsupported_media_type');
  const form = formOf(ctx, maxBytes);
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {};
    const chunks: Buffer[] = [];
    const fail = (code: 'too_large' | 'malformed_upload'): void => {
      ctx.req.unpipe();
      ctx.req.resume();
      reject(new Problem(code));
    };
    form.on('field', (name, value) => (fields[name] = value));
    form.on('file', (_name, stream) => {
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => fail('too_large'));
      stream.on('error', () => fail('malformed_upload')); // a form that ends inside its file: unheard, it would end the process
    });
    form.on('filesLimit', () => fail('malformed_upload'));
    form.on('error', () => fail('malformed_upload'));
    form.on('close', () => resolve({ fields, file: Buffer.concat(chunks) }));
    ctx.req.on('aborted', () => fail('malformed_upload'));
    ctx.req.pipe(form);
  });
}

/** Throws 400: busboy refuses a form without a boundary at once. */
function formOf({ headers }: Context, fileSize: number): busboy.Busboy {
  try {
    return busboy({ headers, limits: { files: 1, fileSize, fields: 20, fieldSize: 20_000 } });
  } catch {
    throw new Problem('malformed_upload');
  }
}
