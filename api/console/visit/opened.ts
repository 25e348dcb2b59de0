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
  /** The page itself, or a part of it such as '/times', in the language that the reader chose. */
  pathTo: (part?: string, query?: Record<string, string>) => string;
  /** The page as it is now, in the other language. */
  inOtherLanguage: string;
};

/** A visit found by its link, at this moment. */
export type Opened = Asked & { businessId: string; visit: LinkedVisit; now: Instant; state: VisitState; when: string };

/** There is no visit to show. `visit`: whose link it was, when that is known. */
export class LinkClosed extends Error {
  constructor(
    readonly kind: Closed,
    readonly visit: LinkedVisit | null = null,
  ) {
    super(kind);
    this.name = 'LinkClosed';
  }
}

const TOKEN = /^[\w-]{16}$/;

/** Finds the visit of a link. Reads only: programs that scan messages open every link. Throws LinkClosed, 429. */
export async function openVisit(deps: ApiDeps, ctx: Context): Promise<Opened> {
  const token = tokenOf(ctx);
  await deps.limits.link({ token, ip: ctx.ip });
  const holder = TOKEN.test(token) ? await findLinkHolder(deps.db, token) : undefined;
  if (!holder) throw new LinkClosed('unknown');
  const now = await deps.clock.now(holder.businessId);
  const visit = await withBusiness(deps.db, holder.businessId, (tx) => findLinkedVisit(tx, holder.id));
  if (!isBefore(now, linkEndsAt(visit))) throw new LinkClosed('ended', visit);
  const asked = askedOf(ctx, visit.contactLocale);
  return { ...asked, businessId: holder.businessId, visit, now, state: visitState(visit, now), when: whenOf(visit, asked.locale) };
}

/** `locale`: the person's, or null when we do not know whom we talk to; `?lang=` overrides either. */
export function askedOf(ctx: Context, locale: Locale | null): Asked {
  const [chosen, token] = [chosenLocale(ctx), tokenOf(ctx)];
  const shown = chosen ?? locale ?? localeOf(ctx);
  const address = (part: string, query: Record<string, string>): string => {
    const text = new URLSearchParams(query).toString();
    return `/v/${encodeURIComponent(token)}${part}${text === '' ? '' : `?${text}`}`;
  };
  return {
    token,
    locale: shown,
    pathTo: (part = '', query = {}) => address(part, { ...query, ...(chosen !== null && { lang: chosen }) }),
    inOtherLanguage: address(partOf(ctx), { lang: shown === 'en' ? 'es' : 'en' }),
  };
}

/** A visit's time in the reader's words (R9). Several zones in which a person may be name none. */
export function whenOf(visit: LinkedVisit, locale: Locale): string {
  const { contactZone: zone, contactPostalCode: postalCode, contactPhone: phone } = visit;
  const [recipientZone = null, ...others] = recipientPlace({ zone, postalCode, phone }).zones;
  return formatWhen({ startsAt: visit.startsAt, venueZone: visit.zone, recipientZone: others.length === 0 ? recipientZone : null, locale });
}

const tokenOf = (ctx: Context): string => String((ctx['params'] as Record<string, string | undefined>)['token']);

function chosenLocale({ query }: Context): Locale | null {
  return query['lang'] === 'en' || query['lang'] === 'es' ? query['lang'] : null;
}

/** What is asked below the visit's own page: '/times' or '/cancel'. */
const partOf = ({ path }: Context): string => /^\/v\/[^/]+(\/\w+)$/.exec(path)?.[1] ?? '';
