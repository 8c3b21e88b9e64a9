// Point selects straight, through HAProxy, through a bare relay and through the proxy, in interleaved rounds of one
// run, so that what changes on the machine meanwhile hits all of them alike.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ensureSysbench } from '../../scripts/lib/ensure-tools.mjs';
import { repositoryRoot, say } from '../../scripts/lib/run.mjs';
import { cpuMicroseconds } from './cpu-time.js';
import { assertAnswers, startDatabase } from './database.js';
import { type BenchOptions, parseOptions, USAGE } from './options.js';
import { type Sample, sameLoadLines, summarise, table, verdictLine, verdicts } from './report.js';
import { runSysbench } from './sysbench.js';
import { startTargets, type Target } from './targets.js';

const WARM_UP_SECONDS = 2;

/** @returns exit status: 0, or 1 when `--check` was given and a target is missed, or 2 for a wrong option */
export async function main(args: readonly string[]): Promise<number> {
  let options: BenchOptions | null;
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  if (options === null) {
    console.log(USAGE);
    return 0;
  }
  const sysbench = ensureSysbench();
  const server = await startDatabase(options.server, options.rows);
  const samples: Sample[] = [];
  try {
    const running = await startTargets(server, options.targets);
    try {
      // A fast wrong answer is no result.
      for (const target of running.targets) await assertAnswers(target.port, target.load);
      await measureAll(sysbench, running.targets, options, samples);
    } finally {
      await running.stop();
    }
  } finally {
    await server.stop();
  }
  const summaries = summarise(samples);
  const results = verdicts(summaries);
  console.log(
    `${server.kind} ${server.version}, ${options.rounds} rounds of ${options.seconds} s; medians of the rounds, ` +
      'differences and ratios within a round',
  );
  console.log(table(summaries));
  for (const verdict of results) console.log(verdictLine(verdict));
  for (const line of sameLoadLines(summaries)) console.log(line);
  const file =
    options.out === null ? join(repositoryRoot(), '.cache/bench/end-to-end.json') : resolve(options.out);
  mkdirSync(dirname(file), { recursive: true });
  const { kind, version } = server;
  writeFileSync(
    file,
    `${JSON.stringify({ server: { kind, version }, options, summaries, verdicts: results, samples }, null, 2)}\n`,
  );
  console.log(`all samples: ${file}`);
  return options.check && results.some((verdict) => !verdict.holds) ? 1 : 0;
}

async function measureAll(
  sysbench: string,
  targets: readonly Target[],
  options: BenchOptions,
  samples: Sample[],
): Promise<void> {
  for (const target of targets) {
    say(`warming up ${target.name}`);
    await measure(
      sysbench,
      target,
      { ...options, seconds: WARM_UP_SECONDS },
      Math.max(...options.sessions),
      0,
    );
  }
  for (let round = 1; round <= options.rounds; round++) {
    for (const sessions of options.sessions) {
      // A different first one each round: none always follows the same other.
      const order = targets.map((_, index) => targets[(index + round) % targets.length] as Target);
      for (const target of order) {
        const sample = await measure(sysbench, target, options, sessions, round);
        samples.push(sample);
        say(
          `round ${round}, ${sessions} sessions, ${target.name}: ${Math.round(sample.queriesPerSecond)} queries/s` +
            (sample.cpuMicroseconds === null ? '' : `, ${sample.cpuMicroseconds.toFixed(1)} µs`),
        );
      }
    }
  }
}

async function measure(
  program: string,
  target: Target,
  { rows, seconds }: Pick<BenchOptions, 'rows' | 'seconds'>,
  sessions: number,
  round: number,
): Promise<Sample> {
  const cpu = (): number => (target.relayPid === null ? 0 : cpuMicroseconds(target.relayPid));
  const before = cpu();
  const result = await runSysbench({
    program,
    port: target.port,
    load: target.load,
    rows,
    sessions,
    seconds,
  });
  const used = cpu() - before;
  return {
    round,
    sessions,
    target: target.name,
    queriesPerSecond: result.statements / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    cpuMicroseconds: target.relayPid === null ? null : used / result.statements,
  };
}
