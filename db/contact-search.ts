import type { Locale } from '../domain/message';
import type { Tx } from './tenancy';

// Finding one of a business's people.

export type Person = {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  /** By what WhatsApp knows them: their number, or its own id of somebody who shows none. */
  whatsapp: string | null;
  locale: Locale;
  zone: string | null;
};
const personColumns = (tx: Tx) => [
  'id',
  'name',
  'phoneE164 as phone',
  'email',
  'locale',
  'zone',
  tx.raw(`coalesce(phone_e164, (${IDENTITY})) as whatsapp`),
];
const IDENTITY = `select i.external_id from contact_identities i where i.contact_id = contacts.id order by i.created_at desc limit 1`;

/** People whose name, number or address contains the text, by name. A number may be typed with blanks and brackets. */
export async function searchPeople(tx: Tx, { text, limit }: { text: string; limit: number }): Promise<Person[]> {
  const like = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;
  const digits = text.replace(/\D/g, '');
  const query = tx('contacts').where({ mergedInto: null }).orderBy(['name', 'id']).limit(limit);
  if (text !== '')
    void query.where((either) => {
      void either.whereILike('name', like(text)).orWhereILike('email', like(text));
      if (digits.length >= 3) void either.orWhereLike('phoneE164', like(digits));
    });
  return query.select<Person[]>(...personColumns(tx));
}

/** One person of this business, or undefined. */
export async function findPerson(tx: Tx, id: string): Promise<Person | undefined> {
  const [row] = await tx('contacts')
    .where({ id })
    .select<Person[]>(...personColumns(tx));
  return row;
}
