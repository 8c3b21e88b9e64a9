// Programs that the benchmarks compare with and drive load with.
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { findExecutable, SBIN_FOLDERS } from './run.mjs';

/**
 * Finds a program or installs its Debian package of the same name.
 * @param {string} name
 * @returns {string} absolute path
 * @throws {Error} one line that says what to install by hand
 */
function ensureProgram(name) {
  const found = findExecutable(name, SBIN_FOLDERS);
  if (found !== null) return found;
  const failure = aptInstall([name]);
  const installed = findExecutable(name, SBIN_FOLDERS);
  if (installed !== null) return installed;
  throw new Error(
    `${name} is missing (${failure ?? 'its package brought no such program'}): install it by hand`,
  );
}

/** @returns {string} the load generator of the benchmarks */
export function ensureSysbench() {
  return ensureProgram('sysbench');
}

/** @returns {string} the TCP relay that the benchmarks compare with */
export function ensureHaproxy() {
  return ensureProgram('haproxy');
}

/**
 * @typedef {object} MariadbTest
 * @property {string} clientTest mariadb-client-test
 * @property {string} mysqltest player of test scripts
 * @property {string} folder the test suite: main/, include/, std_data/
 */

/** @returns {MariadbTest | null} what is on the machine now */
function findMariadbTest() {
  const clientTest = findExecutable('mariadb-client-test', SBIN_FOLDERS);
  const mysqltest = findExecutable('mysqltest', SBIN_FOLDERS);
  if (clientTest === null || mysqltest === null) return null;
  const folder = join(dirname(clientTest), '../share/mysql/mysql-test');
  const isThere = statSync(join(folder, 'main'), { throwIfNoEntry: false }) !== undefined;
  return isThere ? { clientTest, mysqltest, folder } : null;
}

/**
 * MariaDB's own test programs and scripts: Debian's package mariadb-test.
 * @returns {MariadbTest}
 * @throws {Error} one line that says what to install by hand
 */
export function ensureMariadbTest() {
  const found = findMariadbTest();
  if (found !== null) return found;
  const failure = aptInstall(['mariadb-test']);
  const installed = findMariadbTest();
  if (installed !== null) return installed;
  throw new Error(
    `mariadb-test is missing (${failure ?? 'its package brought no mariadb-client-test'}): install it by hand`,
  );
}
