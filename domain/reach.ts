import type { Channel, Reason } from './message';

/** What is known of one of a person's addresses. */
export type ChannelState = { channel: Channel; suppressed: boolean; unusable: boolean; consent: boolean };

/** Our side of the channels: a number whose registration is under way may not text yet, and not every business is on WhatsApp. */
export type SenderState = { registrationPending: boolean; onWhatsApp: boolean };

/** Whether a person may be reached over each channel for which there is an address, else the first reason why not, in the order of R23. */
export function reachOf(
  channels: readonly ChannelState[],
  { registrationPending, onWhatsApp }: SenderState,
): Partial<Record<Channel, 'ok' | Reason>> {
  return Object.fromEntries(
    channels
      .filter(({ channel }) => channel !== 'whatsapp' || onWhatsApp)
      .map((state) => [state.channel, closedBy(state) ?? (registrationPending && state.channel === 'sms' ? 'registration_pending' : 'ok')]),
  );
}

function closedBy({ suppressed, unusable, consent }: ChannelState): Reason | null {
  if (suppressed) return 'suppressed';
  if (!consent) return 'no_consent';
  return unusable ? 'channel_unusable' : null;
}
