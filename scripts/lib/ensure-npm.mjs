// node_modules as package-lock.json says.
import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, runInherited, say } from './run.mjs';

/** @param {string} path @returns {number} modification time in ms; 0 when it does not exist */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Runs `npm ci` when node_modules is missing or older than package-lock.json.
 * @throws {Error} when npm fails
 */
export function ensureNpm() {
  const root = repositoryRoot();
  // npm writes this file last: without it an install was interrupted.
  const marker = join(root, 'node_modules/.package-lock.json');
  const installed = modified(marker);
  const wanted = modified(join(root, 'package-lock.json'));
  if (installed !== 0 && installed >= wanted) return;
  say(
    `${installed === 0 ? 'node_modules is missing' : 'node_modules is older than package-lock.json'}: npm ci`,
  );
  const status = runInherited('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  if (status !== 0) throw new Error(`npm ci exited with ${status}`);
  const now = new Date();
  utimesSync(marker, now, now);
}
