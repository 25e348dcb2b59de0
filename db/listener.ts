import { Client } from 'pg';

const CHANNEL = 'doorbell';

export type Listener = { stop: () => Promise<void> };

/**
 * Hears the api's notifications on a connection of its own and connects again when it is lost. Hearing only shortens the wait: the relay polls as well,
 * so a lost notification costs a second, never a ring.
 */
export function listenForRings(connectionString: string, onRing: () => void): Listener {
  const state: { client: Client | null; stopping: boolean; timer: NodeJS.Timeout | null } = { client: null, stopping: false, timer: null };

  const connect = async (): Promise<void> => {
    const client = new Client({ connectionString, application_name: 'usher-listener', keepAlive: true });
    state.client = client;
    client.on('notification', onRing);
    client.on('error', () => client.emit('end'));
    client.once('end', again);
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch {
      // The server is away: `end` may not come for a connection that never was.
      again();
    }
  };
  const again = (): void => {
    if (state.stopping || state.timer) return;
    state.timer = setTimeout(() => {
      state.timer = null;
      void connect();
    }, 1_000);
  };

  void connect();
  return {
    stop: async () => {
      state.stopping = true;
      if (state.timer) clearTimeout(state.timer);
      await state.client?.end().catch(() => undefined);
    },
  };
}

/**
 * Wakes the relay after a commit, at most once per 50 ms and process: a NOTIFY inside each transaction would take a database-wide lock at commit
 * (0.15-0.31 of the throughput, performance.md 1).
 */
export function createRelayWaker(notify: (sql: string) => Promise<unknown>): () => void {
  const state: { timer: NodeJS.Timeout | null } = { timer: null };
  return () => {
    state.timer ??= setTimeout(() => {
      state.timer = null;
      // A lost notification is made up for by the relay's poll.
      notify(`notify ${CHANNEL}`).catch(() => undefined);
    }, 50).unref();
  };
}
