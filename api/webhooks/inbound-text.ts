import type { Channel } from '../../domain/message';

/** What a person wrote to us, the same for every channel. */
export type InboundText = {
  channel: Channel;
  vendor: string;
  vendorId: string;
  /** E.164 or an e-mail address. */
  from: string;
  to: string;
  body: string;
  /** The vendor named it a keyword, has acted and answered by itself. */
  answeredByVendor: 'stop' | 'start' | 'help' | null;
  /** What came with it: noted, never fetched. */
  media?: { contentType: string; url: string }[];
  /** Written by a program, such as an absence notice: kept, and neither answered nor obeyed. */
  automatic?: boolean;
};
