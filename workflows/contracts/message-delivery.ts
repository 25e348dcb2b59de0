import type { Process } from './doorbell';

/** One message that belongs to no visit's plan: an answer to a text, a day's schedule for staff. Ends when it is sent or its reason is known. */
export const messageDeliveryProcess = (messageId: string): Process => ({ kind: 'messageDelivery', workflowId: `message/${messageId}` });
