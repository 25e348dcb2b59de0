/** What an external do-not-call list says of a number. `no_answer`: it could not be asked, or what it said made no sense. */
export type DncAnswer = { kind: 'listed' | 'clear' } | { kind: 'no_answer'; why: string };

export interface DncPort {
  /** Asks once about a number in E.164. Changes nothing at the vendor and never throws: who gets no answer lets nothing pass. */
  check(number: string, cancel?: AbortSignal): Promise<DncAnswer>;
}
