import { withoutQuotedText } from '../../domain/quoted-text';

const written = 'Yes, Tuesday works.\n\nThanks!';

describe('What a person wrote in an answer', () => {
  it.each([
    ['Gmail', `${written}\n\nOn Tue, Mar 2, 2027 at 9:41 AM Salon Sol <desk@sol.example> wrote:\n\n> Your visit is booked.\n> See you`],
    ['Gmail in Spanish', `${written}\n\nEl mar, 2 mar 2027 a las 9:41, Salon Sol (<desk@sol.example>) escribió:\n> Su cita`],
    [
      'an attribution on two lines',
      `${written}\n\nOn Tue, Mar 2, 2027 at 9:41 AM, Salon Sol at Main Street\n<desk@sol.example> wrote:\n\nYour visit`,
    ],
    ['Apple Mail', `${written}\n\nSent from my iPhone\n\n> On Mar 2, 2027, at 9:41 AM, Salon Sol wrote:\n> \n> Your visit`],
    ['Apple Mail in Spanish', `${written}\n\nEnviado desde mi iPhone\n\n> El 2 mar 2027, a las 9:41, Salon Sol escribió:`],
    [
      'Outlook',
      `${written}\n\nFrom: Salon Sol <desk@sol.example>\nSent: Tuesday, March 2, 2027\nTo: Ana\nSubject: Your visit\n\nYour visit`,
    ],
    ['Outlook in Spanish', `${written}\n\nDe: Salon Sol\nEnviado: martes\nPara: Ana\nAsunto: Su cita\n\nSu cita`],
    ['Outlook on the web', `${written}\n\n________________________________\nFrom: Salon Sol`],
    ['an older Outlook', `${written}\n\n-----Original Message-----\nFrom: Salon Sol`],
    ['its Spanish', `${written}\n\n-----Mensaje original-----\nDe: Salon Sol`],
    ['a signature', `${written}\n\n-- \nAna Díaz\n+1 212 555 0142`],
    ['lines that end as Windows ends them', `${written.replaceAll('\n', '\r\n')}\r\n\r\n> quoted`],
  ])('is found in a mail of %s', (_, mail) => expect(withoutQuotedText(mail)).toBe(written));

  it('keeps what only looks like a quotation', () => {
    for (const text of [
      'On Tuesday I wrote to you: no answer yet.',
      'El martes escribí: ¿a qué hora?\nGracias',
      'From: 10 to 12 I am free',
      'a - b -- c',
      'Sent from my heart, with love, all of us\nand more',
    ])
      expect(withoutQuotedText(text)).toBe(text);
  });

  it('keeps answers between quoted lines', () => {
    expect(withoutQuotedText('> Tuesday?\nYes\n> At ten?\nEleven')).toBe('Yes\nEleven');
  });

  it('is all of it when nothing else would be left', () => {
    expect(withoutQuotedText('> Stop')).toBe('> Stop');
    expect(withoutQuotedText('   \n')).toBe('');
  });

  it('takes no longer for a hostile mail', () => {
    const startedAt = performance.now();
    withoutQuotedText(`${'On 1 '.repeat(40_000)}\n`.repeat(5));
    withoutQuotedText('On 1\n'.repeat(100_000));
    withoutQuotedText(`-${'-'.repeat(100_000)}x`);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
