import type { Person } from '../../../db/contact-search';
import type { Locale } from '../../../domain/message';
import { plusDays } from '../../../domain/time';
import type { Problem } from '../../problem';
import { Empty, Field, RefusalNotice, type Refusal } from '../shell/parts';
import { Hidden, Shell, type Frame } from '../shell/shell';
import { Times } from './times-list';
import type { FreeTime } from './times';
import { bookingWords } from './words';

/** What the reader has entered so far, as the form sends it. */
export type Draft = Record<
  'service_id' | 'staff_id' | 'date' | 'start_ts' | 'q' | 'contact_id' | 'name' | 'phone' | 'email' | 'agreed' | 'note' | 'key',
  string
>;
export type Choice = { id: string; name: string };

export type BookingProps = {
  frame: Frame;
  draft: Draft;
  services: Choice[];
  staff: Choice[];
  times: FreeTime[];
  /** Who was found; null: nobody was looked for. */
  people: Person[] | null;
  problem: Problem | null;
};

/** One form for what, when and who. Each part can be asked for anew without losing the others; nothing is booked before the last button. */
export function BookingPage({ frame, draft, services, staff, times, people, problem }: BookingProps) {
  const { locale } = frame;
  const words = bookingWords(locale);
  const refusal = problem && { problem, locale };
  if (services.length === 0)
    return (
      <Shell frame={frame} title={words.title} room="calendar">
        <h1>{words.title}</h1>
        <Empty title={words.noServices}>
          <p>{words.noServicesHint}</p>
        </Empty>
      </Shell>
    );
  const parts = { frame, draft, refusal };
  return (
    <Shell frame={frame} title={words.title} room="calendar">
      <h1>{words.title}</h1>
      <RefusalNotice refusal={refusal} />
      <form method="post" action="/book" class="booking">
        <Hidden frame={frame} back="/book" />
        <input type="hidden" name="key" value={draft.key} />
        <WhatAndWhen {...parts} services={services} staff={staff} times={times} />
        <Who {...parts} people={people} />
      </form>
    </Shell>
  );
}

type Part = Pick<BookingProps, 'frame' | 'draft'> & { refusal: Refusal | null };

function WhatAndWhen({ frame, draft, refusal, services, staff, times }: Part & Pick<BookingProps, 'services' | 'staff' | 'times'>) {
  const words = bookingWords(frame.locale);
  return (
    <fieldset class="card stack">
      <legend>{words.what}</legend>
      <Select name="service_id" label={words.service} value={draft.service_id} choices={services} />
      <Select name="staff_id" label={words.staff} value={draft.staff_id} choices={[{ id: '', name: words.anyone }, ...staff]} />
      <Field name="date" label={words.date}>
        {(tied) => <input {...tied} type="date" required value={draft.date} {...onChange} />}
      </Field>
      <button name="step" value="times" formaction="/book/look" formnovalidate class="needs-no-script">
        {words.showTimes}
      </button>
      <Times
        frame={frame}
        times={times}
        picked={draft.start_ts}
        nextDay={<NextDay locale={frame.locale} date={draft.date} />}
        refusal={refusal}
      />
    </fieldset>
  );
}

function Who({ frame, draft, refusal, people }: Part & Pick<BookingProps, 'people'>) {
  const words = bookingWords(frame.locale);
  return (
    <fieldset class="card stack">
      <legend>{words.who}</legend>
      <div class="search">
        <Field name="q" label={words.search} hint={words.searchHint}>
          {(tied) => <input {...tied} type="search" value={draft.q} autocomplete="off" />}
        </Field>
        <button name="step" value="find" formaction="/book/look" formnovalidate>
          {words.find}
        </button>
      </div>
      <People people={people} draft={draft} words={words} />
      <details class="fold" open={draft.name !== '' || people?.length === 0 || refusal !== null}>
        <summary>{words.newPerson}</summary>
        <NewPerson frame={frame} draft={draft} refusal={refusal} />
      </details>
      <Field name="note" label={words.note} refusal={refusal}>
        {(tied) => (
          <textarea {...tied} rows={2} maxLength={2000}>
            {draft.note}
          </textarea>
        )}
      </Field>
      <div class="actions">
        <button class="primary">{words.book}</button>
        <button name="walk_in" value="yes" formnovalidate>
          {words.walkIn}
        </button>
      </div>
      <p class="hint">{words.walkInHint}</p>
    </fieldset>
  );
}

function NewPerson({ frame, draft, refusal }: Part) {
  const words = bookingWords(frame.locale);
  return (
    <div class="stack">
      <Field name="name" label={words.name} refusal={refusal}>
        {(tied) => <input {...tied} value={draft.name} autocomplete="off" maxLength={120} />}
      </Field>
      <Field name="phone" label={words.phone} refusal={refusal}>
        {(tied) => <input {...tied} type="tel" value={draft.phone} autocomplete="off" />}
      </Field>
      <Field name="email" label={words.email} refusal={refusal}>
        {(tied) => <input {...tied} type="email" value={draft.email} autocomplete="off" />}
      </Field>
      <label class="check">
        <input type="checkbox" name="agreed" value="yes" checked={draft.agreed !== ''} /> {words.agreed}
      </label>
    </div>
  );
}

/** Where there is JavaScript the times follow the choice at once. */
const onChange = {
  'hx-get': '/book/times',
  'hx-include': '#service_id, #staff_id, #date, [name="start_ts"]', // and nothing of the person: addresses are kept in many places
  'hx-target': '#times',
  'hx-swap': 'outerHTML',
  'hx-trigger': 'change',
};

function Select({ name, label, value, choices }: { name: string; label: string; value: string; choices: Choice[] }) {
  return (
    <Field name={name} label={label}>
      {(tied) => (
        <select {...tied} {...onChange}>
          {choices.map(({ id, name: text }) => (
            <option key={id} value={id} selected={id === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type PeopleProps = { people: Person[] | null; draft: Draft; words: ReturnType<typeof bookingWords> };

/** Nobody is chosen for the reader, not even the only one found: a namesake would be booked. */
function People({ people, draft, words }: PeopleProps) {
  if (people === null) return null;
  if (people.length === 0) return <p role="status">{words.nobody}</p>;
  return (
    <div class="people">
      {people.map(({ id, name, phone, email }) => (
        <label key={id} class="check">
          <input type="radio" name="contact_id" value={id} checked={id === draft.contact_id} />
          <span>
            <strong>{name}</strong> {phone ?? email}
          </span>
        </label>
      ))}
      <label class="check">
        <input type="radio" name="contact_id" value="" checked={draft.contact_id === '' && draft.name !== ''} />
        <span>{words.newPerson}</span>
      </label>
    </div>
  );
}

/** The same choice a day later. A button of the form: what was entered goes along. */
export const NextDay = ({ locale, date }: { locale: Locale; date: string }) => (
  <button name="next" value={plusDays(date, 1)} formaction="/book/look" formnovalidate>
    {bookingWords(locale).nextDay}
  </button>
);
