/** Query functions that ids alone do not ask, and why each cannot reach another business all the same. */
export const EXCEPTIONS: Record<string, string> = {};
