/** Where an error comes from, without its message: that may quote somebody's data. */
export function traceOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const lines = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, code: 'code' in error ? error.code : undefined, stack: lines?.slice(0, 12) };
}
