import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import busboy from 'busboy';
import { Problem } from './problem';

export type Part = { filename: string; type: string; bytes: number };
export type Form = { fields: Record<string, Buffer>; files: Part[] };

const FIELDS = 100;
const FILES = 100;

/**
 * A form of several parts that has been read whole (its signature is over the raw bytes). Fields come as bytes, since one form may mix character sets; of files
 * only name, type and length are kept. Throws 400 for what is no such form.
 */
export function readMultipart(headers: IncomingHttpHeaders, raw: Buffer): Promise<Form> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, Buffer> = {};
    const files: Part[] = [];
    const fail = (): void => reject(new Problem('malformed_upload'));
    try {
      // latin1 keeps each byte as one character.
      const limits = { fields: FIELDS, files: FILES, fieldSize: raw.length, fileSize: raw.length };
      const form = busboy({ headers, defCharset: 'latin1', defParamCharset: 'utf8', limits });
      form.on('field', (name, value) => (fields[name] = Buffer.from(value, 'latin1')));
      form.on('file', (_name, stream, { filename, mimeType }) => {
        const part = { filename: filename ?? '', type: mimeType, bytes: 0 };
        files.push(part);
        stream.on('data', (chunk: Buffer) => (part.bytes += chunk.length));
      });
      form.on('error', fail);
      form.on('close', () => resolve({ fields, files }));
      Readable.from([raw]).pipe(form);
    } catch {
      fail(); // busboy refuses other content types at once
    }
  });
}
