import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { PlanInput, SendInput, SendQueue } from './contracts/doorbell';

// The only place with time-outs and retries. An activity belongs to one of these classes.

/** Writes our own facts; safe to repeat for ever. */
export const WRITE: ActivityOptions = { startToCloseTimeout: '10s', retry: { initialInterval: '1s', maximumInterval: '1m' } };

/** Sends a message on the queue of its channel. */
export const sendBy = (queue: SendQueue, input: SendInput): Promise<unknown> => SENDERS[queue].sendMessage(input);

/**
 * Talks to a vendor through the ledger: repeated until the ledger's row is settled. Before the vendor is called that is at `not_after` at the latest;
 * after it, when the vendor's answer is known or given up as `unknown`.
 */
export const SEND = (taskQueue: SendQueue): ActivityOptions => ({
  taskQueue,
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

const SENDERS = {
  sms: proxyActivities<Activities>(SEND('sms')),
  whatsapp: proxyActivities<Activities>(SEND('whatsapp')),
  email: proxyActivities<Activities>(SEND('email')),
} satisfies Record<SendQueue, unknown>;

/** A long look over all businesses; each pass continues where the last one stopped. */
export const SWEEP: ActivityOptions = { startToCloseTimeout: '2m', retry: { maximumAttempts: 3 } };

// 4 attempts: a failing local activity writes some 18 events a minute, for ever (temporal.md 3). scheduleToClose ends one that hangs.
const LOCAL: LocalActivityOptions = {
  scheduleToCloseTimeout: '10s',
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 4, initialInterval: '100ms' },
};

/** An activity of our own database, run locally at first (cheap), then as a normal one that retries for ever and is visible while it does. */
export function localFirst<Name extends LookName>(name: Name): Looks[Name] {
  const local = proxyLocalActivities<Record<Name, Look>>(LOCAL)[name] as Look;
  const normal = proxyActivities<Record<Name, Look>>(WRITE)[name] as Look;
  const look: Look = async (input) => {
    try {
      return await local(input);
    } catch (error) {
      // Not only ActivityFailure: a local activity that ran out of attempts arrives as a bare ApplicationFailure.
      if (isCancellation(error)) throw error;
      return normal(input);
    }
  };
  return look as Looks[Name];
}

type Look = (input: PlanInput) => Promise<unknown>;
/** The activities that look at one process's facts and answer what is next. */
type LookName = { [Name in keyof Activities]: Activities[Name] extends Look ? Name : never }[keyof Activities];
type Looks = Pick<Activities, LookName>;
