// MySQL 9.7 for tests and bench: Debian sid's packages, unpacked into the cache with the C library they need, so that
// the machine itself stays as it is (sid's packages conflict with MariaDB's and need a newer C library).
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPrivateApt, unpackedLoader, unpackPackages } from './apt.mjs';
import { cachedFolder, cacheRoot } from './cache.mjs';
import { capture, captureOrThrow, findExecutable, say } from './run.mjs';

const SERIES = '9.7';
const SUITE = 'sid';

/**
 * @typedef {object} MysqlPrograms
 * @property {[string, ...string[]]} mysqld command and leading arguments of the server
 * @property {[string, ...string[]]} client command and leading arguments of the `mysql` command line
 * @property {string} baseDir for `--basedir`
 * @property {string} version e.g. `9.7.4`
 */

/**
 * @param {string} root
 * @returns {MysqlPrograms} programs of an unpacked tree, each run through the tree's own dynamic loader
 */
function programsUnder(root) {
  const { loader, libraryPath } = unpackedLoader(root);
  /** @param {string} program @returns {[string, ...string[]]} */
  const through = (program) => [loader, '--library-path', libraryPath, program];
  const server = existsSync(join(root, 'usr/sbin/mysqld')) ? 'usr/sbin/mysqld' : 'usr/bin/mysqld';
  const mysqld = through(join(root, server));
  const printed = captureOrThrow(mysqld[0], [...mysqld.slice(1), '--no-defaults', '--version'], {
    timeoutMs: 30_000,
  });
  const version = /Ver (\d+\.\d+\.\d+)/.exec(printed)?.[1];
  if (version === undefined || !version.startsWith(`${SERIES}.`))
    throw new Error(`no MySQL ${SERIES}: ${printed.trim()}`);
  return { mysqld, client: through(join(root, 'usr/bin/mysql')), baseDir: join(root, 'usr'), version };
}

/** @param {string} root an empty folder that becomes the tree */
function download(root) {
  say(`downloading MySQL ${SERIES} (Debian ${SUITE}, about 75 MB) into ${cacheRoot()}`);
  const apt = mkdtempSync(join(tmpdir(), 'tc-apt-'));
  try {
    // perl is wanted by helper scripts that are not used here.
    const opened = openPrivateApt(SUITE, apt, ['perl', 'perl-base']);
    const policy = opened.apt('apt-cache', ['policy', 'mysql-server-core']).stdout;
    const candidate = /Candidate: (\S+)/.exec(policy)?.[1] ?? '(none)';
    if (!candidate.startsWith(`${SERIES}.`))
      throw new Error(`Debian ${SUITE} has mysql-server-core ${candidate}`);
    const files = unpackPackages(opened, apt, ['mysql-server-core', 'mysql-client-core'], root);
    writeFileSync(join(root, 'packages.txt'), `${files.sort().join('\n')}\n`);
    programsUnder(root);
  } finally {
    rmSync(apt, { recursive: true, force: true });
  }
}

/**
 * Finds MySQL 9.7 in the cache or gets it there.
 * @returns {MysqlPrograms | null} null, with one line on standard error that says why, where it can't be had
 */
export function ensureMysql() {
  try {
    for (const tool of ['apt-get', 'apt-config', 'dpkg', 'dpkg-deb']) {
      if (findExecutable(tool) === null) throw new Error(`there is no ${tool} on this machine`);
    }
    const architecture = capture('dpkg', ['--print-architecture']).stdout.trim();
    mkdirSync(cacheRoot(), { recursive: true });
    const root = cachedFolder(`mysql-${SERIES}-${architecture}`, download);
    return programsUnder(root);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error))
      .replace(/\s*\n\s*/g, ' ')
      .slice(0, 300);
    say(`MySQL ${SERIES} is not available here, tests run on MariaDB only: ${reason}`);
    return null;
  }
}
