import type { AcceptedLog } from '../accepted-log';
import type { Faults } from '../faults';
import { LATE_MS } from '../faults';
import type { Webhooks } from '../webhooks';
import { delivery, epochS, newWamid, signed, userIdOf } from './wire';

export type MetaInboundDeps = { apiUrl: string; appSecret: string; log: AcceptedLog; faults: Faults; webhooks: Webhooks };

/** `from`: E.164, or Meta's own id of somebody who shows no number. `to`: the id of our number. */
export type InboundWhatsApp = { from: string; to: string; body: string };

/** `status`: what our webhook answered, null for nothing. */
export type Received = { vendor_id: string; status: number | null; late: boolean };

/** A person writes on WhatsApp. Meta answers nothing by itself and hands every word on. */
export async function receiveWhatsApp(deps: MetaInboundDeps, { from, to, body }: InboundWhatsApp): Promise<Received> {
  const { apiUrl, appSecret, log, faults, webhooks } = deps;
  const id = newWamid();
  await log.append({ vendor: 'meta', kind: 'inbound', channel: 'whatsapp', from, to, body, our_id: null, vendor_id: id });
  const fault = faults.forWebhooks('meta', [from, to, body], ['duplicate', 'late', 'bad_signature']);
  const text = delivery([{ phoneNumberId: to, contact: contactOf(from), message: messageOf({ id, from, body }) }]);
  const headers = signed(fault?.mode === 'bad_signature' ? `not ${appSecret}` : appSecret, text);
  const post = async (): Promise<number | null> =>
    (await webhooks.post({ vendor: 'meta', url: `${apiUrl}/api/v1/webhooks/whatsapp/meta`, headers, body: text })).status;
  if (fault?.mode === 'late') {
    const { background } = webhooks;
    background.run(background.wait(fault.delay_ms ?? LATE_MS).then((due) => (due ? post() : undefined)));
    return { vendor_id: id, status: null, late: true };
  }
  const status = await post();
  if (fault?.mode === 'duplicate') await post();
  return { vendor_id: id, status, late: false };
}

const phoneOf = (from: string): { wa_id?: string } => (from.startsWith('+') ? { wa_id: from.slice(1) } : {});

const contactOf = (from: string) => ({ profile: { name: 'Somebody' }, ...phoneOf(from), user_id: userIdOf(from) });

function messageOf({ id, from, body }: { id: string; from: string; body: string }): object {
  const { wa_id: phone } = phoneOf(from);
  return {
    ...(phone !== undefined && { from: phone }),
    from_user_id: userIdOf(from),
    id,
    timestamp: epochS(),
    type: 'text',
    text: { body },
  };
}
