const SEEN_BEFORE = 5;
/** A connection keeps 10 to 700 KB for each. */
const MOST = 150;

/** All columns: a migration adds one, and PostgreSQL refuses a kept statement whose columns changed while the release before it still runs. */
const ALL_COLUMNS = /(?:\bselect|\bdistinct|\breturning|,|\.)\s*\*/i;

/**
 * Names the statements that come again and again, so that a connection parses and plans each once: the gate's facts cost 8 ms to plan and 1 ms to find
 * (docs/decisions/0014). PostgreSQL keeps a plan for all values only where it is no dearer than one for these values. Undefined: sent as it is.
 */
export function createStatementNames(): (sql: string) => string | undefined {
  const seen = new Map<string, number>();
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= MOST || ALL_COLUMNS.test(sql)) return known;
    const times = (seen.get(sql) ?? 0) + 1;
    if (seen.size > 10 * MOST) seen.clear(); // lists of another length each time are other statements
    if (times <= SEEN_BEFORE) return void seen.set(sql, times);
    seen.delete(sql);
    const name = `s${String(names.size + 1)}`;
    names.set(sql, name);
    return name;
  };
}
