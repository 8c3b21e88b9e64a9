// The cache outside the checkout: downloaded servers, initialised data folders, Python environments.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { say, sleepSync } from './run.mjs';

/**
 * @returns {string} `$TENANTCRYPT_CACHE`, else `tenantcrypt` under `$XDG_CACHE_HOME` or `~/.cache`
 */
export function cacheRoot() {
  const own = process.env['TENANTCRYPT_CACHE'];
  if (own !== undefined && own !== '') return join(own, 'tenantcrypt');
  const xdg = process.env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'tenantcrypt');
}

/** @param {string} path */
function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** @param {string} lock @returns {boolean} whether the process that made the lock is gone */
function isStale(lock) {
  /** @type {number} */
  let holder;
  try {
    holder = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    // The holder makes the folder first and writes its pid next: only an old folder without pid is stale.
    const made = statSync(lock, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs > 30_000;
  }
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

/**
 * Runs `work` while no other process of this user works under the same name.
 * @template T
 * @param {string} name
 * @param {() => T} work synchronous
 * @param {number} [patienceMs] error after waiting this long, default 15 minutes
 * @returns {T}
 */
export function withLock(name, work, patienceMs = 900_000) {
  const lock = join(cacheRoot(), 'locks', name);
  mkdirSync(dirname(lock), { recursive: true });
  const deadline = Date.now() + patienceMs;
  let announced = false;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (isStale(lock)) {
      // Renamed first: of two processes that see the same stale lock only one gets it, so neither removes a new one.
      const grave = `${lock}.stale-${process.pid}`;
      try {
        renameSync(lock, grave);
        rmSync(grave, { recursive: true, force: true });
      } catch {
        // the other process was faster
      }
      continue;
    }
    if (Date.now() > deadline)
      throw new Error(`waited too long for ${lock}; remove it if no other run is going`);
    if (!announced) say(`waiting for another run that prepares ${name}`);
    announced = true;
    sleepSync(200);
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/**
 * A folder in the cache that is either whole or not there: `build` fills a temporary folder that is renamed at the end.
 * @param {string} name
 * @param {(folder: string) => void} build an error leaves nothing behind
 * @returns {string} the folder
 */
export function cachedFolder(name, build) {
  const target = join(cacheRoot(), name);
  if (exists(target)) return target;
  return withLock(name, () => {
    if (exists(target)) return target;
    const partial = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    try {
      build(partial);
      renameSync(partial, target);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
    return target;
  });
}
