import type { ComponentChildren } from 'preact';
import { formatHour } from '../../../domain/templates/when';
import { Empty, wrongWith, type Refusal } from '../shell/parts';
import type { Frame } from '../shell/shell';
import type { FreeTime } from './times';
import { bookingWords } from './words';

type Props = {
  frame: Pick<Frame, 'locale'>;
  times: FreeTime[];
  picked: string;
  /** How to ask for the day after. */ nextDay: ComponentChildren;
  refusal: Refusal | null;
};

/** The free times of a day, one to pick. */
export function Times({ frame: { locale }, times, picked, nextDay, refusal }: Props) {
  const words = bookingWords(locale);
  const wrong = wrongWith(refusal, 'start_ts');
  return (
    <div id="times" class="times-field">
      <p id="times-label" class="label">
        {words.times}
      </p>
      {wrong !== null && <p class="wrong">{wrong}</p>}
      {times.length === 0 ? (
        <Empty title={words.noTimes}>
          <p>{words.noTimesHint}</p>
          <p class="actions">{nextDay}</p>
        </Empty>
      ) : (
        <div class="times" role="radiogroup" aria-labelledby="times-label">
          {times.map(({ startsAt, zone }) => (
            <label key={startsAt}>
              <input type="radio" name="start_ts" value={startsAt} checked={startsAt === picked} />
              <span>{formatHour({ startsAt, venueZone: zone, locale })}</span>
            </label>
          ))}
        </div>
      )}
    </div>
  );
}
