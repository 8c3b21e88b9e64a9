import type { MariadbTest } from '../../scripts/lib/ensure-tools.mjs';
import type { Lane, Way } from './lane.js';
import { type ProgramRun, runProgram } from './run-program.js';

const TIMEOUT_MS = 90_000;

/** Printed in the list, but no tests: they switch the test program's own settings. */
const NO_TESTS = new Set(['disable_query_logs', 'enable_query_logs']);

/** Names of the tests that mariadb-client-test has. */
export async function listClientTests(suite: MariadbTest): Promise<string[]> {
  const run = await runProgram([suite.clientTest, '--no-defaults', '--show-tests'], {
    cwd: '/',
    env: {},
    timeoutMs: TIMEOUT_MS,
  });
  const names = run.output.split('\n').filter((line) => /^\w+$/.test(line) && !NO_TESTS.has(line));
  if (names.length === 0) throw new Error(`mariadb-client-test lists no tests: ${run.output.slice(0, 300)}`);
  return names;
}

/** Runs one test alone, on a clean server. */
export async function runClientTest(
  suite: MariadbTest,
  lane: Lane,
  way: Way,
  name: string,
): Promise<ProgramRun> {
  await lane.clean();
  return await runProgram(
    [
      suite.clientTest,
      '--no-defaults',
      `--host=${lane.server.host}`,
      `--port=${lane.port(way)}`,
      `--user=${lane.server.rootUser}`,
      '--password=',
      `--vardir=${lane.vardir}`,
      '--testcase',
      '--silent',
      name,
    ],
    {
      cwd: lane.vardir,
      env: { MYSQL_TEST_DIR: suite.folder, MYSQLTEST_VARDIR: lane.vardir, PATH: process.env['PATH'] ?? '' },
      timeoutMs: TIMEOUT_MS,
    },
  );
}
