import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { ring } from '../../db/doorbell';
import { savePlanned } from '../../db/messages';
import { findSegmentPrice } from '../../db/prices';
import { findStaff, findStaffByEmail, type StaffRow } from '../../db/staff';
import { findTemplate } from '../../db/templates';
import type { Tx } from '../../db/tenancy';
import { findUser } from '../../db/users';
import { checkTemplate, LOCALES, MEDIA, type Finding, type Medium, type OwnWords } from '../../domain/templates/check';
import { figuresOf } from '../../domain/templates/figures';
import { renderTemplate } from '../../domain/templates/render';
import type { Frame } from '../../domain/templates/template';
import { frameOf, wordingOf, type Saved, type Wording } from '../../domain/templates/wording';
import { HOUR_MS, plusMs } from '../../domain/time';
import { messageDeliveryProcess } from '../../workflows/contracts/message-delivery';
import type { Caller } from '../caller';
import { FiguresView, FindingView, presentFinding } from '../presenters/template';
import { invalidField, notFound } from '../problem';
import { route } from '../route';
import { varsOf } from '../template-subject';
import { refuseMistakes, toOwnWords, wordsIn } from '../template-words';
import { id, localeIn } from '../wire';

const tag = 'Templates';
const ByKey = z.object({ key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/) });
/** Words that are not saved yet take the place of those in force; a template of one's own that was never saved says its class. */
const unsaved = { message_class: z.enum(['notice', 'marketing']).optional(), ...wordsIn };

const preview = route(
  {
    method: 'post',
    path: '/templates/:key/preview',
    tag,
    summary: 'What a template looks like, in both languages and channels, also before it is saved',
    description:
      'With a contact or one of their visits; else with a visit made up for it. Changes and sends nothing. A text with mistakes is left out: see findings.',
    action: 'template.previewed',
    role: 'staff',
    params: ByKey,
    body: z.object({ contact_id: id.optional(), appointment_id: id.optional(), ...unsaved }),
    response: z
      .object({
        findings: z.array(FindingView),
        previews: z.array(
          z.object({
            channel: z.enum(MEDIA),
            locale: z.enum(LOCALES),
            subject: z.string().nullable(),
            text: z.string(),
            html: z.string().nullable(),
            figures: FiguresView.nullable().meta({ description: 'of a text message' }),
          }),
        ),
      })
      .meta({ id: 'TemplatePreview' }),
  },
  async ({ tx, deps, params: { key }, body: { contactId, appointmentId, messageClass, ...words }, from, now }) => {
    const { frame, saved } = await tried(tx, { key, messageClass, words: toOwnWords(words) });
    const findings = saved.words ? checkTemplate(frame, saved.words) : [];
    const vars = await varsOf(tx, deps, { frame, contactId, appointmentId });
    const segmentPrice = await findSegmentPrice(tx, now);
    const places = MEDIA.flatMap((channel) => LOCALES.map((locale) => ({ channel, locale })));
    const previews = places.flatMap(({ channel, locale }) => {
      const wording = isWrong(findings, { channel, locale }) ? null : wordingOf(key, saved, { channel, locale });
      return wording ? [{ channel, locale, ...previewOf(wording, { channel, locale, vars: vars(locale), segmentPrice }) }] : [];
    });
    return { findings: findings.map((finding) => presentFinding(finding, from.locale)), previews };
  },
);

const test = route(
  {
    method: 'post',
    path: '/templates/:key/test',
    tag,
    summary: 'Send a template to your own phone or e-mail address',
    description:
      'With a visit made up for it, and marked as a test. A user is found among the staff by their e-mail address; an API key names staff_id. Words with mistakes are refused.',
    action: 'template.tested',
    role: 'admin',
    params: ByKey,
    body: z
      .object({ channel: z.enum(MEDIA), locale: localeIn.default('en'), staff_id: id.optional(), ...unsaved })
      .meta({ example: { channel: 'sms', locale: 'es' } }),
    status: 202,
    response: z.object({ message_id: id, status: z.literal('planned') }),
    problems: ['template.mistakes'],
  },
  async ({ tx, params: { key }, body: { channel, locale, staffId, messageClass, ...words }, caller, from, now }) => {
    const { frame, saved } = await tried(tx, { key, messageClass, words: toOwnWords(words) });
    if (saved.words) refuseMistakes(frame, saved.words, from.locale);
    const wording = wordingOf(key, saved, { channel, locale });
    if (!wording) throw invalidField('channel', 'the template has no words for it');
    const member = await receiver(tx, { caller, staffId });
    if ((channel === 'email' ? member.email : member.phoneE164) === null)
      throw invalidField('channel', 'this member of staff has no address for it');
    const message = testMessage({ member, channel, locale, wording, now });
    await savePlanned(tx, [message], now);
    await ring(tx, { ...messageDeliveryProcess(message.id), version: 1, now });
    return { messageId: message.id, status: 'planned' as const };
  },
);

type Asked = { key: string; messageClass: 'notice' | 'marketing' | undefined; words: OwnWords | null };

/** The template as it would be with the unsaved words over those in force. */
async function tried(tx: Tx, { key, messageClass, words }: Asked): Promise<{ frame: Frame; saved: Saved }> {
  const row = await findTemplate(tx, key);
  const ownClass = messageClass ?? row?.messageClass ?? null;
  const frame = frameOf(key, ownClass);
  if (!frame) throw notFound('template');
  const both = row?.words || words ? { ...row?.words, ...words } : null;
  return { frame, saved: { messageClass: ownClass, words: both, version: row?.version ?? 0 } };
}

const isWrong = (findings: Finding[], at: { channel: Medium; locale: string }): boolean =>
  findings.some(({ level, channel, locale }) => level === 'error' && channel === at.channel && locale === at.locale);

type Previewed = Pick<Parameters<typeof renderTemplate>[0], 'channel' | 'locale' | 'vars'> & { segmentPrice: number };

function previewOf({ template, source, own }: Wording, { segmentPrice, ...asked }: Previewed) {
  const rendered = renderTemplate({ template, source, own, ...asked });
  if (rendered.channel === 'sms')
    return { subject: null, text: rendered.text, html: null, figures: figuresOf(rendered.text, segmentPrice) };
  const { subject, text, html } = rendered;
  return { subject, text, html, figures: null };
}

/** A user's own entry among the staff; who else a program tests with is for it to say. */
async function receiver(tx: Tx, { caller, staffId }: { caller: Caller; staffId: string | undefined }): Promise<StaffRow> {
  if (caller.kind !== 'user') {
    if (staffId === undefined) throw invalidField('staff_id', 'an API key must say to whom');
    return findStaff(tx, staffId);
  }
  const { email } = await findUser(tx, caller.id);
  const member = await findStaffByEmail(tx, email);
  if (!member || (staffId !== undefined && staffId !== member.id)) throw invalidField('staff_id', 'only your own phone or e-mail address');
  return member;
}

type Test = { member: StaffRow; channel: Medium; locale: 'en' | 'es'; wording: Wording; now: string };

/** The words travel with the message: they may never be saved. No contact's data does, as nobody would erase it here. */
function testMessage({ member, channel, locale, wording, now }: Test) {
  const { template, source, own, templateId } = wording;
  const messageId = newId();
  return {
    id: messageId,
    sendKey: `template-test/${messageId}`,
    appointmentId: null,
    contactId: null,
    staffId: member.id,
    rule: 'template_test' as const,
    messageClass: 'staff' as const,
    channel,
    scheduleVersion: null,
    facts: {
      locale,
      templateId,
      messageClass: template.messageClass,
      own: String(own),
      body: source.body,
      ...(source.subject !== null && { subject: source.subject }),
    },
    status: 'planned' as const,
    reason: null,
    dueAt: now,
    sendAt: now,
    notAfter: plusMs(now, HOUR_MS),
  };
}

export const templateTrialRoutes = [preview, test];
