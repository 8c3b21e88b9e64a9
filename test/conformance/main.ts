// MariaDB's own tests of its protocol and its SQL, against both servers, straight and through the proxy with
// protected tables configured elsewhere in the schema: no client may be able to tell the proxy from the server.
import { parseArgs } from 'node:util';
import { ensureMariadbTest, type MariadbTest } from '../../scripts/lib/ensure-tools.mjs';
import { listClientTests } from './client-test.js';
import { type AllowedDifference, readDifferences } from './differences.js';
import { readExclusions } from './excluded.js';
import { clientTestJob, type Job, type Outcome, scriptJob } from './jobs.js';
import { type Lane, type ServerKind, startLane } from './lane.js';
import { isProtocol, listScripts, type ScriptProtocol } from './script.js';
import { DEFAULT_SCRIPTS } from './scripts.js';

const LANES = 2;

type Counts = Record<Outcome['kind'], number>;

function noCounts(): Counts {
  return { passed: 0, failed: 0, allowed: 0, unusable: 0 };
}

/** @returns exit status */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      server: { type: 'string' },
      only: { type: 'string' },
      tests: { type: 'string' },
      scripts: { type: 'string' },
      all: { type: 'boolean', default: false },
      lanes: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const suite = ensureMariadbTest();
  const differences = readDifferences();
  const kinds = (['mariadb', 'mysql'] as const).filter((kind) => (values.server ?? kind) === kind);
  if (kinds.length === 0) throw new Error('--server is mariadb or mysql');
  const counts = noCounts();
  const suites = new Map<string, Counts>();
  for (const kind of kinds) {
    const jobs: Job[] = [];
    if (values.only !== 'scripts') {
      const wanted = new RegExp(values.tests ?? '.');
      const names = (await listClientTests(suite)).filter((name) => wanted.test(name));
      jobs.push(...names.map((name) => clientTestJob(suite, kind, name, differences)));
    }
    if (values.only !== 'client') {
      jobs.push(...scriptJobs(suite, kind, values.all ? 'all' : (values.scripts ?? null), differences));
    }
    await runAll(suite, kind, jobs, Number(values.lanes ?? LANES), (job, outcome, seconds) => {
      const name = job.name.split(' ', 2).join(' ');
      const ofSuite = suites.get(name) ?? noCounts();
      suites.set(name, ofSuite);
      counts[outcome.kind] += 1;
      ofSuite[outcome.kind] += 1;
      const isQuiet = outcome.kind === 'passed' || outcome.kind === 'unusable';
      if (isQuiet && !values.verbose) return;
      console.log(`${outcome.kind.padEnd(8)} ${job.name} (${seconds.toFixed(1)} s)`);
      if (outcome.detail !== '') console.log(outcome.detail);
    });
  }
  for (const [name, { passed, failed, allowed, unusable }] of suites) {
    console.log(
      `${name}: ${passed} passed, ${failed} failed, ${allowed} with a difference that differences.yaml explains, ` +
        `${unusable} that fail or vary against the server itself`,
    );
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** @param wanted `PATTERN` or `PATTERN@protocol`; `all`: every script that can be compared; null: the quick ones */
function scriptJobs(
  suite: MariadbTest,
  kind: ServerKind,
  wanted: string | null,
  differences: readonly AllowedDifference[],
): Job[] {
  const job = (name: string, protocol: ScriptProtocol): Job =>
    scriptJob(suite, kind, name, protocol, differences);
  if (wanted === null) {
    return DEFAULT_SCRIPTS[kind].flatMap(({ protocol, names }) => names.map((name) => job(name, protocol)));
  }
  if (wanted === 'all') {
    const isExcluded = readExclusions();
    return listScripts(suite, /./)
      .filter((name) => !isExcluded(name, kind))
      .map((name) => job(name, 'text'));
  }
  const [pattern = '', protocol = 'text'] = wanted.split('@');
  if (!isProtocol(protocol)) throw new Error(`${protocol} is no protocol: text, ps or cursor`);
  return listScripts(suite, new RegExp(pattern)).map((name) => job(name, protocol));
}

async function runAll(
  suite: MariadbTest,
  kind: ServerKind,
  jobs: readonly Job[],
  lanes: number,
  report: (job: Job, outcome: Outcome, seconds: number) => void,
): Promise<void> {
  const waiting = [...jobs];
  const work = async (): Promise<void> => {
    let lane = await startLane(suite, kind);
    try {
      for (let job = waiting.shift(); job !== undefined && lane !== null; job = waiting.shift()) {
        const before = performance.now();
        const outcome = await runJob(job, lane);
        if (outcome.wantsFreshServer) {
          await lane.stop();
          lane = await startLane(suite, kind);
        }
        report(job, outcome, (performance.now() - before) / 1000);
      }
    } finally {
      await lane?.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, work));
}

async function runJob(job: Job, lane: Lane): Promise<Outcome> {
  try {
    return await job.run(lane);
  } catch (error) {
    // A test may have taken the server down.
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', detail, wantsFreshServer: true };
  }
}
