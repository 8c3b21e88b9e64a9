import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from '../../scripts/lib/apt.mjs';
import { cachedFolder, cacheRoot } from '../../scripts/lib/cache.mjs';
import { capture, findExecutable } from '../../scripts/lib/run.mjs';

/** The machine has not what the client is run with, and the project's scripts can't get it. */
export class MissingLanguage extends Error {
  override readonly name = 'MissingLanguage';
}

/** How long one installation may take. */
export const INSTALL_BOUND_MS = 240_000;

/**
 * A folder in the cache made from files of the checkout; made anew when one of them changes.
 * @param name recognisable part of the folder's name
 * @param files paths under `base`
 * @throws Error what `build` throws; then nothing is left behind
 */
export function installed(
  base: string,
  name: string,
  files: readonly string[],
  build: (folder: string) => void,
): string {
  const digest = createHash('sha256');
  for (const file of files) digest.update(readFileSync(join(base, file)));
  mkdirSync(cacheRoot(), { recursive: true });
  return cachedFolder(`${name}-${digest.digest('hex').slice(0, 12)}`, build);
}

/** @returns the program's path @throws MissingLanguage */
export function need(program: string): string {
  const found = findExecutable(program);
  if (found === null) throw new MissingLanguage(`there is no ${program} on this machine`);
  return found;
}

/**
 * Installs Debian packages when `probe` does not succeed without them.
 * @throws MissingLanguage when it does not succeed with them either, or they can't be had
 */
export function needDebian(packages: readonly string[], probe: readonly [string, ...string[]]): void {
  const [program, ...args] = probe;
  const works = (): boolean => findExecutable(program) !== null && capture(program, args).status === 0;
  const failure = works() ? null : aptInstall(packages);
  if (!works()) {
    throw new MissingLanguage(
      `no ${packages.join(', ')} (${failure ?? 'the packages brought no such client'})`,
    );
  }
}
