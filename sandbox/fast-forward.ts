import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';

// The only file that knows Temporal's native time skipping (experimental, no public TypeScript API; temporal.md 4).

const { FastForwardPollingResult: Result } = temporal.api.enums.v1;
const PENDING = Result.FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT;
/** What answers at once when the server is well; without a deadline the client tries for 20 s. */
const ANSWER_MS = 5_000;
/** A poll ends after 20 s at the server; a jump of ours ends in well under a second. */
const POLLS = 3;

/**
 * Moves one workflow's own clock forward and returns when it stands there. Everything due on the way fires. Answers false when the workflow ended first.
 * Throws when the server does not skip time (frontend.WorkflowTimeSkippingEnabled) or does not get there within a minute.
 */
export async function fastForward(client: Client, workflowId: string, ms: number): Promise<boolean> {
  const { workflowService } = client.connection;
  const id = randomUUID();
  const of = { namespace: client.options.namespace, workflowExecution: { workflowId } };
  await promptly(client, () =>
    workflowService.updateWorkflowExecutionOptions({
      ...of,
      updateMask: { paths: ['time_skipping_config'] },
      workflowExecutionOptions: { timeSkippingConfig: { enabled: true, fastForwardConfig: { id, duration: msToTs(ms) } } },
    }),
  );
  for (let polls = 0; polls < POLLS; polls += 1) {
    const { fastForwardPollingResult } = await workflowService.pollWorkflowExecutionTimeSkipping({ ...of, fastForwardId: id });
    if (fastForwardPollingResult === Result.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED) return true;
    if (fastForwardPollingResult !== PENDING) return false;
  }
  throw new Error(`${workflowId} did not reach its time within a minute`);
}

/** What time it is inside a workflow: its virtual time if it was ever pushed, else the system's. */
export async function workflowNowMs(client: Client, workflowId: string): Promise<number> {
  const { raw } = await promptly(client, () => client.workflow.getHandle(workflowId).describe());
  const virtual = raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  return virtual ? Number(virtual.seconds) * 1000 + (virtual.nanos ?? 0) / 1e6 : Date.now();
}

/** Runs a call to the server that fails when there is no answer within 5 s. */
export const promptly = <T>(client: Client, call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + ANSWER_MS, call);
