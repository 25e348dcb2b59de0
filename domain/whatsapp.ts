import type { Reason } from './message';
import type { MessageVars } from './templates/vars';
import type { Instant } from './time';
import { HOUR_MS, isBefore, plusMs } from './time';

/** So long after a person's last message a business may write what it likes; after it only an approved template (R41). */
export const WHATSAPP_WINDOW_MS = 24 * HOUR_MS;

/** A template as far as the rule needs it. `marketing` by WhatsApp's judgement, not ours. */
export type ApprovedTemplate = { category: 'utility' | 'marketing' };

export type WhatsAppFacts<Template extends ApprovedTemplate> = {
  now: Instant;
  /** The person's last message to this business on WhatsApp; null: never wrote. */
  lastInboundAt: Instant | null;
  /** The vendor has refused this message as free text: its clock counts, not ours. */
  refusedAsText: boolean;
  /** Approved for this rule and language; null: none. */
  template: Template | null;
  /** E.164; null: WhatsApp shows no number. */
  phone: string | null;
};

export type WhatsAppForm<Template> = { kind: 'text' } | { kind: 'template'; template: Template } | { kind: 'none'; reason: Reason };

/**
 * How a message may go over WhatsApp: free text inside the window, outside it the approved template, else not at all and the next channel is tried (R41).
 * Meta delivers no marketing template to a number of +1 (since 2025-04-01), so none is tried; of somebody without a number nobody can say, so it is.
 */
export function whatsAppForm<Template extends ApprovedTemplate>(facts: WhatsAppFacts<Template>): WhatsAppForm<Template> {
  if (isWindowOpen(facts) && !facts.refusedAsText) return { kind: 'text' };
  const { template, phone } = facts;
  if (template === null) return { kind: 'none', reason: 'whatsapp_no_template' };
  if (template.category === 'marketing' && phone?.startsWith('+1')) return { kind: 'none', reason: 'whatsapp_marketing_us' };
  return { kind: 'template', template };
}

const isWindowOpen = ({ now, lastInboundAt }: Pick<WhatsAppFacts<ApprovedTemplate>, 'now' | 'lastInboundAt'>): boolean =>
  lastInboundAt !== null && isBefore(now, plusMs(lastInboundAt, WHATSAPP_WINDOW_MS));

/** What a template may be filled with: the variables of a text, by name. */
export const TEMPLATE_VARIABLES = [
  'businessName',
  'contactName',
  'staffName',
  'serviceName',
  'locationName',
  'address',
  'phone',
  'when',
  'oldWhen',
  'link',
] as const satisfies readonly (keyof MessageVars)[];
export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];

/** `wording` as WhatsApp approved it, with {{1}}, {{2}}, …; `variables` names what each stands for, in that order. */
export type Fillable = { wording: string; variables: readonly TemplateVariable[] };

/** The text that the person will read, and the vendor's numbered variables. An empty one is refused by WhatsApp, so a dash stands for it. */
export function fillTemplate({ wording, variables }: Fillable, vars: MessageVars): { body: string; variables: Record<string, string> } {
  const values = variables.map((name) => oneLine(vars[name] ?? '') || '-');
  return {
    body: wording.replace(PLACE, (place, number: string) => values[Number(number) - 1] ?? place),
    variables: Object.fromEntries(values.map((value, index) => [String(index + 1), value])),
  };
}

/** Whether a wording asks for exactly the variables that are named, each at least once: {{1}} to {{n}} without a gap. */
export function asksFor(wording: string, count: number): boolean {
  const numbers = new Set([...wording.matchAll(PLACE)].map(([, number]) => Number(number)));
  return numbers.size === count && Array.from({ length: count }, (_, i) => i + 1).every((number) => numbers.has(number));
}

const PLACE = /\{\{(\d{1,2})\}\}/g;

/** WhatsApp takes no line break, tab or run of blanks in a variable. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
