/** What stands behind the door of one benchmark server. `usher`: the product's own, handling included; `stored`: without the handling. */
export type Door = 'nothing' | 'single' | 'naive' | 'stored' | 'usher';
export type Asked = { door: Door; databaseUrl: string };

/** What the signed address begins with, wherever the server listens. */
export const SIGNED_ORIGIN = 'https://bench.example';
export const STATUS_PATH = '/webhooks/twilio/status';
