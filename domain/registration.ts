/** What a sender is to the carriers. A Messaging Service is what its numbers are. */
export type SenderKind = 'long_code' | 'toll_free' | 'short_code';

/** How far its registration is: A2P 10DLC of a long code, verification of a toll-free number (compliance.md 5). */
export type Registration = 'not_started' | 'pending' | 'approved' | 'rejected';

export type SenderIdentity = { address: string; kind: SenderKind };

/** Segments in a second that carriers take from a sender (providers.md 4, Limits). Of a 10DLC campaign the least that any gets. */
export const SEGMENTS_PER_SECOND: Record<SenderKind, number> = { long_code: 1, toll_free: 3, short_code: 100 };

const TOLL_FREE = /^\+1(800|833|844|855|866|877|888)\d{7}$/;
const SHORT = /^\d{4,6}$/;

/** A kind can be seen in a number, not in a Messaging Service: that one is taken for what most are. */
export function kindOf(address: string): SenderKind {
  if (TOLL_FREE.test(address)) return 'toll_free';
  return SHORT.test(address) ? 'short_code' : 'long_code';
}

/** Carriers of the United States and Canada ask for it; a short code is leased with its approval. A service's numbers are taken for theirs. */
export const needsRegistration = ({ address, kind }: SenderIdentity): boolean =>
  kind !== 'short_code' && (address.startsWith('+1') || !address.startsWith('+'));

/** What a new sender begins with. */
export const firstRegistration = (sender: SenderIdentity): Registration => (needsRegistration(sender) ? 'not_started' : 'approved');

/** Whether its texts leave; else they are held, not dropped. An unverified toll-free number is blocked while it is pending, too. */
export const mayText = (registration: Registration | null): boolean => registration === null || registration === 'approved';
