import { z } from 'zod';
import type { AcceptedLog } from '../accepted-log';
import type { SandboxTemplates } from '../templates';
import { isWindowOpen } from '../whatsapp-window';
import { bare } from './messages';

type Said = { body: string; failsWith: number | null } | { code: number; about: string };

/** Outside the 24 hours Twilio takes free text and reports that WhatsApp did not; https://www.twilio.com/docs/api/errors/63016. */
const WINDOW_CLOSED = 63016;
/** A template that is not approved (any more). */
const TEMPLATE_REFUSED = { pending: 63027, rejected: 63027, paused: 63041, count: 63028 } as const;
const BAD_VARIABLES = 21656;

const Variables = z.record(z.string().regex(/^\d{1,2}$/), z.string().trim().min(1));

/** What a WhatsApp message says: its template filled in, or free text while the window is open. */
export function checkWhatsApp(form: URLSearchParams, { templates, log }: { templates: SandboxTemplates; log: AcceptedLog }): Said {
  const field = (name: string) => form.get(name) ?? '';
  const contentSid = field('ContentSid');
  if (contentSid === '') {
    const open = isWindowOpen(log, { vendor: 'twilio', person: bare(field('To')), number: bare(field('From')) });
    return { body: field('Body'), failsWith: open ? null : WINDOW_CLOSED };
  }
  if (!/^HX[0-9a-f]{32}$/.test(contentSid)) return { code: 21655, about: contentSid };
  const variables = Variables.safeParse(jsonOf(field('ContentVariables') || '{}'));
  if (!variables.success) return { code: BAD_VARIABLES, about: contentSid };
  const values = Object.entries(variables.data).sort(([a], [b]) => Number(a) - Number(b));
  const filled = templates.fill(
    'twilio',
    contentSid,
    values.map(([, value]) => value),
  );
  return 'refused' in filled ? { body: contentSid, failsWith: TEMPLATE_REFUSED[filled.refused] } : { body: filled.body, failsWith: null };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says that these are no variables
  }
}
