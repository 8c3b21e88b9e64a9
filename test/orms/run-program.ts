import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Phase } from './steps.js';

/** Where a program connects, and for whom it works. */
export interface ProgramJob {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly server: 'mariadb' | 'mysql';
  readonly serverVersion: string;
  readonly tenant: string;
  /** file with the people and posts of the scenario */
  readonly data: string;
  /** the program's folder; it may write there */
  readonly folder: string;
}

/** What one step gave: the JSON text of its result, or an error's text. */
export type StepResult = { readonly result: string } | { readonly error: string };

export interface ProgramRun {
  /** of the ORM, e.g. `6.37.8`; `?` when the program did not get so far */
  readonly version: string;
  /** e.g. `mysql2 3.24.6` */
  readonly driver: string;
  readonly steps: ReadonlyMap<string, StepResult>;
  /** why the program did not end well; null when it did */
  readonly failure: string | null;
  /** the end of what it wrote to standard error, and lines that are no results */
  readonly noise: string;
}

const PROGRAM_BOUND_MS = 120_000;
const NOISE_LENGTH = 8_000;

/**
 * Runs one phase of a program and reads what it prints: a JSON line for each step, and one with `version` and `driver`.
 * The program and its children are ended after two minutes.
 */
export async function runProgram(
  [command, ...args]: readonly [string, ...string[]],
  phase: Phase,
  job: ProgramJob,
): Promise<ProgramRun> {
  const child = spawn(command, [...args, phase], {
    cwd: job.folder,
    env: { ...process.env, ...environment(job) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: a tool's children must not outlive it.
    detached: true,
  });
  let noise = '';
  const note = (text: string): void => {
    noise = (noise + text).slice(-NOISE_LENGTH);
  };
  child.stderr.setEncoding('utf8').on('data', note);
  const steps = new Map<string, StepResult>();
  let [version, driver] = ['?', '?'];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const printed = parsed(line);
    if (printed === null) note(`${line}\n`);
    else if (typeof printed['version'] === 'string') {
      version = printed['version'];
      driver = String(printed['driver'] ?? '?');
    } else if (typeof printed['step'] === 'string') {
      steps.set(
        printed['step'],
        'error' in printed
          ? { error: String(printed['error']) }
          : { result: JSON.stringify(printed['result']) },
      );
    } else note(`${line}\n`);
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (child.pid !== undefined) killGroup(child.pid);
  }, PROGRAM_BOUND_MS);
  const status = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(String(code ?? signal)));
  });
  clearTimeout(timer);
  if (child.pid !== undefined) killGroup(child.pid);
  const failure = isLate ? `ended after ${PROGRAM_BOUND_MS / 1000} s` : status === '0' ? null : status;
  return { version, driver, steps, failure, noise };
}

function environment(job: ProgramJob): Record<string, string> {
  const { host, port, user, password, database } = job;
  const [name, secret] = [encodeURIComponent(user), encodeURIComponent(password)];
  return {
    DB_HOST: host,
    DB_PORT: String(port),
    DB_USER: user,
    DB_PASSWORD: password,
    DB_NAME: database,
    DB_SERVER: job.server,
    DB_VERSION: job.serverVersion,
    DATABASE_URL: `mysql://${name}:${secret}@${host}:${port}/${database}`,
    TENANT: job.tenant,
    ORM_DATA: job.data,
    TZ: 'UTC',
    NO_COLOR: '1',
    CI: 'true',
  };
}

function parsed(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: the whole group is gone
  }
}
