import type { Process } from './doorbell';

/** One person's way through one cadence: a step's message after the other, until they reply, book or opt out. */
export const cadenceProcess = (stateId: string): Process => ({ kind: 'cadence', workflowId: `cadence/${stateId}` });
