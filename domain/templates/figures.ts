import { smsSegments, type SmsSegments } from '../sms-segments';

/** How a text travels and what it costs. */
export type Figures = SmsSegments & { priceMicroDollars: number };

/** `segmentMicroDollars`: what one segment costs, from the table of prices. */
export function figuresOf(text: string, segmentMicroDollars: number): Figures {
  const segments = smsSegments(text);
  return { ...segments, priceMicroDollars: segments.segments * segmentMicroDollars };
}
