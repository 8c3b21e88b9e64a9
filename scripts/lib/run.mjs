// Spawning for the bootstrap scripts. Node built-ins only: these files run before `npm ci`.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] working folder, default: the checkout
 * @property {Record<string, string>} [env] added to this process's environment
 * @property {number} [timeoutMs] SIGKILL after this many milliseconds, default 10 minutes
 * @property {string} [input] standard input; without it the command gets none
 */

/**
 * @typedef {object} RunResult
 * @property {number} status exit status; 127 when the command could not be started, 124 when it ran out of time
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * The checkout's folder: the nearest one above this file with a package-lock.json. Also right for the copy that
 * `npm run build:tools` puts under .cache/tools.
 * @returns {string}
 */
export function repositoryRoot() {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package-lock.json above scripts/lib');
    folder = parent;
  }
  return folder;
}

/** @param {string} line one line for the person at the terminal; standard error, so that results stay clean */
export function say(line) {
  process.stderr.write(`tenantcrypt: ${line}\n`);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @param {'capture' | 'inherit'} output
 * @returns {RunResult}
 */
function spawnBounded(command, args, options, output) {
  const result = spawnSync(command, [...args], {
    cwd: options.cwd ?? repositoryRoot(),
    env: { ...process.env, ...options.env },
    timeout: options.timeoutMs ?? 600_000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: output === 'capture' ? 'pipe' : ['ignore', 'inherit', 'inherit'],
    ...(output === 'capture' ? { input: options.input ?? '' } : {}),
  });
  const code = result.error === undefined ? '' : /** @type {NodeJS.ErrnoException} */ (result.error).code;
  const status = code === 'ETIMEDOUT' ? 124 : (result.status ?? (result.signal === null ? 127 : 128));
  const stderr = (result.stderr ?? '') + (result.error === undefined ? '' : `\n${result.error.message}`);
  return { status, stdout: result.stdout ?? '', stderr };
}

/**
 * Runs a command and returns what it printed. Never throws for a failing command.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function capture(command, args, options = {}) {
  return spawnBounded(command, args, options, 'capture');
}

/**
 * Like capture, but a failing command is an Error that carries the end of its output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {string} standard output
 */
export function captureOrThrow(command, args, options = {}) {
  const result = capture(command, args, options);
  if (result.status !== 0) {
    const tail = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`${command} ${args[0] ?? ''} exited with ${result.status}:\n${tail}`);
  }
  return result.stdout;
}

/**
 * Runs a command whose output goes to the terminal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {number} exit status
 */
export function runInherited(command, args, options = {}) {
  return spawnBounded(command, args, options, 'inherit').status;
}

/**
 * @param {string} name a command's name
 * @param {readonly string[]} [extraFolders] looked in after PATH
 * @returns {string | null} absolute path of the first executable file of that name
 */
export function findExecutable(name, extraFolders = []) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...extraFolders];
  for (const folder of folders) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not here: try the next folder
    }
  }
  return null;
}

/** Folders that hold servers on Debian and are often missing from a normal user's PATH. */
export const SBIN_FOLDERS = [
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/usr/libexec',
];

/** @param {number} milliseconds blocks this thread: for the bootstrap's waits on another process's lock */
export function sleepSync(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {[string, string[]] | null} the command as root, through sudo where needed; null where there is no way
 */
export function asRoot(command, args) {
  if (process.getuid?.() === 0) return [command, [...args]];
  if (
    findExecutable('sudo') !== null &&
    capture('sudo', ['-n', 'true'], { timeoutMs: 10_000 }).status === 0
  ) {
    return ['sudo', ['-n', command, ...args]];
  }
  return null;
}
