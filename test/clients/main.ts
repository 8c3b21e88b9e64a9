// Every client through the proxy, on every server, with and without TLS. The last line is `N passed, N failed, N skipped`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import { CLIENTS } from './catalogue.js';
import { type Cell, type Outcome, outcomeOf } from './cells.js';
import { COMMAND_LINES } from './command-lines.js';
import { DUMPS } from './dumps.js';
import { MissingLanguage } from './install.js';
import { reportText, type Skip } from './report.js';
import { runClientAgent } from './run-agent.js';
import { type Stage, setUpStage } from './stage.js';

/** Something to try on one stage: a client through one of the proxies, a command line, a dump. */
interface Job {
  readonly name: string;
  readonly run: (stages: readonly Stage[]) => Promise<Cell[]>;
}

/** How many clients are tried at the same time. */
const LANES = 2;

/** @returns exit status: 0 when nothing failed */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      server: { type: 'string', default: '' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const wanted = values.only === '' ? null : new Set(values.only.split(','));
  const isWanted = (id: string): boolean => wanted === null || wanted.has(id);
  const isFull = wanted === null && values.server === '';
  const skips: Skip[] = [];
  const cells: Cell[] = [];
  const stages = await startStages(values.server, skips);
  try {
    const jobs: Job[] = [];
    for (const client of CLIENTS.filter(({ id }) => isWanted(id))) {
      const command = prepared(client.id, client.prepare, skips, cells);
      if (command === null) continue;
      for (const stage of stages) {
        for (const front of stage.fronts) {
          jobs.push({
            name: `${client.id} on ${stage.serverName}, ${front.tls ? 'TLS' : 'no TLS'}`,
            run: async () => await runClientAgent(client, command, stage, front),
          });
        }
      }
    }
    for (const { id, prepare, run } of [...COMMAND_LINES, ...DUMPS].filter((entry) => isWanted(entry.id))) {
      const command = prepared(id, prepare, skips, cells);
      if (command === null) continue;
      for (const stage of stages) {
        for (const front of stage.fronts) {
          jobs.push({
            name: `${id} on ${stage.serverName}, ${front.tls ? 'TLS' : 'no TLS'}`,
            run: async () => await run(command, stage, front),
          });
        }
      }
    }
    await runJobs(jobs, stages, values.verbose, cells);
  } finally {
    for (const stage of stages) await stage.stop();
  }
  if (isFull) {
    const file = join(repositoryRoot(), 'docs/clients.md');
    writeFileSync(file, reportText(cells, skips));
    console.log('docs/clients.md is written');
  }
  for (const { what, reason } of skips) console.log(`skipped ${what}: ${reason}`);
  const count = (outcome: Outcome): number => cells.filter((cell) => outcomeOf(cell) === outcome).length;
  const [passed, failed, client] = [count('passed'), count('failed'), count('client')];
  if (client > 0)
    console.log(`${client} of the skipped fail straight on the server too: the client can't do them`);
  console.log(`${passed} passed, ${failed} failed, ${skips.length + client} skipped`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function startStages(only: string, skips: Skip[]): Promise<Stage[]> {
  const stages: Stage[] = [];
  if (only !== 'mysql') stages.push(await setUpStage(await startMariadb()));
  if (only !== 'mariadb') {
    const mysql = await startMysql();
    if (mysql === null)
      skips.push({ what: 'MySQL 9.7', reason: 'it can not be had here (the reason is above)' });
    else stages.push(await setUpStage(mysql));
  }
  return stages;
}

function prepared(
  id: string,
  prepare: () => readonly [string, ...string[]],
  skips: Skip[],
  cells: Cell[],
): readonly [string, ...string[]] | null {
  try {
    return prepare();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
    // In CI a registry that does not answer says nothing about the product.
    const isSkipped = error instanceof MissingLanguage || process.env['TC_CLIENTS_OPTIONAL'] === '1';
    console.log(`${isSkipped ? 'SKIPPED' : 'FAILED'}  ${id}: ${reason.slice(0, 500)}`);
    if (isSkipped) skips.push({ what: id, reason });
    else cells.push({ ...NO_ATTEMPT, client: id, feature: 'install', problem: reason.slice(0, 500) });
    return null;
  }
}

const NO_ATTEMPT = { version: '?', mode: '–', server: '–', tls: false, straight: null };

async function runJobs(
  jobs: readonly Job[],
  stages: readonly Stage[],
  verbose: boolean,
  cells: Cell[],
): Promise<void> {
  const waiting = [...jobs];
  const lane = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const started = performance.now();
      const done = await job.run(stages);
      cells.push(...done);
      const failed = done.filter((cell) => outcomeOf(cell) === 'failed');
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(
        `${failed.length === 0 ? 'ok     ' : 'FAILED '} ${job.name}: ${done.length} (${seconds} s)`,
      );
      for (const cell of done) {
        const outcome = outcomeOf(cell);
        if (outcome === 'passed' && !verbose) continue;
        const straight = outcome === 'client' ? ` (straight: ${cell.straight})` : '';
        console.log(`        ${outcome}: ${cell.mode}, ${cell.feature}: ${cell.problem ?? 'ok'}${straight}`);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
