import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { Headers } from '@temporalio/common';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Tracing } from '../providers/opentelemetry/port';

/** Sends the running span's name along with a ring, so that what the ring causes can be shown below it. */
export const carryTrace = (tracing: Tracing): WorkflowClientInterceptor => ({
  signalWithStart: (input, next) => {
    const traceparent = tracing.traceparent();
    if (traceparent === null) return next(input);
    return next({ ...input, headers: { ...input.headers, traceparent: defaultPayloadConverter.toPayload(traceparent) } });
  },
});

/** A span for each attempt of an activity: in the trace of the ring that led to it, or in one of its own when it waited for its instant (workflows/interceptors.ts). */
export const traceActivities =
  (tracing: Tracing): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      execute: (input, next) =>
        tracing.span(
          {
            name: `activity ${info.activityType}`,
            kind: 'consumer',
            parent: read(input.headers, 'traceparent'),
            link: read(input.headers, 'tracelink'),
            facts: {
              'usher.workflow_id': info.workflowExecution?.workflowId ?? '',
              'usher.workflow_type': info.workflowType ?? '',
              'usher.attempt': info.attempt,
            },
          },
          async (span) => {
            try {
              const answer = await next(input);
              const outcome = outcomeOf(answer);
              if (outcome !== null) span.note({ 'usher.outcome': outcome });
              return answer;
            } catch (error) {
              if (error instanceof ApplicationFailure) span.note({ 'usher.outcome': error.type ?? 'error' });
              throw error;
            }
          },
        ),
    },
  });

const read = (headers: Headers, name: string): string | null => {
  const payload = headers[name];
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : null;
};

/** Activities that turn a message answer with a word (activities/outcomes.ts). */
const outcomeOf = (answer: unknown): string | null =>
  typeof answer === 'object' && answer !== null && 'outcome' in answer && typeof answer.outcome === 'string' ? answer.outcome : null;
