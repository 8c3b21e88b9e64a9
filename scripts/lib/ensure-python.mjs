// A Python environment for the tests (PyMySQL, moto), in the cache.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { cachedFolder, cacheRoot } from './cache.mjs';
import { capture, captureOrThrow, findExecutable, repositoryRoot, say } from './run.mjs';

const CANDIDATES = ['python3', 'python3.11', 'python3.12', 'python3.13', 'python3.14'];
const PROBE =
  'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3], sys.version_info >= (3, 11))';

/** @returns {{ python: string, version: string } | null} a Python that is new enough and can make environments */
function findPython() {
  for (const name of CANDIDATES) {
    const python = findExecutable(name);
    if (python === null) continue;
    const probe = capture(python, ['-c', PROBE], { timeoutMs: 30_000 });
    const [version, newEnough] = probe.stdout.trim().split(' ');
    if (probe.status === 0 && version !== undefined && newEnough === 'True') return { python, version };
  }
  return null;
}

/**
 * The Python of an environment with exactly the packages of a requirements file; made when it is not in the cache.
 * Run programs with `python -m …`: the environment was moved after it was made, so its scripts don't start.
 * @param {string} [requirements] path in the checkout
 * @returns {string | null} path of the interpreter; null, with one line on standard error that says why, where it
 *   can't be had
 */
export function ensurePython(requirements = 'test/requirements.txt') {
  try {
    let found = findPython();
    let failure = null;
    if (found === null) {
      failure = aptInstall(['python3', 'python3-venv']);
      found = findPython();
    }
    if (found === null)
      throw new Error(`no Python 3.11 or newer with the venv module${failure ? ` (${failure})` : ''}`);
    const { python, version } = found;
    const file = join(repositoryRoot(), requirements);
    const digest = createHash('sha256').update(readFileSync(file)).update(python).digest('hex').slice(0, 12);
    mkdirSync(cacheRoot(), { recursive: true });
    const folder = cachedFolder(`python-${version}-${digest}`, (partial) => {
      say(`making a Python environment from ${requirements} in ${cacheRoot()}`);
      captureOrThrow(python, ['-m', 'venv', partial]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', file];
      captureOrThrow(join(partial, 'bin/python'), pip);
    });
    const interpreter = join(folder, 'bin/python');
    if (statSync(interpreter, { throwIfNoEntry: false }) === undefined) {
      throw new Error(`${interpreter} points to a Python that is gone; delete ${folder}`);
    }
    return interpreter;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error))
      .replace(/\s*\n\s*/g, ' ')
      .slice(0, 300);
    say(`no Python environment, tests that need ${requirements} can't run: ${reason}`);
    return null;
  }
}
