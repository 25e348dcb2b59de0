import { aBusiness, aContact, anApiKey, anAppointment, aService, aStaffMember } from '../factories';
import { startApi, type TestApi } from '../support/api';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

type Preview = {
  findings: { code: string; level: string }[];
  previews: {
    channel: string;
    locale: string;
    subject: string | null;
    text: string;
    html: string | null;
    figures: { segments: number } | null;
  }[];
};
const preview = async (key: string, body: object) => (await api.post<Preview>(`/templates/${key}/preview`, body)).body;
const unsaved = (en: string) => ({ sms: { en: { body: en }, es: { body: '{{ business_name }}: el {{ when }}.' } } });

describe('A preview', () => {
  it('shows both languages and channels for a visit made up for it, with segments and price', async () => {
    const { previews, findings } = await preview('confirmation', {});
    expect(findings).toEqual([]);
    expect(previews.map(({ channel, locale }) => `${channel} ${locale}`)).toEqual(['sms en', 'sms es', 'email en', 'email es']);
    expect(previews[0]).toMatchObject({
      text: expect.stringMatching(/^Bella Salon: Hi Ana\./) as string,
      html: null,
      figures: { segments: 2 },
    });
    expect(previews[3]).toMatchObject({ subject: 'Su cita queda reservada: mar 16 mar, 10:00', figures: null });
  });

  it('says unsaved words to a real person about a real visit, and changes nothing', async () => {
    const contact = await aContact(api.database.db, businessId, { name: 'Rosa Paz' });
    const member = await aStaffMember(api.database.db, businessId, { name: 'Zoe' });
    const service = await aService(api.database.db, businessId, { staffIds: [member.id], name: 'Color' });
    const visit = { contactId: contact.id, staffId: member.id, serviceId: service.id, startsAt: '2027-03-16T14:00:00.000Z' };
    const { id } = await anAppointment(api.database.db, businessId, visit);
    const words = unsaved('{{ business_name }}: {{ contact_name }}, {{ service_name }} with {{ staff_name }} on {{ when }}.');
    const { previews } = await preview('1d', { contact_id: contact.id, appointment_id: id, ...words });
    expect(previews[0]?.text).toBe('Shear Bliss: Rosa, Color with Zoe on Tue, Mar 16 at 10:00 AM.');
    expect(previews[2]?.html).toContain('Rosa');
    expect((await api.get('/templates/1d')).body).toMatchObject({ version: 0 });
    const other = await aContact(api.database.db, businessId, { phone: '+12125550199' });
    expect((await api.post('/templates/1d/preview', { contact_id: other.id, appointment_id: id })).status).toBe(422);
  });

  it('leaves out the text with mistakes and names them', async () => {
    const { previews, findings } = await preview('1d', unsaved('{{ nobody }}'));
    expect(previews.map(({ channel, locale }) => `${channel} ${locale}`)).toEqual(['sms es', 'email en', 'email es']);
    expect(findings).toMatchObject([{ code: 'unknown_variable', level: 'error' }]);
  });

  it('tries a template of the business’s own before it is saved', async () => {
    const words = unsaved('{{ business_name }}: come back! {{ opt_out }}');
    expect((await api.post('/templates/own-back/preview', words)).status).toBe(404);
    const { previews } = await preview('own-back', { message_class: 'marketing', ...words });
    expect(previews[0]?.text).toBe('Bella Salon: come back! Reply STOP to opt out.');
  });
});

describe('A test', () => {
  it('goes to a member of staff only, whom a program names, and never with mistakes in it', async () => {
    const member = await aStaffMember(api.database.db, businessId, { phoneE164: '+12125550188' });
    const ask = (body: object) => api.post('/templates/1d/test', { channel: 'sms', ...body });
    expect((await ask({})).status).toBe(422);
    expect((await ask({ staff_id: member.id, channel: 'email' })).status).toBe(422);
    expect((await ask({ staff_id: member.id, ...unsaved('{{ nobody }}') })).body).toMatchObject({ code: 'template.mistakes' });
    expect((await ask({ staff_id: businessId })).status).toBe(404);
    const { status, body } = await ask({ staff_id: member.id });
    expect([status, body['status']]).toEqual([202, 'planned']);
    const listed = await api.get<{ messages: { id: string; rule: string }[] }>('/messages');
    expect(listed.body.messages).toMatchObject([{ id: body['message_id'], rule: 'template_test' }]);
  });
});
