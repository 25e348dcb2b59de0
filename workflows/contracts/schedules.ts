/** The few fixed schedules. Their activities select what is due and not done, so a missed tick does not matter. */
export type ScheduleKind = 'localDailies' | 'sweep';

export const SCHEDULES: { kind: ScheduleKind; scheduleId: string; everyMinutes: number }[] = [
  { kind: 'localDailies', scheduleId: 'local-dailies', everyMinutes: 15 },
  { kind: 'sweep', scheduleId: 'sweep', everyMinutes: 1 },
];
