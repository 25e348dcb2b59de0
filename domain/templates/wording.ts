import type { Channel, MessageRule } from '../message';
import type { MessageVars } from './vars';

/** What one rule says, before it is put into a text message or a letter. No sentence in it ends with a full stop of its own at the very end. */
export type Content = {
  /** the subject and heading of an e-mail */
  subject: string;
  says: string;
  /** what follows it: this visit's details, the list of visits, or the list with numbers to choose by */
  shows?: 'visit' | 'visits' | 'choices';
  /** asks for confirmation when vars.askConfirm is set */
  asks?: true;
  /** what the link is for; without it the message has none */
  link?: string;
  /** e-mail offers the visit for the calendar */
  calendar?: true;
  /** the last sentence */
  closing?: string;
  /** addresses the person by name */
  greets?: true;
  /** speaks of opting out itself: a first text needs no further sentence about it */
  aboutOptOut?: true;
};

/** A language's words. */
export type Wording = {
  greeting: (name: string | null) => { sms: string; email: string };
  withStaff: (name: string) => string;
  labels: { when: string; service: string; staff: string; place: string; phone: string };
  /** asked by text, and what the link is called when the letter asks; `call` when there is no link */
  ask: { sms: string; link: string; call: (phone: string) => string };
  optOut: string;
  /** what the link at the foot of an e-mail is called */
  unsubscribe: string;
  addToCalendar: string;
  andMore: (count: number) => string;
  rules: Record<MessageRule, (vars: MessageVars, channel: Channel) => Content>;
};

/** The visit's time. Throws RangeError when the caller forgot it: a message about a visit that does not say when is worse than none. */
export function whenOf({ when }: MessageVars): string {
  if (!when) throw new RangeError('a message about a visit needs `when`');
  return when;
}
