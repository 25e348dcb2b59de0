import { aBusiness, aContact, anApiKey, anAppointment, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  api.setNow(MONDAY);
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

const NIGHT = '2027-03-02T04:00:00.000Z'; // 23:00 in New York
const state = { keys: 0 };
const keyed = () => ({ headers: { 'Idempotency-Key': `send-${String((state.keys += 1))}` } });
const send = (body: object, asking: { headers: Record<string, string> } = keyed()) => api.post('/messages/send', body, asking);
const simulate = (body: object) => api.post('/messages/simulate', body);
const consent = (contactId: string, purpose: string, channel = 'sms') =>
  api.post(`/contacts/${contactId}/consents`, { channel, purpose, statement: 'Yes, in writing.', source: 'form' });
const messagesOf = (contactId: string) =>
  api.get<{ messages: Record<string, unknown>[] }>(`/messages?contact_id=${contactId}`).then(({ body }) => body.messages);
const ownTemplate = (messageClass: 'notice' | 'marketing') =>
  api.put(`/templates/own-${messageClass}`, {
    name: 'Glasses',
    message_class: messageClass,
    sms: {
      en: { body: '{{ business_name }}: {{ greeting }} Your glasses are here. {{ opt_out }}' },
      es: { body: '{{ business_name }}: {{ greeting }} Sus lentes ya llegaron. {{ opt_out }}' },
    },
  });

describe('POST /messages/send', () => {
  it('plans one message, wakes its process once and answers what will become of it', async () => {
    const contact = await aContact(api.database.db, businessId);
    const sent = await send({ contact_id: contact.id, channel: 'sms', body: 'Your glasses are here, {{ contact_name }}.' });
    expect(sent).toMatchObject({ status: 202, body: { status: 'planned', goes_at: MONDAY, explanation: 'May go now.' } });
    expect(sent.body).not.toHaveProperty('reason');
    const id = String(sent.body['message_id']);
    expect(await messagesOf(contact.id)).toMatchObject([
      { id, rule: 'manual', status: 'planned', channel: 'sms', body: 'Your glasses are here, {{ contact_name }}.' },
    ]);
    expect(await waitingRings(api.database.db, businessId)).toEqual([{ workflowId: `message/${id}`, version: 1, lane: 0 }]);
  });

  it('needs an Idempotency-Key, and sends once however often it is asked with one', async () => {
    const contact = await aContact(api.database.db, businessId);
    const body = { contact_id: contact.id, channel: 'sms', body: 'Your glasses are here.' };
    expect(await api.post('/messages/send', body)).toMatchObject({ status: 422, body: { code: 'idempotency_key_required' } });
    const key = keyed();
    const [first, again] = [await send(body, key), await send(body, key)];
    expect(again.body).toEqual(first.body);
    expect(await messagesOf(contact.id)).toHaveLength(1);
  });

  it('says at once why nothing goes, keeps what the gate saw, and wakes nobody', async () => {
    const contact = await aContact(api.database.db, businessId);
    const offered = await send({ contact_id: contact.id, channel: 'sms', body: '20% off this week!', class: 'marketing' });
    expect(offered).toMatchObject({ status: 202, body: { status: 'skipped', reason: 'no_consent', goes_at: null } });
    expect((await send({ contact_id: contact.id, channel: 'email', body: 'Hello' })).body).toMatchObject({
      status: 'skipped',
      reason: 'no_address',
    });
    expect(await waitingRings(api.database.db, businessId)).toEqual([]);
    const [row] = await inBusiness(api.database.db, businessId, (tx) =>
      tx('messages')
        .where({ id: String(offered.body['message_id']) })
        .select<{ decision: object; settledAt: string }[]>('decision', 'settledAt'),
    );
    expect(row).toMatchObject({
      decision: {
        answer: 'skip',
        reason: 'no_consent',
        facts: { messageClass: 'marketing', consent: false },
        rules: { gate: expect.any(String) },
      },
    });
    expect(JSON.stringify(row?.decision)).not.toMatch(/5550123|Ana|off this week/);
  });

  it('waits for the morning, holds while the business is paused', async () => {
    const contact = await aContact(api.database.db, businessId);
    api.setNow(NIGHT);
    const night = await send({ contact_id: contact.id, channel: 'sms', body: 'Your glasses are here.' });
    expect(night.body).toMatchObject({ status: 'planned', reason: 'quiet_hours', goes_at: expect.stringMatching(/^2027-03-02T13:0/) });
    expect(await messagesOf(contact.id)).toMatchObject([
      { status: 'planned', reason: 'quiet_hours', waiting_until: night.body['goes_at'] },
    ]);
    api.setNow(MONDAY);
    await api.patch(`/businesses/${businessId}`, { status: 'paused' });
    expect((await send({ contact_id: contact.id, channel: 'sms', body: 'Hello again.' })).body).toMatchObject({
      status: 'held',
      reason: 'business_inactive',
    });
  });

  it('takes a template of the business, whose class it cannot talk down', async () => {
    const contact = await aContact(api.database.db, businessId);
    await ownTemplate('marketing');
    const asked = { contact_id: contact.id, channel: 'sms', template_id: 'own-marketing' };
    expect((await send({ ...asked, class: 'notice' })).body).toMatchObject({ errors: [{ path: 'class' }] });
    expect((await send(asked)).body).toMatchObject({ status: 'skipped', reason: 'no_consent' });
    await consent(contact.id, 'marketing');
    expect((await send(asked)).body).toMatchObject({ status: 'planned' });
  });

  it.each([
    ['neither words nor a template', {}, 'body'],
    ['both', { body: 'Hello', template_id: 'own-notice' }, 'body'],
    ['a template that is none', { template_id: 'own-nothing' }, 'template_id'],
    ['a template that a rule sends', { template_id: '1d' }, 'template_id'],
    ['a template for staff', { template_id: 'staff_new_booking' }, 'template_id'],
    ['a template about a visit without one', { template_id: 'confirmation' }, 'appointment_id'],
    ['a variable that does not exist', { body: 'Hello {{ nobody }}' }, 'body'],
    ['a carrier’s word as the answer', { body: 'Reply CANCEL to cancel your visit.' }, 'body'],
  ])('refuses %s', async (_, what, path) => {
    const contact = await aContact(api.database.db, businessId);
    await ownTemplate('notice');
    const refused = await send({ contact_id: contact.id, channel: 'sms', ...what });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path }] } });
    expect(await messagesOf(contact.id)).toEqual([]);
  });

  it.each(['20% off until Friday', 'Special offer: two for you', 'Descuento del 10% esta semana', 'Promoción de verano'])(
    'takes no offer for a notice: %s',
    async (body) => {
      const contact = await aContact(api.database.db, businessId);
      expect(await send({ contact_id: contact.id, channel: 'sms', body })).toMatchObject({
        status: 422,
        body: { code: 'message.advertises' },
      });
    },
  );

  it.each(['La cita sale a las 5', 'Feel free to call us', 'We are 100% sure it is yours'])(
    'takes no harmless word for an offer: %s',
    async (body) => {
      const contact = await aContact(api.database.db, businessId);
      expect((await send({ contact_id: contact.id, channel: 'sms', body })).status).toBe(202);
    },
  );

  it('writes to nobody of another business', async () => {
    const stranger = await aContact(api.database.db, (await aBusiness(api.database.db)).id);
    expect((await send({ contact_id: stranger.id, channel: 'sms', body: 'Hello' })).status).toBe(404);
    const theirs = await anAppointment(api.database.db, (await aBusiness(api.database.db)).id);
    const contact = await aContact(api.database.db, businessId);
    expect((await send({ contact_id: contact.id, channel: 'sms', body: 'Hello', appointment_id: theirs.id })).status).toBe(404);
  });
});

describe('POST /messages/simulate', () => {
  const rowsOf = async (): Promise<string> =>
    inBusiness(api.database.db, businessId, async (tx) => {
      const { rows: tables } = await tx.raw<{ rows: { name: string }[] }>(
        `select table_name as name from information_schema.columns where column_name = 'business_id' and table_schema = 'public' order by 1`,
      );
      const prints: string[] = [];
      for (const { name } of tables) {
        const { rows } = await tx.raw<{ rows: { print: string }[] }>(
          `select md5(coalesce(string_agg((to_jsonb(t) - 'last_used_at')::text, ',' order by t::text), '')) as print from ${name} t`,
        );
        prints.push(`${name} ${rows[0]!.print}`);
      }
      return prints.join('\n');
    });

  it('shows text, segments, price, the gate’s answer with its facts and when it would go, and writes nothing', async () => {
    const contact = await aContact(api.database.db, businessId);
    const before = await rowsOf();
    const { body, status } = await simulate({ contact_id: contact.id, channel: 'sms', body: 'Your glasses are here, {{ contact_name }}.' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      text: { subject: null, body: 'Shear Bliss: Your glasses are here, Ana. Reply STOP to opt out.', html: null },
      figures: { encoding: 'GSM-7', segments: 1, price_micro_dollars: expect.any(Number) },
      gate: {
        answer: 'send',
        reason: null,
        explanation: 'May go now.',
        rules: { state_hours: '2026-11' },
        facts: {
          message_class: 'notice',
          channel: 'sms',
          consent: true,
          zone_source: 'area_code',
          hours: { zones: ['America/New_York'] },
          contact_cap: { used: 0, limit: 3 },
        },
      },
      goes_at: MONDAY,
    });
    expect(await rowsOf()).toBe(before);
    expect(await waitingRings(api.database.db, businessId)).toEqual([]);
  });

  it('answers for any time', async () => {
    const contact = await aContact(api.database.db, businessId);
    const asked = { contact_id: contact.id, channel: 'sms', body: 'Hello' };
    expect((await simulate({ ...asked, at: NIGHT })).body).toMatchObject({
      gate: { answer: 'defer', reason: 'quiet_hours' },
      goes_at: expect.stringMatching(/^2027-03-02T13:0/),
    });
    expect((await simulate({ ...asked, at: NIGHT, not_after: '2027-03-02T12:00:00Z' })).body).toMatchObject({
      gate: { answer: 'skip', reason: 'too_late' },
      goes_at: null,
    });
  });

  it('answers for any template, with a real visit or one made up for it, in the person’s language', async () => {
    const contact = await aContact(api.database.db, businessId, { locale: 'es' });
    const visit = await anAppointment(api.database.db, businessId, { contactId: contact.id });
    const asked = { contact_id: contact.id, channel: 'sms', template_id: '1d' };
    const real = await simulate({ ...asked, appointment_id: visit.id });
    expect(real.body).toMatchObject({ gate: { facts: { message_class: 'reminder' } }, template_id: expect.stringMatching(/^1d\.sms\.es/) });
    expect(JSON.stringify(real.body['text'])).toMatch(/Haircut/);
    expect((await simulate(asked)).body).toMatchObject({ text: { body: expect.stringContaining('Shear Bliss') } });
    expect((await simulate({ ...asked, template_id: 'staff_new_booking' })).status).toBe(422);
  });

  it('answers for a call, which has no words', async () => {
    const contact = await aContact(api.database.db, businessId);
    const asked = { contact_id: contact.id, channel: 'voice', body: 'unused' };
    expect((await simulate(asked)).body).toMatchObject({ text: null, figures: null, gate: { answer: 'skip', reason: 'no_consent' } });
    await consent(contact.id, 'ai_voice', 'voice');
    expect((await simulate(asked)).body).toMatchObject({ gate: { answer: 'send', facts: { message_class: 'call' } } });
    await api.post(`/businesses/${businessId}/compliance`, { trial_outbound: false });
    expect((await simulate({ ...asked, for_trial: true })).body).toMatchObject({
      gate: { answer: 'skip', reason: 'trial_outbound_disabled' },
    });
    expect((await simulate({ ...asked, at: NIGHT })).body).toMatchObject({
      gate: { answer: 'skip', reason: 'quiet_hours' },
      goes_at: null,
    });
  });

  it('obeys what the business set for numbers abroad', async () => {
    const contact = await aContact(api.database.db, businessId, { phone: '+525555550123' });
    await consent(contact.id, 'marketing');
    const asked = { contact_id: contact.id, channel: 'sms', body: 'Hello', class: 'marketing', at: '2027-03-02T18:00:00Z' };
    expect((await simulate({ ...asked, class: 'notice' })).body).toMatchObject({ gate: { answer: 'send' } });
    expect((await simulate(asked)).body).toMatchObject({
      gate: { reason: 'international_blocked', facts: { abroad: true, international: 'visits' } },
    });
    await api.post(`/businesses/${businessId}/compliance`, { international: 'all' });
    expect((await simulate(asked)).body).toMatchObject({ gate: { answer: 'send' } });
  });
});
