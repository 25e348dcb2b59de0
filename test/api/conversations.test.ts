import { v7 as newId } from 'uuid';
import { withBusiness } from '../../db/tenancy';
import { newSid, postTwilio } from '../support/deliveries';
import { receiveText } from '../../api/webhooks/inbound';
import { eventually } from '../support/eventually';
import { aConsent } from '../support/marketing';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const FRIDAY = '2027-03-05T17:00:00.000Z';

type Message = { id: string; direction: 'in' | 'out'; body: string | null; status: string; media_types: string[]; channel: string };
type Conversation = {
  id: string;
  contact_id: string;
  contact_name: string;
  status: string;
  unread: number;
  needs_person: string | null;
  needs_person_since: string | null;
  silenced_since: string | null;
  assigned_staff_id: string | null;
  last_message: { excerpt: string; direction: string; media: number } | null;
};
type Detail = Conversation & { messages: Message[]; next_cursor: string | null };

const listed = async (salon: Salon, query = ''): Promise<Conversation[]> =>
  (await world.call<{ data: Conversation[] }>(salon, `GET /conversations${query}`)).body.data;
const detail = async (salon: Salon, id: string, query = ''): Promise<Detail> =>
  (await world.call<Detail>(salon, `GET /conversations/${id}${query}`)).body;
/** Waits until the salon's only conversation is as told. */
const conversation = (salon: Salon, expected: object): Promise<Conversation> =>
  eventually(async () => {
    const [only] = await listed(salon);
    expect(only).toMatchObject(expected);
    return only!;
  });
const callWithKey = async (salon: Salon, body: object): Promise<{ status: string }> => {
  const answer = await fetch(`${world.api}/api/v1/messages/send`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${salon.apiKey}`, 'Content-Type': 'application/json', 'Idempotency-Key': newId() },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as { status: string };
};
const signedText = (salon: Salon, body: string, more: Record<string, string> = {}) =>
  postTwilio(`${world.api}/webhooks/twilio/inbound`, {
    ...{ MessageSid: newSid(), SmsStatus: 'received', From: salon.contactPhone, To: salon.number, Body: body },
    ...more,
  });

describe('a text from a person', () => {
  it('opens their conversation, unread and before a person, with what we said on the same page', async () => {
    const salon = await world.aSalon({ now: NOW });
    await aVisit(world, salon, { startsAt: FRIDAY });
    await world.clock.push(salon.id, { byS: 60 });
    await world.text(salon, 'Do you do beards?');
    const { id } = await conversation(salon, { contact_name: 'Ana Diaz', status: 'open', unread: 1, needs_person: 'message' });
    await world.clock.push(salon.id, { byS: 5 });
    const { messages } = await detail(salon, id);
    expect(messages.map(({ direction }) => direction)).toEqual(['out', 'in', 'out']);
    expect(messages[1]).toMatchObject({ body: 'Do you do beards?', status: 'received' });
    const [first] = (await detail(salon, id, '?limit=1')).messages;
    const { next_cursor: cursor } = await detail(salon, id, '?limit=1');
    expect(first?.id).toBe(messages[0]?.id);
    expect((await detail(salon, id, `?limit=5&cursor=${String(cursor)}`)).messages.map((message) => message.id)).toEqual(
      messages.slice(1).map((message) => message.id),
    );
  });

  it('that answers a question needs nobody', async () => {
    const salon = await world.aSalon({ now: NOW });
    await aVisit(world, salon, { startsAt: FRIDAY });
    await world.clock.push(salon.id, { byS: 60 });
    await world.text(salon, 'C');
    await conversation(salon, { unread: 1, needs_person: null });
    expect(await listed(salon, '?needs_person=true')).toEqual([]);
    expect(await listed(salon, '?needs_person=false&unread=true')).toHaveLength(1);
  });

  it('with pictures is noted with their types; where the vendor keeps them is sealed', async () => {
    const salon = await world.aSalon({ now: NOW });
    const url = 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1';
    await signedText(salon, '', {
      NumMedia: '2',
      MediaContentType0: 'image/jpeg',
      MediaUrl0: url,
      MediaContentType1: 'image/png',
      MediaUrl1: `${url}2`,
    });
    const { id } = await conversation(salon, { last_message: { excerpt: '', direction: 'in', media: 2 } });
    expect((await detail(salon, id)).messages.find(({ direction }) => direction === 'in')?.media_types).toEqual([
      'image/jpeg',
      'image/png',
    ]);
    const [row] = await withBusiness(world.db, salon.id, (tx) =>
      tx('messages').where({ direction: 'in' }).select<{ mediaSealed: Buffer; mediaKeyId: string }[]>('mediaSealed', 'mediaKeyId'),
    );
    expect(row!.mediaSealed.toString('latin1')).not.toContain('twilio');
    const sealed = { keyId: row!.mediaKeyId, bytes: row!.mediaSealed };
    expect(JSON.parse(world.apiDeps.encryption.open(sealed, 'messages.media_sealed'))).toEqual([url, `${url}2`]);
  });
});

describe('CANCEL', () => {
  it('with a visit ahead is an opt-out, and asks a person whether the visit is meant; the visit stands', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await world.text(salon, 'CANCEL');
    await conversation(salon, { needs_person: 'cancel_visit' });
    expect(await visit.status()).toBe('booked');
    await world.text(salon, 'hello?');
    await conversation(salon, { needs_person: 'cancel_visit', unread: 2 }); // the more pressing one stays
  });

  it('asks whoever holds the visit, and the owner, once; a question about a visit cancelled meanwhile is dropped', async () => {
    const salon = await world.aSalon({ now: NOW, staffEmail: 'marta@salon.example', ownerEmail: 'olga@salon.example' });
    await aVisit(world, salon, { startsAt: FRIDAY });
    await world.clock.push(salon.id, { byS: 60 });
    await world.text(salon, 'CANCEL');
    const asked = (to: string): string[] =>
      world.sandbox.log
        .entries({ to, kind: 'email' })
        .flatMap(({ subject = '' }) => (subject.startsWith('Does this visit still stand?') ? [subject] : []));
    await eventually(() =>
      expect([asked('marta@salon.example'), asked('olga@salon.example')]).toEqual([[expect.any(String)], [expect.any(String)]]),
    );
    await world.clock.push(salon.id, { byS: 10 });
    await world.text(salon, 'cancel');
    await conversation(salon, { unread: 2 });
    await world.clock.push(salon.id, { byS: 60 });
    expect(asked('marta@salon.example')).toHaveLength(1);
  });

  it('without one asks nobody', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'CANCEL');
    await conversation(salon, { unread: 1, needs_person: null });
  });
});

describe('a person of ours', () => {
  it('reads, assigns, settles and closes a conversation; it opens again when the person writes', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'Do you do beards?');
    const { id } = await conversation(salon, { unread: 1 });
    const post = (verb: string, body?: unknown) => world.call<Conversation>(salon, `POST /conversations/${id}/${verb}`, body);
    expect((await post('read')).body).toMatchObject({ unread: 0, needs_person: 'message' });
    expect((await post('assign', { staff_id: salon.staffId })).body).toMatchObject({ assigned_staff_id: salon.staffId });
    expect(await listed(salon, `?assigned_staff_id=${salon.staffId}`)).toHaveLength(1);
    expect((await post('settle')).body).toMatchObject({ needs_person: null, status: 'open' });
    expect((await post('close')).body).toMatchObject({ status: 'closed' });
    expect(await listed(salon, '?status=open')).toEqual([]);
    await world.text(salon, 'And moustaches?');
    await conversation(salon, { status: 'open', unread: 1, needs_person: 'message' });
    expect((await post('reopen')).body).toMatchObject({ status: 'open' });
    expect((await post('assign', { staff_id: null })).body).toMatchObject({ assigned_staff_id: null });
  });

  it('settles it by answering, and not by words that may not go or by an offer', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    await world.text(salon, 'Do you do beards?');
    const { id } = await conversation(salon, { unread: 1, needs_person: 'message' });
    const say = async (body: object): Promise<unknown> => (await callWithKey(salon, { contact_id: salon.contactId, ...body })).status;
    expect(await say({ channel: 'email', subject: 'Beards', body: 'We do.' })).toBe('skipped'); // no consent for e-mail
    expect(await detail(salon, id)).toMatchObject({ unread: 1, needs_person: 'message' });
    await aConsent(world.db, salon, { channel: 'sms', purpose: 'marketing', at: NOW });
    expect(await say({ channel: 'sms', body: 'Ten percent off all beards.', class: 'marketing' })).toBe('planned');
    expect(await detail(salon, id)).toMatchObject({ unread: 1, needs_person: 'message' });
    expect(await say({ channel: 'sms', body: 'We do.' })).toBe('planned');
    expect(await detail(salon, id)).toMatchObject({ unread: 0, needs_person: null, needs_person_since: null });
    await eventually(async () => expect((await detail(salon, id)).messages[0]).toMatchObject({ body: expect.stringContaining('We do.') }));
  });

  it('gives it to nobody who does not work here', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'Hi');
    const { id } = await conversation(salon, { unread: 1 });
    expect((await world.call(salon, `POST /conversations/${id}/assign`, { staff_id: newId() })).status).toBe(404);
  });
});

describe('a text of somebody whom nobody knows', () => {
  const STRANGER = '+13125550142';
  type Waiting = { id: string; from: string; body: string; state: string; contact_id: string | null };
  const waiting = async (salon: Salon, query = ''): Promise<Waiting[]> =>
    (await world.call<{ data: Waiting[] }>(salon, `GET /inbound/quarantine${query}`)).body.data;
  const settle = (salon: Salon, what: string, body?: unknown) =>
    world.call<{ message_ids: string[]; code?: string }>(salon, `POST /inbound/quarantine/${what}`, body);

  it('waits in quarantine, unanswered, until somebody says whose it is; that can be undone', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'Is this the salon?', STRANGER);
    await eventually(async () => expect(await waiting(salon)).toHaveLength(1));
    await world.text(salon, 'It is Ana, from my new phone', STRANGER);
    await eventually(async () => expect(await waiting(salon)).toHaveLength(2));
    expect(await listed(salon)).toEqual([]);
    const [latest] = await waiting(salon);
    expect(latest).toMatchObject({ from: STRANGER, body: 'It is Ana, from my new phone', state: 'waiting', contact_id: null });

    const assigned = await settle(salon, `${latest!.id}/assign`, { contact_id: salon.contactId });
    expect(assigned.body.message_ids).toHaveLength(2);
    const { id } = await conversation(salon, { contact_id: salon.contactId, unread: 2, needs_person: 'message' });
    expect((await detail(salon, id)).messages.map(({ body }) => body)).toEqual(['It is Ana, from my new phone', 'Is this the salon?']);
    expect(await waiting(salon, '?state=assigned')).toHaveLength(2);
    expect((await settle(salon, `${latest!.id}/assign`, { contact_id: salon.contactId })).body.code).toBe('quarantine_settled');

    expect((await settle(salon, `${latest!.id}/undo`)).body.message_ids).toHaveLength(2);
    expect(await listed(salon)).toEqual([]);
    expect(await waiting(salon)).toHaveLength(2);
    expect((await settle(salon, `${latest!.id}/undo`)).body.code).toBe('quarantine_waiting');
    expect(world.sandbox.log.entries({ to: STRANGER, kind: 'sms' })).toEqual([]);
  });

  it('on WhatsApp without a number is known by WhatsApp’s own id once somebody says who it is, with what they said before; until that is undone', async () => {
    const salon = await world.aSalon({ now: NOW });
    const hears = (body: string) => {
      const event = {
        channel: 'whatsapp' as const,
        vendor: 'meta',
        vendorId: newId(),
        to: '106540352249999',
        body,
        answeredByVendor: null,
      };
      const identity = { id: 'US.13491208655302741918', previousId: null };
      const text = { ...event, from: identity.id, identity };
      return withBusiness(world.db, salon.id, (tx) => receiveText(tx, world.apiDeps, { businessId: salon.id, event: text, now: NOW }));
    };
    const optOuts = async () => (await world.call<{ data: object[] }>(salon, `GET /contacts/${salon.contactId}/opt-outs`)).body.data.length;
    await hears('STOP');
    const [first] = await waiting(salon);
    await settle(salon, `${first!.id}/assign`, { contact_id: salon.contactId });
    expect(await optOuts()).toBe(1);
    await hears('It is Ana');
    await conversation(salon, { contact_id: salon.contactId, unread: 2 });
    expect(await waiting(salon)).toEqual([]);
    await settle(salon, `${first!.id}/undo`);
    expect(await optOuts()).toBe(0);
    await hears('It is somebody');
    expect((await waiting(salon)).map(({ body }) => body)).toEqual(['It is somebody', 'STOP']);
  });

  it('can be dismissed; a later one of theirs waits anew', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'You have won!', STRANGER);
    const [spam] = await eventually(async () => {
      const found = await waiting(salon);
      expect(found).toHaveLength(1);
      return found;
    });
    expect((await settle(salon, `${spam!.id}/dismiss`)).status).toBe(200);
    expect(await waiting(salon)).toEqual([]);
    await world.text(salon, 'You have won again!', STRANGER);
    await eventually(async () => expect(await waiting(salon)).toHaveLength(1));
  });
});

describe('erasing a contact', () => {
  it('takes their conversation and what came with their messages', async () => {
    const salon = await world.aSalon({ now: NOW });
    await signedText(salon, 'My rash', { NumMedia: '1', MediaContentType0: 'image/jpeg', MediaUrl0: 'https://api.twilio.com/x' });
    await conversation(salon, { unread: 1 });
    expect((await world.call(salon, `DELETE /contacts/${salon.contactId}`)).status).toBe(204);
    expect(await listed(salon)).toEqual([]);
    const rows = await withBusiness(world.db, salon.id, (tx) =>
      tx('messages').where({ direction: 'in' }).select<{ body: string | null; mediaSealed: Buffer | null }[]>('body', 'mediaSealed'),
    );
    expect(rows).toEqual([{ body: null, mediaSealed: null }]);
  });
});
