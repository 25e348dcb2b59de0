import type { Process } from './doorbell';

/** What a person said of opting out that the carrier's vendor does not know by itself. Ends when it knows, or will not. */
export const carrierConsentProcess = (textId: string): Process => ({ kind: 'carrierConsent', workflowId: `carrier-consent/${textId}` });
