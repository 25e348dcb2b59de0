import type { Locale } from '../../../domain/message';
import type { WeeklyHours } from '../../../domain/opening-hours';

/** A member of staff as the demo has them. `hours` empty: takes no visits. */
export type DemoStaff = { name: string; email: string; locale: Locale; hours: WeeklyHours[] };
export type DemoService = {
  name: string;
  durationMin: number;
  bufferBeforeMin: number;
  bufferAfterMin: number;
  priceCents: number;
  /** by first name */
  staff: string[];
  /** by kind of resource */
  needs: string[];
};

/** Name, number, e-mail, language. Where they live is left to the area code. */
export type DemoPerson = [name: string, phone: string, email: string, locale: Locale];

/** One business of the demo, as data. Numbers are 555-0100 to 555-0199, which nobody has; addresses end in .example or example.com. */
export type DemoPlan = {
  /** Fixed, so that a second seeding finds the first. */
  id: string;
  name: string;
  zone: string;
  locale: Locale;
  phone: string;
  email: string;
  smsNumber: string;
  /** What the place is called, and where it is. */
  place: string;
  address: string;
  hours: WeeklyHours[];
  owner: DemoStaff;
  staff: DemoStaff[];
  /** Who logs in besides the owner. */
  desk: { email: string };
  resources: { name: string; kind: string }[];
  services: DemoService[];
  closure: { inDays: number; reason: string };
  contacts: DemoPerson[];
  /** Enquired once, was not reached, has no visit. */
  lead: DemoPerson;
  /** As whom it writes on WhatsApp, by Twilio, and which of its contacts likes that best; none: it does not. */
  whatsapp?: { sender: string; preferredBy: number };
  /** How many visits ahead. */
  visits: number;
};

/** The same hours on each of some weekdays (Monday 1). */
export const week = (weekdays: number[], ...spans: [from: string, to: string][]): WeeklyHours[] =>
  weekdays.flatMap((weekday) => spans.map(([from, to]) => ({ weekday, from, to })));
