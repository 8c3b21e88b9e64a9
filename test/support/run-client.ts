import { execFile } from 'node:child_process';

export interface ClientRun {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; 0 for success. */
  readonly status: number;
}

/**
 * Runs a client program, bounded to 20 s, while this process goes on (a proxy under test may live in it).
 * @param env added to this process's environment, e.g. MYSQL_PWD
 * @param input what it reads on standard input
 */
export async function runClient(
  [command, ...leading]: readonly [string, ...string[]],
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<ClientRun> {
  return await new Promise<ClientRun>((resolve) => {
    const options = { encoding: 'utf8', timeout: 20_000, env: { ...process.env, ...env } } as const;
    const child = execFile(command, [...leading, ...args], options, (error, stdout, stderr) => {
      resolve({ stdout, stderr, status: error === null ? 0 : Number(error.code ?? -1) });
    });
    child.stdin?.end(input);
  });
}
