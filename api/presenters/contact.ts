import { z } from 'zod';
import type { ChannelRow, ConsentRow, ContactRow } from '../../db/contacts';
import { closedChannels, type OptOut } from '../../domain/suppression';
import type { Instant } from '../../domain/time';
import { CHANNELS, id, instantOut, localeIn } from '../wire';

export const CONSENT_CHANNELS = [...CHANNELS, 'voice'] as const;
export const PURPOSES = ['service', 'marketing', 'ai_voice'] as const;

export const ContactView = z
  .object({
    id,
    name: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    locale: localeIn,
    zone: z.string().nullable(),
    postal_code: z.string().nullable(),
    preferred_channel: z
      .enum(CHANNELS)
      .nullable()
      .meta({ description: "tried before the others where it is open; null: the business's order" }),
    source: z.string(),
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'Contact' });

export const presentContact = ({
  id,
  name,
  phoneE164,
  email,
  locale,
  zone,
  postalCode,
  preferredChannel,
  source,
  version,
  createdAt,
  updatedAt,
}: ContactRow) => ({
  id,
  name,
  phone: phoneE164,
  email,
  locale,
  zone,
  postalCode,
  preferredChannel,
  source,
  version,
  createdAt,
  updatedAt,
});

export const ConsentView = z
  .object({
    id,
    channel: z.enum(CONSENT_CHANNELS),
    purpose: z.enum(PURPOSES),
    granted: z.boolean(),
    statement: z.string(),
    source: z.string(),
    method: z.string().meta({ description: '"attested": the business vouched for it at an import' }),
    recorded_by: z.string(),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    recorded_at: instantOut,
  })
  .meta({ id: 'Consent' });

export const presentConsent = (row: ConsentRow) => ({
  id: row.id,
  channel: row.channel,
  purpose: row.purpose,
  granted: row.granted,
  statement: row.statement,
  source: row.source,
  method: row.method,
  recordedBy: row.recordedBy,
  ip: row.ip,
  userAgent: row.userAgent,
  recordedAt: row.recordedAt,
});

const ChannelView = z
  .object({
    channel: z.enum(CHANNELS),
    service: z.boolean().meta({ description: 'consent to messages about visits' }),
    marketing: z.boolean(),
    opted_out: z.boolean().meta({ description: 'the address, whoever shares it' }),
    unusable: z.boolean().meta({ description: 'the vendor says it cannot take this channel' }),
  })
  .meta({ id: 'ContactChannel' });

export const ContactDetailView = ContactView.extend({ channels: z.array(ChannelView) }).meta({ id: 'ContactDetail' });

/** `whatsappHash`: by what WhatsApp reaches them. `consents` newest first. */
type Known = { whatsappHash: string | null; channels: ChannelRow[]; optOuts: OptOut[]; consents: ConsentRow[]; now: Instant };

/** What each address of a contact may be used for right now. */
export function presentChannels(contact: ContactRow, { whatsappHash, channels, optOuts, consents, now }: Known) {
  const closed = closedChannels(optOuts, { messageClass: 'reminder', now });
  // Every number might be on WhatsApp: it is shown once the person has said something of it, or wrote there.
  const isOnWhatsApp = whatsappHash !== contact.phoneHash || [...optOuts, ...consents].some(({ channel }) => channel === 'whatsapp');
  const addresses = [
    ...(contact.phoneHash === null ? [] : [{ channel: 'sms' as const, hash: contact.phoneHash }]),
    ...(whatsappHash === null || !isOnWhatsApp ? [] : [{ channel: 'whatsapp' as const, hash: whatsappHash }]),
    ...(contact.emailHash === null ? [] : [{ channel: 'email' as const, hash: contact.emailHash }]),
  ];
  return addresses.map(({ channel, hash }) => {
    const state = channels.find((row) => row.channel === channel && row.addressHash === hash);
    const granted = (purpose: ConsentRow['purpose']) =>
      consents.find((row) => row.channel === channel && row.purpose === purpose)?.granted ?? false;
    return {
      channel,
      service: granted('service'),
      marketing: granted('marketing'),
      optedOut: closed.includes(channel),
      unusable: state?.unusableAt != null,
    };
  });
}
