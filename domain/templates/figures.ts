import { SMS_PRICES } from '../data/sms-prices';
import { smsSegments, type SmsSegments } from '../sms-segments';

/** How a text travels and what it costs. */
export type Figures = SmsSegments & { priceMicroDollars: number };

export function figuresOf(text: string): Figures {
  const segments = smsSegments(text);
  return { ...segments, priceMicroDollars: segments.segments * (SMS_PRICES.at(-1)?.microDollarsPerSegment ?? 0) };
}
