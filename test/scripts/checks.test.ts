import { countLine, runChecks, sum, type Check } from '../../scripts/lib/checks';
import { counted } from '../../scripts/lib/jest-run';
import { listener } from './fakes';

const check = (name: string, script: string): Check => ({ name, program: 'node', args: ['-e', script] });

describe('countLine', () => {
  it('ends a run with the figures alone', () => {
    expect(countLine({ passed: 412, failed: 0, skipped: 0 })).toBe('412 passed, 0 failed');
  });

  it('names skipped tests only when there are any', () => {
    expect(countLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });

  it('adds up the checks and the tests', () => {
    expect(
      sum([
        { passed: 6, failed: 1, skipped: 0 },
        { passed: 400, failed: 2, skipped: 1 },
      ]),
    ).toEqual({ passed: 406, failed: 3, skipped: 1 });
  });
});

describe('runChecks', () => {
  it('counts each check once and shows all that a failed one printed', async () => {
    const { said, say } = listener();
    const checks = [
      check('good', 'console.log("noise")'),
      check('bad', 'console.log("first"); console.error("second"); process.exitCode = 2'),
    ];
    await expect(runChecks(checks, { atOnce: 2, env: {}, say })).resolves.toEqual({ passed: 1, failed: 1, skipped: 0 });
    const all = said.join('\n');
    expect(all).toMatch(/ok {6}good/);
    expect(all).toMatch(/FAILED {2}bad/);
    expect(all).toContain('first');
    expect(all).toContain('second');
    expect(all).not.toContain('noise');
  });

  it('counts a check that cannot be started as failed', async () => {
    const missing: Check = { name: 'missing', program: 'no-such-program', args: [] };
    await expect(runChecks([missing], { atOnce: 1, env: {}, say: listener().say })).resolves.toMatchObject({ failed: 1 });
  });
});

describe('counted', () => {
  const aReport = { numPassedTests: 10, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 };

  it('counts a test file that could not be loaded as a failure', () => {
    expect(counted({ ...aReport, numRuntimeErrorTestSuites: 1 }, 1)).toEqual({ passed: 10, failed: 1, skipped: 0 });
  });

  it('counts a run that failed without a failed test', () => {
    expect(counted(aReport, 1).failed).toBe(1);
    expect(counted(aReport, 0).failed).toBe(0);
  });

  it('counts what was left out or never written as skipped', () => {
    expect(counted({ ...aReport, numPendingTests: 2, numTodoTests: 1 }, 0).skipped).toBe(3);
  });
});
