import { defineSignal } from '@temporalio/workflow';

/** The only signal, for every process: "look again, the facts are at this version". It carries no data, so twice or out of order does no harm. */
export const changed = defineSignal<[version: number]>('changed');

/** How a fact names the process that it wakes. `kind` is the workflow type. */
export type Process = { kind: ProcessKind; workflowId: string };
export type ProcessKind = 'appointment' | 'messageDelivery' | 'carrierConsent' | 'waitlistOffer' | 'cadence';

/** What every process starts from: two ids, nothing personal, since histories are kept. A run can start from them at any time. */
export type ProcessInput = { businessId: string; id: string };

/** What Temporal's UI says of a process of each kind. */
export const SUMMARY: Record<ProcessKind, string> = {
  appointment: 'A visit: confirmation, reminders, notices, follow-up',
  messageDelivery: 'One message outside any visit: waits until it may go, then goes',
  carrierConsent: "A person's opt-out or return in their own words, until the carrier's vendor knows it",
  waitlistOffer: 'A freed slot: asks those who wait, one after the other, until somebody has it',
  cadence: 'A person in a cadence: one message after the other, until they reply, book or opt out',
};

/**
 * What plan answers. `wakeAt` is on the workflow's own clock; `what` (the rule, the channel) and `why` it waits longer (a reason's code) are shown in
 * Temporal's UI. `looksOnly`: nothing is sent at that instant, the plan only looks once more. Null: nothing is left to do.
 */
export type Plan = {
  version: number;
  next: { messageId: string; queue: SendQueue; what: string; why?: string; wakeAt: string; looksOnly?: boolean } | null;
};

/** `now` is the workflow's clock (ISO UTC); an activity runs at the later of it and the business's clock. */
export type PlanInput = ProcessInput & { atLeast: number; now: string };
export type SendInput = { businessId: string; messageId: string; now: string };

export const CORE_QUEUE = 'core';
/** One for each channel, so that a slow or broken vendor holds up no other. */
export type SendQueue = 'sms' | 'whatsapp' | 'email';
