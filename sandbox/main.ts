import pino from 'pino';
import { readConfig } from '../config';
import { startSandbox } from './run';

/** The sandbox's process: stand-ins for the vendors, the clock and the handset. Development and tests only. */
async function main(): Promise<void> {
  const config = readConfig();
  if (config.NODE_ENV === 'production')
    throw new Error('The sandbox stands in for the vendors and moves time: it does not run with NODE_ENV=production.');
  const log = pino({ name: 'sandbox', level: config.LOG_LEVEL });
  const sandbox = await startSandbox(config, log);
  log.info({ url: sandbox.url }, 'the sandbox runs');
  await stopAsked();
  await sandbox.stop();
}

/** Resolves on the first SIGINT or SIGTERM. */
const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });

main().catch((error: unknown) => {
  // Before the logger could help: the supervisor shows it.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
