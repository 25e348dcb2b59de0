import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Carries the trace of the newest ring to the activities that follow from it, in headers, and makes no span itself: a process lives for weeks. What waited for
 * an instant was not caused by the ring, so after a timer the trace is only named as a link (docs/decisions/0011-traces.md).
 * Headers are no part of what replay compares, and without tracing there are none.
 */
export function interceptors(): WorkflowInterceptors {
  const state: { carried: Headers } = { carried: {} };
  const take = ({ traceparent }: Headers): void => {
    state.carried = traceparent ? { traceparent } : {};
  };
  const give = <Input extends { headers: Headers }>(input: Input): Input => ({ ...input, headers: { ...input.headers, ...state.carried } });

  return {
    inbound: [
      {
        execute: (input, next) => {
          take(input.headers);
          return next(input);
        },
        handleSignal: (input, next) => {
          take(input.headers);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(give(input)),
        scheduleLocalActivity: (input, next) => next(give(input)),
        startTimer: (input, next) => {
          const fired = next(input);
          // A cancelled timer is a ring that came first: its trace has been taken already.
          fired.then(() => {
            const { traceparent } = state.carried;
            if (traceparent) state.carried = { tracelink: traceparent };
          }, ignore);
          return fired;
        },
      },
    ],
  };
}

const ignore = (): void => undefined;
