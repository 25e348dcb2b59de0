import fc from 'fast-check';
import { isLoop } from '../../domain/conversation';

describe('isLoop', () => {
  it('takes the same text three times in a row for a robot, however it is written', () => {
    expect(isLoop({ texts: ['Out of office.', 'out of office', 'OUT OF OFFICE!'], automaticReplies: 0 })).toBe(true);
    expect(isLoop({ texts: ['Hello?', 'Hello?'], automaticReplies: 0 })).toBe(false);
    expect(isLoop({ texts: ['Hello?', 'Anybody?', 'Hello?'], automaticReplies: 0 })).toBe(false);
  });

  it('looks at the last three only', () => {
    expect(isLoop({ texts: ['a', 'b', 'b', 'b'], automaticReplies: 0 })).toBe(false);
    expect(isLoop({ texts: ['b', 'b', 'b', 'a'], automaticReplies: 0 })).toBe(true);
  });

  it('takes eight automatic answers that led nowhere for a loop, and seven for a slow person', () => {
    expect(isLoop({ texts: ['x'], automaticReplies: 8 })).toBe(true);
    expect(isLoop({ texts: ['x'], automaticReplies: 7 })).toBe(false);
  });

  it('never ends a talk of different texts with fewer than eight answers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 5 }), fc.nat({ max: 7 }), (texts, automaticReplies) => {
        expect(isLoop({ texts, automaticReplies })).toBe(false);
      }),
    );
  });
});
