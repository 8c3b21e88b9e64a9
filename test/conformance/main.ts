// MariaDB's own tests of its protocol and its SQL, straight and through the proxy with protected tables configured
// elsewhere in the schema: no client may be able to tell the proxy from the server.
import { parseArgs } from 'node:util';
import { ensureMariadbTest, type MariadbTest } from '../../scripts/lib/ensure-tools.mjs';
import { listClientTests, runClientTest } from './client-test.js';
import { type AllowedDifference, allowed, readDifferences } from './differences.js';
import { type Lane, startLane } from './lane.js';
import { listScripts, playScript, type ScriptProtocol } from './script.js';
import { DEFAULT_SCRIPTS } from './scripts.js';
import { firstDifference, lines } from './transcript.js';

const LANES = 2;

/** How mysqltest ends where a script asks for what the server has not. */
const SKIPPED = 'exit status 62';

interface Outcome {
  readonly kind: 'passed' | 'failed' | 'allowed' | 'unusable';
  readonly detail: string;
}

interface Job {
  readonly name: string;
  run(lane: Lane): Promise<Outcome>;
}

/** @returns exit status */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string' },
      tests: { type: 'string' },
      scripts: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const suite = ensureMariadbTest();
  const differences = readDifferences();
  const jobs: Job[] = [];
  if (values.only !== 'scripts') {
    const wanted = new RegExp(values.tests ?? '.');
    const names = (await listClientTests(suite)).filter((name) => wanted.test(name));
    jobs.push(...names.map((name) => clientTestJob(suite, name, differences)));
  }
  if (values.only !== 'client') jobs.push(...scriptJobs(suite, values.scripts, differences));

  const counts: Record<Outcome['kind'], number> = { passed: 0, failed: 0, allowed: 0, unusable: 0 };
  await runAll(suite, jobs, (job, outcome, seconds) => {
    counts[outcome.kind] += 1;
    const isQuiet = outcome.kind === 'passed' || outcome.kind === 'unusable';
    if (isQuiet && !values.verbose) return;
    console.log(`${outcome.kind.padEnd(8)} ${job.name} (${seconds.toFixed(1)} s)`);
    if (outcome.detail !== '') console.log(outcome.detail);
  });
  console.log(
    `${counts.allowed} differences are allowed (test/conformance/differences.yaml), ` +
      `${counts.unusable} fail against the server itself`,
  );
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

function clientTestJob(suite: MariadbTest, name: string, differences: readonly AllowedDifference[]): Job {
  return {
    name: `mariadb-client-test ${name}`,
    run: async (lane) => {
      const straight = await runClientTest(suite, lane, 'straight', name);
      if (straight.status !== 0) return { kind: 'unusable', detail: lastLines(straight.output) };
      const proxied = await runClientTest(suite, lane, 'proxy', name);
      if (proxied.status === 0) return { kind: 'passed', detail: '' };
      const detail = `exit status ${proxied.status}\n${lastLines(proxied.output)}`;
      return judged(differences, name, detail);
    },
  };
}

function scriptJobs(
  suite: MariadbTest,
  pattern: string | undefined,
  differences: readonly AllowedDifference[],
): Job[] {
  if (pattern !== undefined) {
    const [regexp = '', protocol = 'text'] = pattern.split('@');
    return listScripts(suite, new RegExp(regexp)).map((name) =>
      scriptJob(suite, name, protocol as ScriptProtocol, differences),
    );
  }
  return DEFAULT_SCRIPTS.flatMap(({ protocol, names }) =>
    names.map((name) => scriptJob(suite, name, protocol, differences)),
  );
}

function scriptJob(
  suite: MariadbTest,
  name: string,
  protocol: ScriptProtocol,
  differences: readonly AllowedDifference[],
): Job {
  return {
    name: `mysqltest ${name} (${protocol})`,
    run: async (lane) => {
      const play = async (way: 'straight' | 'proxy'): Promise<string[]> =>
        lines(await playScript(suite, lane, way, name, protocol), lane.port(way));
      const straight = [await play('straight'), await play('straight')] as const;
      const end = straight[0].slice(-1)[0] ?? '';
      const size = `${straight[0].length} lines, ${end}`;
      if (end !== 'exit status 0' && straight[0].length !== straight[1].length) {
        return { kind: 'unusable', detail: `${size}\n    no two runs are the same` };
      }
      const difference = firstDifference(straight, await play('proxy'));
      if (difference !== null) return judged(differences, `${name}@${protocol}`, `${size}\n${difference}`);
      if (end === 'exit status 0') return { kind: 'passed', detail: size };
      return { kind: 'unusable', detail: `${size}\n${lastLines(straight[0].join('\n'))}` };
    },
  };
}

function judged(differences: readonly AllowedDifference[], name: string, detail: string): Outcome {
  const reason = allowed(differences, name);
  return reason === null ? { kind: 'failed', detail } : { kind: 'allowed', detail: `    ${reason}` };
}

async function runAll(
  suite: MariadbTest,
  jobs: readonly Job[],
  report: (job: Job, outcome: Outcome, seconds: number) => void,
): Promise<void> {
  const waiting = [...jobs];
  const work = async (): Promise<void> => {
    let lane = await startLane(suite);
    try {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        const before = performance.now();
        let outcome: Outcome;
        try {
          outcome = await job.run(lane);
          // What it would have put back is still changed.
          if (outcome.kind === 'unusable' && !outcome.detail.includes(SKIPPED)) {
            await lane.stop();
            lane = await startLane(suite);
          }
        } catch (error) {
          outcome = { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
          // A test may have taken the server down.
          await lane.stop();
          lane = await startLane(suite);
        }
        report(job, outcome, (performance.now() - before) / 1000);
      }
    } finally {
      await lane.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, jobs.length) }, work));
}

function lastLines(output: string): string {
  return output
    .trimEnd()
    .split('\n')
    .slice(-8)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
}
