import type { Instant } from '../../domain/time';
import type { Salon } from './salon';
import type { World } from './world';

/** An approved template for the 1d reminder. */
export const WHATSAPP_TEMPLATE = {
  ...{ vendor: 'twilio' as const, rule: '1d', locale: 'en' as const, externalId: `HX${'1'.repeat(32)}`, language: 'en' },
  ...{ category: 'utility' as const, status: 'approved' as const, rejectedReason: null, wording: 'See you on {{1}}.' },
  variables: ['when' as const],
};

export type OnWhatsApp = Salon & {
  /** The business's number at Twilio, or Meta's id of it. */
  sender: string;
  /** Somebody writes to the business on WhatsApp, its contact unless told. Throws unless our webhook takes it. */
  write: (body: string, from?: string) => Promise<void>;
  /** Names an approved template for the rule, at the business and at the vendor. */
  approve: (rule: string) => Promise<void>;
};

const state = { senders: 0 };

type Options = { vendor: 'twilio' | 'meta'; now: Instant; preferred?: boolean };

/** A salon on WhatsApp whose contact likes it best and has agreed to it, to texts and to e-mail. */
export async function onWhatsApp(world: World, { vendor, now, preferred = true }: Options): Promise<OnWhatsApp> {
  const salon = await world.aSalon({ now });
  state.senders += 1; // a sender belongs to one business
  const sender = vendor === 'twilio' ? `+1646555${String(1_000 + state.senders)}` : String(106_540_352_240_000 + state.senders);
  must(await world.call(salon, 'PUT /channels/whatsapp', { vendor, sender }), 200);
  const consent = { channel: 'whatsapp', purpose: 'service', statement: 'Yes, write to me on WhatsApp.', source: 'front desk' };
  must(await world.call(salon, `POST /contacts/${salon.contactId}/consents`, consent), 201);
  if (preferred) await world.call(salon, `PATCH /contacts/${salon.contactId}`, { preferred_channel: 'whatsapp' });
  const sandbox = (method: string, path: string, body: unknown) =>
    fetch(`${world.sandboxUrl}/sandbox${path}`, { method, body: JSON.stringify(body) });
  return {
    ...salon,
    sender,
    write: async (body, from = salon.contactPhone) => {
      const answer = await sandbox('POST', '/inbound', { channel: 'whatsapp', from, to: sender, body });
      must((await answer.json()) as { status: number }, 200);
    },
    approve: async (rule) => {
      const externalId = vendor === 'twilio' ? `HX${'1'.repeat(32)}` : 'your_visit';
      const wording = 'Hi {{1}}, you are booked for {{2}}.';
      const template = {
        ...{ vendor, rule, locale: 'en', external_id: externalId, language: 'en', category: 'utility', status: 'approved' },
        ...{ wording, variables: ['contactName', 'when'] },
      };
      must(await world.call(salon, 'POST /whatsapp-templates', template), 201);
      await sandbox('PUT', `/templates/${vendor}/${externalId}`, { wording });
    },
  };
}

/** Scripts, which have no `expect`, set a salon up so too. */
function must(answer: { status: number }, status: number): void {
  if (answer.status !== status) throw new Error(`${status} was expected: ${JSON.stringify(answer)}`);
}
