import type { VisitState } from './state';

/** What the page says after something was done, or could not be. */
export type Said = 'confirmed' | 'cancelled' | 'moved' | 'changed' | 'stands' | 'again' | 'taken' | 'booked';

/** What a page says that shows no visit. */
export type Closed = 'unknown' | 'ended' | 'limited' | 'refused' | 'failed';

export type VisitWords = {
  /** The name of the other language, in that language. */
  otherLanguage: string;
  title: (business: string) => string;
  states: Record<VisitState, { label: string; text: string }>;
  labels: { service: string; staff: string; place: string; length: string };
  confirm: string;
  move: string;
  cancel: string;
  /** Of a visit that is no more: the same service anew, and the visit that came of it. */
  bookAgain: string;
  seeNext: (when: string) => string;
  addToCalendar: string;
  calendarFile: string;
  googleCalendar: string;
  /** Followed by the number: to change a visit, or to book again after one that is no more. */
  call: (business: string) => string;
  callAgain: (business: string) => string;
  /** When there is no number. */
  contact: (business: string) => string;
  said: Record<Said, string>;
  cancelTitle: string;
  cancelText: string;
  cancelYes: string;
  cancelNo: string;
  timesTitle: string;
  timesNow: (when: string) => string;
  timesAgain: (service: string) => string;
  takenAgain: string;
  timesZone: (city: string) => string;
  withStaff: (name: string) => string;
  withOthers: string;
  free: (count: number) => string;
  noTimes: string;
  earlier: string;
  later: string;
  back: string;
  weekOf: (from: string, to: string) => string;
  closed: Record<Closed, { title: string; text: string }>;
  /** What the visit is called in the contact's own calendar. */
  entry: (service: string, business: string) => string;
  entryNote: (url: string) => string;
};
