import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

const Named = z.object({ id: z.uuid(), name: z.string() });

const Demo = z.object({
  /** Where Usher's API is, /api/v1 included. */
  api: z.url(),
  businesses: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      zone: z.string(),
      locale: z.enum(['en', 'es']),
      api_key: z.string(),
      sms_number: z.string(),
      staff: z.array(Named),
      services: z.array(Named),
      contacts: z.array(Named),
    }),
  ),
});

/** What `npm start` leaves in .usher/demo.json (contract.md), as far as the handset needs it. */
export type Demo = z.infer<typeof Demo>;
export type DemoBusiness = Demo['businesses'][number];

/** Null: there is none yet, or it cannot be read. */
export type ReadDemo = () => Promise<Demo | null>;

/** Reads the file anew whenever it has changed: a reset or another seed shows without a restart. */
export function demoFile(path: string): ReadDemo {
  const kept: { stamp: string; demo: Demo | null } = { stamp: '', demo: null };
  return async () => {
    try {
      const { mtimeMs, size } = await stat(path);
      const stamp = `${String(mtimeMs)} ${String(size)}`;
      if (kept.stamp !== stamp) Object.assign(kept, { stamp, demo: Demo.parse(JSON.parse(await readFile(path, 'utf8'))) });
    } catch {
      // Missing, half written or of another shape: the page says how to get one.
      Object.assign(kept, { stamp: '', demo: null });
    }
    return kept.demo;
  };
}
