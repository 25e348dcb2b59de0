/**
 * A vendor's no, in our words; every adapter translates its codes into these.
 * `suppressed` the person opted out with the carrier or vendor; `channel_unusable` the address cannot take this channel, try another;
 * `undeliverable` this message cannot go this way, another channel may bring it; `window_closed` WhatsApp takes a template only (R41);
 * `unreachable` perhaps later, once; `carrier_error` once more, as a new attempt; `carrier_blocked` filtered, never again, alert on the rate;
 * `rate_limited` and `sender_throttled` later (the whole account, this one sender or pair); `registration_pending` hold the sender;
 * `international_blocked` the country is not open to us; `too_late` it outlived its validity in the vendor's queue;
 * `vendor_down` no connection came about; `account_refused` our key or token is not taken: nothing is the message's fault, so it waits until that is mended;
 * `operator` a person must mend a sender, a template or the request.
 */
export type RefusalCode =
  | 'suppressed'
  | 'channel_unusable'
  | 'undeliverable'
  | 'window_closed'
  | 'unreachable'
  | 'carrier_error'
  | 'carrier_blocked'
  | 'rate_limited'
  | 'sender_throttled'
  | 'registration_pending'
  | 'international_blocked'
  | 'too_late'
  | 'vendor_down'
  | 'account_refused'
  | 'operator';
