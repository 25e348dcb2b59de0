import { countLine, runChecks, sum, type Check, type Counts } from './lib/checks';
import { machineEnvironment, type Environment } from './lib/environment';
import { runJest } from './lib/jest-run';
import { duration, runCommand, say } from './lib/say';
import { findTemporal } from './lib/temporal';
import { explain } from './lib/trouble';

/** Dearest first, so that two at a time end together. */
const CHECKS: Check[] = [
  { name: 'lint', program: 'eslint', args: ['.'] },
  { name: 'types', program: 'tsc', args: ['--noEmit'] },
  { name: 'import rules', program: 'depcruise', args: ['.', '-T', 'err-long'] },
  { name: 'format', program: 'prettier', args: ['--check', '.'] },
  { name: 'unused code', program: 'knip', args: ['--no-progress'] },
];
const BUILD: Check = { name: 'build', program: 'node', args: ['scripts/usher.mjs', 'build'] };

/** Everything that must hold, on this machine alone. `npm test -- <arguments>` runs only jest, with them. The last line is the count. */
void runCommand(async () => {
  const startedAt = Date.now();
  const env = { ...machineEnvironment(), NODE_ENV: 'test' };
  const asked = process.argv.slice(2);
  const checks =
    asked.length > 0 ? [] : [await runChecks(CHECKS, { atOnce: 2, env, say }), await runChecks([BUILD], { atOnce: 1, env, say })];
  const tests = await runTests(asked, env);
  const counts = sum([...checks, tests]);
  say(`\n${duration(Date.now() - startedAt)}\n${countLine(counts)}`);
  return counts.failed === 0 ? 0 : 1;
});

/** Temporal is found here first, because a first build takes minutes and jest would not show them. */
async function runTests(args: string[], env: Environment): Promise<Counts> {
  try {
    return await runJest(args, { ...env, TEMPORAL_CLI: await findTemporal({ env, say }) });
  } catch (error) {
    say(`  FAILED  tests\n\n${explain(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
