import { withBusiness, type Db } from '../../db/tenancy';

/** A fingerprint of all rows of a business by table, but for the hour in which its key was used. */
export async function everythingOf(db: Db, businessId: string): Promise<Map<string, string>> {
  return withBusiness(db, businessId, async (tx) => {
    const { rows: tables } = await tx.raw<{ rows: { name: string }[] }>(
      `select table_name as name from information_schema.columns where column_name = 'business_id' and table_schema = 'public' order by 1`,
    );
    const prints = new Map<string, string>();
    for (const { name } of tables) {
      const { rows } = await tx.raw<{ rows: { print: string }[] }>(
        `select md5(coalesce(string_agg((to_jsonb(t) - 'last_used_at')::text, ',' order by t::text), '')) as print from ${name} t`,
      );
      prints.set(name, rows[0]!.print);
    }
    return prints;
  });
}
