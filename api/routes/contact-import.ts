import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findBusiness } from '../../db/businesses';
import { recordEvent } from '../../db/events-ledger';
import { MOST_ROWS, readContactFile, REJECT_REASONS } from '../contact-file';
import { importContacts } from '../contact-import';
import { route } from '../route';
import { text } from '../wire';

const ImportView = z
  .object({
    counts: z.object({ rows: z.int(), created: z.int(), updated: z.int(), rejected: z.int() }),
    rejects: z.array(
      z.object({ row: z.int().meta({ description: 'as a spreadsheet counts: the header is row 1' }), reason: z.enum(REJECT_REASONS) }),
    ),
  })
  .meta({ id: 'ContactImport' });

const importFile = route(
  {
    method: 'post',
    path: '/contacts/import',
    tag: 'Contacts',
    summary: 'Import contacts from a CSV file',
    description: `Columns name, phone, email, locale, zone, postal_code; up to ${String(MOST_ROWS)} rows. Somebody known by phone, else by email, is completed: what is not blank wins. With an attestation (your statement that these people agreed to messages about their visits) they get consent for service, shown as attested; without one they get none. An import lifts no opt-out.`,
    action: 'contact.imported',
    role: 'admin',
    body: z.object({ attestation: text(2_000).optional() }),
    file: { field: 'file', maxBytes: 8_000_000 },
    response: ImportView,
    problems: ['malformed_upload'],
  },
  async ({ tx, file, body: { attestation }, caller, deps, from, now }) => {
    const { contacts, rejects } = readContactFile(file);
    const { locale } = await findBusiness(tx, caller.businessId);
    const proof = { recordedBy: `${caller.kind}:${caller.id}`, ip: from.ip, userAgent: from.userAgent };
    const vouched = attestation === undefined ? null : { statement: attestation, ...proof };
    const done = await importContacts(tx, { businessId: caller.businessId, hash: deps.hash, locale, contacts, vouched, now });
    const refused = [...rejects, ...done.rejects].sort((a, b) => a.row - b.row);
    const counts = { rows: contacts.length + rejects.length, created: done.created, updated: done.updated, rejected: refused.length };
    await recordEvent(tx, { id: newId(), type: 'csv_uploaded', subjectId: null, payload: counts, now });
    return { counts, rejects: refused };
  },
);

export const contactImportRoutes = [importFile];
