import type { Context } from 'koa';
import { filled, keyOf, ownPath } from '../../api/console/shell/form';
import { keepSaid, takeSaid } from '../../api/console/shell/said';
import { testHasher } from '../factories';

describe('where a form may lead', () => {
  it.each(['/', '/visits/1?x=%20', '/book?date=2027-03-01&q=a'])('is our own page %s', (path) => {
    expect(ownPath(path, '/otherwise')).toBe(path);
  });

  it.each(['', 'visits', '//evil.example', '/\\evil.example', 'https://evil.example', '/a b', '/a\r\nSet-Cookie: x', null, undefined])(
    'is no other place: %j',
    (path) => {
      expect(ownPath(path, '/otherwise')).toBe('/otherwise');
    },
  );
});

describe('what a form sends on', () => {
  it('is what was filled in, without blanks around it', () => {
    const fields = new URLSearchParams({ name: ' Ana ', phone: '  ', role: 'owner' });
    expect(filled(fields, ['name', 'phone', 'email'])).toEqual({ name: 'Ana' });
  });
});

describe("a form's key", () => {
  const key = (fields: Record<string, string>): string | null => keyOf(new URLSearchParams(fields));

  it('is the same for the same form sent twice, whatever its proof, and another for anything else', () => {
    const sent = { key: 'k', name: 'Ana' };
    expect(key({ ...sent, proof: 'a' })).toBe(key({ ...sent, proof: 'b' }));
    expect(key({ ...sent, name: 'Eva' })).not.toBe(key(sent));
    expect(key({ ...sent, key: 'l' })).not.toBe(key(sent));
    expect(key({ name: 'Ana' })).toBeNull();
  });
});

describe('what is said once', () => {
  /** As much of a browser as a cookie needs. */
  const browser = () => {
    const jar = new Map<string, string>();
    const cookies = {
      get: (name: string) => jar.get(name),
      set: (name: string, value: string | null) => (value === null ? jar.delete(name) : jar.set(name, value)),
    };
    return { jar, ctx: { cookies } as unknown as Context };
  };

  it('is read once, in any language, with its way back', () => {
    const { ctx } = browser();
    const said = { tone: 'done', text: 'Anotado: llegó. «Ñ»', undo: '/visits/1/undo' } as const;
    keepSaid(ctx, testHasher, said);
    expect(takeSaid(ctx, testHasher)).toEqual(said);
    expect(takeSaid(ctx, testHasher)).toBeNull();
  });

  it('is nothing when somebody else wrote it', () => {
    const { ctx, jar } = browser();
    keepSaid(ctx, testHasher, { tone: 'done', text: 'ours' });
    const [, proof = ''] = jar.get('usher_said')!.split('.');
    jar.set('usher_said', `${Buffer.from('{"tone":"done","text":"theirs"}').toString('base64url')}.${proof}`);
    expect(takeSaid(ctx, testHasher)).toBeNull();
    jar.set('usher_said', 'nonsense');
    expect(takeSaid(ctx, testHasher)).toBeNull();
  });
});
