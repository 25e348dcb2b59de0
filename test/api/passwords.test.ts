import { hashPassword, isPassword } from '../../api/passwords';

describe('A password', () => {
  it('is known again, however its accents were typed, and nothing else is taken for it', async () => {
    const stored = await hashPassword('contraseña larga');
    expect(await isPassword('contraseña larga'.normalize('NFD'), stored)).toBe(true);
    expect(await isPassword('contraseña larg', stored)).toBe(false);
    expect(await isPassword('', stored)).toBe(false);
  });

  it('is stored differently each time, with the cost it was made at', async () => {
    const [one, other] = [await hashPassword('the same'), await hashPassword('the same')];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^scrypt:15:8:3:/);
  });

  it('still opens when the cost was another then', async () => {
    const cheap = 'scrypt:10:8:1:c2FsdHNhbHRzYWx0c2FsdA:';
    const { scryptSync } = await import('node:crypto');
    const key = scryptSync('old times', Buffer.from('c2FsdHNhbHRzYWx0c2FsdA', 'base64url'), 32, { N: 1024, r: 8, p: 1 });
    expect(await isPassword('old times', cheap + key.toString('base64url'))).toBe(true);
  });

  it('opens nothing for nobody, or for a hash that is damaged', async () => {
    expect(await isPassword('any', undefined)).toBe(false);
    for (const damaged of ['scrypt:15:8:3:AAAA:', 'scrypt:AAAA:BBBB', 'scrypt:99:8:3:AAAA:BBBB', ''])
      expect(await isPassword('', damaged)).toBe(false);
  });
});
