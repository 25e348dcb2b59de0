import type { Channel } from '../../domain/message';

/** What a person wrote to us, the same for every channel. */
export type InboundText = {
  channel: Channel;
  vendor: string;
  vendorId: string;
  /** E.164, an e-mail address, or the channel's own id of somebody who shows no number. */
  from: string;
  to: string;
  body: string;
  /** What the channel calls this person at this business; `previousId`: until they changed their phone. */
  identity?: { id: string; previousId: string | null } | null;
  /** The vendor named it a keyword, has acted and answered by itself. */
  answeredByVendor: 'stop' | 'start' | 'help' | null;
  /** What came with it: noted, never fetched. */
  media?: { contentType: string; url: string }[];
  /** Written by a program, such as an absence notice: kept, and neither answered nor obeyed. */
  automatic?: boolean;
  /** A model reads it as an opt-out, where the rules find none. It took its time: a START that came after this stored event counts more. */
  judgedOut?: { storedId: string } | null;
  /** Nobody vouches that it is from whom it says: it waits in quarantine, and of its words only an opt-out is obeyed. */
  unverified?: boolean;
};
