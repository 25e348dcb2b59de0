import type { Channel, Locale, MessageRule } from '../message';
import { plainSpelling } from '../sms-segments';
import { english } from './en';
import { spanish } from './es';
import { letterHtml, letterText, type Letter } from './letter';
import { tidyVars, type MessageVars, type VisitLine } from './vars';
import type { Content, Wording } from './wording';

export type MessageToRender = { rule: MessageRule; channel: Channel; locale: Locale; vars: MessageVars };
export type RenderedMessage = { channel: 'sms'; text: string } | { channel: 'email'; subject: string; text: string; html: string };

const WORDINGS: Record<Locale, Wording> = { en: english, es: spanish };

// A text holds eight visits of three such values and stays under the vendor's 1,600 characters.
const SMS_VALUE_LENGTH = 40;
const SMS_VISITS = 8;
const EMAIL_VALUE_LENGTH = 200;

/**
 * The default template of a rule, filled in. Text messages are GSM-7 unless a name needs more; every variable is escaped in HTML.
 * Throws RangeError for a rule about a visit without `when`.
 */
export function renderMessage({ rule, channel, locale, vars }: MessageToRender): RenderedMessage {
  const wording = WORDINGS[locale];
  const tidied = tidyVars(vars, channel === 'sms' ? SMS_VALUE_LENGTH : EMAIL_VALUE_LENGTH);
  const content = wording.rules[rule](tidied, channel);
  if (channel === 'sms') return { channel, text: plainSpelling(smsText({ content, wording, vars: tidied })) };
  const letter = letterOf({ content, wording, vars: tidied, locale });
  return { channel, subject: letter.subject, text: letterText(letter), html: letterHtml(letter) };
}

type Parts = { content: Content; wording: Wording; vars: MessageVars };

/** One paragraph: who writes, what there is, what to answer, how to opt out, and the link at the end where nothing sticks to it. */
function smsText({ content, wording, vars }: Parts): string {
  const sentences = [
    `${vars.businessName}:`,
    content.greets ? wording.greeting(vars.contactName ?? null).sms : '',
    smsBody({ content, wording, vars }),
    asks({ content, wording, vars }) ? wording.ask.sms : '',
    content.closing ?? '',
    vars.firstMessage && !content.aboutOptOut ? wording.optOut : '',
    content.link && vars.link ? `${content.link}: ${vars.link}` : '',
  ];
  return sentences.filter(Boolean).join(' ');
}

function smsBody({ content, wording, vars }: Parts): string {
  const { says, shows } = content;
  if (shows === 'visits' || shows === 'choices') return smsList({ content, wording, vars });
  const facts = shows === 'visit' ? [doing(vars, wording), vars.locationName].filter(Boolean).join(', ') : '';
  return sentence(facts ? `${says}: ${facts}` : says);
}

function smsList({ content: { says, shows }, wording, vars: { visits = [] } }: Parts): string {
  if (visits.length === 0) return sentence(says);
  const number = (index: number) => (shows === 'choices' ? `${index + 1}) ` : '');
  const lines = visits.slice(0, SMS_VISITS).map((visit, index) => number(index) + visitLine(visit, wording));
  const more = visits.length - lines.length;
  return `${says}${says.endsWith('?') ? '' : ':'} ${[...lines, ...(more > 0 ? [wording.andMore(more)] : [])].join('; ')}.`;
}

function letterOf({ content, wording, vars, locale }: Parts & { locale: Locale }): Letter {
  const { says, closing, shows, greets, subject } = content;
  return {
    locale,
    subject,
    greeting: greets ? wording.greeting(vars.contactName ?? null).email : null,
    paragraphs: [sentence(says), ...request({ content, wording, vars }), ...(closing ? [closing] : [])],
    details: shows === 'visit' ? details(vars, wording) : [],
    list: shows === 'visits' || shows === 'choices' ? (vars.visits ?? []).map((visit) => visitLine(visit, wording)) : [],
    links: links({ content, wording, vars }),
    footer: [
      vars.businessName,
      ...(vars.phone ? [`${wording.labels.phone}: ${vars.phone}`] : []),
      ...(vars.postalAddress ? [vars.postalAddress] : []),
      ...(vars.unsubscribeUrl ? [{ label: wording.unsubscribe, url: vars.unsubscribeUrl }] : []),
    ],
  };
}

const asks = ({ content, vars }: Parts): boolean => content.asks === true && vars.askConfirm === true;

/** A letter is answered by its link; without one by telephone. */
const request = (parts: Parts): string[] =>
  asks(parts) && !parts.vars.link && parts.vars.phone ? [parts.wording.ask.call(parts.vars.phone)] : [];

function links(parts: Parts): Letter['links'] {
  const { content, wording, vars } = parts;
  const page = content.link && vars.link ? [{ label: asks(parts) ? wording.ask.link : content.link, url: vars.link }] : [];
  const calendar = content.calendar && vars.icsLink ? [{ label: wording.addToCalendar, url: vars.icsLink }] : [];
  return [...page, ...calendar];
}

function details(vars: MessageVars, { labels }: Wording): Letter['details'] {
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
const doing = ({ serviceName, staffName }: Pick<MessageVars, 'serviceName' | 'staffName'>, wording: Wording): string =>
  [serviceName, staffName ? wording.withStaff(staffName) : null].filter(Boolean).join(' ');

const visitLine = (visit: VisitLine, wording: Wording): string =>
  [visit.when, visit.contactName, doing(visit, wording)].filter(Boolean).join(', ');

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);
