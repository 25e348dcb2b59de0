import type { ContactChannel, MessageClass, MessageRule } from './message';
import type { Instant } from './time';

/** What an opt-out ends: everything automated, or only what advertises (R33). */
export type OptOutScope = 'automated' | 'marketing';

/** How we learned of an opt-out. */
export const OPT_OUT_SOURCES = ['keyword', 'free_text', 'carrier', 'unsubscribe', 'spam_report', 'link', 'spoken', 'staff'] as const;
export type OptOutSource = (typeof OPT_OUT_SOURCES)[number];

/** An opt-out that stands: over which channel the person said so, how far it goes, and which channels they asked for again since. */
export type OptOut = { channel: ContactChannel; scope: OptOutScope; reopened: readonly ContactChannel[] };

/** One dated line of the law and of our own promise. Reviewed each quarter. */
export type SuppressionPolicy = {
  id: string;
  /** Said over one of these … */
  said: readonly ContactChannel[];
  /** … it ends these. */
  ends: readonly ContactChannel[];
  /** UTC date from which it holds; null: in force. */
  from: string | null;
  source: string;
  checkedAt: string;
};

export const SUPPRESSION_POLICIES: readonly SuppressionPolicy[] = [
  {
    id: 'texts_and_ai_calls',
    said: ['sms', 'voice'],
    ends: ['sms', 'voice'],
    from: null,
    source: '47 CFR 64.1200(a)(10): revoked for calls and texts; we do not split matters',
    checkedAt: '2026-11',
  },
  {
    id: 'whatsapp_and_ai_calls',
    said: ['whatsapp'],
    ends: ['whatsapp', 'voice'],
    from: null,
    source: 'our policy: STOP on WhatsApp is ours to handle',
    checkedAt: '2026-11',
  },
  { id: 'email', said: ['email'], ends: ['email'], from: null, source: 'CAN-SPAM, RFC 8058', checkedAt: '2026-11' },
  {
    id: 'every_call_and_text',
    said: ['sms', 'whatsapp', 'voice'],
    ends: ['sms', 'whatsapp', 'voice'],
    from: '2027-01-31',
    source: 'FCC DA 26-12 (2026-01-06): waived until then; the rulemaking of 2025-10-28 may drop it',
    checkedAt: '2026-11',
  },
];

/** The channels that these opt-outs close at an instant, for this class. Staff are no contacts, and a visit's own messages outlive an opt-out of advertising. */
export function closedChannels(
  optOuts: readonly OptOut[],
  { messageClass, now }: { messageClass: MessageClass; now: Instant },
): ContactChannel[] {
  if (messageClass === 'staff') return [];
  const inForce = SUPPRESSION_POLICIES.filter(({ from }) => from === null || now.slice(0, 10) >= from);
  const closed = optOuts
    .filter(({ scope }) => scope === 'automated' || ADVERTISES.includes(messageClass))
    .flatMap(({ channel, reopened }) =>
      inForce.filter(({ said }) => said.includes(channel)).flatMap(({ ends }) => ends.filter((end) => !reopened.includes(end))),
    );
  return [...new Set(closed)];
}

/** The one confirmation of an opt-out, and HELP, answer somebody who is opted out (R20, R33). */
export const passesSuppression = ({ messageClass, rule }: { messageClass: MessageClass; rule: MessageRule | null }): boolean =>
  messageClass === 'reply' && (rule === 'opt_out_ack' || rule === 'help');

/** A review request is asked for by nobody: an opt-out of advertising ends it too. */
const ADVERTISES: readonly MessageClass[] = ['marketing', 'review', 'call'];
