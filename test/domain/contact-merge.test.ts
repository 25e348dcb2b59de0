import fc from 'fast-check';
import { consentsToAdd, endedByOptOut, mergedPerson, optOutMovesTo } from '../../domain/contact-merge';

const person = (more: Partial<Parameters<typeof mergedPerson>[0]> = {}) => ({
  ...{ name: 'Ana', phoneE164: null, phoneHash: null, email: null, emailHash: null, zone: null, postalCode: null, preferredChannel: null },
  ...{ source: 'api', createdAt: '2027-03-02T12:00:00.000Z' },
  ...more,
});
const PHONE = { phoneE164: '+12125550101', phoneHash: 'hash of 0101' };
const OTHER = { phoneE164: '+12125550102', phoneHash: 'hash of 0102' };

describe('mergedPerson', () => {
  it('keeps what the kept contact has, and takes what it lacks from the other', () => {
    const merged = mergedPerson(
      person({ ...PHONE, zone: 'America/New_York' }),
      person({ ...OTHER, email: 'ana@example.com', emailHash: 'h', zone: 'America/Denver' }),
    );
    expect(merged).toMatchObject({ ...PHONE, email: 'ana@example.com', emailHash: 'h', zone: 'America/New_York' });
  });

  it('knows them since the earlier of the two, and from there', () => {
    const early = person({ createdAt: '2026-01-01T12:00:00.000Z', source: 'csv_import' });
    expect(mergedPerson(person(), early)).toMatchObject({ createdAt: early.createdAt, source: 'csv_import' });
    expect(mergedPerson(early, person())).toMatchObject({ createdAt: early.createdAt, source: 'csv_import' });
  });
});

const NOW = '2027-03-05T12:00:00.000Z';
const word = (granted: boolean, day = 1, purpose: 'service' | 'marketing' = 'marketing') => ({
  ...{ channel: 'sms' as const, purpose, granted, recordedAt: `2027-03-0${String(day)}T12:00:00.000Z` },
});
const added = (kept: ReturnType<typeof word>[], gone: ReturnType<typeof word>[], same = true) =>
  consentsToAdd({ kept, gone, sameAddress: () => same, now: NOW });

describe('consentsToAdd', () => {
  it('lets a withdrawal of either hold, from now on', () => {
    expect(added([word(true, 3)], [word(false, 1)])).toEqual([{ ...word(false), recordedAt: NOW }]);
    expect(added([], [word(false, 1)])).toEqual([{ ...word(false), recordedAt: NOW }]);
    expect(added([word(false, 1)], [word(true, 3)])).toEqual([]);
    expect(added([word(false, 1)], [word(false, 3)])).toEqual([]);
  });

  it('takes a consent over where nothing was said, with the time at which it was given, if the address is the same', () => {
    expect(added([], [word(true, 2)])).toEqual([word(true, 2)]);
    expect(added([], [word(true, 2)], false)).toEqual([]);
    expect(added([word(true, 1, 'service')], [word(true, 2)])).toEqual([word(true, 2)]);
  });

  it('looks at the newest word only, and never allows what either forbids', () => {
    const words = fc
      .uniqueArray(fc.record({ granted: fc.boolean(), day: fc.integer({ min: 1, max: 4 }) }), { maxLength: 4, selector: ({ day }) => day })
      .map((all) => all.map(({ granted, day }) => word(granted, day)).sort((a, b) => (a.recordedAt < b.recordedAt ? 1 : -1)));
    fc.assert(
      fc.property(words, words, fc.boolean(), (kept, gone, same) => {
        const log = [...added(kept, gone, same), ...kept];
        const allowed = log.sort((a, b) => (a.recordedAt < b.recordedAt ? 1 : -1))[0]?.granted === true;
        const forbidden = kept[0]?.granted === false || gone[0]?.granted === false;
        expect(allowed && forbidden).toBe(false);
        if (forbidden) expect(log).not.toEqual([]); // a word that a later import finds
        if (kept[0]?.granted === true && gone[0]?.granted !== false) expect(allowed).toBe(true);
      }),
    );
  });
});

describe('endedByOptOut', () => {
  const said = (channel: 'sms' | 'voice' | 'email', day: number) => ({ channel, suppressedAt: `2027-03-0${String(day)}T12:00:00.000Z` });

  it('is a yes to offers that is older than an opt-out over the same kind of address, and nothing that concerns visits', () => {
    const kept = [word(true, 2), word(true, 2, 'service')];
    expect(endedByOptOut(kept, [said('sms', 3)])).toEqual([word(true, 2)]);
    expect(endedByOptOut(kept, [said('voice', 2)])).toEqual([word(true, 2)]);
    expect(endedByOptOut(kept, [said('sms', 1), said('email', 3)])).toEqual([]);
    expect(endedByOptOut([word(false, 2), word(true, 1)], [said('sms', 3)])).toEqual([]);
  });
});

describe('optOutMovesTo', () => {
  it('is the kept contact’s own number or address, when it is another one', () => {
    const [kept, gone] = [
      { ...PHONE, emailHash: 'mail' },
      { ...OTHER, emailHash: 'mail' },
    ];
    expect(optOutMovesTo('sms', { kept, gone })).toBe(PHONE.phoneHash);
    expect(optOutMovesTo('voice', { kept, gone })).toBe(PHONE.phoneHash);
    expect(optOutMovesTo('email', { kept, gone })).toBeNull();
    expect(optOutMovesTo('sms', { kept: { ...kept, phoneHash: null }, gone })).toBeNull();
  });
});
