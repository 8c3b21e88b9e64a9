import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RowDataPacket } from 'mysql2/promise';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import { type Cell, problemOf } from '../clients/cells.js';
import { tempFolder } from '../servers/temp-folder.js';
import { checkAtRest } from './at-rest.js';
import type { Orm, Prepared } from './catalogue.js';
import { type ProgramJob, type ProgramRun, runProgram, type StepResult } from './run-program.js';
import { type OrmStage, OTHER_TENANT, PASSWORD, type Schemas, schemasOf, TENANT } from './stage.js';
import { PHASES, type Phase, stepsOf } from './steps.js';
import { plainTables, protectedTables } from './tables.js';

const ORMS_FOLDER = join(repositoryRoot(), 'test/orms');

/** How a problem begins when both sides gave a result. */
const DIFFERS = 'differs';

export interface OrmRun {
  readonly cells: readonly Cell[];
  /** what the programs wrote beside their results, for `--verbose` */
  readonly noise: string;
}

/** One way of running an ORM's program: straight on the plain schemas, or through the proxy. */
interface Side {
  readonly name: 'plain' | 'proxied';
  readonly host: string;
  readonly port: number;
  readonly user: (tenant: string) => string;
  readonly database: (tenant: string) => string;
}

/** Runs an ORM's program straight and through the proxy, and compares step by step. */
export async function runOrm(orm: Orm, prepared: Prepared, stage: OrmStage): Promise<OrmRun> {
  const schemas = schemasOf(orm);
  const account = await stage.newUser();
  const { server, proxy } = stage;
  const plain: Side = {
    name: 'plain',
    host: server.host,
    port: server.port,
    user: () => account,
    database: (tenant) => (tenant === TENANT ? schemas.plain : schemas.plainOther),
  };
  const proxied: Side = {
    name: 'proxied',
    host: proxy.host,
    port: proxy.port,
    user: (tenant) => `${account}%${tenant}`,
    database: () => schemas.protected,
  };
  if (orm.tablesMadeStraight !== null) {
    for (const sql of plainTables(schemas.plain, orm.types)) await stage.admin.query(sql);
    for (const sql of protectedTables(schemas.protected)) await stage.admin.query(sql);
  }
  const phases = PHASES.filter((phase) => phase !== 'migrate' || orm.tablesMadeStraight === null);
  const straight = await runSide(orm, prepared, stage, plain, phases);
  const through = await runSide(orm, prepared, stage, proxied, phases);
  const cell = (feature: string, problem: string | null): Cell => ({
    client: orm.id,
    version: straight.version,
    mode: straight.driver,
    server: stage.serverName,
    tls: false,
    feature,
    problem,
    straight: null,
  });
  const cells = phases.flatMap((phase) =>
    stepsOf(phase)
      .filter((step) => !(step in orm.lacks))
      .map((step) => {
        const problem = compare(step, phase, straight, through);
        const known = orm.differs[step];
        const isKnown = known !== undefined && problem?.startsWith(DIFFERS) === true;
        return isKnown ? { ...cell(step, problem), straight: known } : cell(step, problem);
      }),
  );
  const atRest = await problemOf(async () => await checkAtRest(stage.admin, schemas));
  const own = cell('ciphertext', atRest);
  return { cells: [...cells, own], noise: `${straight.noise}${through.noise}` };
}

interface SideRun {
  readonly version: string;
  readonly driver: string;
  readonly steps: ReadonlyMap<string, StepResult>;
  readonly failures: ReadonlyMap<Phase, string>;
  readonly noise: string;
}

async function runSide(
  orm: Orm,
  prepared: Prepared,
  stage: OrmStage,
  side: Side,
  phases: readonly Phase[],
): Promise<SideRun> {
  const root = tempFolder('orm');
  const folder = join(root, orm.id);
  const steps = new Map<string, StepResult>();
  const failures = new Map<Phase, string>();
  let noise = '';
  let [version, driver] = ['?', '?'];
  try {
    mkdirSync(folder);
    cpSync(join(ORMS_FOLDER, 'programs', orm.id), folder, { recursive: true });
    cpSync(join(ORMS_FOLDER, 'programs/common'), join(root, 'common'), { recursive: true });
    if (prepared.modules !== undefined) symlinkSync(prepared.modules, join(root, 'node_modules'));
    for (const phase of phases) {
      const tenant = phase === 'other' ? OTHER_TENANT : TENANT;
      if (side.name === 'plain' && phase === 'other') await cloneTables(stage, schemasOf(orm));
      const job: ProgramJob = {
        host: side.host,
        port: side.port,
        user: side.user(tenant),
        password: PASSWORD,
        database: side.database(tenant),
        server: stage.server.kind,
        serverVersion: stage.server.version,
        tenant,
        data: join(ORMS_FOLDER, 'data.json'),
        folder,
      };
      const run = await runProgram(prepared.command, phase, job);
      if (run.version !== '?') [version, driver] = [run.version, run.driver];
      for (const [step, result] of run.steps) steps.set(step, normalised(result, schemasOf(orm)));
      if (run.failure !== null) failures.set(phase, `${run.failure}: ${lastLines(run)}`);
      if (run.noise !== '') noise += `-- ${orm.id} ${side.name} ${phase}\n${run.noise}`;
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return { version, driver, steps, failures, noise };
}

/** The other tenant's own schema, with the tables that the first tenant's program made. */
async function cloneTables({ admin }: OrmStage, { plain, plainOther }: Schemas): Promise<void> {
  const [tables] = await admin.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'",
    [plain],
  );
  for (const { name } of tables as { name: string }[]) {
    await admin.query(`CREATE TABLE ${plainOther}.\`${name}\` LIKE ${plain}.\`${name}\``);
    // Tools keep their history in tables of their own, which an application does not read.
    if (name !== 'users' && name !== 'posts') {
      await admin.query(`INSERT INTO ${plainOther}.\`${name}\` SELECT * FROM ${plain}.\`${name}\``);
    }
  }
}

/** Schemas have other names on the two sides. */
function normalised(result: StepResult, schemas: Schemas): StepResult {
  const clean = (text: string): string =>
    [schemas.plainOther, schemas.plain, schemas.protected].reduce(
      (all, name) => all.replaceAll(name, '<schema>'),
      text,
    );
  return 'error' in result ? { error: clean(result.error) } : { result: clean(result.result) };
}

function lastLines({ noise }: ProgramRun): string {
  return noise.trim().split('\n').slice(-6).join(' ').slice(-600);
}

/** @returns null when both sides gave the same result, else what is wrong */
function compare(step: string, phase: Phase, straight: SideRun, through: SideRun): string | null {
  const plain = straight.steps.get(step);
  if (plain === undefined) return `not reached straight on the server: ${straight.failures.get(phase) ?? ''}`;
  if ('error' in plain) return `fails straight on the server: ${plain.error.slice(0, 1_000)}`;
  const proxied = through.steps.get(step);
  if (proxied === undefined) return `not reached through the proxy: ${through.failures.get(phase) ?? ''}`;
  if ('error' in proxied) return proxied.error.slice(0, 1_500);
  if (plain.result === proxied.result) return null;
  const [left, right] = [plain.result, proxied.result];
  let same = 0;
  while (left[same] === right[same]) same += 1;
  const at = Math.max(0, same - 60);
  return `${DIFFERS}: through the proxy …${right.slice(at, at + 300)}…, straight …${left.slice(at, at + 300)}…`;
}
