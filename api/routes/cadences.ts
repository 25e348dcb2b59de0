import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findLatest, listQueue } from '../../db/cadence-states';
import { findCadence, insertCadence, listCadences, retireCadence, updateCadence } from '../../db/cadences';
import { findContact } from '../../db/contacts';
import { OWN_CADENCE } from '../../domain/cadence';
import { BUCKETS } from '../../domain/lead-status';
import { checkedSteps, stepsIn } from '../cadence-steps';
import { enrol, replanCadences, stopCadence } from '../cadences';
import { CadenceStateView, CadenceView, presentCadence, presentCadenceState, presentQueueLine, QueueLineView } from '../presenters/cadence';
import { conflict, invalidField, Problem } from '../problem';
import { route } from '../route';
import { ById, countIn, id, instantIn, text } from '../wire';

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

const OWN_LIMIT = 50;
const priorityIn = z.int().min(1).max(100);

const create = route(
  {
    method: 'post',
    path: '/cadences',
    tag,
    summary: 'Make a cadence of your own',
    description:
      'It starts for a person only when you say so (POST /cadences/start). A step waits so long after the one before, the first after the start; its template is one ' +
      'of the cadences, or one of your own (PUT /templates/own-…), and says it in English and Spanish. All its templates are of its message_class.',
    action: 'cadence.created',
    role: 'admin',
    body: z
      .object({
        key: z.string().max(40).regex(OWN_CADENCE, 'begins with own_ and has only small letters and _').meta({ example: 'own_new_colour' }),
        name: text(120),
        priority: priorityIn.default(15),
        enabled: z.boolean().default(true),
        message_class: z.enum(['notice', 'marketing']).default('marketing'),
        steps: stepsIn,
      })
      .meta({
        example: {
          key: 'own_new_colour',
          name: 'After a new colour',
          steps: [{ wait_min: 2880, template_id: 'cadence_winback_1', channels: ['sms', 'email'] }],
        },
      }),
    status: 201,
    response: CadenceView,
    problems: ['cadence.key_taken', 'cadence.too_many'],
  },
  async ({ tx, body: { name, steps: asked, ...fields }, from, now }) => {
    const own = (await listCadences(tx)).filter(({ key }) => OWN_CADENCE.test(key));
    if (own.length >= OWN_LIMIT) throw conflict('cadence.too_many', { limit: OWN_LIMIT });
    const steps = await checkedSteps(tx, asked, fields.messageClass);
    const named = { id: newId(), name: { en: name, es: name }, trigger: 'manual' as const, winbackWeeks: null };
    const made = await insertCadence(tx, { ...fields, ...named, steps, now });
    if (!made) throw conflict('cadence.key_taken');
    return presentCadence(made, from.locale);
  },
);

const get = route(
  { method: 'get', path: '/cadences/:id', tag, summary: 'One cadence', role: 'viewer', params: ById, response: CadenceView },
  async ({ tx, params, from }) => presentCadence(await findCadence(tx, params.id), from.locale),
);

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
        name: text(120).optional().meta({ description: 'of one of your own' }),
        enabled: z.boolean().optional(),
        priority: priorityIn.optional(),
        winback_weeks: z.int().min(1).max(260).optional(),
        steps: stepsIn.optional(),
      })
      .meta({ example: { enabled: true, winback_weeks: 16 } }),
    response: CadenceView.extend({
      replanned_contacts: z.int().meta({ description: 'people in it, for whom it is planned anew now' }),
    }).meta({ id: 'CadenceChange' }),
  },
  async ({ tx, params, body: { steps: asked, name, ...change }, ifVersion, from, now }) => {
    const before = await findCadence(tx, params.id);
    if (change.winbackWeeks !== undefined && before.trigger !== 'winback') throw invalidField('winback_weeks', 'only a winback has it');
    if (name !== undefined && !OWN_CADENCE.test(before.key)) throw invalidField('name', 'only a cadence of your own is named by you');
    const steps = asked && (await checkedSteps(tx, asked, before.messageClass));
    const fields = { ...change, ...(name !== undefined && { nameEn: name, nameEs: name }) };
    const after = await updateCadence(tx, { id: params.id, fields, steps, ifVersion, now });
    const replannedContacts = await replanCadences(tx, { cadenceId: params.id, lane: 1, now });
    return { ...presentCadence(after, from.locale), replannedContacts };
  },
);

const remove = route(
  {
    method: 'delete',
    path: '/cadences/:id',
    tag,
    summary: 'Take a cadence of your own away',
    description:
      'It ends for everybody in it; what has not left yet is dropped. One that every business has is switched off instead (PATCH, enabled).',
    action: 'cadence.removed',
    role: 'admin',
    params: ById,
    status: 204,
    problems: ['cadence.built_in'],
  },
  async ({ tx, params: { id: cadenceId }, now }) => {
    const { key } = await findCadence(tx, cadenceId);
    if (!OWN_CADENCE.test(key)) throw conflict('cadence.built_in');
    await retireCadence(tx, { id: cadenceId, now });
    await replanCadences(tx, { cadenceId, lane: 1, now });
  },
);

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
    const [{ id: contactId }, cadence] = [await findContact(tx, body.contactId, 'forKeyShare'), await findCadence(tx, body.cadenceId)];
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

// The queue before what takes an id.
export const cadenceRoutes = [list, create, queue, get, edit, remove, start, stop];
