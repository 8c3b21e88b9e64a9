import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MariadbTest } from '../../scripts/lib/ensure-tools.mjs';
import type { Lane, Way } from './lane.js';
import { type ProgramRun, runProgram } from './run-program.js';

const TIMEOUT_MS = 120_000;

/** How mysqltest sends statements. */
export type ScriptProtocol = 'text' | 'ps' | 'cursor';

const PROTOCOL_ARGS: Readonly<Record<ScriptProtocol, readonly string[]>> = {
  text: [],
  ps: ['--ps-protocol'],
  cursor: ['--ps-protocol', '--cursor-protocol'],
};

/** Whether it is one of the protocols. */
export function isProtocol(name: string): name is ScriptProtocol {
  return Object.hasOwn(PROTOCOL_ARGS, name);
}

/** Scripts of the suite main whose name matches, without those that stop the server. Some need other server options, and fail either way. */
export function listScripts(suite: MariadbTest, pattern: RegExp): string[] {
  const main = join(suite.folder, 'main');
  return readdirSync(main)
    .filter((file) => file.endsWith('.test'))
    .map((file) => file.slice(0, -'.test'.length))
    .filter((name) => pattern.test(name))
    .filter(
      (name) =>
        !/restart_mysqld|shutdown_mysqld|kill_mysqld/.test(
          readFileSync(join(main, `${name}.test`), 'latin1'),
        ),
    )
    .sort();
}

/** Plays one script on a clean server. */
export async function playScript(
  suite: MariadbTest,
  lane: Lane,
  way: Way,
  name: string,
  protocol: ScriptProtocol = 'text',
): Promise<ProgramRun> {
  const file = join(suite.folder, 'main', `${name}.test`);
  // A dump of the whole schema is a statement on its protected tables.
  await lane.clean(!/MYSQL_DUMP/.test(readFileSync(file, 'latin1')));
  const { server, vardir } = lane;
  const port = lane.port(way);
  const client = (program: string): string =>
    `${program} --no-defaults --protocol=tcp --host=${server.host} --port=${port} --user=root`;
  return await runProgram(
    [
      suite.mysqltest,
      '--no-defaults',
      '--protocol=tcp',
      `--host=${server.host}`,
      `--port=${port}`,
      '--user=root',
      '--password=',
      '--database=test',
      `--basedir=${suite.folder}`,
      `--tmpdir=${join(vardir, 'tmp')}`,
      `--logdir=${join(vardir, 'log')}`,
      '--max-connect-retries=3',
      // Much of MariaDB's SQL is an error on MySQL: what follows is played all the same.
      ...(server.kind === 'mysql' ? ['--continue-on-error'] : []),
      ...PROTOCOL_ARGS[protocol],
      `--test-file=${file}`,
    ],
    {
      cwd: suite.folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        MYSQL_TEST_DIR: suite.folder,
        MYSQLTEST_VARDIR: vardir,
        MYSQL_TMP_DIR: join(vardir, 'tmp'),
        MASTER_MYPORT: String(port),
        MYSQL: client('mariadb'),
        MYSQL_DUMP: client('mariadb-dump'),
        LC_ALL: 'C',
        TZ: 'GMT-3',
      },
      timeoutMs: TIMEOUT_MS,
    },
  );
}
