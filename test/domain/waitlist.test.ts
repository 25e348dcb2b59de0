import fc from 'fast-check';
import { recipientPlace } from '../../domain/recipient-place';
import { plusMs } from '../../domain/time';
import { hasLead, inOrder, matches, mayAsk, nextToAsk, type AskFacts, type Opening, type Waiting, type Wish } from '../../domain/waitlist';

/** Tuesday, 16 March 2027, 10:00 to 11:00 in New York. */
const OPENING: Opening = {
  serviceId: 'haircut',
  staffIds: ['marta'],
  startsAt: '2027-03-16T14:00:00.000Z',
  endsAt: '2027-03-16T15:00:00.000Z',
  zone: 'America/New_York',
};
/** The day before, 13:00 in New York. */
const NOW = '2027-03-15T17:00:00.000Z';
const NIGHT = '2027-03-16T03:00:00.000Z';
const QUIET = { startMinute: 21 * 60, endMinute: 8 * 60 };

const wish = (more: Partial<Wish> = {}): Wish => ({
  serviceId: 'haircut',
  staffId: null,
  weekdays: [],
  windows: [],
  earliestOn: null,
  latestOn: null,
  preference: 'anytime',
  ...more,
});

const NEW_YORKER = recipientPlace({ zone: 'America/New_York', postalCode: null, phone: '+12125550123' });
const CALIFORNIAN = recipientPlace({ zone: 'America/Los_Angeles', postalCode: null, phone: '+13105550123' });

const waiting = (id: string, more: Partial<Waiting> = {}): Waiting => ({
  ...wish(),
  id,
  contactId: `contact ${id}`,
  lastAskedAt: null,
  createdAt: '2027-03-01T12:00:00.000Z',
  isOut: false,
  busyUntil: null,
  reach: { sms: 'ok', email: 'ok' },
  preferred: null,
  place: NEW_YORKER,
  contactCap: { used: 0, limit: 3, freesAt: null },
  ...more,
});

const ask = (people: Waiting[], more: Partial<AskFacts> = {}) =>
  nextToAsk({ opening: OPENING, now: NOW, waiting: people, room: 1, quiet: QUIET, ...more });

describe('matches', () => {
  it.each<[string, Partial<Wish>, boolean]>([
    ['takes whoever waits for the service at any time', {}, true],
    ['leaves out who waits for another service', { serviceId: 'color' }, false],
    ['takes who waits for the member of staff who is free', { staffId: 'marta' }, true],
    ['leaves out who waits for another member of staff', { staffId: 'nadia' }, false],
    ['takes a Tuesday for who named it', { weekdays: [2, 4] }, true],
    ['leaves a Tuesday out for who can on Mondays', { weekdays: [1] }, false],
    ['takes a visit that lies in the morning', { windows: [{ from: '09:00', to: '12:00' }] }, true],
    ['takes a visit that fills the window', { windows: [{ from: '10:00', to: '11:00' }] }, true],
    ['leaves out a visit that ends after the window', { windows: [{ from: '09:00', to: '10:30' }] }, false],
    ['leaves out a visit that begins before the window', { windows: [{ from: '10:30', to: '13:00' }] }, false],
    [
      'takes one of several windows',
      {
        windows: [
          { from: '16:00', to: '18:00' },
          { from: '08:00', to: '24:00' },
        ],
      },
      true,
    ],
    ['takes the first day', { earliestOn: '2027-03-16' }, true],
    ['leaves out a day before the first', { earliestOn: '2027-03-17' }, false],
    ['takes the last day', { latestOn: '2027-03-16' }, true],
    ['leaves out a day after the last', { latestOn: '2027-03-15' }, false],
    ['takes tomorrow for who waits for the soonest time', { preference: 'soonest' }, true],
  ])('%s', (_, more, expected) => {
    expect(matches(wish(more), OPENING, NOW)).toBe(expected);
  });

  it('keeps a time of next month from who waits for the soonest', () => {
    const far = { ...OPENING, startsAt: plusMs(NOW, 15 * 86_400_000), endsAt: plusMs(NOW, 15 * 86_400_000 + 3_600_000) };
    expect(matches(wish({ preference: 'soonest' }), far, NOW)).toBe(false);
    expect(matches(wish(), far, NOW)).toBe(true);
  });

  it("reads days and times on the venue's clock, not in UTC", () => {
    // 23:00 on Tuesday in New York is Wednesday in UTC.
    const late = { ...OPENING, startsAt: '2027-03-17T02:00:00.000Z', endsAt: '2027-03-17T03:00:00.000Z' };
    expect(matches(wish({ weekdays: [2], windows: [{ from: '22:00', to: '24:00' }], latestOn: '2027-03-16' }), late, NOW)).toBe(true);
  });
});

describe('hasLead', () => {
  it.each([
    ['2027-03-16T13:00:00.000Z', true],
    ['2027-03-16T13:00:00.001Z', false],
  ])('an hour ahead is enough, a moment less is not (%s)', (now, expected) => {
    expect(hasLead(OPENING, now)).toBe(expected);
  });
});

describe('inOrder', () => {
  it('puts who was never asked first, then the least recently asked, then who waits longest', () => {
    const people = [
      waiting('asked today', { lastAskedAt: '2027-03-15T12:00:00.000Z' }),
      waiting('new', { createdAt: '2027-03-14T12:00:00.000Z' }),
      waiting('asked last week', { lastAskedAt: '2027-03-08T12:00:00.000Z' }),
      waiting('old', { createdAt: '2027-02-01T12:00:00.000Z' }),
    ];
    expect(inOrder(people).map(({ id }) => id)).toEqual(['old', 'new', 'asked last week', 'asked today']);
  });
});

describe('nextToAsk', () => {
  it('asks the first who matches and nobody else', () => {
    const people = [waiting('b', { lastAskedAt: NOW }), waiting('a'), waiting('other', { serviceId: 'color' })];
    expect(ask(people)).toEqual({ ask: [{ entryId: 'a', channel: 'sms' }], passedOver: [], laterAt: null });
  });

  it('asks as many as there is room for', () => {
    expect(ask([waiting('a'), waiting('b'), waiting('c')], { room: 2 }).ask.map(({ entryId }) => entryId)).toEqual(['a', 'b']);
    expect(ask([waiting('a')], { room: 0 })).toEqual({ ask: [], passedOver: [], laterAt: null });
  });

  it('passes over who may not be written to, says why, and asks the next', () => {
    const people = [
      waiting('a', { reach: { sms: 'no_consent' } }),
      waiting('b', { reach: { sms: 'suppressed' } }),
      waiting('c', { reach: {} }),
      waiting('d'),
    ];
    expect(ask(people)).toEqual({
      ask: [{ entryId: 'd', channel: 'sms' }],
      passedOver: [
        { entryId: 'a', reason: 'no_consent' },
        { entryId: 'b', reason: 'suppressed' },
        { entryId: 'c', reason: 'no_address' },
      ],
      laterAt: null,
    });
  });

  it('passes nobody over who comes after the one who is asked', () => {
    expect(ask([waiting('a'), waiting('b', { reach: {} })]).passedOver).toEqual([]);
  });

  it('takes e-mail where a text is not allowed', () => {
    expect(ask([waiting('a', { reach: { sms: 'no_consent', email: 'ok' } })]).ask).toEqual([{ entryId: 'a', channel: 'email' }]);
    expect(ask([waiting('a', { reach: { sms: 'registration_pending', email: 'ok' } })]).ask).toEqual([{ entryId: 'a', channel: 'email' }]);
  });

  it('takes the channel that the person likes best, and WhatsApp before e-mail where a text is not allowed', () => {
    const everywhere = { sms: 'ok', whatsapp: 'ok', email: 'ok' } as const;
    const channelOf = (more: Partial<Waiting>) => ask([waiting('a', more)]).ask[0]?.channel;
    expect(channelOf({ reach: everywhere })).toBe('sms');
    expect(channelOf({ reach: everywhere, preferred: 'whatsapp' })).toBe('whatsapp');
    expect(channelOf({ reach: { ...everywhere, sms: 'suppressed' } })).toBe('whatsapp');
    expect(channelOf({ reach: { ...everywhere, whatsapp: 'no_consent' }, preferred: 'whatsapp' })).toBe('sms');
  });

  it('waits for the morning when it is night for everybody', () => {
    const early = { ...OPENING, startsAt: '2027-03-16T17:00:00.000Z', endsAt: '2027-03-16T18:00:00.000Z' };
    expect(ask([waiting('a')], { now: NIGHT, opening: early })).toEqual({ ask: [], passedOver: [], laterAt: '2027-03-16T12:00:00.000Z' });
  });

  it('asks nobody any more when the morning is too close to the visit', () => {
    const early = { ...OPENING, startsAt: '2027-03-16T12:30:00.000Z', endsAt: '2027-03-16T13:30:00.000Z' };
    expect(ask([waiting('a')], { now: NIGHT, opening: early })).toEqual({ ask: [], passedOver: [], laterAt: null });
  });

  it('lets who sleeps keep their place and asks who is awake', () => {
    const at = '2027-03-16T13:00:00.000Z'; // 09:00 in New York, 06:00 in Los Angeles
    const people = [waiting('sleeps', { place: CALIFORNIAN }), waiting('awake', { lastAskedAt: '2027-03-01T12:00:00.000Z' })];
    expect(ask(people, { now: at })).toEqual({ ask: [{ entryId: 'awake', channel: 'sms' }], passedOver: [], laterAt: null });
  });

  it('does not ask who has another offer open, has been asked, or had three messages today', () => {
    const busyUntil = plusMs(NOW, 600_000);
    expect(ask([waiting('a', { busyUntil })]).laterAt).toBe(busyUntil);
    expect(ask([waiting('a', { isOut: true })])).toEqual({ ask: [], passedOver: [], laterAt: null });
    const capFreesAt = plusMs(NOW, 3 * 3_600_000);
    expect(ask([waiting('a', { contactCap: { used: 3, limit: 3, freesAt: capFreesAt } })]).laterAt).toBe(capFreesAt);
    expect(mayAsk(waiting('a', { contactCap: { used: 3, limit: 3, freesAt: null } }), { now: NOW, quiet: QUIET })).toMatchObject({
      kind: 'later',
    });
  });

  it('looks again in a minute when the other offer ran out a moment ago', () => {
    expect(ask([waiting('a', { busyUntil: plusMs(NOW, -5_000) })]).laterAt).toBe(plusMs(NOW, 60_000));
  });

  it('asks nobody when the visit is less than an hour away', () => {
    expect(ask([waiting('a')], { now: '2027-03-16T13:00:00.001Z' })).toEqual({ ask: [], passedOver: [], laterAt: null });
  });

  it('never asks anybody twice, more than there is room, out of order among those who can be asked, or who may not be', () => {
    const person = fc.record({
      consent: fc.boolean(),
      suppressed: fc.boolean(),
      isOut: fc.boolean(),
      service: fc.constantFrom('haircut', 'color'),
      busy: fc.boolean(),
      asked: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
      made: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(person, { maxLength: 12 }), fc.integer({ min: 0, max: 4 }), fc.constantFrom(NOW, NIGHT), (people, room, now) => {
        const list = people.map((one, i) =>
          waiting(String(i), {
            serviceId: one.service,
            isOut: one.isOut,
            busyUntil: one.busy ? plusMs(now, 60_000) : null,
            lastAskedAt: one.asked === null ? null : plusMs('2027-03-01T12:00:00.000Z', one.asked),
            createdAt: plusMs('2027-02-01T12:00:00.000Z', one.made),
            reach: { sms: one.suppressed ? 'suppressed' : one.consent ? 'ok' : 'no_consent' },
          }),
        );
        const { ask: asked, passedOver } = ask(list, { room, now });
        const ids = asked.map(({ entryId }) => entryId);
        expect(ids.length).toBeLessThanOrEqual(room);
        if (now === NIGHT) expect(ids).toEqual([]);
        const able = inOrder(list).filter(({ id }) => {
          const one = people[Number(id)]!;
          return !one.isOut && one.service === 'haircut' && !one.busy && one.consent && !one.suppressed;
        });
        if (now === NOW) expect(ids).toEqual(able.slice(0, room).map(({ id }) => id));
        expect(passedOver.filter(({ entryId }) => ids.includes(entryId))).toEqual([]);
      }),
    );
  });
});
