import type Router from '@koa/router';
import type { Context } from 'koa';
import { accept } from '../acceptance';
import type { Background } from '../background';
import type { Faults } from '../faults';

export type DncDeps = { faults: Faults; background: Background };

const E164 = /^\+\d{7,15}$/;

/** The part of DNCScrub's API that Usher speaks: the full scrub, version 5. Its lists are the numbers that were put here, and are empty after a restart. */
export function dncRoutes(router: Router, { faults, background }: DncDeps): void {
  const listed = new Set<string>();
  router.put('/sandbox/dnc/:number', (ctx) => list(ctx, (number) => listed.add(number)));
  router.delete('/sandbox/dnc/:number', (ctx) => list(ctx, (number) => listed.delete(number)));
  router.get('/app/main/rpc/scrub', async (ctx) => {
    const numbers = (ctx.URL.searchParams.get('phoneList') ?? '').split(',');
    const refusal = refusalOf(ctx);
    if (refusal !== null) {
      refuse(ctx, refusal);
      return;
    }
    await accept(ctx, {
      fault: faults.forRequest('dnc', numbers),
      background,
      on: {
        commit: () => Promise.resolve(),
        answer: () => {
          ctx.body = numbers.map((digits) => scrubbed(digits, listed.has(`+1${digits}`)));
        },
        refuse: () => refuse(ctx, 400),
        limit: (retryAfterS) => {
          ctx.set('Retry-After', String(retryAfterS));
          refuse(ctx, 429);
        },
        fail: () => refuse(ctx, 500),
      },
    });
  });
}

/** No log-in, or not the form that we speak. */
function refusalOf(ctx: Context): number | null {
  if (ctx.get('loginId') === '') return 401;
  const asked = ctx.URL.searchParams;
  return asked.get('version') === '5' && asked.get('output') === 'json' ? null : 400;
}

/** D: on a list. W: a mobile number on none. I: no number. */
const scrubbed = (digits: string, isListed: boolean) => ({
  Phone: digits,
  ResultCode: /^\d{10}$/.test(digits) ? (isListed ? 'D' : 'W') : 'I',
  Reserved: '',
  Reason: isListed ? 'National (USA) 2003-06-01;;;' : '',
});

function list(ctx: Context & { params: Record<string, string | undefined> }, change: (number: string) => void): void {
  const number = ctx.params.number ?? '';
  if (!E164.test(number)) {
    refuse(ctx, 422);
    return;
  }
  change(number);
  ctx.body = { number };
}

function refuse(ctx: Context, status: number): void {
  ctx.status = status;
  ctx.body = { error: status };
}
