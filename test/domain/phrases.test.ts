import { findPhrase, PAUSE, phrases } from '../../domain/phrases';

const fillers = new Set(['please', 'now']);
const vocabulary = { classes: { me: 'me, us, this number' }, fillers };
const find = (phrase: string, sentence: string) => {
  const [compiled] = phrases([phrase], vocabulary);
  return findPhrase(compiled ?? [], sentence.split(' '), { fillers });
};

describe('findPhrase', () => {
  it.each([
    ['stop it', 'please stop it now', { from: 1, to: 3 }],
    ['stop|quit it', 'quit it', { from: 0, to: 2 }],
    ['text <me>', 'do text this number', { from: 1, to: 4 }],
    ['stop it? now', 'stop now', { from: 0, to: 2 }],
    ['stop *2 texting', 'stop all that texting', { from: 0, to: 4 }],
    ['stop *2 texting', 'stop all of that texting', null],
    ['stop *2 texting', `stop ${PAUSE} texting`, null],
    ['^ stop $', 'please stop now', { from: 1, to: 2 }],
    ['^ stop $', 'bus stop', null],
    ['^ stop $', 'stop here', null],
    ['^ stop $', `hello there ${PAUSE} stop`, { from: 3, to: 4 }],
  ])('looks for "%s" in "%s"', (phrase, sentence, span) => {
    expect(find(phrase, sentence)).toEqual(span);
  });

  it('tries on where the first place is not accepted', () => {
    const [compiled] = phrases(['stop'], vocabulary);
    expect(findPhrase(compiled ?? [], ['stop', 'and', 'stop'], { fillers, accepts: ({ from }) => from > 0 })).toEqual({ from: 2, to: 3 });
  });

  it('knows no class that is not there', () => {
    expect(() => find('<nobody>', 'text me')).toThrow('no words are called <nobody>');
  });
});
