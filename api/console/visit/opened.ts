import type { Context } from 'koa';
import { findLinkedVisit, findLinkHolder, type LinkedVisit } from '../../../db/links';
import { withBusiness } from '../../../db/tenancy';
import type { Locale } from '../../../domain/message';
import { recipientPlace } from '../../../domain/recipient-place';
import { formatWhen } from '../../../domain/templates/when';
import { isBefore, type Instant } from '../../../domain/time';
import type { ApiDeps } from '../../deps';
import { localeOf } from '../../middleware/problems';
import { linkEndsAt, visitState, type VisitState } from './state';
import type { Closed } from './wording';

/** How a visit's page was asked for: the token, the language and the addresses of what lies below it. */
export type Asked = {
  token: string;
  locale: Locale;
  /** The page itself, or a part of it such as '/times', in the language that the reader chose. `of`: another visit's token. */
  pathTo: (part?: string, query?: Record<string, string>, of?: string) => string;
  /** The page as it is now, in the other language. */
  inOtherLanguage: string;
};

/** A visit found by its link, at this moment. */
export type Opened = Asked & { businessId: string; visit: LinkedVisit; now: Instant; state: VisitState; when: string };

/** Whom a link belongs to, and how to reach the business. */
export type LinkOwner = Pick<LinkedVisit, 'businessName' | 'phone' | 'contactLocale'>;

/** There is nothing to show. `owner`: whose link it was, when that is known. */
export class LinkClosed extends Error {
  constructor(
    readonly kind: Closed,
    readonly owner: LinkOwner | null = null,
  ) {
    super(kind);
    this.name = 'LinkClosed';
  }
}

/** Finds the visit of a link. Reads only: programs that scan messages open every link. Throws LinkClosed, 429. */
export async function openVisit(deps: ApiDeps, ctx: Context): Promise<Opened> {
  const holder = await openLink(deps, ctx);
  const now = await deps.clock.now(holder.businessId);
  const visit = await withBusiness(deps.db, holder.businessId, (tx) => findLinkedVisit(tx, holder.id));
  if (!isBefore(now, linkEndsAt(visit))) throw new LinkClosed('ended', visit);
  const asked = askedOf(ctx, visit.contactLocale);
  return { ...asked, businessId: holder.businessId, visit, now, state: visitState(visit, now), when: whenOf(visit, asked.locale) };
}

const TOKEN = /^[\w-]{16}$/;

/** Whose link was opened. Throws LinkClosed `unknown`, 429. */
export async function openLink(deps: ApiDeps, ctx: Context): Promise<{ businessId: string; id: string }> {
  const token = tokenOf(ctx);
  await deps.limits.link({ token, ip: ctx.ip });
  const holder = TOKEN.test(token) ? await findLinkHolder(deps.db, token) : undefined;
  if (!holder) throw new LinkClosed('unknown');
  return holder;
}

/** `locale`: the person's, or null when we do not know whom we talk to; `?lang=` overrides either. */
export function askedOf(ctx: Context, locale: Locale | null): Asked {
  const [chosen, token] = [chosenLocale(ctx), tokenOf(ctx)];
  const shown = chosen ?? locale ?? localeOf(ctx);
  const address = (part: string, query: Record<string, string>, of = token): string => {
    const text = new URLSearchParams(query).toString();
    return `/${rootOf(ctx)}/${encodeURIComponent(of)}${part}${text === '' ? '' : `?${text}`}`;
  };
  return {
    token,
    locale: shown,
    pathTo: (part = '', query = {}, of = token) => address(part, { ...query, ...(chosen !== null && { lang: chosen }) }, of),
    inOtherLanguage: address(partOf(ctx), { lang: shown === 'en' ? 'es' : 'en' }),
  };
}

type TimedVisit = Pick<LinkedVisit, 'startsAt' | 'zone' | 'contactZone' | 'contactPostalCode' | 'contactPhone'>;

/** A visit's time in the reader's words (R9). Several zones in which a person may be name none. */
export function whenOf(visit: TimedVisit, locale: Locale): string {
  const { contactZone: zone, contactPostalCode: postalCode, contactPhone: phone } = visit;
  const [recipientZone = null, ...others] = recipientPlace({ zone, postalCode, phone }).zones;
  return formatWhen({ startsAt: visit.startsAt, venueZone: visit.zone, recipientZone: others.length === 0 ? recipientZone : null, locale });
}

const tokenOf = (ctx: Context): string => String((ctx['params'] as Record<string, string | undefined>)['token']);

function chosenLocale({ query }: Context): Locale | null {
  return query['lang'] === 'en' || query['lang'] === 'es' ? query['lang'] : null;
}

/** `v` for a visit, `o` for a waitlist offer. */
const rootOf = ({ path }: Context): string => path.split('/')[1] ?? '';

/** What is asked below the link's own page: '/times' or '/cancel'. */
const partOf = ({ path }: Context): string => /^\/\w\/[^/]+(\/\w+)$/.exec(path)?.[1] ?? '';
