import { z } from 'zod';
import { isInCadence } from '../../db/cadences';
import { countWaiting } from '../../db/open-visits';
import { findSegmentPrice } from '../../db/prices';
import { findTemplate, findVersion, listTemplates, listVersions, saveTemplate, type TemplateRow } from '../../db/templates';
import type { Tx } from '../../db/tenancy';
import { CATALOG } from '../../domain/templates/catalog';
import type { OwnClass } from '../../domain/templates/template';
import { frameOf, OWN_KEY, ruleTemplate } from '../../domain/templates/wording';
import type { Caller } from '../caller';
import {
  presentSummary,
  presentTemplate,
  presentVersion,
  TemplateSummaryView,
  TemplateVersionView,
  TemplateView,
  type Shown,
} from '../presenters/template';
import { conflict, invalidField, notFound } from '../problem';
import { route } from '../route';
import { refuseMistakes, toOwnWords, wordsIn } from '../template-words';
import { pageQuery, text, toPage } from '../wire';

const tag = 'Templates';
const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/);
const ByKey = z.object({ key });
const OWN_LIMIT = 200;

const list = route(
  {
    method: 'get',
    path: '/templates',
    tag,
    summary: 'What every message says: the rules’ templates, then those of your own',
    role: 'viewer',
    response: z.object({ data: z.array(TemplateSummaryView), next_cursor: z.null() }),
  },
  async ({ tx }) => {
    const rows = await listTemplates(tx);
    const keys = [...Object.keys(CATALOG), ...rows.map((row) => row.key).filter((name) => ruleTemplate(name) === null)];
    const shown = keys.flatMap(
      (name) =>
        showable(
          name,
          rows.find((row) => row.key === name),
        ) ?? [],
    );
    return { data: shown.map(presentSummary), nextCursor: null };
  },
);

const getTemplate = route(
  {
    method: 'get',
    path: '/templates/:key',
    tag,
    summary: 'One template: its words in English and Spanish, the variables it may name, segments and price',
    role: 'viewer',
    params: ByKey,
    response: TemplateView,
  },
  async ({ tx, params: { key: rule }, from, now }) => {
    const shown = show(rule, await findTemplate(tx, rule));
    return presentTemplate(
      { ...shown, waiting: await countWaiting(tx, { rule, now }), segmentPrice: await findSegmentPrice(tx, now) },
      from.locale,
    );
  },
);

const put = route(
  {
    method: 'put',
    path: '/templates/:key',
    tag,
    summary: 'Word a message yourself',
    description:
      'Replaces all words of the template; a channel that is left out keeps the default. English and Spanish are needed of each. Pending messages say the new ' +
      'words when their time comes. A key of your own begins with "own-" and needs name and message_class. Mistakes are refused, all at once: see findings.',
    action: 'template.saved',
    role: 'admin',
    params: ByKey,
    body: z.object({ name: text(120).optional(), message_class: z.enum(['notice', 'marketing']).optional(), ...wordsIn }).meta({
      example: {
        sms: {
          en: { body: '{{ business_name }}: {{ greeting }} See you on {{ when }}. {{ how_to_confirm }}' },
          es: { body: '{{ business_name }}: {{ greeting }} Nos vemos el {{ when }}. {{ how_to_confirm }}' },
        },
      },
    }),
    response: TemplateView,
    problems: ['template.mistakes', 'template.fixed', 'template.too_many', 'template.in_cadence', 'changed_meanwhile'],
  },
  async ({ tx, params, body: { name = null, messageClass = null, ...words }, ifVersion, caller, from, now }) => {
    const own = { key: params.key, name, messageClass };
    await refuseStrange(tx, own);
    return save(tx, { ...own, words: toOwnWords(words), ifVersion, caller, now }, from.locale);
  },
);

const remove = route(
  {
    method: 'delete',
    path: '/templates/:key',
    tag,
    summary: 'Go back to the default words, or take a template of your own away',
    action: 'template.removed',
    role: 'admin',
    params: ByKey,
    status: 204,
    problems: ['changed_meanwhile'],
  },
  async ({ tx, params, ifVersion, caller, now }) => {
    const row = await findTemplate(tx, params.key);
    show(params.key, row);
    if (!row?.words) return;
    await saveTemplate(tx, { ...row, words: null, ifVersion, savedBy: nameOf(caller), now });
  },
);

const versions = route(
  {
    method: 'get',
    path: '/templates/:key/versions',
    tag,
    summary: 'Every version ever saved, the latest first',
    role: 'viewer',
    params: ByKey,
    query: z.object(pageQuery(z.int())),
    response: z.object({ data: z.array(TemplateVersionView), next_cursor: z.string().nullable() }),
  },
  async ({ tx, params, query: { cursor, limit } }) => {
    const rows = await listVersions(tx, { key: params.key, ...(cursor !== undefined && { before: cursor }), limit: limit + 1 });
    if (rows.length === 0 && cursor === undefined) show(params.key, undefined);
    return toPage(rows, { limit, present: presentVersion, keyOf: (row) => row.version });
  },
);

const restore = route(
  {
    method: 'post',
    path: '/templates/:key/restore',
    tag,
    summary: 'Bring an earlier version back, as a new one',
    action: 'template.restored',
    role: 'admin',
    params: ByKey,
    body: z.object({ version: z.int().min(1).max(1_000_000_000) }),
    response: TemplateView,
    problems: ['template.mistakes', 'template.in_cadence', 'changed_meanwhile'],
  },
  async ({ tx, params, body: { version }, ifVersion, caller, from, now }) => {
    const { name, messageClass, words } = await findVersion(tx, { key: params.key, version });
    return save(tx, { key: params.key, name, messageClass, words, ifVersion, caller, now }, from.locale);
  },
);

type Saving = Pick<TemplateRow, 'key' | 'name' | 'messageClass' | 'words'> & { ifVersion: number | null; caller: Caller; now: string };

/** Checks and saves. Variables and rules change with releases, so an earlier version is checked again. */
async function save(tx: Tx, { caller, ...saving }: Saving, locale: 'en' | 'es') {
  const frame = frameOf(saving.key, saving.messageClass);
  if (!frame) throw notFound('template');
  await refuseOtherClass(tx, saving);
  if (saving.words) refuseMistakes(frame, saving.words, locale);
  const row = await saveTemplate(tx, { ...saving, savedBy: nameOf(caller) });
  const waiting = await countWaiting(tx, { rule: saving.key, now: saving.now });
  return presentTemplate({ key: saving.key, frame, row, waiting, segmentPrice: await findSegmentPrice(tx, saving.now) }, locale);
}

/** A cadence's templates are of its own class. One that changes at this very moment is caught at the send. */
async function refuseOtherClass(tx: Tx, { key: name, messageClass }: Pick<TemplateRow, 'key' | 'messageClass'>): Promise<void> {
  const before = await findTemplate(tx, name);
  if (before && before.messageClass !== messageClass && (await isInCadence(tx, name))) throw conflict('template.in_cadence');
}

/** Refuses what no wording could make right. */
async function refuseStrange(tx: Tx, own: { key: string; name: string | null; messageClass: OwnClass | null }): Promise<void> {
  const rule = ruleTemplate(own.key);
  if (rule?.speaksOfOptOut) throw conflict('template.fixed');
  if (rule && own.name !== null) throw invalidField('name', 'only a template of your own has one');
  if (rule && own.messageClass !== null) throw invalidField('message_class', 'only a template of your own has one');
  if (rule) return;
  if (!OWN_KEY.test(own.key)) throw notFound('template');
  if (own.name === null) throw invalidField('name', 'a template of your own needs one');
  if (own.messageClass === null) throw invalidField('message_class', 'a template of your own needs one');
  const others = (await listTemplates(tx)).filter((row) => row.messageClass !== null && row.words !== null && row.key !== own.key);
  if (others.length >= OWN_LIMIT) throw conflict('template.too_many', { limit: OWN_LIMIT });
}

/** Null for a key that names nothing, or a template of their own that was taken away. */
function showable(name: string, row: TemplateRow | undefined): Shown | null {
  const frame = frameOf(name, row?.messageClass ?? null);
  if (!frame || (ruleTemplate(name) === null && !row?.words)) return null;
  return { key: name, frame, row };
}

function show(name: string, row: TemplateRow | undefined): Shown {
  const shown = showable(name, row);
  if (!shown) throw notFound('template');
  return shown;
}

const nameOf = ({ kind, id }: Caller): string => `${kind}:${id}`;

export const templateRoutes = [list, getTemplate, put, remove, versions, restore];
