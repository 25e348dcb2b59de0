import type { Context } from 'koa';

const TITLES: Record<number, string> = { 404: 'Not found', 422: 'Invalid', 500: 'Our mistake', 503: 'Not available' };

/** A refusal as Usher's API words it (contract.md, Wire rule 5): problem+json with `code`, the same again as `error`. */
export function answerProblem(ctx: Context, { status, code, detail }: { status: number; code: string; detail: string }): void {
  ctx.status = status;
  ctx.body = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, error: code, detail };
  ctx.type = 'application/problem+json';
}
