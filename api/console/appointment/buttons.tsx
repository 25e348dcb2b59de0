import type { DeskVisit } from '../../../db/day-schedules';
import { allowedNow, type HandAction } from '../../../domain/appointment';
import type { Instant } from '../../../domain/time';
import { isAtLeast } from '../../caller';
import { Tap, type Frame } from '../shell/shell';
import { visitWords } from './words';

type Props = {
  visit: DeskVisit;
  now: Instant;
  frame: Frame;
  /** Of these only, the first as the main one; all unless told. */ only?: readonly HandAction[];
};

/** What may be done with a visit now, one tap each; what cannot be undone, and what needs a choice, goes by a page of its own. */
export function VisitButtons({ visit, now, frame, only }: Props) {
  const words = visitWords(frame.locale);
  const allowed = isAtLeast(frame.role, 'staff') ? allowedNow(visit, now).filter((action) => only?.includes(action) ?? true) : [];
  if (allowed.length === 0) return null;
  return (
    <div class="actions no-print">
      {allowed.map((action, index) =>
        action === 'cancel' || action === 'reschedule' ? (
          <a key={action} class={action === 'cancel' ? 'button danger' : 'button'} href={`/visits/${visit.id}/${action}`}>
            {words.actions[action]}
          </a>
        ) : (
          <Tap key={action} action={visitPath(visit.id, action)} frame={frame} fields={{ version: String(visit.version) }}>
            <button class={index === 0 ? 'primary' : undefined}>
              {words.actions[action]}
              {only && <span class="unseen">{`: ${visit.contactName}`}</span>}
            </button>
          </Tap>
        ),
      )}
    </div>
  );
}

/** Where the form of an action goes. */
export const visitPath = (id: string, action: HandAction): string => `/visits/${id}/${action.replace('_', '-')}`;
