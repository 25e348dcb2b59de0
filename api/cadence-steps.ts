import { z } from 'zod';
import { findTemplate } from '../db/templates';
import type { Tx } from '../db/tenancy';
import type { CadenceClass, CadenceStep } from '../domain/cadence';
import type { Channel } from '../domain/message';
import { cadenceTemplates } from '../domain/templates/catalog/cadences';
import { LOCALES } from '../domain/templates/check';
import { frameOf, OWN_KEY, wordingOf } from '../domain/templates/wording';
import { invalidField } from './problem';
import { CHANNELS } from './wire';

const YEAR_MIN = 365 * 24 * 60;
const stepIn = z.strictObject({
  wait_min: z.int().min(0).max(YEAR_MIN),
  template_id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/),
  channels: z
    .array(z.enum(CHANNELS))
    .min(1)
    .refine((channels) => new Set(channels).size === channels.length, 'no channel twice'),
});

/** A cadence's steps as they are asked for. */
export const stepsIn = z.array(stepIn).min(1).max(20);

type Asked = { waitMin: number; templateId: string; channels: Channel[] };

/** Asked steps as rows, once each one's words are found fit. Throws Problem (422), which names the first that is not. */
export async function checkedSteps(tx: Tx, steps: readonly Asked[], messageClass: CadenceClass): Promise<Omit<CadenceStep, 'position'>[]> {
  for (const [i, step] of steps.entries()) await checkWords(tx, step, { path: `steps.${String(i)}.template_id`, messageClass });
  return steps.map(({ templateId, waitMin, channels }) => ({ templateKey: templateId, waitMin, channels }));
}

type Place = { path: string; messageClass: CadenceClass };

/** A step's template says something on each of its channels in both languages, and is one that such a cadence may use. */
async function checkWords(tx: Tx, { templateId, channels }: Asked, { path, messageClass }: Place): Promise<void> {
  if (!Object.hasOwn(cadenceTemplates, templateId) && !OWN_KEY.test(templateId))
    throw invalidField(path, 'a template of the cadences, or one of your own');
  const saved = await findTemplate(tx, templateId);
  const wordless = channels.some((channel) => LOCALES.some((locale) => wordingOf(templateId, saved, { channel, locale }) === null));
  if (wordless)
    throw invalidField(path, 'no such template, or not for these channels: see GET /templates, or word it with PUT /templates/:key');
  // Marketing says how to opt out, a notice need not: each goes only with its like.
  const { messageClass: worded } = frameOf(templateId, saved?.messageClass ?? null) ?? {};
  if (worded !== messageClass)
    throw invalidField(path, `this template is for ${String(worded)}, the cadence is ${messageClass}: use one of its class`);
}
