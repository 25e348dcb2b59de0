import type { CadenceClass, CadenceTrigger } from './cadence';
import type { Channel, Locale, TemplateRule } from './message';
import { DAY_MS, MINUTE_MS } from './time';

export type DefaultCadence = {
  key: string;
  name: Record<Locale, string>;
  trigger: CadenceTrigger;
  priority: number;
  enabled: boolean;
  winbackWeeks: number | null;
  messageClass: CadenceClass;
  steps: { waitMin: number; templateKey: TemplateRule; channels: Channel[] }[];
};

const days = (count: number): number => (count * DAY_MS) / MINUTE_MS;
const CHANNELS: Channel[] = ['sms', 'email'];
const steps = (...of: [days: number, templateKey: TemplateRule][]) =>
  of.map(([wait, templateKey]) => ({ waitMin: days(wait), templateKey, channels: CHANNELS }));

/**
 * What every business begins with (C4). Priority is by how fresh the person's own wish is. All are `marketing`: they ask for business, so each needs a written
 * consent (R25, docs/compliance.md), the stricter reading. Winback is off until the business switches it on: nothing that the person did starts it, and it
 * would write at once to everybody who has not come for long.
 */
export const DEFAULT_CADENCES: readonly DefaultCadence[] = [
  {
    key: 'never_answered',
    name: { en: 'Never Answered', es: 'Sin respuesta' },
    trigger: 'never_answered',
    priority: 30,
    enabled: true,
    winbackWeeks: null,
    messageClass: 'marketing',
    // The first is C4's follow-up after 48 hours.
    steps: steps([2, 'cadence_never_answered_1'], [3, 'cadence_never_answered_2'], [7, 'cadence_never_answered_3']),
  },
  {
    key: 'no_show_recovery',
    name: { en: 'No-show recovery', es: 'Recuperar ausencias' },
    trigger: 'no_show_recovery',
    priority: 20,
    enabled: true,
    winbackWeeks: null,
    messageClass: 'marketing',
    // The visit's own follow-up comes 48 hours after the no-show (A3): the first step leaves it three more days.
    steps: steps([5, 'cadence_no_show_1'], [9, 'cadence_no_show_2']),
  },
  {
    key: 'winback',
    name: { en: 'Winback', es: 'Reencuentro' },
    trigger: 'winback',
    priority: 10,
    enabled: false,
    winbackWeeks: 12,
    messageClass: 'marketing',
    steps: steps([0, 'cadence_winback_1'], [21, 'cadence_winback_2']),
  },
];
