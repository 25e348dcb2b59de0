import type { Process, ProcessInput, SendQueue } from './doorbell';

/** One freed slot: asks who waits for it, one after the other, until somebody takes it or nobody is left. */
export const waitlistOfferProcess = (freedSlotId: string): Process => ({
  kind: 'waitlistOffer',
  workflowId: `waitlist-offer/${freedSlotId}`,
});

export type OfferMessage = { messageId: string; queue: SendQueue };

/** What a step of the story answers: how the slot stands, and what there is to do. `wakeAt` is on the workflow's own clock. */
export type FreedSlotNow =
  | { state: 'free' | 'over' }
  | { state: 'filled' | 'taken' | 'too_close' }
  /** Offers that have not left yet. */
  | { state: 'sending'; messages: OfferMessage[]; wakeAt: string }
  | { state: 'asking'; wakeAt: string };

export type Asked =
  | { word: 'asked' }
  /** Somebody can be asked, or has to answer, by then. */
  | { word: 'later'; wakeAt: string }
  | { word: 'nobody' };

export type ClosingInput = ProcessInput & { atLeast: number; now: string; ending: 'filled' | 'taken' | 'too_close' | 'nobody' };
