import type { Cap, DncCheck, GateFacts, InternationalPolicy } from './gate';
import type { ContactChannel, MessageClass, MessageRule, Purpose } from './message';
import { contactHours, type ContactHours, type QuietHours } from './quiet-hours';
import { countriesOfNumber, recipientPlace } from './recipient-place';
import { mayText, type Registration } from './registration';
import { closedChannels, type OptOut } from './suppression';
import type { Instant } from './time';

export type BusinessPermission = {
  status: 'active' | 'paused' | 'canceled';
  quiet: QuietHours;
  /** The number that texts come from; null: the platform's. */
  fromNumber: string | null;
  /** The carriers refuse texts from it until its registration is through; tried again then. */
  senderRegistration: Registration | null;
  postalAddressKnown: boolean;
  /** It writes on WhatsApp too. */
  onWhatsApp: boolean;
};

/** Everything that decides what may be sent to a person, over whatever channel: one query's answer (db/permission-facts.ts). */
export type PermissionFacts = {
  business: BusinessPermission;
  settings: { international: InternationalPolicy; trialOutbound: boolean };
  /** `whatsapp`: the number, or WhatsApp's own id of somebody who shows none. */
  contact: { phone: string | null; email: string | null; whatsapp: string | null; zone: string | null; postalCode: string | null };
  /** Vendors say that these cannot take messages. */
  unusable: readonly ContactChannel[];
  optOuts: readonly OptOut[];
  /** What this person's newest word allows. */
  consents: readonly { channel: ContactChannel; purpose: Purpose }[];
  onOwnDncList: boolean;
  dncCheck: DncCheck;
  contactCap: Cap;
  callsPerMin: Cap;
  callsPerDay: Cap;
  /** Channels over which this person was ever sent something. */
  written: readonly ContactChannel[];
};

export type PermissionAsked = {
  now: Instant;
  notAfter: Instant;
  rule: MessageRule | null;
  messageClass: MessageClass;
  channel: ContactChannel;
  /** When the receiver did what a notice tells of (R20). */
  causedAt: Instant | null;
  spreadKey: string;
  /** A trial's call. */
  forTrial?: boolean;
};

/** What the gate has to know of one message or call to a contact. */
export function gateFactsOf(facts: PermissionFacts, asked: PermissionAsked): GateFacts {
  const { now, messageClass, channel } = asked;
  const { business, settings, contact } = facts;
  const place = recipientPlace(contact);
  return {
    ...shared(business, asked),
    suppressed: closedChannels(facts.optOuts, { messageClass, now }).includes(channel),
    onOwnDncList: facts.onOwnDncList,
    dncCheck: facts.dncCheck,
    consent: facts.consents.some((given) => given.channel === channel && given.purpose === purposeOf(messageClass)),
    channelUsable: !facts.unusable.includes(channel),
    hours: contactHours({ messageClass, channel, place, quiet: business.quiet, causedByRecipientAt: asked.causedAt }),
    zoneSource: place.source,
    callsPerMin: facts.callsPerMin,
    callsPerDay: facts.callsPerDay,
    contactCap: facts.contactCap,
    abroad: isAbroad(contact.phone, business.fromNumber),
    international: settings.international,
    trialOutboundDisabled: asked.forTrial === true && !settings.trialOutbound,
  };
}

/** The same of a message to a member of staff, who is no contact: only the business and their own do-not-disturb count (R20). */
export function staffGateFacts(business: BusinessPermission, asked: PermissionAsked & { hours: ContactHours }): GateFacts {
  return {
    ...shared(business, asked),
    suppressed: false,
    onOwnDncList: false,
    dncCheck: 'off',
    consent: true,
    channelUsable: true,
    hours: asked.hours,
    zoneSource: null,
    callsPerMin: UNCOUNTED,
    callsPerDay: UNCOUNTED,
    contactCap: UNCOUNTED,
    abroad: false,
    international: 'all',
    trialOutboundDisabled: false,
  };
}

/** What a class needs consent for (R25). */
export function purposeOf(messageClass: MessageClass): Purpose {
  if (messageClass === 'marketing') return 'marketing';
  return messageClass === 'call' ? 'ai_voice' : 'service';
}

/** The address a channel reaches; null: none is known. */
export function addressOf({ phone, email, whatsapp = null }: Addresses, channel: ContactChannel): string | null {
  if (channel === 'email') return email;
  return channel === 'whatsapp' ? whatsapp : phone;
}

type Addresses = { phone: string | null; email: string | null; whatsapp?: string | null };

const UNCOUNTED: Cap = { used: 0, limit: 1, freesAt: null };
const HOME = ['US'];

const shared = (business: BusinessPermission, { now, notAfter, rule, messageClass, channel, spreadKey }: PermissionAsked) => ({
  now,
  notAfter,
  rule,
  messageClass,
  channel,
  businessStatus: business.status,
  postalAddressKnown: business.postalAddressKnown,
  registrationPending: channel === 'sms' && !mayText(business.senderRegistration),
  spreadKey,
});

/** A toll-free number, or none, is taken for one at home. */
function isAbroad(to: string | null, from: string | null): boolean {
  const there = countriesOfNumber(to);
  const here = countriesOfNumber(from);
  const home = here.length > 0 ? here : HOME;
  return there.length > 0 && !there.some((country) => home.includes(country));
}
