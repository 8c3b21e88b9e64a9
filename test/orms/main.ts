// Every ORM on every server, straight and through the proxy. The last line is `N passed, N failed, N skipped`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import { type Cell, outcomeOf } from '../clients/cells.js';
import { MissingLanguage } from '../clients/install.js';
import type { Skip } from '../clients/report.js';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import { ORMS, type Orm, type Prepared } from './catalogue.js';
import { reportText } from './report.js';
import { runOrm } from './run-orm.js';
import { type OrmStage, setUpStage } from './stage.js';

/** How many ORMs are tried at the same time. */
const LANES = 2;

/** @returns exit status: 0 when nothing failed */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      server: { type: 'string', default: '' },
      verbose: { type: 'boolean', default: false },
      install: { type: 'boolean', default: false },
      'straight-tables': { type: 'boolean', default: false },
    },
  });
  const wanted = values.only === '' ? null : new Set(values.only.split(','));
  const isFull = wanted === null && values.server === '' && !values['straight-tables'];
  const skips: Skip[] = [];
  const cells: Cell[] = [];
  const prepared = new Map<Orm, Prepared>();
  const madeStraight = values['straight-tables'] ? { tablesMadeStraight: 'as the command line asks' } : {};
  for (const orm of ORMS.map((each) => ({ ...each, ...madeStraight }))) {
    if (wanted !== null && !wanted.has(orm.id)) continue;
    const ready = prepare(orm, skips, cells);
    if (ready !== null) prepared.set(orm, ready);
  }
  if (values.install) return cells.length === 0 ? 0 : 1;
  const orms = [...prepared.keys()];
  const stages = await startStages(values.server, orms, skips);
  try {
    const jobs = orms.flatMap((orm) => stages.map((stage) => ({ orm, stage })));
    const lane = async (): Promise<void> => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        const ready = prepared.get(job.orm) as Prepared;
        cells.push(...(await tryOrm(job.orm, ready, job.stage, values.verbose)));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    for (const stage of stages) await stage.stop();
  }
  if (isFull) {
    writeFileSync(join(repositoryRoot(), 'docs/orms.md'), reportText(ORMS, cells, skips));
    console.log('docs/orms.md is written');
  }
  for (const { what, reason } of skips) console.log(`skipped ${what}: ${reason}`);
  const passed = cells.filter((cell) => outcomeOf(cell) === 'passed').length;
  const known = cells.filter((cell) => outcomeOf(cell) === 'client').length;
  const failed = cells.length - passed - known;
  if (known > 0) console.log(`${known} of the skipped are known to differ: docs/orms.md says why`);
  console.log(`${passed} passed, ${failed} failed, ${skips.length + known} skipped`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function prepare(orm: Orm, skips: Skip[], cells: Cell[]): Prepared | null {
  try {
    return orm.prepare();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
    // In CI a registry that does not answer says nothing about the product.
    const isSkipped = error instanceof MissingLanguage || process.env['TC_CLIENTS_OPTIONAL'] === '1';
    console.log(`${isSkipped ? 'SKIPPED' : 'FAILED'}  ${orm.id}: ${reason.slice(0, 1_000)}`);
    if (isSkipped) skips.push({ what: orm.title, reason: reason.slice(0, 300) });
    else {
      cells.push({
        ...{ client: orm.id, version: '?', mode: '–', server: '–', tls: false },
        ...{ feature: 'create tables', problem: reason.slice(0, 500), straight: null },
      });
    }
    return null;
  }
}

async function startStages(only: string, orms: readonly Orm[], skips: Skip[]): Promise<OrmStage[]> {
  const stages: OrmStage[] = [];
  if (only !== 'mysql') stages.push(await setUpStage(await startMariadb(), orms));
  if (only !== 'mariadb') {
    const mysql = await startMysql();
    if (mysql === null) {
      skips.push({ what: 'MySQL 9.7', reason: 'it can not be had here (the reason is above)' });
    } else stages.push(await setUpStage(mysql, orms));
  }
  return stages;
}

async function tryOrm(
  orm: Orm,
  prepared: Prepared,
  stage: OrmStage,
  verbose: boolean,
): Promise<readonly Cell[]> {
  const started = performance.now();
  const { cells, noise } = await runOrm(orm, prepared, stage);
  const failed = cells.filter((cell) => outcomeOf(cell) === 'failed');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const word = failed.length === 0 ? 'ok     ' : 'FAILED ';
  console.log(
    `${word} ${orm.id} on ${stage.serverName}: ${cells.length - failed.length} of ${cells.length} (${seconds} s)`,
  );
  for (const cell of verbose ? cells : failed)
    console.log(`        ${cell.feature}: ${cell.problem ?? 'ok'}`);
  if (verbose && noise !== '') console.log(noise);
  return cells;
}
