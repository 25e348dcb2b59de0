import { ringMessages } from '../../api/replan';
import { receiveText } from '../../api/webhooks/inbound';
import { withBusiness } from '../../db/tenancy';
import { inBusiness } from '../factories';
import { agreesToOffers } from '../support/cadences';
import { newSid } from '../support/deliveries';
import { waitingRings } from '../support/doorbells';
import { eventually } from '../support/eventually';
import { offersOf } from '../support/waitlist';
import { onWhatsApp, type OnWhatsApp } from '../support/whatsapp';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('twilio'));

/** A Tuesday, 10:00 in New York, and a time of the day after. */
const NOW = '2027-03-02T15:00:00.000Z';
const FREE = { start_ts: '2027-03-03T17:00:00.000Z', end_ts: '2027-03-03T18:00:00.000Z' };

type Setting = { salon: OnWhatsApp; slotId: string };

/** Somebody who likes WhatsApp best, agreed to offers everywhere, and waits for a time that is free since now. */
async function aFreeTime({ prepare }: { prepare?: (salon: OnWhatsApp) => Promise<void> } = {}): Promise<Setting> {
  const salon = await onWhatsApp(world, { vendor: 'twilio', now: NOW });
  await world.call(salon, `PATCH /businesses/${salon.id}`, { postal_address: '1 Main St, New York' });
  for (const channel of ['whatsapp', 'sms', 'email'] as const) await agreesToOffers(world, salon, channel);
  await prepare?.(salon);
  const waits = { contact_id: salon.contactId, service_id: salon.serviceId, preference: 'anytime' };
  expect((await world.call(salon, 'POST /waitlist-entries', waits)).status).toBe(201);
  expect((await world.call(salon, 'POST /notify-list/trigger-cancellation', { service_id: salon.serviceId, ...FREE })).status).toBe(202);
  const [slot] = await inBusiness(world.db, salon.id, (tx) => tx('freedSlots').select<{ id: string }[]>('id'));
  return { salon, slotId: slot!.id };
}

/** What the slot's process does until it waits. */
async function run({ salon, slotId }: Setting): Promise<string> {
  for (;;) {
    const look = { businessId: salon.id, id: slotId, atLeast: 1, now: await world.apiDeps.clock.now(salon.id) };
    const slot = await world.activities.readFreedSlot(look);
    if (slot.state === 'free') {
      if ((await world.activities.askNext(look)).word !== 'asked') return 'nobody';
    } else if (slot.state !== 'sending') return slot.state;
    else for (const { messageId } of slot.messages) await world.activities.sendMessage({ ...look, messageId });
  }
}

/** The offer's messages, as 'whatsapp skipped whatsapp_no_template', and which of them carries it. */
async function ways({ salon }: Setting): Promise<{ messages: string[]; carriedBy: string | undefined; fallback: (string | null)[] }> {
  type Row = {
    id: string;
    channel: string;
    status: string;
    reason: string | null;
    fallbackFrom: string | null;
    fallbackReason: string | null;
  };
  const [rows, [offer]] = await inBusiness(world.db, salon.id, async (tx) => [
    await tx('messages').where({ rule: 'waitlist_offer' }).orderBy('id').select<Row[]>('*'),
    await tx('waitlistOffers').select<{ messageId: string }[]>('messageId'),
  ]);
  return {
    messages: rows.map(({ channel, status, reason }) =>
      [channel, status === 'delivered' ? 'sent' : status, ...(reason === null ? [] : [reason])].join(' '),
    ),
    carriedBy: rows.find(({ id }) => id === offer?.messageId)?.channel,
    fallback: rows.flatMap(({ fallbackFrom, fallbackReason }) => (fallbackFrom === null ? [] : [fallbackFrom, fallbackReason])),
  };
}

const statusOf = async ({ salon }: Setting) => (await offersOf(world, salon)).map(({ status }) => status);
const taken = ({ salon }: Setting, kind: string) => world.sandbox.log.entries({ to: salon.contactPhone, kind }).map(({ body }) => body);

async function writes(salon: OnWhatsApp): Promise<void> {
  await salon.write('Hello!');
  const heard = () => inBusiness(world.db, salon.id, (tx) => tx('messages').where({ direction: 'in' }).select<object[]>('id'));
  await eventually(async () => expect(await heard()).toHaveLength(1));
}

describe('an offer of the waitlist to somebody who likes WhatsApp best', () => {
  it('goes there in free words within 24 hours of what they wrote, and a yes there takes it', async () => {
    const setting = await aFreeTime({ prepare: writes });
    const { salon } = setting;
    expect(await run(setting)).toBe('asking');
    expect(await ways(setting)).toEqual({ messages: ['whatsapp sent'], carriedBy: 'whatsapp', fallback: [] });
    expect(taken(setting, 'whatsapp')).toEqual([expect.stringContaining('Reply 1 to take it or 2 to pass')]);
    const yes = { channel: 'whatsapp' as const, vendor: 'twilio', vendorId: newSid(), answeredByVendor: null, body: '1' };
    const event = { ...yes, from: salon.contactPhone, to: salon.sender };
    await withBusiness(world.db, salon.id, (tx) => receiveText(tx, world.apiDeps, { businessId: salon.id, event, now: NOW }));
    expect(await statusOf(setting)).toEqual(['accepted']);
  });

  it('goes as the approved template after that', async () => {
    const setting = await aFreeTime({ prepare: (salon) => salon.approve('waitlist_offer') });
    expect(await run(setting)).toBe('asking');
    expect(await ways(setting)).toEqual({ messages: ['whatsapp sent'], carriedBy: 'whatsapp', fallback: [] });
    expect(taken(setting, 'whatsapp')).toEqual([expect.stringMatching(/^Hi Ana, you are booked for Wed, Mar 3/)]);
  });

  it('goes by text when WhatsApp has no template for it, and says why it took that way', async () => {
    const setting = await aFreeTime();
    expect(await run(setting)).toBe('asking');
    expect(await ways(setting)).toEqual({
      messages: ['whatsapp skipped whatsapp_no_template', 'sms sent'],
      carriedBy: 'sms',
      fallback: ['whatsapp', 'whatsapp_no_template'],
    });
    expect([taken(setting, 'whatsapp').length, taken(setting, 'sms').length]).toEqual([0, 1]);
    expect(await statusOf(setting)).toEqual(['offered']);
  });

  it('goes by text and then by e-mail when the number cannot be texted, one after the other, each once', async () => {
    const setting = await aFreeTime();
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '21614', match: setting.salon.contactPhone, times: 1 });
    expect(await run(setting)).toBe('asking');
    expect(await ways(setting)).toMatchObject({
      messages: ['whatsapp skipped whatsapp_no_template', 'sms failed channel_unusable', 'email sent'],
      carriedBy: 'email',
    });
    await run(setting);
    expect(world.sandbox.log.entries({ to: setting.salon.contactEmail })).toHaveLength(1);
  });

  it('is passed over when every way is closed', async () => {
    const setting = await aFreeTime({
      prepare: async (salon) => {
        for (const channel of ['email', 'sms'])
          await world.call(salon, `POST /contacts/${salon.contactId}/opt-outs`, { channel, statement: 'no more' });
      },
    });
    expect(await run(setting)).not.toBe('asking');
    expect(await statusOf(setting)).toEqual(['passed_over']);
  });
});

it('a report that the offer did not arrive wakes the slot’s own process, and no other', async () => {
  const setting = await aFreeTime();
  const { salon, slotId } = setting;
  world.sandbox.faults.put('twilio', { mode: 'bad_signature', match: salon.contactPhone });
  await run(setting);
  const before = await waitingRings(world.db, salon.id);
  await inBusiness(world.db, salon.id, async (tx) => {
    const [sent] = await tx('messages')
      .where({ rule: 'waitlist_offer', channel: 'sms' })
      .select<{ id: string; firstId: string }[]>('id', 'firstId');
    await ringMessages(tx, [{ ...sent!, appointmentId: null, cadenceStateId: null, inPlan: false }], { lane: 0, now: NOW });
  });
  const after = await waitingRings(world.db, salon.id);
  expect(after.map(({ workflowId }) => workflowId)).toEqual(before.map(({ workflowId }) => workflowId));
  const versionOf = (rings: typeof before) => rings.find(({ workflowId }) => workflowId === `waitlist-offer/${slotId}`)!.version;
  expect(versionOf(after)).toBe(versionOf(before) + 1);
});
