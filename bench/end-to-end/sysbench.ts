import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import { ACCOUNT, DATABASE } from './database.js';
import type { Load } from './load.js';

/** What one run of sysbench saw. */
export interface SysbenchResult {
  readonly statements: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface SysbenchOptions {
  readonly program: string;
  readonly port: number;
  readonly load: Load;
  readonly rows: number;
  readonly sessions: number;
  readonly seconds: number;
}

/**
 * Runs point selects over the text protocol.
 * @throws Error with sysbench's own words when a statement failed
 */
export async function runSysbench(options: SysbenchOptions): Promise<SysbenchResult> {
  const output = await collect(
    options.program,
    [
      join(repositoryRoot(), 'bench/end-to-end/point-select.lua'),
      '--db-driver=mysql',
      '--db-ps-mode=disable',
      '--mysql-host=127.0.0.1',
      `--mysql-port=${options.port}`,
      `--mysql-user=${ACCOUNT.user}`,
      `--mysql-password=${ACCOUNT.password}`,
      `--mysql-db=${DATABASE}`,
      `--statement=${options.load.statement}`,
      `--init=${options.load.init}`,
      `--rows=${options.rows}`,
      `--threads=${options.sessions}`,
      `--time=${options.seconds}`,
      '--events=0',
      '--histogram=on',
      'run',
    ],
    (options.seconds + 30) * 1000,
  );
  return parseReport(output);
}

/** @throws Error when the report is not as sysbench 1.0 writes it */
export function parseReport(output: string): SysbenchResult {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(output)?.[1];
    if (found === undefined) throw new Error(`no ${pattern.source} in sysbench's report:\n${output}`);
    return Number(found);
  };
  const errors = number(/ignored errors:\s+(\d+)/);
  if (errors > 0) throw new Error(`${errors} statements failed:\n${output}`);
  const buckets = [...output.matchAll(/^\s*([\d.]+) \|[* ]+ (\d+)$/gm)].map((match) => ({
    milliseconds: Number(match[1]),
    count: Number(match[2]),
  }));
  return {
    statements: number(/total number of events:\s+(\d+)/),
    seconds: number(/total time:\s+([\d.]+)s/),
    p50Ms: percentile(buckets, 0.5),
    p99Ms: percentile(buckets, 0.99),
  };
}

/** sysbench prints one percentile only; its histogram (1.8 % wide buckets) gives any. */
function percentile(buckets: readonly { milliseconds: number; count: number }[], share: number): number {
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  let seen = 0;
  for (const bucket of buckets) {
    seen += bucket.count;
    if (seen >= total * share) return bucket.milliseconds;
  }
  throw new Error("sysbench's report has no histogram");
}

async function collect(program: string, args: readonly string[], boundMs: number): Promise<string> {
  const child = spawn(program, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: boundMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 128));
  });
  if (status !== 0)
    throw new Error(`sysbench exited with ${status}:\n${output.trim().split('\n').slice(-8).join('\n')}`);
  return output;
}
