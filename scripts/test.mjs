// npm test: prepares what the tests need, then lint, types, import rules, build, unit and integration tests.
// The last line is `N passed, N failed`; the exit status is 1 when anything failed.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureMariadb } from './lib/ensure-mariadb.mjs';
import { ensureMysql } from './lib/ensure-mysql.mjs';
import { ensureNpm } from './lib/ensure-npm.mjs';
import { ensurePython } from './lib/ensure-python.mjs';
import { repositoryRoot } from './lib/run.mjs';
import { runBounded, Steps } from './lib/steps.mjs';

const MINUTE_MS = 60_000;
const steps = new Steps();

/** @param {string} script a script of package.json */
async function npmScript(script) {
  await steps.step(script, async () => {
    const { status, output } = await runBounded('npm', ['run', '--silent', script], {
      timeoutMs: 5 * MINUTE_MS,
      show: false,
    });
    return status === 0 ? null : `${output}\nexit status ${status}`;
  });
}

/** Vitest's own output is shown; its JSON report is what is counted. */
async function vitest() {
  const report = join(repositoryRoot(), '.cache/vitest-report.json');
  mkdirSync(join(repositoryRoot(), '.cache'), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  await steps.step('unit and integration tests', async () => {
    const { status } = await runBounded('npx', ['--no-install', 'vitest', 'run', ...reporters], {
      timeoutMs: 30 * MINUTE_MS,
      show: true,
    });
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    steps.add({ passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests });
    if (numPassedTests + numFailedTests === 0) return 'no test was run';
    return status === 0 ? null : `vitest exited with ${status}`;
  });
}

const prepared = await steps.step('npm packages', () => {
  ensureNpm();
  return null;
});
if (prepared) {
  await steps.step('MariaDB', () => {
    ensureMariadb();
    return null;
  });
  // These two say in one line where they can't be had; the tests that need them then say so too.
  ensureMysql();
  ensurePython();
  await npmScript('lint');
  await npmScript('typecheck');
  await npmScript('imports');
  await npmScript('build');
  await vitest();
}
console.log(steps.summary());
process.exitCode = steps.counts.failed > 0 ? 1 : 0;
