import { camelCase, snakeCase } from '../db/naming';

// The wire speaks snake_case, the code camelCase. Routes and presenters never translate: this file does, once in and once out.

type CamelName<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelName<Tail>>}` : Name;

/** A wire value as the code sees it: camelCase names, and an absent field is absent, never undefined. */
export type Camel<T> = T extends readonly (infer Item)[]
  ? Camel<Item>[]
  : T extends object
    ? { [Key in keyof T as Key extends string ? CamelName<Key> : Key]: Camel<Exclude<T[Key], undefined>> }
    : T;

export const camelKeys = <T>(value: T): Camel<T> => renamed(value, camelCase) as Camel<T>;
export const snakeKeys = (value: unknown): unknown => renamed(value, snakeCase);

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const known = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(known.map(([name, item]) => [rename(name), renamed(item, rename)]));
}
