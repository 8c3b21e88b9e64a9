// Programs that the benchmarks compare with and drive load with.
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
