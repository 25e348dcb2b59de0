import { Connection } from '@temporalio/client';

/** Says whether Temporal answers. The API needs nothing else of it: changes reach workflows through doorbells. */
export type TemporalProbe = { reachable: () => Promise<boolean>; close: () => Promise<void> };

const PATIENCE_MS = 2_000;

/** Connects at the first question, so that the API starts without Temporal. `nowMs`: the machine's clock. */
export function createTemporalProbe({
  address,
  apiKey,
  nowMs,
}: {
  address: string;
  apiKey: string | null;
  nowMs: () => number;
}): TemporalProbe {
  const connection = Connection.lazy({ address, ...(apiKey === null ? {} : { apiKey, tls: true }), connectTimeout: PATIENCE_MS });
  return {
    reachable: () =>
      connection
        .withDeadline(nowMs() + PATIENCE_MS, () => connection.workflowService.getSystemInfo({}))
        .then(
          () => true,
          () => false,
        ),
    close: () => connection.close(),
  };
}
