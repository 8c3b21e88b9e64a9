// node_modules as package-lock.json says.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, runInherited, say } from './run.mjs';

/** @param {string} path @returns {string | null} null when it does not exist */
function contents(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Runs `npm ci` unless node_modules was installed from what package-lock.json holds now. Contents are compared, not
 * times: every checkout makes files new, and `npm ci` takes node_modules away from whatever uses it meanwhile.
 * @throws {Error} when npm fails
 */
export function ensureNpm() {
  const root = repositoryRoot();
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  // npm takes it away with the rest: without it an install was interrupted, or was not ours.
  const marker = join(root, 'node_modules/.installed-from');
  const installed = contents(marker);
  if (installed === wanted) return;
  say(`${installed === null ? 'node_modules is not installed' : 'package-lock.json has changed'}: npm ci`);
  const status = runInherited('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  if (status !== 0) throw new Error(`npm ci exited with ${status}`);
  writeFileSync(marker, wanted);
}
