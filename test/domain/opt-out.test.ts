import fc from 'fast-check';
import { optOutWord } from '../../domain/opt-out';

const read = (text: string, askedToResubscribe = false) => optOutWord(text, { askedToResubscribe });

const OUT = [
  'STOP',
  'STOPALL',
  'STOP ALL',
  'UNSUBSCRIBE',
  'END',
  'QUIT',
  'CANCEL',
  'REVOKE',
  'OPTOUT',
  'OPT OUT',
  'OPT-OUT',
  'ALTO',
  'DETENER',
  'PARE',
  'PARAR',
  'BAJA',
  'CANCELAR',
  'NO MAS',
  'No más',
];

describe('optOutWord', () => {
  it.each(OUT)('takes %s for an opt-out', (word) => {
    expect(read(word)).toMatchObject({ kind: 'out' });
    expect(read(` ${word.toLowerCase()}.\n`)).toMatchObject({ kind: 'out' });
  });

  it.each(['START', 'start', 'Unstop!', 'Iniciar'])('takes %s for a wish to hear from us again', (word) => {
    expect(read(word)).toMatchObject({ kind: 'in' });
  });

  it.each(['HELP', 'info?', 'Ayuda', '¡AYUDA!'])('takes %s for a question for help', (word) => {
    expect(read(word)).toMatchObject({ kind: 'help' });
  });

  it.each([
    'STOP.',
    'S.T.O.P.',
    '"Stop"',
    'stop 🛑',
    'ＳＴＯＰ',
    'sto\u0301p',
    'STOP\u200b',
    'stop\u00a0all',
    'opt—out',
    '¡No más!',
    'NOMAS',
    '-stop-',
  ])('takes %j for an opt-out', (text) => {
    expect(read(text)).toMatchObject({ kind: 'out' });
  });

  it.each([
    'non-stop',
    "I'm at the bus stop",
    'what time does it start?',
    "don't stop by early",
    'stop by at 3',
    'can cel',
    're-start',
    'un stop',
    'the end',
    'no mas cafe',
    'please cancel my appointment',
    'no more',
    'sin alto',
    '',
    '🛑',
    '...',
    'C',
    '1',
  ])('takes %j for words', (text) => {
    expect(read(text)).toBeNull();
    expect(read(text, true)).toBeNull();
  });

  it.each(['YES', 'yes!', 'SI', 'Sí'])('takes %s for a wish to hear from us only when we asked', (word) => {
    expect(read(word)).toBeNull();
    expect(read(word, true)).toMatchObject({ kind: 'in' });
  });

  it('says when the word may mean the visit', () => {
    expect(['cancel', 'cancelar', 'stop', 'baja'].map((word) => read(word))).toMatchObject([
      { mayMeanVisit: true },
      { mayMeanVisit: true },
      { mayMeanVisit: false },
      { mayMeanVisit: false },
    ]);
  });

  it.each<[string, boolean, boolean]>([
    ['STOP', true, false],
    [' stop ', true, false],
    ['Cancel', true, false],
    ['OptOut', true, false],
    ['Help', true, false],
    ['START', true, false],
    ['YES', true, true],
    ['STOP.', false, false],
    ['stop all', false, false],
    ['opt-out', false, false],
    ['CANCELAR', false, false],
    ['Baja', false, false],
    ['Ayuda', false, false],
    ['INICIAR', false, false],
    ['SI', false, true],
  ])('knows whether the vendor has answered %j: %s', (text, answeredByTwilio, asked) => {
    expect(read(text, asked)).toMatchObject({ answeredByTwilio });
  });

  it('never reads an opt-out into a longer sentence', () => {
    const word = fc.constantFrom('stop', 'cancel', 'end', 'please', 'start', 'help', 'no', 'visit', 'tomorrow');
    fc.assert(
      fc.property(fc.array(word, { minLength: 3, maxLength: 8 }), (words) => {
        expect(read(words.join(' '), true)).toBeNull();
      }),
    );
  });

  it('bears any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => [null, 'object'].includes(read(text) && typeof read(text))),
    );
  });
});
