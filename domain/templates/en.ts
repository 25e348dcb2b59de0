import type { MessageVars } from './vars';
import { whenOf, type Content, type Wording } from './wording';

const CHANGES = 'Details or changes';
const visit = { shows: 'visit', greets: true } as const;

const reminder = (vars: MessageVars): Content => ({
  ...visit,
  subject: `Reminder: your visit on ${whenOf(vars)}`,
  says: `A reminder of your visit on ${whenOf(vars)}`,
  asks: true,
  link: CHANGES,
});

const who = ({ contactName }: MessageVars) => contactName ?? 'one contact';

/** Every text stays in GSM-7 and never asks for a reply with a carrier's word (R32). */
export const english: Wording = {
  greeting: (name) => (name ? { sms: `Hi ${name}.`, email: `Hi ${name},` } : { sms: '', email: 'Hello,' }),
  withStaff: (name) => `with ${name}`,
  labels: { when: 'When', service: 'Service', staff: 'With', place: 'Where', phone: 'Phone' },
  ask: {
    sms: 'Reply 1 or C to confirm, 2 or R to reschedule.',
    link: 'Confirm or change your visit',
    call: (phone) => `To confirm your visit, please call ${phone}.`,
  },
  optOut: 'Reply STOP to opt out.',
  addToCalendar: 'Add to your calendar',
  andMore: (count) => `and ${count} more`,
  rules: {
    confirmation: (vars) => ({
      ...visit,
      subject: `Your visit is booked: ${whenOf(vars)}`,
      says: `Your visit is booked for ${whenOf(vars)}`,
      asks: true,
      link: CHANGES,
      calendar: true,
    }),
    '7d': reminder,
    '3d': reminder,
    '1d': reminder,
    // Not "in two hours": quiet hours may have moved the message (R4).
    '2h': (vars) => ({
      ...reminder(vars),
      subject: `See you soon: ${whenOf(vars)}`,
      says: `See you soon. Your visit is on ${whenOf(vars)}`,
    }),
    change_notice: (vars) => ({
      ...visit,
      subject: `Your visit has changed: ${whenOf(vars)}`,
      says: vars.oldWhen
        ? `Your visit has moved from ${vars.oldWhen} to ${whenOf(vars)}`
        : `Your visit has changed. It is now on ${whenOf(vars)}`,
      asks: true,
      link: CHANGES,
      calendar: true,
    }),
    cancellation_notice: (vars) => ({
      ...visit,
      subject: `Your visit on ${whenOf(vars)} is canceled`,
      says: `Your visit on ${whenOf(vars)} is canceled`,
      link: 'Book again',
    }),
    no_show_followup: (vars) => ({
      subject: 'We missed you',
      says: `We missed you on ${whenOf(vars)}. We would be glad to see you another day`,
      greets: true,
      link: 'Pick a new time',
    }),
    staff_new_booking: (vars) => ({
      subject: `New booking: ${whenOf(vars)}`,
      says: `New booking: ${who(vars)}, ${whenOf(vars)}`,
      shows: 'visit',
    }),
    staff_change: (vars) => ({
      subject: `Booking changed: ${whenOf(vars)}`,
      says: vars.oldWhen
        ? `Booking moved: ${who(vars)}, from ${vars.oldWhen} to ${whenOf(vars)}`
        : `Booking changed: ${who(vars)}, ${whenOf(vars)}`,
      shows: 'visit',
    }),
    staff_cancellation: (vars) => ({
      subject: `Booking canceled: ${whenOf(vars)}`,
      says: `Booking canceled: ${who(vars)}, ${whenOf(vars)}`,
      shows: 'visit',
    }),
    staff_daily_schedule: (vars) => ({
      subject: `Schedule for ${whenOf(vars)}`,
      says: vars.visits?.length ? `Schedule for ${whenOf(vars)}` : `No visits on ${whenOf(vars)}`,
      shows: 'visits',
    }),
    confirm_ack: (vars) => ({ subject: 'Your visit is confirmed', says: `Thank you. Your visit on ${whenOf(vars)} is confirmed` }),
    which_visit: (_, channel) => ({
      subject: 'Which visit do you mean?',
      says: 'Which visit do you mean?',
      shows: 'choices',
      ...(channel === 'sms' && { closing: 'Reply C and its number to confirm (C1), R and its number to reschedule (R1).' }),
      ...(channel === 'email' && { link: 'Your visits' }),
    }),
    reschedule_link: (vars) => ({
      subject: 'Another time for your visit',
      says: vars.link
        ? `Pick another time for your visit on ${whenOf(vars)}`
        : `We will write to you about another time for your visit on ${whenOf(vars)}`,
      link: 'Pick a time',
    }),
    opt_out_ack: (_, channel) => ({
      aboutOptOut: true,
      subject: 'You will get no more messages',
      says: 'You will get no more automatic messages from us',
      ...(channel === 'sms' && { closing: 'Reply START to get them again.' }),
    }),
    opt_in_ack: (_, channel) => ({
      aboutOptOut: true,
      subject: 'You will get our messages again',
      says: 'You will get our messages again',
      ...(channel === 'sms' && { closing: 'Reply HELP for help, STOP to opt out.' }),
    }),
    help: ({ phone }, channel) => ({
      aboutOptOut: true,
      subject: 'Help',
      says: phone
        ? `We write to you about your visits. For help call ${phone}`
        : 'We write to you about your visits. For help write to us here',
      ...(channel === 'sms' && { closing: 'Reply STOP to opt out. Message and data rates may apply.' }),
    }),
    waitlist_offer: (vars, channel) => ({
      ...visit,
      aboutOptOut: true,
      subject: `A time is free: ${whenOf(vars)}`,
      says: `You asked for a time, and one is free on ${whenOf(vars)}`,
      closing:
        channel === 'sms'
          ? 'Reply 1 to take it or 2 to pass, within 30 minutes. Reply STOP to opt out.'
          : 'Please answer within 30 minutes: after that the next person is asked.',
      link: 'Take it or pass',
    }),
    waitlist_lost: (vars) => ({
      subject: 'That time is no longer free',
      says: vars.visits?.length
        ? `We are sorry, the time on ${whenOf(vars)} is no longer free. The next ones are`
        : `We are sorry, the time on ${whenOf(vars)} is no longer free. You stay on our waitlist`,
      greets: true,
      shows: 'visits',
      link: 'Pick a time',
    }),
    waitlist_removed: () => ({
      subject: 'You are no longer on our waitlist',
      says: 'We asked you three times and had no answer, so you are no longer on our waitlist. Call or write to us to be on it again',
      greets: true,
    }),
    waitlist_decline_ack: () => ({ subject: 'You stay on our waitlist', says: 'Thank you for telling us. You stay on our waitlist' }),
    handoff: () => ({ subject: 'Thank you for your message', says: 'Thank you for your message. Somebody from our team will answer you' }),
  },
};
