import { parseInboundEmail, readStoredEmail } from '../../providers/sendgrid/inbound';

type Fields = Record<string, string | Buffer>;
const MAIL: Fields = {
  headers: 'Received: by mail\nMessage-ID: <a1@mail.example>\nSubject: Hola\n',
  from: 'Ana Díaz <Ana@Example.com>',
  subject: 'Hola',
  text: 'Sí, voy',
  envelope: JSON.stringify({ to: ['Reply+abc@reply.usher.example'], from: 'ana@example.com' }),
  charsets: JSON.stringify({ text: 'utf-8' }),
  dkim: '{@example.com : pass}',
  SPF: 'fail',
};
const parse = (over: Fields = {}) => {
  const fields = Object.entries({ ...MAIL, ...over }).map(([name, value]) => [name, Buffer.from(value as string)] as const);
  return parseInboundEmail({ fields: Object.fromEntries(fields), files: [] });
};

describe('A mail by Inbound Parse', () => {
  it('is read with its author, its receivers and its text', () => {
    expect(parse()).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f]{64}$/),
      from: 'ana@example.com',
      to: ['reply+abc@reply.usher.example'],
      ...{ subject: 'Hola', text: 'Sí, voy', html: '', vouched: true, automatic: false, attachments: [] },
    });
  });

  it('is read in the character set of each of its fields', () => {
    const charsets = JSON.stringify({ text: 'iso-8859-1', html: 'windows-1252', subject: 'UTF-8' });
    const text = Buffer.from('¿A qué hora? Sí', 'latin1');
    const html = Buffer.concat([Buffer.from('<p>5 '), Buffer.from([0x80]), Buffer.from('</p>')]); // the euro sign, which latin1 lacks
    expect(parse({ charsets, text, html, subject: 'Señal' })).toMatchObject({
      text: '¿A qué hora? Sí',
      html: '<p>5 €</p>',
      subject: 'Señal',
    });
    expect(parse({ charsets: JSON.stringify({ text: 'x-nobody-knows' }) })).toMatchObject({ text: 'Sí, voy' });
    expect(parse({ charsets: 'not JSON' })).toMatchObject({ text: 'Sí, voy' });
  });

  it('is the same mail by its Message-ID and envelope, whatever else differs', () => {
    const { eventId } = parse()!;
    expect(parse({ headers: 'X-New: 1\nmessage-id:\n  <a1@mail.example>\n', text: 'other' })!.eventId).toBe(eventId);
    expect(parse({ headers: 'Message-ID: <a2@mail.example>' })!.eventId).not.toBe(eventId);
    expect(parse({ envelope: JSON.stringify({ to: ['other@reply.usher.example'], from: 'ana@example.com' }) })!.eventId).not.toBe(eventId);
    expect(parse({ headers: '' })!.eventId).toBe(parse({ headers: '' })!.eventId);
  });

  it.each([
    ['DKIM of its own domain', {}, true],
    ['DKIM of the domain above', { from: 'a@mail.example.com' }, true],
    ['DKIM of somebody else', { dkim: '{@evil.example : pass}' }, false],
    ['DKIM that failed', { dkim: '{@example.com : fail}' }, false],
    ['SPF of the domain that sent it', { dkim: 'none', SPF: 'pass' }, true],
    [
      'SPF of another domain',
      { dkim: 'none', SPF: 'pass', envelope: JSON.stringify({ to: ['x@y.example'], from: 'a@evil.example' }) },
      false,
    ],
    ['a whole top-level domain', { dkim: '{@com : pass}' }, false],
    ['nothing', { dkim: '', SPF: '' }, false],
  ])('is believed to be of its author by %s: %p', (_, over, vouched) => {
    expect(parse(over as Fields)).toMatchObject({ vouched });
  });

  it.each([
    ['an absence notice', { headers: 'Auto-Submitted: auto-replied' }, true],
    ['a list', { headers: 'Precedence: list' }, true],
    ['a bounce', { envelope: JSON.stringify({ to: ['x@y.example'], from: '' }) }, true],
    ['a person', { headers: 'Auto-Submitted: no' }, false],
  ])('written by %s is known as such', (_, over, automatic) => expect(parse(over as Fields)).toMatchObject({ automatic }));

  it('that cannot be read is none', () => {
    expect(parse({ envelope: 'nonsense' })).toBeNull();
    expect(parse({ envelope: '{"to":[]}' })).toBeNull();
    expect(parseInboundEmail({ fields: {}, files: [] })).toBeNull();
    expect(parse({ from: 'nobody at all' })).toMatchObject({ from: '' });
  });

  it('comes back from the store as it went in', () => {
    expect(readStoredEmail(JSON.stringify(parse()))).toEqual(parse());
    expect(readStoredEmail('[]')).toBeNull();
  });
});
