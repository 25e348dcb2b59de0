import { insertCarrierConsent } from '../../db/carrier-consents';
import { ring } from '../../db/doorbell';
import { carrierConsentProcess } from '../../workflows/contracts/carrier-consent';
import type { Context } from './replying';

/**
 * Twilio blocks and unblocks by itself only on its own exact words: what a person said otherwise it is told (providers.md 4, Opt-out), so that its block
 * and ours agree. `ackId`: our answer to it.
 */
export async function tellCarrier({ tx, event, inboundId, now }: Context, ackId: string | null): Promise<void> {
  if (event.channel !== 'sms' || event.vendor !== 'twilio') return;
  await insertCarrierConsent(tx, { id: inboundId, ackMessageId: ackId, now });
  await ring(tx, { ...carrierConsentProcess(inboundId), version: 1, now });
}
