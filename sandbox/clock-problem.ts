import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { isUnavailable } from '../db/errors';
import { NotSettled } from './clock-steps';

/** Why time could not be pushed, by a stable code, with what to do about it. */
const PROBLEMS = {
  worker_not_answering:
    'Something due was not done within 20 s. Is the worker running? Look at .usher/logs/worker.log, or stop and run `npm start` again.',
  outcome_unclear:
    'A vendor has not said whether it took a message, so its process waits: up to 90 s for a text, 5 minutes for an e-mail. Push again then, or clear the fault.',
  temporal_unavailable: 'Temporal does not answer. Look at .usher/logs, or stop and run `npm start` again; then push again.',
  time_skipping_off: 'This Temporal server does not skip time: it needs frontend.WorkflowTimeSkippingEnabled=true (server 1.32 or later).',
  process_unknown: 'Temporal does not know a process that the database has open. Run `npm run reconcile`, then push again.',
  database_unavailable: 'The database does not answer. Push again once it does.',
  internal: 'Something went wrong in the sandbox: its log says what.',
} as const;

export type ClockProblemCode = keyof typeof PROBLEMS;
export type ClockProblem = { code: ClockProblemCode; detail: string };

/** Names what a failed push means for the person who pushed. */
export function clockProblem(error: unknown): ClockProblem {
  const code = codeOf(error);
  return { code, detail: PROBLEMS[code] };
}

// google.rpc.Code
const DEADLINE_EXCEEDED = 4;
const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;

function codeOf(error: unknown): ClockProblemCode {
  if (error instanceof NotSettled) return error.why;
  if (error instanceof WorkflowNotFoundError) return 'process_unknown';
  if (isUnavailable(error)) return 'database_unavailable';
  const grpc = grpcCode(error);
  if (grpc === UNIMPLEMENTED) return 'time_skipping_off';
  return grpc === UNAVAILABLE || grpc === DEADLINE_EXCEEDED ? 'temporal_unavailable' : 'internal';
}

/** The client wraps some of the server's errors in its own. */
function grpcCode(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? grpcCode(error.cause) : null;
}
