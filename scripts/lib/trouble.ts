import { ConfigError } from '../../config';

/** A failure that the reader can mend: its message is one sentence that says what to do. Shown without a stack. */
export class Trouble extends Error {
  override name = 'Trouble';
}

/** A process ended before it was ready, and its log does not say why in words that we know: another start may do. */
export class EndedEarly extends Trouble {}

/** One sentence for anything thrown: ours as it is, the machine's in our words, anything else by its own message. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isOurs(error) ? error.message : (sentenceFor(error) ?? error.message);
}

/** True for a failure of ours rather than of the machine: its stack is worth showing. */
export const isUnexpected = (error: unknown): boolean => error instanceof Error && !isOurs(error) && sentenceFor(error) === null;

/** What a dead process wrote last, in our words. `null` when it says nothing we know. */
export function explainLog(text: string): string | null {
  if (/No space left on device|ENOSPC|disk is full/i.test(text)) return DISK_FULL;
  const taken = text.search(/EADDRINUSE|address already in use/i);
  const near = text.slice(Math.max(0, taken - 100), taken + 300); // Go names the address before, Node after, PostgreSQL in a hint
  const port =
    taken === -1 ? undefined : /(?:\d\.\d{1,3}|::|\]|\*|localhost):(\d{2,5})\b|running on port (\d+)/.exec(near)?.slice(1).find(Boolean);
  if (port) return portTaken(Number(port));
  if (/Cannot allocate memory|out of memory/i.test(text))
    return 'This machine has no memory left: Usher needs about 1 GB free; close something and run the command again.';
  return null;
}

/** `setting`: the variable that would choose another port. */
export const portTaken = (port: number, setting?: string): string =>
  `Port ${String(port)} is taken by another program: stop that program${setting ? `, or choose another port with ${setting}=<number>` : ''}, and run the command again.`;

const DISK_FULL = 'The disk is full: free some space (a first start needs about 1 GB, building Temporal 8 GB), then run the command again.';

/** Already a sentence, or a list of what to mend. */
const isOurs = (error: Error): boolean => error instanceof Trouble || error instanceof ConfigError;

type SystemError = Error & { code?: string; path?: string; port?: number; syscall?: string };

function sentenceFor({ code, path, port, syscall, message }: SystemError): string | null {
  const at = path ?? 'a file it needs';
  if (code === 'ENOSPC') return DISK_FULL;
  if (code === 'EADDRINUSE')
    return port === undefined ? 'A port is taken by another program: stop that program and run the command again.' : portTaken(port);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `This user may not use ${at}: run the command as the user who owns it, or change its owner.`;
  }
  if (code === 'ENOENT' && syscall?.startsWith('spawn'))
    return `The program ${at} is not on the PATH: install it, then run the command again.`;
  return explainLog(message); // PostgreSQL's own errors
}
