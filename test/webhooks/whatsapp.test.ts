import { withBusiness } from '../../db/tenancy';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit, type Line, type Visit } from '../support/visits';
import { onWhatsApp as aSalonOnWhatsApp, type OnWhatsApp } from '../support/whatsapp';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => {
  world.sandbox.faults.clear('twilio');
  world.sandbox.faults.clear('meta');
});

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const THURSDAY_NOON = '2027-03-04T17:00:00.000Z';
const HX = `HX${'1'.repeat(32)}`;
const USER = 'US.13491208655302741918';

const onWhatsApp = (vendor: 'twilio' | 'meta', { preferred = true }: { preferred?: boolean } = {}): Promise<OnWhatsApp> =>
  aSalonOnWhatsApp(world, { vendor, now: NOW, preferred });
const writes = (salon: OnWhatsApp, body: string, from?: string): Promise<void> => salon.write(body, from);

async function heard(salon: OnWhatsApp, count: number): Promise<void> {
  await eventually(async () => {
    const rows = await withBusiness(world.db, salon.id, (tx) =>
      tx('messages').where({ direction: 'in', channel: 'whatsapp' }).select('id'),
    );
    expect(rows).toHaveLength(count);
  });
}

const template = (salon: Salon, more: Record<string, unknown> = {}) =>
  world.call(salon, 'POST /whatsapp-templates', {
    ...{ vendor: 'twilio', rule: 'confirmation', locale: 'en', external_id: HX, category: 'utility', status: 'approved' },
    ...{ wording: 'Hi {{1}}, you are booked for {{2}}.', variables: ['contactName', 'when'], ...more },
  });

/** What became of the confirmation, over each channel. */
const confirmations = async (visit: Visit): Promise<Line[]> =>
  (await visit.messages()).filter(({ rule, recipient }) => rule === 'confirmation' && recipient === 'contact');
const brought = ({ contactPhone }: Salon, kind: string): string[] =>
  world.sandbox.log.entries({ to: contactPhone, kind }).map(({ body }) => body);
const settles = (visit: Visit, expected: Record<string, unknown>[]): Promise<void> =>
  eventually(async () => expect(await confirmations(visit)).toMatchObject(expected));

describe.each(['twilio', 'meta'] as const)('a person who likes WhatsApp best, by %s', (vendor) => {
  it('is written to there in plain text within 24 hours of what they wrote', async () => {
    const salon = await onWhatsApp(vendor);
    await writes(salon, 'Hello!');
    await heard(salon, 1);
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settles(visit, [{ channel: 'whatsapp', status: 'delivered', fallback: null }]);
    expect(brought(salon, 'whatsapp')).toContainEqual(expect.stringContaining('Thu, Mar 4 at 12:00 PM'));
    expect(brought(salon, 'sms')).toEqual([]);
  });

  it('answers C there, and is thanked there', async () => {
    const salon = await onWhatsApp(vendor);
    await writes(salon, 'Hello!');
    await heard(salon, 1);
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settles(visit, [{ status: 'delivered' }]);
    await writes(salon, 'C');
    await eventually(async () => expect(await visit.status()).toBe('confirmed'));
    await eventually(() => expect(brought(salon, 'whatsapp').at(-1)).toContain('is confirmed'));
  });

  it('who says STOP there gets our one confirmation there, since nobody answers for us, and nothing more', async () => {
    const salon = await onWhatsApp(vendor);
    await writes(salon, 'STOP');
    await eventually(() => expect(brought(salon, 'whatsapp')).toHaveLength(1));
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await world.clock.push(salon.id, { byS: 5 });
    await eventually(async () => expect((await confirmations(visit)).some(({ channel }) => channel === 'whatsapp')).toBe(false));
    expect(brought(salon, 'whatsapp')).toHaveLength(1);
  });

  it('whose message the vendor refuses for good gets it by text, and it says why', async () => {
    const salon = await onWhatsApp(vendor);
    await writes(salon, 'Hello!');
    await heard(salon, 1);
    const code = vendor === 'twilio' ? '63003' : '131026';
    // Not the answer to what they wrote: that goes there too.
    await eventually(() => expect(brought(salon, 'whatsapp')).toHaveLength(1));
    world.sandbox.faults.put(vendor, { mode: 'refuse', code, match: 'Your visit is booked', times: 1 });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settles(visit, [
      { channel: 'whatsapp', status: 'failed', vendor_code: code },
      { channel: 'sms', status: 'delivered', fallback: { from: 'whatsapp', reason: 'vendor_refused' } },
    ]);
    expect([brought(salon, 'whatsapp').length, brought(salon, 'sms').length]).toEqual([2, 1]);
  });
});

describe('outside the 24 hours', () => {
  it('the approved template goes, filled in', async () => {
    const salon = await onWhatsApp('twilio');
    await template(salon);
    await fetch(`${world.sandboxUrl}/sandbox/templates/twilio/${HX}`, {
      method: 'PUT',
      body: JSON.stringify({ wording: 'Hi {{1}}, you are booked for {{2}}.' }),
    });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settles(visit, [{ channel: 'whatsapp', status: 'delivered', body: 'Hi Ana, you are booked for Thu, Mar 4 at 12:00 PM.' }]);
    expect(brought(salon, 'whatsapp')).toEqual(['Hi Ana, you are booked for Thu, Mar 4 at 12:00 PM.']);
  });

  it('without one it goes by text, and the explanation says why', async () => {
    const salon = await onWhatsApp('twilio');
    await template(salon, { status: 'pending' });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settles(visit, [
      { channel: 'whatsapp', status: 'skipped', reason: 'whatsapp_no_template' },
      { channel: 'sms', status: 'delivered', fallback: { from: 'whatsapp', reason: 'whatsapp_no_template' } },
    ]);
    const [, text] = await confirmations(visit);
    expect(text?.explanation).toMatch(/^Delivered .* By text instead of WhatsApp, because .* no approved template fits\.$/);
    expect(brought(salon, 'whatsapp')).toEqual([]);
  });

  it('a marketing template is not even tried for a number of the United States', async () => {
    const salon = await onWhatsApp('twilio');
    await template(salon, { category: 'marketing' });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settles(visit, [
      { channel: 'whatsapp', reason: 'whatsapp_marketing_us' },
      { channel: 'sms', status: 'delivered' },
    ]);
    expect(brought(salon, 'whatsapp')).toEqual([]);
  });

  it('is what the vendor says it is: free text that it refuses goes again as the template', async () => {
    const salon = await onWhatsApp('twilio');
    await template(salon);
    await writes(salon, 'Hello!');
    await heard(salon, 1);
    await eventually(() => expect(brought(salon, 'whatsapp')).toHaveLength(1));
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '63016', match: 'Your visit is booked', times: 1 });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settles(visit, [{ channel: 'whatsapp', status: 'delivered' }]);
    expect(brought(salon, 'whatsapp')).toHaveLength(3);
    expect(brought(salon, 'sms')).toEqual([]);
  });
});

describe('somebody who shows WhatsApp no number', () => {
  it('waits in quarantine while nobody knows them, and is found by WhatsApp’s own id once somebody does', async () => {
    const salon = await onWhatsApp('meta', { preferred: false });
    await writes(salon, 'Hello!', USER);
    await heard(salon, 1);
    const now = new Date().toISOString();
    const contact = await world.call<{ id: string }>(salon, 'POST /contacts', { name: 'Somebody' });
    await withBusiness(world.db, salon.id, (tx) =>
      tx('contactIdentities').insert({
        ...{ businessId: salon.id, channel: 'whatsapp', externalId: USER, contactId: contact.body.id, createdAt: now },
        externalHash: world.activityDeps.hash.address(salon.id, USER),
      }),
    );
    await writes(salon, 'Do you have time on Friday?', USER);
    await eventually(() => expect(world.sandbox.log.entries({ to: USER, kind: 'whatsapp' })).toHaveLength(1));
    const consent = { channel: 'whatsapp', purpose: 'service', statement: 'Write to me here.', source: 'WhatsApp' };
    expect(await world.call(salon, `POST /contacts/${contact.body.id}/consents`, consent)).toMatchObject({ status: 201 });
    await writes(salon, 'STOP', USER);
    await eventually(async () =>
      expect((await world.call(salon, `GET /contacts/${contact.body.id}`)).body).toMatchObject({
        phone: null,
        channels: [{ channel: 'whatsapp', opted_out: true }],
      }),
    );
  });

  it('is remembered from the first message in which WhatsApp shows number and id', async () => {
    const salon = await onWhatsApp('meta');
    await writes(salon, 'Hello!');
    await heard(salon, 1);
    const identities = await withBusiness(world.db, salon.id, (tx) =>
      tx('contactIdentities').select<{ contactId: string; externalId: string }[]>('contactId', 'externalId'),
    );
    expect(identities).toEqual([{ contactId: salon.contactId, externalId: expect.stringMatching(/^US\.\d+$/) as string }]);
    const file = (await world.call(salon, `GET /contacts/${salon.contactId}`)).body;
    expect(JSON.stringify(file)).not.toContain(identities[0]!.externalId);
  });
});

describe('a message outside any visit', () => {
  it('takes the next channel after a definite refusal, in one process, with the reason on both rows', async () => {
    const salon = await onWhatsApp('twilio');
    await writes(salon, 'Hello!');
    await eventually(() => expect(brought(salon, 'whatsapp')).toHaveLength(1));
    await heard(salon, 1);
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '63024', match: 'Your visit is booked', times: 1 });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settles(visit, [{ status: 'failed' }, { status: 'delivered' }]);
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '63024', match: 'is confirmed', times: 1 });
    await writes(salon, 'C');
    await eventually(() => expect(brought(salon, 'sms').at(-1)).toContain('is confirmed'));
    const rows = await withBusiness(world.db, salon.id, (tx) =>
      tx('messages')
        .where({ rule: 'confirm_ack' })
        .orderBy('id')
        .select('id', 'channel', 'vendorCode', 'firstId', 'fallbackFrom', 'fallbackReason'),
    );
    expect(rows).toMatchObject([
      { channel: 'whatsapp', vendorCode: '63024', firstId: null },
      { channel: 'sms', fallbackFrom: 'whatsapp', fallbackReason: 'vendor_refused', firstId: (rows[0] as { id: string }).id },
    ]);
  });
});

describe('Meta’s door', () => {
  const door = (): string => `${world.api}/api/v1/webhooks/whatsapp/meta`;
  const token = 'sandbox-meta-verify-token';

  it('gives the challenge back to whoever knows the token, and 403 to others', async () => {
    const asked = (verify: string) => fetch(`${door()}?hub.mode=subscribe&hub.verify_token=${verify}&hub.challenge=42`);
    expect(await (await asked(token)).text()).toBe('42');
    expect((await asked('guess')).status).toBe(403);
  });

  it('refuses what Meta did not sign', async () => {
    const answer = await fetch(door(), { method: 'POST', body: '{}', headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } });
    expect(answer.status).toBe(401);
  });
});
