import type { Db } from '../../db/tenancy';
import type { AcceptedLog } from '../accepted-log';
import type { ReadDemo } from '../demo';
import type { WatchedClock } from '../watched-clock';

export type HandsetDeps = {
  db: Db;
  clock: WatchedClock;
  log: AcceptedLog;
  demo: ReadDemo;
  /** This sandbox's own address, without a slash at the end. */
  sandboxUrl: string;
  /** Aborted when the process ends: streams end with it. */
  closing: AbortSignal;
};
