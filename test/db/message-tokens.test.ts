import fc from 'fast-check';
import { createHasher } from '../../db/hashing';
import { messageToken, readMessageToken } from '../../db/message-tokens';

const hash = createHasher('a secret of a test that is long enough');
const id = fc.uuid();

describe('A token of a message', () => {
  it('names that message and no other, in letters and digits that a mail address bears', () => {
    fc.assert(
      fc.property(id, fc.constantFrom('reply' as const, 'unsubscribe' as const), (messageId, kind) => {
        const token = messageToken(hash, kind, messageId);
        expect(token).toMatch(/^[0-9a-z]{44}$/);
        expect(`unsubscribe+${token}`.length).toBeLessThanOrEqual(64); // RFC 5321, 4.5.3.1.1
        expect(readMessageToken(hash, kind, token)).toBe(messageId);
      }),
    );
  });

  it('is good for one purpose, and only as it was made', () => {
    fc.assert(
      fc.property(id, fc.nat({ max: 43 }), fc.constantFrom('0', '9', 'a', 'm', 'z'), (messageId, at, character) => {
        const token = messageToken(hash, 'reply', messageId);
        expect(readMessageToken(hash, 'unsubscribe', token)).toBeNull();
        expect(readMessageToken(createHasher('another secret, as long as the first one'), 'reply', token)).toBeNull();
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        if (changed !== token) expect(readMessageToken(hash, 'reply', changed)).toBeNull();
      }),
    );
  });

  it.each(['', 'x', 'z'.repeat(44), '0'.repeat(44), 'Ñ'.repeat(44), `${'0'.repeat(43)}!`])('is not %p', (token) => {
    expect(readMessageToken(hash, 'reply', token)).toBeNull();
  });
});
