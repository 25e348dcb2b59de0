import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { invalidField } from './problem';

type Table = {
  mostRows: number;
  /** Other words for our columns, as spreadsheets of clinics and salons have them. Columns we do not know are ignored. */
  aliases: Record<string, string>;
  /** Of these columns there must be one. */
  needsOneOf: readonly string[];
};

const SHARED: Record<string, string> = { telephone: 'phone', mobile: 'phone', cell: 'phone', telefono: 'phone' };

/** Reads a CSV file: comma, semicolon or tab, quotes, any line ends, UTF-8 with or without BOM, or else Windows Latin. Throws 422 for a file that is no such table. */
export function readTable(file: Buffer, table: Table): Record<string, string>[] {
  if (file.length === 0) throw invalidField('file', 'is needed');
  const text = textOf(file);
  if (BLANK.test(text)) throw headerNeeded(table); // before it is parsed: megabytes of blanks take a parser many seconds
  const records = parsed(text, table);
  if (records.length > table.mostRows) throw invalidField('file', `at most ${String(table.mostRows)} rows`);
  return records;
}

const BLANK = /^[\s,;"\uFEFF]*$/;
const headerNeeded = ({ needsOneOf }: Pick<Table, 'needsOneOf'>) =>
  invalidField('file', `needs a header row with ${needsOneOf.join(' or ')}`);

/** A CSV file for a spreadsheet: with a BOM, so that accents survive, and no cell that it would take for a formula. */
export const writeTable = (columns: readonly string[], rows: readonly (readonly (string | null)[])[]): string =>
  stringify([columns, ...rows.map((row) => row.map(cell))], { bom: true });

/** Numbers keep their plus; anything else that begins like a formula is marked as text. */
const cell = (value: string | null): string => {
  if (value === null) return '';
  return /^[=@\t\r-]/.test(value) || /^\+(?!\d+$)/.test(value) ? `'${value}` : value;
};

function textOf(file: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    return new TextDecoder('windows-1252').decode(file); // what Excel writes when it does not write UTF-8; every byte is a letter there
  }
}

function parsed(text: string, table: Table): Record<string, string>[] {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const count = (delimiter: string): number => header.split(delimiter).length;
  const delimiter = [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      columns: (names: string[]) => columnsOf(names, table),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      to: table.mostRows + 1,
    });
    return records as Record<string, string>[];
  } catch (error) {
    if (error instanceof CsvError) throw invalidField('file', `is no CSV table: ${error.code}`);
    throw error;
  }
}

function columnsOf(names: string[], { aliases, needsOneOf }: Table): string[] {
  const columns = names.map((name) => {
    const plain = name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_');
    return aliases[plain] ?? SHARED[plain] ?? plain;
  });
  if (!needsOneOf.some((column) => columns.includes(column))) throw headerNeeded({ needsOneOf });
  return columns;
}
