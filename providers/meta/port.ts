import type { TextEvent } from '../whatsapp/port';

/**
 * Reads the raw body of a delivery; null when it is none of WhatsApp's. One delivery may carry many events; `raw` is a delivery of the one event alone,
 * to be stored beside its id and read again. Never throws.
 */
export type ParseMetaWebhook = (body: string) => { event: TextEvent; raw: unknown }[] | null;
