import type Router from '@koa/router';
import { z } from 'zod';
import { readJson } from './http';

const Template = z.strictObject({
  /** With {{1}}, {{2}}, …; without it the filled-in values stand for the text. */
  wording: z.string().min(1).optional(),
  status: z.enum(['pending', 'approved', 'rejected', 'paused']).default('approved'),
});
type Template = z.infer<typeof Template>;

export type TemplateRefusal = Exclude<Template['status'], 'approved'> | 'count';

/**
 * WhatsApp's review of templates, held in memory. One that nobody has named here counts as approved, so that a business can try a template without
 * registering it first.
 */
export class SandboxTemplates {
  readonly #known = new Map<string, Template>();

  put(vendor: string, id: string, template: Template): void {
    this.#known.set(`${vendor} ${id}`, template);
  }

  /** What the person reads, or why WhatsApp refuses it. */
  fill(vendor: string, id: string, values: readonly string[]): { body: string } | { refused: TemplateRefusal } {
    const { wording, status } = this.#known.get(`${vendor} ${id}`) ?? { status: 'approved' as const };
    if (status !== 'approved') return { refused: status };
    if (wording === undefined) return { body: values.join(' · ') || `[${id}]` };
    const asked = new Set([...wording.matchAll(/\{\{(\d+)\}\}/g)].map(([, number]) => Number(number)));
    if (asked.size !== values.length) return { refused: 'count' };
    return { body: wording.replace(/\{\{(\d+)\}\}/g, (place, number: string) => values[Number(number) - 1] ?? place) };
  }
}

/** PUT /sandbox/templates/:vendor/:id: what WhatsApp knows of a template, and how its review stands. */
export function templateRoutes(router: Router, templates: SandboxTemplates): void {
  router.put('/sandbox/templates/:vendor/:id', async (ctx) => {
    const { vendor = '', id = '' } = ctx.params;
    if (vendor !== 'twilio' && vendor !== 'meta') return ctx.throw(404);
    const template = Template.safeParse(await readJson(ctx));
    if (!template.success) {
      ctx.status = 422;
      ctx.body = { error: 'invalid', detail: z.prettifyError(template.error) };
      return;
    }
    templates.put(vendor, id, template.data);
    ctx.body = { id, ...template.data };
  });
}
