import type { TemplateRule } from '../message';
import { cadenceTemplates } from './catalog/cadences';
import { replyTemplates } from './catalog/replies';
import { staffTemplates } from './catalog/staff';
import { visitTemplates } from './catalog/visits';
import { waitlistTemplates } from './catalog/waitlist';
import type { Template } from './template';

/**
 * The default wording of every rule, in Liquid, English and Spanish, for texts and e-mail.
 *
 * A new rule: add its name to TemplateRule (domain/message.ts), then its template to the family it belongs to in catalog/ (or a new family, listed here): class,
 * the variables it may name (variables.ts), the words. The compiler asks for the rest; test/domain/templates renders all of them, and check.ts must find
 * nothing wrong with any. A new variable: its meaning in variables.ts, its value in scope.ts.
 */
export const CATALOG: Record<TemplateRule, Template> = {
  ...visitTemplates,
  ...staffTemplates,
  ...replyTemplates,
  ...waitlistTemplates,
  ...cadenceTemplates,
};

/** Rises when the words of the catalog change: messages name it. 1 were functions. */
export const WORDING_VERSION = 2;
