import type { ComponentChildren } from 'preact';
import type { Locale } from '../../../domain/message';
import type { FieldError, Problem } from '../../problem';
import { fieldWords, refusalWords } from './refusals';

/** What was wrong with a form that comes back: above it and beside its fields (refusals.ts). */
export type Refusal = { problem: Problem; locale: Locale };

/** The words for one field, or null when nothing is wrong with it. */
export function wrongWith(refusal: Refusal | null, name: string): string | null {
  const errors: FieldError[] = refusal?.problem.extra.errors ?? [];
  const own = errors.filter(({ path }) => path === name || path.startsWith(`${name}.`));
  return refusal === null || own.length === 0 ? null : own.map(({ message }) => fieldWords(message, refusal.locale)).join('. ');
}

/** What is said above a form that comes back. */
export function RefusalNotice({ refusal }: { refusal: Refusal | null }) {
  if (refusal === null) return null;
  return (
    <div class="notice trouble" role="alert">
      <p>{refusalWords(refusal.problem.code, refusal.locale)}</p>
    </div>
  );
}

type FieldProps = {
  name: string;
  label: string;
  refusal?: Refusal | null;
  /** What to enter, said before it goes wrong. */
  hint?: string;
  children: (props: {
    id: string;
    name: string;
    'aria-invalid': 'true' | undefined;
    'aria-describedby': string | undefined;
  }) => ComponentChildren;
};

/** A labelled field with what is wrong beside it. The child gets the attributes that tie the three together. */
export function Field({ name, label, refusal = null, hint, children }: FieldProps) {
  const wrong = wrongWith(refusal, name);
  const described = [hint !== undefined && `${name}-hint`, wrong !== null && `${name}-wrong`].filter((id) => id !== false);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <p id={`${name}-hint`} class="hint">
          {hint}
        </p>
      )}
      {children({
        id: name,
        name,
        'aria-invalid': wrong === null ? undefined : 'true',
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
      })}
      {wrong !== null && (
        <p id={`${name}-wrong`} class="wrong">
          {wrong}
        </p>
      )}
    </div>
  );
}

/** Nothing here yet, and what to do about it. */
export const Empty = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    {children}
  </div>
);

type Column = { key: string; name: string };
type TableProps = { caption: string; columns: Column[]; rows: { id: string; class?: string; cells: Record<string, ComponentChildren> }[] };

/** A list that is a table on a desk and cards on a phone. What to say when it is empty is the page's own. */
export const Table = ({ caption, columns, rows }: TableProps) => (
  <table class="list">
    <caption class="unseen">{caption}</caption>
    <thead>
      <tr>
        {columns.map(({ key, name }) => (
          <th key={key} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr key={row.id} class={row.class}>
          {columns.map(({ key, name }) => (
            <td key={key} data-label={name}>
              {row.cells[key]}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
