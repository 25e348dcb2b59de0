import type { Process } from './doorbell';

/** One visit: confirmation, reminders, notices, follow-up. Ends when the plan has nothing left. */
export const appointmentProcess = (id: string): Process => ({ kind: 'appointment', workflowId: `appointment/${id}` });
