import { z } from 'zod';
import { CALL_TIMEOUTS } from '../vendor-call';
import type { DncAnswer, DncPort } from './port';

export type DncScrubOptions = {
  /** Without a slash at the end; the path is the vendor's. */
  baseUrl: string;
  loginId: string;
  timeoutMs?: number | undefined;
};

/** DNCScrub's full scrub (docs.dncscrub.com, Full Scrub, version 5): the national and state lists of the United States and Canada, litigators. */
export function createDncScrub({ baseUrl, loginId, timeoutMs = CALL_TIMEOUTS.totalMs }: DncScrubOptions): DncPort {
  return {
    check: async (number, cancel) => {
      const digits = NORTH_AMERICAN.exec(number)?.[1];
      // The lists hold numbers of the North American plan only.
      if (digits === undefined) return { kind: 'clear' };
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(cancel ? [cancel] : [])]);
      try {
        const query = new URLSearchParams({ phoneList: digits, version: '5', output: 'json' });
        const response = await fetch(`${baseUrl}/app/main/rpc/scrub?${query.toString()}`, {
          headers: { loginId },
          signal,
          redirect: 'error',
        });
        if (!response.ok) return { kind: 'no_answer', why: `status ${String(response.status)}` };
        return answerOf(await response.json(), digits);
      } catch (error) {
        // The name alone: a message may quote the address that was asked, and so the number.
        return { kind: 'no_answer', why: typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : 'unknown' };
      }
    },
  };
}

const NORTH_AMERICAN = /^\+1(\d{10})$/;

/** C: clean; W: a mobile number on no list. Whatever else it says (on a list, invalid, blocked) is no leave to call. */
const CLEAR = ['C', 'W'];

const Scrubbed = z.array(z.object({ Phone: z.union([z.string(), z.number()]).transform(String), ResultCode: z.string().min(1) }));

function answerOf(body: unknown, digits: string): DncAnswer {
  const parsed = Scrubbed.safeParse(body);
  const found = parsed.data?.find(({ Phone }) => Phone === digits);
  if (!found) return { kind: 'no_answer', why: 'unreadable' };
  return { kind: CLEAR.includes(found.ResultCode) ? 'clear' : 'listed' };
}
