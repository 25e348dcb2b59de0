import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { insertSender, listSenders, setRegistration } from '../../db/senders';
import { firstRegistration, kindOf, mayText } from '../../domain/registration';
import { phoneIn } from '../phone';
import { presentSender, REGISTRATIONS, SENDER_KINDS, SenderView } from '../presenters/sender';
import { notFound } from '../problem';
import { release, replanVisits } from '../replan';
import { route } from '../route';
import { ById, id, instantIn, text } from '../wire';

const tag = 'Senders';
const ofPath = { business: (params: Record<string, string>) => params['id'] ?? null };

const list = route(
  {
    method: 'get',
    path: '/businesses/:id/senders',
    tag,
    summary: 'Who the business texts as, and how far the registration of each is',
    role: 'viewer',
    operator: ofPath,
    params: ById,
    response: z.object({ data: z.array(SenderView) }),
  },
  async ({ tx, params, caller }) => {
    if (params.id !== caller.businessId) throw notFound('business');
    return { data: (await listSenders(tx)).map(presentSender) };
  },
);

const add = route(
  {
    method: 'post',
    path: '/businesses/:id/senders',
    tag,
    summary: 'Give a business a number or a Messaging Service',
    description: "For the platform's operator. A number of the United States or Canada may text once its registration is approved.",
    action: 'sender.created',
    role: 'owner',
    operator: { ...ofPath, only: true },
    params: ById,
    body: z.object({
      address: z.union([phoneIn, z.string().regex(/^(MG[0-9a-f]{32}|\d{4,6})$/)]),
      kind: z.enum(SENDER_KINDS).optional().meta({ description: 'seen from the number unless told' }),
    }),
    status: 201,
    response: SenderView,
    problems: ['already_exists'],
  },
  async ({ tx, body: { address, kind = kindOf(address) }, now }) =>
    presentSender(await insertSender(tx, { id: newId(), address, kind, registration: firstRegistration({ address, kind }), now })),
);

const register = route(
  {
    method: 'put',
    path: '/businesses/:id/senders/:sender_id/registration',
    tag,
    summary: 'Say how far the registration of a sender is',
    description: "For the platform's operator. What was held for it leaves when it is approved, unless it would come too late.",
    action: 'sender.registration_set',
    role: 'owner',
    operator: { ...ofPath, only: true },
    params: ById.extend({ sender_id: id }),
    body: z
      .object({
        state: z.enum(REGISTRATIONS),
        since: instantIn.optional().meta({ description: 'now unless told' }),
        reason: text(300).optional().meta({ description: 'needed for a rejection' }),
      })
      .refine(({ state, reason }) => state !== 'rejected' || reason !== undefined, 'a rejection has a reason'),
    response: SenderView,
  },
  async ({ tx, params: { senderId }, body: { state, since, reason = null }, ifVersion, now }) => {
    const sender = await setRegistration(tx, { id: senderId, registration: state, since: since ?? now, reason, ifVersion, now });
    if (mayText(state)) await release(tx, { reason: 'registration_pending', now });
    // Those ahead may take the text again, or have to do without it.
    await replanVisits(tx, { lane: 1, now });
    return presentSender(sender);
  },
);

export const senderRoutes = [list, add, register];
