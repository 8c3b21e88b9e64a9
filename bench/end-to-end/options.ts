import { parseArgs } from 'node:util';

/** Ways from the load generator to the database; all are measured in every round. */
export const TARGETS = [
  'straight',
  'haproxy',
  'relay',
  'unprotected',
  'haproxy-rewritten',
  'protected',
] as const;
export type TargetName = (typeof TARGETS)[number];

/** What a run of the end-to-end benchmark measures. */
export interface BenchOptions {
  readonly rounds: number;
  /** of one measurement */
  readonly seconds: number;
  readonly server: 'mariadb' | 'mysql';
  readonly sessions: readonly number[];
  readonly targets: readonly TargetName[];
  readonly rows: number;
  /** exit status 1 when a target is missed */
  readonly check: boolean;
  /** JSON file of the results, or null for the default place */
  readonly out: string | null;
}

export const USAGE = `npm run bench -- [options]
  --rounds N         interleaved rounds (5)
  --seconds N        of each measurement (4)
  --server KIND      mariadb (default) or mysql
  --sessions LIST    numbers of sessions (1,8)
  --only LIST        of ${TARGETS.join(',')}; straight and haproxy are always measured
  --rows N           rows in each table (10000)
  --check            exit status 1 when a target is missed
  --out FILE         JSON results (.cache/bench/end-to-end.json)`;

/**
 * @returns null when only help was asked for
 * @throws Error naming the wrong option
 */
export function parseOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      server: { type: 'string', default: 'mariadb' },
      sessions: { type: 'string', default: '1,8' },
      only: { type: 'string' },
      rows: { type: 'string', default: '10000' },
      check: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  if (values.server !== 'mariadb' && values.server !== 'mysql') {
    throw new Error(`--server ${values.server}: must be mariadb or mysql`);
  }
  const wanted = values.only?.split(',') ?? TARGETS;
  const unknown = wanted.find((name) => !(TARGETS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: must be of ${TARGETS.join(', ')}`);
  return {
    rounds: count('rounds', values.rounds),
    seconds: count('seconds', values.seconds),
    server: values.server,
    sessions: values.sessions.split(',').map((text) => count('sessions', text)),
    // Added latency and the CPU ratio need these two from the same run.
    targets: TARGETS.filter((name) => name === 'straight' || name === 'haproxy' || wanted.includes(name)),
    rows: count('rows', values.rows),
    check: values.check,
    out: values.out ?? null,
  };
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${option} ${text}: must be a positive number`);
  return value;
}
