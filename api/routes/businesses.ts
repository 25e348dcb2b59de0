import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findBusiness, listBusinessIds, updateBusiness, type BusinessRow } from '../../db/businesses';
import { withBusiness, type Tx } from '../../db/tenancy';
import type { Caller } from '../caller';
import type { ApiDeps } from '../deps';
import { foundBusiness, NewBusiness } from '../founding';
import { phoneIn } from '../phone';
import { BusinessView, presentBusiness } from '../presenters/business';
import { notFound } from '../problem';
import { release, replanVisits } from '../replan';
import { route } from '../route';
import { minutesOf, quietHoursIn } from '../weekly-hours';
import { ById, emailIn, id, localeIn, pageOf, pageQueryById, text, toPage, zoneIn } from '../wire';

const tag = 'Businesses';

const createBusiness = route(
  {
    method: 'post',
    path: '/businesses',
    tag,
    summary: 'Make a business: first location, owner, reminder rules, API key',
    description: "For the platform's operator. The API key is shown once. An owner with e-mail and password can log in.",
    action: 'business.created',
    role: 'owner',
    operator: { only: true, business: () => newId() },
    body: NewBusiness,
    status: 201,
    response: BusinessView.extend({ location_id: id, owner_staff_id: id, api_key: z.string() }).meta({ id: 'NewBusiness' }),
    problems: ['already_exists'],
  },
  async ({ tx, body, caller, deps, now }) => {
    const { business, ...made } = await foundBusiness(tx, { id: caller.businessId, asked: body, now, hash: deps.hash });
    return { ...presentBusiness(business), ...made };
  },
);

const listBusinesses = route(
  {
    method: 'get',
    path: '/businesses',
    tag,
    summary: 'My business; for the operator all',
    role: 'viewer',
    operator: { business: () => null },
    query: z.object(pageQueryById),
    response: pageOf(BusinessView),
  },
  async ({ tx, query: { cursor = null, limit }, caller, deps }) => {
    const rows =
      caller.kind === 'operator'
        ? await eachBusiness(deps, { before: cursor, limit: limit + 1 })
        : [await findBusiness(tx, caller.businessId)];
    return toPage(rows, { limit, present: presentBusiness, keyOf: (row) => row.id });
  },
);

/** The operator sees them as everybody does: each in its own transaction. */
async function eachBusiness({ db }: ApiDeps, page: { before: string | null; limit: number }): Promise<BusinessRow[]> {
  const rows: BusinessRow[] = [];
  for (const businessId of await listBusinessIds(db, page))
    rows.push(await withBusiness(db, businessId, (own) => findBusiness(own, businessId)));
  return rows;
}

const ofPath = { business: (params: Record<string, string>) => params['id'] ?? null };

const getBusiness = route(
  {
    method: 'get',
    path: '/businesses/:id',
    tag,
    summary: 'One business',
    role: 'viewer',
    operator: ofPath,
    params: ById,
    response: BusinessView,
  },
  async ({ tx, params, caller }) => presentBusiness(await own(tx, params.id, caller)),
);

const editBusiness = route(
  {
    method: 'patch',
    path: '/businesses/:id',
    tag,
    summary: 'Change a business',
    description: 'A paused business sends nothing; what is past its last useful moment when it resumes is not sent late.',
    action: 'business.updated',
    role: 'admin',
    operator: ofPath,
    params: ById,
    body: z.object({
      name: text(120).optional(),
      status: z.enum(['active', 'paused']).optional(),
      zone: zoneIn.optional(),
      locale: localeIn.optional(),
      phone: phoneIn.nullable().optional(),
      email: emailIn.nullable().optional(),
      postal_address: text(200).nullable().optional(),
      quiet_hours: quietHoursIn.optional(),
      slot_step_min: z.int().min(5).max(120).optional(),
      waitlist_batch_size: z.int().min(1).max(20).optional(),
    }),
    response: BusinessView,
  },
  async ({ tx, params, body: { quietHours: quiet, ...fields }, caller, ifVersion, now }) => {
    await own(tx, params.id, caller);
    const minutes = quiet ? { quietStartMinute: minutesOf(quiet.from), quietEndMinute: minutesOf(quiet.to) } : {};
    const changed = await updateBusiness(tx, { id: params.id, fields: { ...fields, ...minutes }, ifVersion, now });
    if (fields.status === 'active') await release(tx, { reason: 'business_inactive', now });
    if (fields.status !== undefined || quiet) await replanVisits(tx, { lane: 1, now });
    return presentBusiness(changed);
  },
);

const cancelBusiness = route(
  {
    method: 'delete',
    path: '/businesses/:id',
    tag,
    summary: 'Cancel a business',
    description: "For the platform's operator. It sends nothing from then on; its data stays and can be read.",
    action: 'business.canceled',
    role: 'owner',
    operator: { ...ofPath, only: true },
    params: ById,
    status: 204,
  },
  async ({ tx, params, now }) => {
    await updateBusiness(tx, { id: params.id, fields: { status: 'canceled' }, ifVersion: null, now });
    await replanVisits(tx, { lane: 1, now });
  },
);

/** A key knows its own business only: any other id names nothing. */
function own(tx: Tx, businessId: string, caller: Caller): Promise<BusinessRow> {
  if (businessId !== caller.businessId) throw notFound('business');
  return findBusiness(tx, businessId);
}

export const businessRoutes = [createBusiness, listBusinesses, getBusiness, editBusiness, cancelBusiness];
