/**
 * What a segment costs to send, in micro-dollars (a millionth of a dollar), the carrier's share included; the dearest carrier counts, as nobody knows a
 * number's carrier beforehand. Twilio's price list for long codes, 2026-11: US 0.0083 + 0.0035 to 0.0045. Data: a new price is a new row.
 */
export const SMS_PRICES: readonly { from: string; microDollarsPerSegment: number }[] = [
  { from: '2026-11-01', microDollarsPerSegment: 12_800 },
];
