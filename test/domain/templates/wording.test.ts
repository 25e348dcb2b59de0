import { wordingOf, type Saved } from '../../../domain/templates/wording';

const saved = (body: string): Saved => ({
  messageClass: null,
  version: 4,
  words: { sms: { en: { subject: null, body }, es: { subject: null, body } } },
});
const sms = { channel: 'sms', locale: 'en' } as const;

describe('wordingOf', () => {
  it('takes the business’s words where it has some, else the default, and names which', () => {
    const words = saved('{{ business_name }}: {{ when }}');
    expect(wordingOf('1d', words, sms)).toMatchObject({
      own: true,
      templateId: '1d.sms.en.4',
      source: { body: '{{ business_name }}: {{ when }}' },
    });
    expect(wordingOf('1d', words, { channel: 'email', locale: 'es' })).toMatchObject({ own: false, templateId: '1d.email.es.default-2' });
    expect(wordingOf('1d', { ...words, words: null }, sms)).toMatchObject({ own: false, templateId: '1d.sms.en.default-2' });
    expect(wordingOf('1d', undefined, sms)).toMatchObject({ own: false });
  });

  it('takes the default when a later release can no longer fill in what was saved', () => {
    expect(wordingOf('1d', saved('{{ business_name }}: {{ gone }}'), sms)).toMatchObject({ own: false, templateId: '1d.sms.en.default-2' });
  });

  it('has nothing for a key that names nothing, or for a template of the business’s own that was taken away', () => {
    expect(wordingOf('nothing', undefined, sms)).toBeNull();
    expect(wordingOf('own-winback', { messageClass: 'marketing', version: 2, words: null }, sms)).toBeNull();
    expect(wordingOf('constructor', undefined, sms)).toBeNull();
    expect(wordingOf('own-winback', { ...saved('{{ business_name }}: hi {{ opt_out }}'), messageClass: 'marketing' }, sms)).toMatchObject({
      own: true,
      template: { messageClass: 'marketing' },
    });
  });
});
