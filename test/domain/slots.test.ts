import { alternatives, checkSlot, freeSlots, type SlotFacts, type SlotStaff } from '../../domain/slots';
import { localTime } from '../../domain/time';

const NEW_YORK = 'America/New_York';
const everyDay = (from: string, to: string) => [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from, to }));
const interval = (startsAt: string, endsAt: string) => ({ startsAt: `${startsAt}:00.000Z`, endsAt: `${endsAt}:00.000Z` });

const aMember = (member: Partial<SlotStaff> = {}): SlotStaff => ({
  id: 'ana',
  hours: everyDay('09:00', '17:00'),
  timeOff: [],
  busy: [],
  ...member,
});

const aService = (service: Partial<SlotFacts['service']> = {}): SlotFacts['service'] => ({
  durationMin: 60,
  bufferBeforeMin: 0,
  bufferAfterMin: 0,
  resourceGroups: [],
  ...service,
});

/** Tuesday 2027-03-16 in New York (UTC-4), a day without change. */
const facts = (some: Partial<SlotFacts> = {}): SlotFacts => ({
  now: '2027-03-01T00:00:00.000Z',
  from: '2027-03-16T04:00:00.000Z',
  to: '2027-03-17T04:00:00.000Z',
  zone: NEW_YORK,
  stepMin: 60,
  service: aService(),
  locationHours: everyDay('09:00', '17:00'),
  closures: [],
  staff: [aMember()],
  resources: [],
  ...some,
});

const localStarts = (some: Partial<SlotFacts>): string[] =>
  freeSlots(facts(some)).map(({ startsAt }) => localTime(startsAt, some.zone ?? NEW_YORK));
const wholeDay = ['09:00', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00', '16:00'];

describe('freeSlots', () => {
  it('offers a slot with its end, its member of staff and its resources', () => {
    const service = aService({ resourceGroups: [['chair 1', 'chair 2']] });
    const resources = [
      { id: 'chair 1', busy: [interval('2027-03-16T12:00', '2027-03-16T14:00')] },
      { id: 'chair 2', busy: [] },
    ];
    expect(freeSlots(facts({ service, resources })).slice(0, 2)).toEqual([
      { startsAt: '2027-03-16T13:00:00.000Z', endsAt: '2027-03-16T14:00:00.000Z', staffId: 'ana', resourceIds: ['chair 2'] },
      { startsAt: '2027-03-16T14:00:00.000Z', endsAt: '2027-03-16T15:00:00.000Z', staffId: 'ana', resourceIds: ['chair 1'] },
    ]);
  });

  it('offers the last visit that ends with closing time', () => {
    expect(localStarts({})).toEqual(wholeDay);
  });

  it('offers every quarter of an hour unless told otherwise', () => {
    const { stepMin, ...rest } = facts();
    expect(stepMin).toBe(60);
    expect(
      freeSlots(rest)
        .map(({ startsAt }) => localTime(startsAt, NEW_YORK))
        .slice(0, 3),
    ).toEqual(['09:00', '09:15', '09:30']);
  });

  it('steps from local midnight, not from opening time', () => {
    expect(localStarts({ stepMin: 40, locationHours: everyDay('09:05', '11:30') })).toEqual(['09:20', '10:00']);
  });

  it('sorts by start, then by staff id, and offers each who is free', () => {
    const staff = [aMember({ id: 'zoe' }), aMember({ id: 'ana', hours: everyDay('10:00', '17:00') })];
    const slots = freeSlots(facts({ staff }));
    expect(slots.slice(0, 3).map(({ startsAt, staffId }) => [localTime(startsAt, NEW_YORK), staffId])).toEqual([
      ['09:00', 'zoe'],
      ['10:00', 'ana'],
      ['10:00', 'zoe'],
    ]);
  });

  it.each<[string, Partial<SlotFacts>, string[]]>([
    ['is closed on a weekday without hours', { locationHours: [{ weekday: 1, from: '09:00', to: '17:00' }] }, []],
    [
      'takes no visit across the lunch break',
      { locationHours: [...everyDay('09:00', '11:30'), ...everyDay('13:00', '15:00')] },
      ['09:00', '10:00', '13:00', '14:00'],
    ],
    [
      'joins hours that touch',
      { locationHours: [...everyDay('09:00', '10:30'), ...everyDay('10:30', '12:00')] },
      ['09:00', '10:00', '11:00'],
    ],
    [
      'closes for a closure that covers part of a visit',
      { closures: [interval('2027-03-16T14:30', '2027-03-16T15:10')] },
      ['09:00', '12:00', '13:00', '14:00', '15:00', '16:00'],
    ],
    ['ignores a closure that ends before it begins', { closures: [interval('2027-03-16T15:00', '2027-03-16T14:00')] }, wholeDay],
    ['needs the member of staff to work', { staff: [aMember({ hours: everyDay('15:00', '24:00') })] }, ['15:00', '16:00']],
    ['respects time off', { staff: [aMember({ timeOff: [interval('2027-03-16T13:00', '2027-03-16T19:00')] })] }, ['15:00', '16:00']],
    ['respects a visit', { staff: [aMember({ busy: [interval('2027-03-16T14:00', '2027-03-16T19:30')] })] }, ['09:00', '16:00']],
    ['offers nothing without staff', { staff: [] }, []],
    ['offers nothing when a needed resource does not exist', { service: aService({ resourceGroups: [['chair']] }) }, []],
    ['offers nothing when a group has no resource', { service: aService({ resourceGroups: [[]] }) }, []],
    ['offers nothing that begins before now', { now: '2027-03-16T18:00:00.001Z' }, ['15:00', '16:00']],
    ['offers what begins right now', { now: '2027-03-16T18:00:00.000Z' }, ['14:00', '15:00', '16:00']],
    [
      'includes the start of the range and excludes its end',
      { from: '2027-03-16T14:00:00.000Z', to: '2027-03-16T16:00:00.000Z' },
      ['10:00', '11:00'],
    ],
    ['offers nothing when the range is over', { now: '2027-04-01T00:00:00.000Z' }, []],
  ])('%s', (_, some, expected) => {
    expect(localStarts(some)).toEqual(expected);
  });

  it('keeps staff free for the buffers but lets them run past opening and working hours', () => {
    const service = aService({ bufferBeforeMin: 30, bufferAfterMin: 30 });
    const staff = [aMember({ busy: [interval('2027-03-16T16:00', '2027-03-16T17:30')] })]; // 12:00-13:30 local
    expect(localStarts({ service, staff })).toEqual(['09:00', '10:00', '14:00', '15:00', '16:00']);
  });

  it('keeps resources free for the buffers', () => {
    const service = aService({ bufferAfterMin: 15, resourceGroups: [['room']] });
    const resources = [{ id: 'room', busy: [interval('2027-03-16T16:00', '2027-03-16T17:00')] }];
    expect(localStarts({ service, resources })).toEqual(['09:00', '10:00', '13:00', '14:00', '15:00', '16:00']);
  });

  it('needs two chairs at once when two groups name the same chairs', () => {
    const service = aService({
      resourceGroups: [
        ['a', 'b'],
        ['a', 'b'],
      ],
    });
    const free = { id: 'a', busy: [] };
    const oneHour = { id: 'b', busy: [interval('2027-03-16T13:00', '2027-03-16T14:00')] };
    const slots = freeSlots(facts({ service, resources: [free, oneHour] }));
    expect(slots.map(({ startsAt }) => localTime(startsAt, NEW_YORK))).toEqual(wholeDay.slice(1));
    expect(slots[0]?.resourceIds).toEqual(['a', 'b']);
  });

  it('lets an earlier group step aside for a later one that has no choice', () => {
    const service = aService({ resourceGroups: [['a', 'b'], ['a']] });
    const resources = ['a', 'b'].map((id) => ({ id, busy: [] }));
    expect(freeSlots(facts({ service, resources }))[0]?.resourceIds).toEqual(['b', 'a']);
  });

  it('takes a visit across midnight when both days are open', () => {
    const night = {
      locationHours: everyDay('00:00', '24:00'),
      staff: [aMember({ hours: everyDay('00:00', '24:00') })],
      service: aService({ durationMin: 120 }),
    };
    expect(localStarts({ ...night, from: '2027-03-17T03:00:00.000Z', to: '2027-03-17T04:00:00.000Z' })).toEqual(['23:00']);
  });

  it('refuses a range over 60 days, but not one with the extra hour of autumn', () => {
    const autumn = { from: '2027-10-01T04:00:00.000Z', to: '2027-11-30T05:00:00.000Z' };
    expect(freeSlots(facts(autumn))).toHaveLength(60 * 8);
    expect(() => freeSlots(facts({ ...autumn, to: '2027-11-30T05:00:00.001Z' }))).toThrow(RangeError);
  });

  it.each<[string, Partial<SlotFacts>]>([
    ['a step of nothing', { stepMin: 0 }],
    ['a visit of no length', { service: aService({ durationMin: 0 }) }],
    ['a zone that does not exist', { zone: 'America/Springfield' }],
    ['hours that are no wall times', { locationHours: everyDay('9', '17:00') }],
    ['hours after midnight', { locationHours: everyDay('09:00', '25:00') }],
  ])('throws for %s', (_, some) => {
    expect(() => freeSlots(facts(some))).toThrow(RangeError);
  });
});

describe('freeSlots across a change of clocks', () => {
  const allNight = {
    locationHours: everyDay('00:00', '24:00'),
    staff: [aMember({ hours: everyDay('00:00', '24:00') })],
    service: aService({ durationMin: 30 }),
    stepMin: 30,
  };

  it('never offers the hour that spring leaves out', () => {
    const night = { ...allNight, from: '2027-03-14T05:00:00.000Z', to: '2027-03-14T08:00:00.000Z' };
    expect(localStarts(night)).toEqual(['00:00', '00:30', '01:00', '01:30', '03:00', '03:30']);
  });

  it('offers the hour that autumn repeats twice, as two instants', () => {
    const night = { ...allNight, from: '2027-11-07T04:00:00.000Z', to: '2027-11-07T07:30:00.000Z' };
    expect(localStarts(night)).toEqual(['00:00', '00:30', '01:00', '01:30', '01:00', '01:30', '02:00']);
    expect(
      freeSlots(facts(night))
        .map(({ startsAt }) => startsAt)
        .slice(2, 6),
    ).toEqual(['2027-11-07T05:00:00.000Z', '2027-11-07T05:30:00.000Z', '2027-11-07T06:00:00.000Z', '2027-11-07T06:30:00.000Z']);
  });

  it('opens at nine by the clock on the wall on both sides of the change', () => {
    const weekend = { from: '2027-03-13T05:00:00.000Z', to: '2027-03-15T04:00:00.000Z', stepMin: 480 };
    const opening = { ...weekend, locationHours: everyDay('08:00', '17:00'), staff: [aMember({ hours: everyDay('08:00', '17:00') })] };
    expect(freeSlots(facts(opening)).map(({ startsAt }) => startsAt)).toEqual([
      '2027-03-13T13:00:00.000Z',
      '2027-03-13T21:00:00.000Z',
      '2027-03-14T12:00:00.000Z',
      '2027-03-14T20:00:00.000Z',
    ]);
  });

  it('opens at the first moment there is when the opening time does not exist', () => {
    const night = {
      ...allNight,
      locationHours: everyDay('02:30', '04:00'),
      from: '2027-03-14T05:00:00.000Z',
      to: '2027-03-15T04:00:00.000Z',
    };
    expect(localStarts(night)).toEqual(['03:00', '03:30']);
  });

  it('offers a two-hour visit across the missing hour with its true end', () => {
    const night = {
      ...allNight,
      service: aService({ durationMin: 120 }),
      from: '2027-03-14T06:00:00.000Z',
      to: '2027-03-14T06:30:00.000Z',
    };
    expect(freeSlots(facts(night))[0]).toMatchObject({ startsAt: '2027-03-14T06:00:00.000Z', endsAt: '2027-03-14T08:00:00.000Z' });
  });
});

describe('checkSlot', () => {
  const asked = { startsAt: '2027-03-16T14:00:00.000Z', staffId: 'ana' };
  const chair = aService({ bufferAfterMin: 15, resourceGroups: [['chair']] });

  it('gives the slot with the resources it would take', () => {
    expect(checkSlot(facts({ service: chair, resources: [{ id: 'chair', busy: [] }] }), asked)).toEqual({
      free: true,
      slot: { startsAt: '2027-03-16T14:00:00.000Z', endsAt: '2027-03-16T15:00:00.000Z', staffId: 'ana', resourceIds: ['chair'] },
    });
  });

  it('takes a start off the step, as staff may book it', () => {
    expect(checkSlot(facts(), { ...asked, startsAt: '2027-03-16T14:07:00.000Z' }).free).toBe(true);
  });

  it.each<[string, string, Partial<SlotFacts>]>([
    ['past', 'begins before now', { now: '2027-03-16T14:00:00.001Z' }],
    ['closed', 'lies outside the opening hours', { locationHours: everyDay('10:30', '17:00') }],
    ['closed', 'touches a closure', { closures: [interval('2027-03-16T14:59', '2027-03-16T20:00')] }],
    ['staff_not_working', 'lies outside the working hours', { staff: [aMember({ hours: everyDay('09:00', '10:59') })] }],
    ['staff_not_working', 'names somebody who does not give the service', { staff: [] }],
    ['staff_off', 'touches time off', { staff: [aMember({ timeOff: [interval('2027-03-16T13:00', '2027-03-16T14:01')] })] }],
    [
      'staff_busy',
      'touches another visit with its buffer',
      { service: chair, staff: [aMember({ busy: [interval('2027-03-16T15:14', '2027-03-16T16:00')] })] },
    ],
    [
      'resource_busy',
      'finds no free chair',
      { service: chair, resources: [{ id: 'chair', busy: [interval('2027-03-16T15:14', '2027-03-16T16:00')] }] },
    ],
  ])('says %s when the visit %s', (refusal, _, some) => {
    expect(checkSlot(facts(some), asked)).toEqual({ free: false, refusal });
  });
});

describe('alternatives', () => {
  const at = (hour: number) => `2027-03-16T${hour}:00:00.000Z`; // 13 to 20 UTC are 9:00 to 16:00 local
  const starts = (some: Partial<SlotFacts>, asked: { startsAt: string; staffId?: string }, limit?: number) =>
    alternatives(facts(some), asked, limit).map(({ startsAt, staffId }) => [startsAt, staffId]);

  it('offers the next free slots from the asked time on', () => {
    const staff = [aMember({ busy: [interval('2027-03-16T14:00', '2027-03-16T15:00')] })];
    expect(starts({ staff }, { startsAt: at(14) })).toEqual([15, 16, 17, 18, 19].map((hour) => [at(hour), 'ana']));
  });

  it('fills up with the nearest before when the day is nearly over', () => {
    expect(starts({}, { startsAt: at(19) }, 3)).toEqual([18, 19, 20].map((hour) => [at(hour), 'ana']));
    expect(starts({}, { startsAt: at(23) }, 2)).toEqual([19, 20].map((hour) => [at(hour), 'ana']));
  });

  it('offers one slot per time, with the asked member of staff where they are free', () => {
    const staff = [aMember(), aMember({ id: 'zoe', busy: [interval('2027-03-16T14:00', '2027-03-16T15:00')] })];
    expect(starts({ staff }, { startsAt: at(14), staffId: 'zoe' }, 2)).toEqual([
      [at(14), 'ana'],
      [at(15), 'zoe'],
    ]);
  });

  it('offers nothing when nothing is free', () => {
    expect(starts({ staff: [] }, { startsAt: at(14) })).toEqual([]);
  });
});
