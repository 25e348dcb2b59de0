/** One business alone, for its sandbox clock; Temporal's schedule names none. */
export type DailiesInput = { businessId?: string };

/** The few fixed schedules. Their activities select what is due and not done, so a missed tick does not matter. */
export type ScheduleKind = 'localDailies' | 'sweep';

export const SCHEDULES: { kind: ScheduleKind; scheduleId: string; everyMinutes: number }[] = [
  { kind: 'localDailies', scheduleId: 'local-dailies', everyMinutes: 15 },
  { kind: 'sweep', scheduleId: 'sweep', everyMinutes: 1 },
];
