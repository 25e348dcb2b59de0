import { condition, defineSignal, proxyActivities, proxyLocalActivities, setHandler } from '@temporalio/workflow';

type Nothing = { nothing: () => Promise<void> };
const local = proxyLocalActivities<Nothing>({ startToCloseTimeout: '5s' });
const normal = proxyActivities<Nothing>({ startToCloseTimeout: '10s' });

export const changed = defineSignal<[version: number]>('changed');

/** What an appointment's workflow does, with activities that do nothing: plan, send at once, plan again, wait for the next instant (performance.md, "bare"). */
export async function bare({ waitMs }: { waitMs: number }): Promise<void> {
  const state = { latest: 0, seen: 1 };
  setHandler(changed, (version) => {
    state.latest = Math.max(state.latest, version);
  });
  await local.nothing();
  await normal.nothing();
  await local.nothing();
  await condition(() => state.latest > state.seen, waitMs);
}
