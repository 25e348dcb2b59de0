import { z } from 'zod';
import { listChannelSettings, putChannelSetting } from '../../db/channel-settings';
import { CHANNEL_VENDORS, ChannelSettingView, presentChannelSetting, SETTABLE_CHANNELS } from '../presenters/channel';
import { invalidField } from '../problem';
import { replanVisits } from '../replan';
import { route } from '../route';

const tag = 'Channels';

const list = route(
  {
    method: 'get',
    path: '/channels',
    tag,
    summary: 'By whom the business writes, and as which sender',
    role: 'viewer',
    response: z.object({ data: z.array(ChannelSettingView), next_cursor: z.null() }),
  },
  async ({ tx }) => ({ data: (await listChannelSettings(tx)).map(presentChannelSetting), nextCursor: null }),
);

const replaceChannel = route(
  {
    method: 'put',
    path: '/channels/:channel',
    tag,
    summary: 'Choose vendor and sender of a channel',
    description:
      'SMS: a Messaging Service (MG…) or a number of Twilio. WhatsApp: a number at Twilio, the phone number id at Meta, or off. Messages of visits ahead are planned again.',
    action: 'channel.updated',
    role: 'admin',
    params: z.object({ channel: z.enum(SETTABLE_CHANNELS) }),
    body: z
      .object({ vendor: z.enum(CHANNEL_VENDORS), sender: z.string().trim().max(64).nullable().default(null) })
      .meta({ example: { vendor: 'twilio', sender: '+12125550100' } }),
    response: ChannelSettingView,
    problems: ['already_exists'],
  },
  async ({ tx, params: { channel }, body, ifVersion, now }) => {
    check(channel, body);
    const sender = body.vendor === 'off' ? null : body.sender;
    const changed = await putChannelSetting(tx, { channel, vendor: body.vendor, sender, ifVersion, now });
    await replanVisits(tx, { lane: 1, now });
    return presentChannelSetting(changed);
  },
);

const NUMBER = /^\+\d{7,15}$/;
const MESSAGING_SERVICE = /^MG[0-9a-f]{32}$/;
const META_ID = /^\d{5,32}$/;

function check(channel: (typeof SETTABLE_CHANNELS)[number], { vendor, sender }: { vendor: string; sender: string | null }): void {
  if (channel === 'sms') {
    if (vendor !== 'twilio') throw invalidField('vendor', 'SMS goes by twilio');
    if (sender !== null && !NUMBER.test(sender) && !MESSAGING_SERVICE.test(sender))
      throw invalidField('sender', 'a number like +12125550100, or MG…');
    return;
  }
  if (vendor === 'twilio' && !NUMBER.test(sender ?? '')) throw invalidField('sender', 'a number like +12125550100');
  if (vendor === 'meta' && !META_ID.test(sender ?? '')) throw invalidField('sender', "Meta's phone number id");
}

export const channelRoutes = [list, replaceChannel];
