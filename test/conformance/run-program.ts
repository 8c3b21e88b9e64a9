import { spawn } from 'node:child_process';

/** How a program ended and what it printed: standard output, then standard error. */
export interface ProgramRun {
  /** Exit status; 124 when it ran out of time, 128 and more when a signal ended it. */
  readonly status: number;
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Kept of what a program prints. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Runs a test program in a process group of its own, which is ended with it. Bytes come back as latin1. */
export async function runProgram(
  command: readonly [string, ...string[]],
  { cwd, env, timeoutMs }: ProgramOptions,
): Promise<ProgramRun> {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let size = 0;
  const keepIn =
    (chunks: Buffer[]) =>
    (chunk: Buffer): void => {
      if (size < MAX_OUTPUT) chunks.push(chunk);
      size += chunk.length;
    };
  child.stdout.on('data', keepIn(output));
  child.stderr.on('data', keepIn(errors));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child.pid);
  }, timeoutMs);
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 128));
    });
    return {
      status: timedOut ? 124 : status,
      output: Buffer.concat([...output, ...errors]).toString('latin1'),
    };
  } finally {
    clearTimeout(timer);
    endGroup(child.pid);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone.
  }
}
