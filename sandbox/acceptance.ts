import type { Context } from 'koa';
import type { Background } from './background';
import type { Fault, RequestMode } from './faults';
import { LATE_MS } from './faults';
import { drop } from './http';

/** How one vendor says each thing that can happen to a request that is in order. */
export type Acceptance = {
  /** The message takes effect: it is logged and its webhooks begin. */
  commit: () => Promise<void>;
  answer: () => void;
  refuse: (code: string | undefined) => void;
  limit: (retryAfterS: number) => void;
  fail: () => void;
};

type Befalls = { fault: (Fault & { mode: RequestMode }) | null; background: Background; on: Acceptance };

/** Lets a request that is in order take effect, or lets the fault befall it, in the same way for every vendor. */
export async function accept(ctx: Context, { fault, background, on }: Befalls): Promise<void> {
  switch (fault?.mode) {
    case 'refuse':
      on.refuse(fault.code);
      break;
    case 'drop_before_commit':
      drop(ctx);
      break;
    case 'rate_limit':
      on.limit(Math.ceil((fault.delay_ms ?? 1_000) / 1_000));
      break;
    case 'error':
      on.fail();
      break;
    case 'commit_then_drop':
      await on.commit();
      drop(ctx);
      break;
    case 'slow':
      await on.commit();
      if (await background.wait(fault.delay_ms ?? LATE_MS)) on.answer();
      else drop(ctx);
      break;
    case undefined:
      await on.commit();
      on.answer();
      break;
  }
}
