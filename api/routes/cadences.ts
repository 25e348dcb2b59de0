import { z } from 'zod';
import { findLatest, listQueue } from '../../db/cadence-states';
import { findCadence, listCadences, updateCadence } from '../../db/cadences';
import { findContact } from '../../db/contacts';
import { findTemplate } from '../../db/templates';
import type { Tx } from '../../db/tenancy';
import { BUCKETS } from '../../domain/lead-status';
import type { Channel } from '../../domain/message';
import { LOCALES } from '../../domain/templates/check';
import { cadenceTemplates } from '../../domain/templates/catalog/cadences';
import { OWN_KEY, wordingOf } from '../../domain/templates/wording';
import { enrol, replanCadences, stopCadence } from '../cadences';
import { CadenceStateView, CadenceView, presentCadence, presentCadenceState, presentQueueLine, QueueLineView } from '../presenters/cadence';
import { conflict, invalidField, Problem } from '../problem';
import { route } from '../route';
import { ById, CHANNELS, countIn, id, instantIn } from '../wire';

const tag = 'Cadences';

const list = route(
  {
    method: 'get',
    path: '/cadences',
    tag,
    summary: 'How people are followed up, the most important first',
    role: 'viewer',
    response: z.object({ data: z.array(CadenceView), next_cursor: z.null() }),
  },
  async ({ tx, from }) => ({ data: (await listCadences(tx)).map((row) => presentCadence(row, from.locale)), nextCursor: null }),
);

const YEAR_MIN = 365 * 24 * 60;
const stepIn = z.strictObject({
  wait_min: z.int().min(0).max(YEAR_MIN),
  template_id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/),
  channels: z
    .array(z.enum(CHANNELS))
    .min(1)
    .refine((channels) => new Set(channels).size === channels.length, 'no channel twice'),
});

const edit = route(
  {
    method: 'patch',
    path: '/cadences/:id',
    tag,
    summary: 'Change a cadence, and plan it anew for everybody in it',
    description:
      '`steps` replaces all of them. A step names a template of the cadences, or one of your own. What was sent stays, and no step goes twice; a cadence that is ' +
      'switched off ends for everybody in it.',
    action: 'cadence.updated',
    role: 'admin',
    params: ById,
    body: z
      .object({
        enabled: z.boolean().optional(),
        priority: z.int().min(1).max(100).optional(),
        winback_weeks: z.int().min(1).max(260).optional(),
        steps: z.array(stepIn).min(1).max(20).optional(),
      })
      .meta({ example: { enabled: true, winback_weeks: 16 } }),
    response: CadenceView.extend({
      replanned_contacts: z.int().meta({ description: 'people in it, for whom it is planned anew now' }),
    }).meta({ id: 'CadenceChange' }),
  },
  async ({ tx, params, body: { steps, ...fields }, ifVersion, from, now }) => {
    const before = await findCadence(tx, params.id);
    if (fields.winbackWeeks !== undefined && before.trigger !== 'winback') throw invalidField('winback_weeks', 'only a winback has it');
    for (const [i, step] of (steps ?? []).entries()) await checkWords(tx, `steps.${String(i)}.template_id`, step);
    const named = steps?.map(({ templateId, waitMin, channels }) => ({ templateKey: templateId, waitMin, channels }));
    const after = await updateCadence(tx, { id: params.id, fields, steps: named, ifVersion, now });
    const replannedContacts = await replanCadences(tx, { cadenceId: params.id, lane: 1, now });
    return { ...presentCadence(after, from.locale), replannedContacts };
  },
);

type Worded = { templateId: string; channels: Channel[] };

/** A step's template says something on each of its channels in both languages, and is one that a cadence may use. */
async function checkWords(tx: Tx, path: string, { templateId, channels }: Worded): Promise<void> {
  if (!Object.hasOwn(cadenceTemplates, templateId) && !OWN_KEY.test(templateId))
    throw invalidField(path, 'a template of the cadences, or one of your own');
  const saved = await findTemplate(tx, templateId);
  const wordless = channels.some((channel) => LOCALES.some((locale) => wordingOf(templateId, saved, { channel, locale }) === null));
  if (wordless) throw invalidField(path, 'no such template, or not for these channels');
}

const queue = route(
  {
    method: 'get',
    path: '/cadences/queue',
    tag,
    summary: 'Who is in a cadence, by when something happens next',
    description: 'The next page: `after_at` and `after_contact_id` are next_action_at and contact_id of the last line.',
    role: 'viewer',
    query: z.object({
      cadence_id: id.optional(),
      bucket: z.enum(BUCKETS).optional(),
      limit: countIn(1, 200).default(50),
      after_at: instantIn.optional(),
      after_contact_id: id.optional(),
    }),
    response: z.array(QueueLineView),
  },
  async ({ tx, query: { cadenceId, bucket, limit, afterAt, afterContactId } }) => {
    if ((afterAt === undefined) !== (afterContactId === undefined))
      throw invalidField('after_contact_id', 'both after_at and after_contact_id');
    const after = afterAt === undefined || afterContactId === undefined ? {} : { after: { at: afterAt, contactId: afterContactId } };
    const filter = { ...(cadenceId !== undefined && { cadenceId }), ...(bucket !== undefined && { bucket }) };
    return (await listQueue(tx, { ...filter, ...after, limit })).map(presentQueueLine);
  },
);

const Named = z.object({ contact_id: id, cadence_id: id });

const start = route(
  {
    method: 'post',
    path: '/cadences/start',
    tag,
    summary: 'Put a person into a cadence',
    description:
      'A person is in one cadence at a time: one of a lower priority makes room, another is refused with 409 `cadence.outranked`. The same again answers the ' +
      'enrolment that runs. It ends by itself when they reply, book or opt out.',
    action: 'cadence.started',
    role: 'staff',
    body: Named,
    response: CadenceStateView,
    problems: ['cadence.outranked', 'cadence.off'],
  },
  async ({ tx, body, now }) => {
    const [{ id: contactId }, cadence] = [await findContact(tx, body.contactId), await findCadence(tx, body.cadenceId)];
    const { decision, state } = await enrol(tx, { contactId, cadence, now });
    if (state) return presentCadenceState(state);
    throw conflict(decision === 'off' ? 'cadence.off' : 'cadence.outranked');
  },
);

const stop = route(
  {
    method: 'post',
    path: '/cadences/stop',
    tag,
    summary: 'Take a person out of a cadence',
    description: 'What has not left yet is dropped. One that has ended is answered as it ended.',
    action: 'cadence.stopped',
    role: 'staff',
    body: Named,
    response: CadenceStateView,
    problems: ['cadence.not_enrolled'],
  },
  async ({ tx, body: { contactId, cadenceId }, now }) => {
    const [contact, cadence] = [await findContact(tx, contactId), await findCadence(tx, cadenceId)];
    await stopCadence(tx, { contactId: contact.id, cadenceId: cadence.id, now });
    const state = await findLatest(tx, { contactId, cadenceId });
    if (!state) throw new Problem('cadence.not_enrolled');
    return presentCadenceState(state);
  },
);

export const cadenceRoutes = [list, queue, edit, start, stop];
