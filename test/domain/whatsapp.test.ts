import { asksFor, fillTemplate, whatsAppForm } from '../../domain/whatsapp';

const NOW = '2027-03-02T15:00:00.000Z';
const utility = { category: 'utility' as const };
const marketing = { category: 'marketing' as const };
const facts = { now: NOW, lastInboundAt: null, refusedAsText: false, template: null, phone: '+12125550123' };

describe('the form of a WhatsApp message (R41)', () => {
  it('is free text for 24 hours after what the person wrote, to the millisecond', () => {
    expect(whatsAppForm({ ...facts, lastInboundAt: '2027-03-01T15:00:00.001Z' })).toEqual({ kind: 'text' });
    expect(whatsAppForm({ ...facts, lastInboundAt: '2027-03-01T15:00:00.000Z' })).toEqual({ kind: 'none', reason: 'whatsapp_no_template' });
  });

  it('is the approved template afterwards, and where the vendor refused the text', () => {
    expect(whatsAppForm({ ...facts, template: utility })).toEqual({ kind: 'template', template: utility });
    expect(whatsAppForm({ ...facts, lastInboundAt: NOW, refusedAsText: true, template: utility })).toEqual({
      kind: 'template',
      template: utility,
    });
  });

  it('is none for marketing to a number of +1, and a template for one elsewhere or for who shows none', () => {
    expect(whatsAppForm({ ...facts, template: marketing })).toEqual({ kind: 'none', reason: 'whatsapp_marketing_us' });
    for (const phone of ['+525512345678', null])
      expect(whatsAppForm({ ...facts, template: marketing, phone })).toEqual({ kind: 'template', template: marketing });
  });

  it('is free text for marketing too while the window is open', () => {
    expect(whatsAppForm({ ...facts, lastInboundAt: NOW, template: marketing })).toEqual({ kind: 'text' });
  });
});

describe('a template', () => {
  it('says what the person will read, and numbers its variables', () => {
    const template = { wording: 'Hi {{1}}: {{2}} ({{1}})', variables: ['contactName', 'when'] as const };
    expect(fillTemplate(template, { businessName: 'Bella', contactName: 'Ana', when: 'Fri,\n Mar 5' })).toEqual({
      body: 'Hi Ana: Fri, Mar 5 (Ana)',
      variables: { '1': 'Ana', '2': 'Fri, Mar 5' },
    });
  });

  it('leaves no variable empty, which WhatsApp would refuse', () => {
    expect(fillTemplate({ wording: 'Hi {{1}}', variables: ['contactName'] }, { businessName: 'Bella' })).toEqual({
      body: 'Hi -',
      variables: { '1': '-' },
    });
  });

  it.each([
    ['Hi {{1}}, {{2}}', 2, true],
    ['Hi {{1}}', 2, false],
    ['Hi {{2}}', 1, false],
    ['Hi', 0, true],
    ['Hi {{1}} {{3}}', 2, false],
  ])('%s asks for %d variables: %s', (wording, count, answer) => expect(asksFor(wording, count)).toBe(answer));
});
