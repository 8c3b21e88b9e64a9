// MariaDB for tests, demo and bench: the machine's own, else Debian's packages.
import { aptInstall } from './apt.mjs';
import { capture, findExecutable, SBIN_FOLDERS } from './run.mjs';

/**
 * @typedef {object} MariadbPrograms
 * @property {string} mariadbd the server
 * @property {string} installDb mariadb-install-db
 * @property {string} client the `mariadb` command line
 * @property {string} version e.g. `10.11.14`
 */

/** @returns {MariadbPrograms | null} what is on the machine now */
export function findMariadb() {
  const mariadbd = findExecutable('mariadbd', SBIN_FOLDERS);
  const installDb = findExecutable('mariadb-install-db', SBIN_FOLDERS);
  const client = findExecutable('mariadb', SBIN_FOLDERS);
  if (mariadbd === null || installDb === null || client === null) return null;
  const version = /Ver (\d+\.\d+\.\d+)-MariaDB/.exec(capture(mariadbd, ['--version']).stdout)?.[1];
  return version === undefined ? null : { mariadbd, installDb, client, version };
}

/**
 * Finds MariaDB or installs it, without starting a service.
 * @returns {MariadbPrograms}
 * @throws {Error} one line that says what to install by hand
 */
export function ensureMariadb() {
  const found = findMariadb();
  if (found !== null) return found;
  const failure = aptInstall(['mariadb-server', 'mariadb-client']);
  const installed = findMariadb();
  if (installed !== null) return installed;
  throw new Error(
    `MariaDB is missing (${failure ?? 'the packages brought no mariadbd'}): install mariadb-server and mariadb-client ` +
      '(10.11) by hand, or run this in a container that has them',
  );
}
