import { e164 } from './phone';
import { readTable } from './table-file';

export type DncLine = { number: string; reason: string | null };
export const DNC_REJECTS = ['phone_missing', 'phone_invalid', 'not_text'] as const;
export type DncReject = { row: number; reason: (typeof DNC_REJECTS)[number] };

export const MOST_DNC_ROWS = 50_000;

const ALIASES = { number: 'phone', phone_number: 'phone', numero: 'phone', motivo: 'reason' };

/** Reads a CSV file of numbers: a column phone (or number, telefono …), and reason if there is one. Throws 422 for a file that is no such table. */
export function readDncFile(file: Buffer): { lines: DncLine[]; rejects: DncReject[] } {
  const records = readTable(file, { mostRows: MOST_DNC_ROWS, needsOneOf: ['phone'], aliases: ALIASES });
  const lines: DncLine[] = [];
  const rejects: DncReject[] = [];
  records.forEach((record, index) => {
    const row = index + 2; // as a spreadsheet counts: the header is row 1
    const read = lineOf(record);
    if (typeof read === 'string') rejects.push({ row, reason: read });
    else lines.push(read);
  });
  return { lines, rejects };
}

function lineOf(record: Record<string, string>): DncLine | DncReject['reason'] {
  if (Object.values(record).some((value) => value.includes('\0') || value.includes('\uFFFD'))) return 'not_text';
  const { phone = '', reason = '' } = record;
  if (phone === '') return 'phone_missing';
  const number = e164(phone);
  return number === null ? 'phone_invalid' : { number, reason: reason === '' ? null : reason.slice(0, 200) };
}
