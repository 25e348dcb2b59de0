import { plusMs, type Instant } from '../domain/time';
import type { ApiDeps } from './deps';

/** From when on an answer of the external do-not-call list counts, by the machine's clock; null: none is asked. What is only looked at asks nobody. */
export const dncSinceOf = ({ settings, clock }: Pick<ApiDeps, 'settings' | 'clock'>): Instant | null =>
  settings.dncKeepMs === null ? null : plusMs(clock.system(), -settings.dncKeepMs);
