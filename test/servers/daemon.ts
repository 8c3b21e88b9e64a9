import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What to run and what to leave nothing of. */
export interface DaemonOptions {
  /** command and arguments */
  readonly command: readonly [string, ...string[]];
  /** file that takes standard output and error */
  readonly log: string;
  /** deleted when the daemon is stopped, and when this process ends however it ends */
  readonly folder: string;
  readonly cwd?: string;
  /** added to this process's environment */
  readonly env?: Readonly<Record<string, string>>;
}

/** A child process that does not outlive this one. */
export interface Daemon {
  readonly pid: number;
  /** Whether it has ended, by itself or not. */
  hasExited(): boolean;
  /** SIGTERM, then SIGKILL after `boundMs`; deletes the folder. Can be called again. */
  stop(boundMs?: number): Promise<void>;
  /** SIGKILL, as a crash would be; the folder stays until stop(). */
  kill(): Promise<void>;
}

/**
 * The watchdog waits on a pipe that only this process holds. It closes when this process dies, even by SIGKILL, where
 * no exit hook runs: then the server is killed and its folder deleted. A server that ended by itself is announced
 * with a line, so that a reused process id is never killed. /proc/PID/exe tells a zombie, which no longer writes, from a
 * process that does.
 */
const WATCHDOG = `
read -r word
if [ "$word" = exited ]; then cat >/dev/null; else
  kill -9 "$1" 2>/dev/null
  n=0; while readlink "/proc/$1/exe" >/dev/null 2>&1 && [ $n -lt 100 ]; do sleep 0.05; n=$((n+1)); done
fi
rm -rf -- "$2"`;

/**
 * Starts a background process in its own process group, so that Ctrl-C at a terminal reaches this process only.
 * @throws Error when the command can't be started
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const [command, ...args] = options.command;
  const log = openSync(options.log, 'a');
  let child: ChildProcess;
  try {
    child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: options.cwd ?? options.folder,
      env: { ...process.env, ...options.env },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  } finally {
    closeSync(log);
  }
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} has no process id`);
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'watchdog', String(pid), options.folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  // A write to a watchdog that is gone would otherwise end this process with EPIPE.
  watchdog.stdin.on('error', () => undefined);
  watchdog.on('error', () => undefined);
  let exited = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      exited = true;
      watchdog.stdin.write('exited\n');
      resolve();
    });
  });
  child.unref();
  watchdog.unref();
  if ('unref' in watchdog.stdin && typeof watchdog.stdin.unref === 'function') watchdog.stdin.unref();

  const signal = (name: NodeJS.Signals): void => {
    if (!exited) process.kill(pid, name);
  };
  const waitForEnd = async (boundMs: number): Promise<boolean> => {
    const bound = new AbortController();
    const timer = delay(boundMs, false, { signal: bound.signal }).catch(() => true);
    const result = await Promise.race([ended.then(() => true), timer]);
    bound.abort();
    return result;
  };
  const endWith = async (first: NodeJS.Signals, boundMs: number): Promise<void> => {
    signal(first);
    if (await waitForEnd(boundMs)) return;
    signal('SIGKILL');
    if (!(await waitForEnd(10_000))) throw new Error(`process ${pid} does not end`);
  };
  return {
    pid,
    hasExited: () => exited,
    kill: async () => await endWith('SIGKILL', 10_000),
    stop: async (boundMs = 10_000) => {
      await endWith('SIGTERM', boundMs);
      rmSync(options.folder, { recursive: true, force: true, maxRetries: 3 });
      watchdog.kill('SIGKILL');
    },
  };
}

/**
 * Polls until `isReady`, a bound, or the daemon's end.
 * @param logs files whose ends explain a failure
 * @throws Error with the ends of the logs
 */
export async function waitUntilReady(
  daemon: Daemon,
  isReady: () => Promise<boolean>,
  boundMs: number,
  logs: readonly string[],
): Promise<void> {
  const deadline = Date.now() + boundMs;
  while (!(await isReady())) {
    if (daemon.hasExited()) throw new Error(`the server ended while starting:\n${logTails(logs)}`);
    if (Date.now() > deadline)
      throw new Error(`the server was not ready in ${boundMs} ms:\n${logTails(logs)}`);
    await delay(25);
  }
}

function logTails(logs: readonly string[]): string {
  return logs
    .map((file) => {
      try {
        return readFileSync(file, 'utf8').split('\n').slice(-15).join('\n');
      } catch {
        return `(no ${file})`;
      }
    })
    .join('\n');
}
