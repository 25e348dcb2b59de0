import type { Reason } from '../../domain/message';

/** Asked before a call begins. `reservationId`: the same for every attempt of one call. `notAfter`: from then on nobody wants it. */
export type AskCall = { businessId: string; contactId: string; reservationId: string; notAfter: string; forTrial?: boolean; now: string };

/** A no is final for this call (R51); `defer`: the do-not-call list did not answer, ask again then. */
export type CallAnswer = { kind: 'call' } | { kind: 'defer'; until: string; reason: Reason } | { kind: 'no'; reason: Reason };

export type ReleaseCall = { businessId: string; reservationId: string; now: string };
