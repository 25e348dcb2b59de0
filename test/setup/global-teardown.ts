import type { TestServers } from './servers';

async function globalTeardown(): Promise<void> {
  const { usherTestServers } = globalThis as typeof globalThis & { usherTestServers?: TestServers };
  await usherTestServers?.stop();
}

export = globalTeardown;
