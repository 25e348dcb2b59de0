// A doorbell carries the trace of the change that rang it, so that a request and what it caused can be shown together. Empty while nobody traces.
export const traces = {
  name: '20261127_18_traces',
  sql: `alter table doorbells add column traceparent text;`,
};
