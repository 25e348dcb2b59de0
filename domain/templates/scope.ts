import type { Locale } from '../message';
import type { Block } from './letter';
import type { Scope } from './liquid';
import { PHRASES } from './phrases';
import { BLOCK_MARKS } from './protect';
import type { VariableName } from './variables';
import type { MessageVars, VisitLine } from './vars';

export type Values = Record<VariableName, string | boolean | null>;
type Medium = 'sms' | 'email';

/** A text holds eight visits of three values of 40 characters and stays under the vendor's 1,600. */
const SMS_VISITS = 8;

/** Every variable's value, for one line of text. What is not known is null, so that {% if %} can ask. */
export function valuesOf(vars: MessageVars, { locale, medium }: { locale: Locale; medium: Medium }): Values {
  const phrases = PHRASES[locale];
  const lines = vars.visits ?? [];
  return {
    business_name: known(vars.businessName),
    contact_name: known(vars.contactName),
    greeting: phrases.greeting(known(vars.contactName))[medium],
    staff_name: known(vars.staffName),
    service_name: known(vars.serviceName),
    location_name: known(vars.locationName),
    address: known(vars.address),
    phone: known(vars.phone),
    when: known(vars.when),
    old_when: known(vars.oldWhen),
    visit: visitOf(vars, locale),
    visit_details: visitOf(vars, locale),
    visits: listOf(lines, { locale, numbered: false }),
    choices: listOf(lines, { locale, numbered: true }),
    ask_confirm: vars.askConfirm === true,
    how_to_confirm: vars.askConfirm === true ? howToConfirm(vars, { locale, medium }) : null,
    link: known(vars.link),
    calendar_link: known(vars.icsLink),
    opt_out: vars.firstMessage && medium === 'sms' ? phrases.optOut : null,
  };
}

/** The blocks of a letter, by the mark that stands for each; and the values with these marks in the place of their variables. */
export function blocksOf(vars: MessageVars, locale: Locale): { marks: Scope; blocks: Map<string, Block> } {
  const rows = detailsOf(vars, locale);
  const items = (vars.visits ?? []).map((visit) => visitLine(visit, locale));
  const blocks = new Map<string, Block>();
  if (rows.length > 0) blocks.set(BLOCK_MARKS.details, { kind: 'details', rows });
  if (items.length > 0) blocks.set(BLOCK_MARKS.list, { kind: 'list', items });
  const list = items.length > 0 ? BLOCK_MARKS.list : null;
  return { blocks, marks: { visit_details: rows.length > 0 ? BLOCK_MARKS.details : null, visits: list, choices: list } };
}

const known = (text: string | null | undefined): string | null => (text ? text : null);

/** A letter is answered by its link; without one by telephone. */
function howToConfirm({ link, phone }: MessageVars, { locale, medium }: { locale: Locale; medium: Medium }): string | null {
  const { ask } = PHRASES[locale];
  if (medium === 'sms') return ask.sms;
  return !link && phone ? ask.call(phone) : null;
}

/** "Haircut with Marco, Main Street". Ends without a full stop, as the sentence has its own. */
const visitOf = (vars: MessageVars, locale: Locale): string | null =>
  known([doing(vars, locale), vars.locationName].filter(Boolean).join(', ').replace(/\.+$/, ''));

function listOf(visits: VisitLine[], { locale, numbered }: { locale: Locale; numbered: boolean }): string | null {
  const lines = visits.slice(0, SMS_VISITS).map((visit, index) => `${numbered ? `${String(index + 1)}) ` : ''}${visitLine(visit, locale)}`);
  const more = visits.length - lines.length;
  return known([...lines, ...(more > 0 ? [PHRASES[locale].andMore(more)] : [])].join('; ').replace(/\.+$/, ''));
}

function detailsOf(vars: MessageVars, locale: Locale): { label: string; value: string }[] {
  const { labels } = PHRASES[locale];
  const place = [vars.locationName, vars.address].filter(Boolean).join(', ');
  const rows: [string, string | null | undefined][] = [
    [labels.when, vars.when],
    [labels.service, vars.serviceName],
    [labels.staff, vars.staffName],
    [labels.place, place],
  ];
  return rows.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

/** "Haircut with Marco" */
const doing = ({ serviceName, staffName }: Pick<MessageVars, 'serviceName' | 'staffName'>, locale: Locale): string =>
  [serviceName, staffName ? PHRASES[locale].withStaff(staffName) : null].filter(Boolean).join(' ');

const visitLine = (visit: VisitLine, locale: Locale): string =>
  [visit.when, visit.contactName, doing(visit, locale)].filter(Boolean).join(', ');
