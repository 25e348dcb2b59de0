import { firstRegistration, kindOf, mayText, needsRegistration, SEGMENTS_PER_SECOND } from '../../domain/registration';

const SERVICE = `MG${'0'.repeat(32)}`;

describe('a sender', () => {
  it.each([
    ['+12125550142', 'long_code'],
    ['+18005550142', 'toll_free'],
    ['+18885550142', 'toll_free'],
    ['+34600123456', 'long_code'],
    ['262966', 'short_code'],
    [SERVICE, 'long_code'],
  ])('%s is a %s', (address, kind) => expect(kindOf(address)).toBe(kind));

  it.each([
    ['+12125550142', 'long_code', true],
    ['+18005550142', 'toll_free', true],
    [SERVICE, 'long_code', true],
    ['+34600123456', 'long_code', false],
    ['262966', 'short_code', false],
  ] as const)('%s (%s) has to be registered with the carriers: %s', (address, kind, needed) => {
    expect(needsRegistration({ address, kind })).toBe(needed);
    expect(firstRegistration({ address, kind })).toBe(needed ? 'not_started' : 'approved');
  });

  it('texts once it is approved, and not while it is pending, not even toll-free', () => {
    expect((['not_started', 'pending', 'approved', 'rejected'] as const).filter(mayText)).toEqual(['approved']);
    expect(mayText(null)).toBe(true); // the platform's own number
  });

  it('says one segment in a second on a long code, three toll-free, a hundred on a short code', () => {
    expect(SEGMENTS_PER_SECOND).toEqual({ long_code: 1, toll_free: 3, short_code: 100 });
  });
});
