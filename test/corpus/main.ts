// The corpus of statements that real servers accepted, through the parser, `tenantcrypt explain` and both servers.
// The statements were written by others: they are read where they lie and go into no file of this project.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import { Steps } from '../../scripts/lib/steps.mjs';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import { type ExplainRun, explainAll } from './explain-process.js';
import {
  configuration,
  type MadeUpTable,
  madeUpTables,
  PROTECTED_DATABASE,
  protectedSchemaSql,
  TENANT,
} from './made-up-schema.js';
import { DATA_CLASSES, type ParseRate, parseRate } from './parse-rate.js';
import {
  createSchemas,
  failsOnlyEarlier,
  isSyntaxError,
  type PreparedPair,
  prepareAll,
} from './prepare-check.js';
import { type CorpusStatement, corpusFile, readCorpus } from './read-corpus.js';

const WANTED_PARSE_RATE = 0.995;
const SHOWN_FAILURES = 15;
const SHOWN_EXAMPLES = 4;
const SERVERS = [
  { kind: 'mysql', name: 'mysql-9.7' },
  { kind: 'mariadb', name: 'mariadb-10.11' },
] as const;

/** @returns exit status */
export async function main(): Promise<number> {
  const corpus = readCorpus();
  if (corpus === null) {
    console.log(`no corpus at ${corpusFile()}: nothing to test (0 passed, 0 failed)`);
    return 0;
  }
  const steps = new Steps();
  const tables = madeUpTables(corpus);
  console.log(
    `${corpus.length} statements; protected: ${tables.map((one) => `${one.name} (${one.statements})`).join(', ')}`,
  );
  const files = writeInputs(tables);

  await parseSteps(steps, corpus);
  for (const { kind, name } of SERVERS) {
    const run = await explainStep(steps, name, files, corpus);
    if (run === null) continue;
    reportOutcomes(name, corpus, run);
    const prepared = await preparedOn(kind, tables, corpus, run);
    // The download of MySQL has said why it can't be had.
    if (prepared === null) continue;
    await steps.step(`${name}: no rewritten statement is a syntax error where the original is none`, () =>
      problemsOf(prepared.filter((pair) => isSyntaxError(pair.after) && !isSyntaxError(pair.before))),
    );
    await steps.step(`${name}: every rewritten statement prepares where the original does`, () =>
      prepared.length === 0
        ? 'no statement was rewritten: nothing was tested'
        : problemsOf(
            prepared.filter(({ before, after }) => before.ok && !after.ok && !failsOnlyEarlier(after)),
          ),
    );
  }
  console.log(steps.summary());
  return steps.counts.failed === 0 ? 0 : 1;
}

function writeInputs(tables: readonly MadeUpTable[]): { config: string; schema: string } {
  const folder = join(repositoryRoot(), '.cache/corpus');
  mkdirSync(folder, { recursive: true });
  const files = { config: join(folder, 'tenantcrypt.yaml'), schema: join(folder, 'schema.sql') };
  writeFileSync(files.config, JSON.stringify(configuration(tables), null, 2));
  writeFileSync(join(folder, 'keys.yaml'), '{}');
  writeFileSync(
    files.schema,
    protectedSchemaSql(tables)
      .map((sql) => `${sql};\n`)
      .join('\n'),
  );
  return files;
}

async function parseSteps(steps: Steps, corpus: readonly CorpusStatement[]): Promise<void> {
  for (const tier of ['mtr', 'grammar'] as const)
    console.log(rateLine(tier, parseRate(corpus, tier, 'mysql')));
  console.log(rateLine('app, MariaDB', parseRate(corpus, 'app', 'mariadb')));
  await steps.step(
    'parse rate of SELECT, INSERT, REPLACE, UPDATE, DELETE of applications that MySQL accepts',
    () => {
      const rate = parseRate(corpus, 'app', 'mysql');
      console.log(rateLine('app', rate));
      if (rate.parsed >= rate.statements * WANTED_PARSE_RATE) return null;
      return rate.failures
        .slice(0, SHOWN_FAILURES)
        .map((failure) => `${failure.reason}: ${shorten(failure.statement.sql)}`)
        .join('\n');
    },
  );
}

function rateLine(name: string, rate: ParseRate): string {
  const percent = ((100 * rate.parsed) / rate.statements).toFixed(2);
  return `parsed, ${name}: ${rate.parsed} of ${rate.statements} (${percent} %), slowest ${rate.slowestMs.toFixed(1)} ms`;
}

async function explainStep(
  steps: Steps,
  name: string,
  files: { config: string; schema: string },
  corpus: readonly CorpusStatement[],
): Promise<ExplainRun | null> {
  let run: ExplainRun | null = null;
  await steps.step(`${name}: explain answers every statement, without crash or hang`, async () => {
    const main = join(repositoryRoot(), 'dist/main.js');
    const options = ['--config', files.config, '--schema', files.schema, '--server', name];
    const place = ['--database', PROTECTED_DATABASE, '--tenant', TENANT];
    run = await explainAll(
      [process.execPath, '--enable-source-maps', main, 'explain', ...options, ...place, '--jsonl'],
      corpus.map((statement) => statement.sql),
    );
    const problems = [
      ...run.crashes.map(
        ({ index, message }) => `crash at ${index}: ${shorten(corpus[index]?.sql ?? '')}: ${message}`,
      ),
      ...run.hangs.map((index) => `hang at ${index}: ${shorten(corpus[index]?.sql ?? '')}`),
      ...run.malformed.map((line) => `no answer: ${shorten(line)}`),
      ...(run.answers.length === corpus.length
        ? []
        : [`${run.answers.length} answers to ${corpus.length} statements`]),
      // A statement on which our own code failed is answered TC_INTERNAL: a crash that was caught.
      ...internalErrors(corpus, run),
    ];
    return problems.length === 0 ? null : problems.slice(0, SHOWN_FAILURES).join('\n');
  });
  return run;
}

function isApplicationData(statement: CorpusStatement | undefined): boolean {
  return statement?.tier === 'app' && DATA_CLASSES.has(statement.class);
}

function internalErrors(corpus: readonly CorpusStatement[], run: ExplainRun): string[] {
  return run.answers.flatMap((answer, index) =>
    answer?.code === 'TC_INTERNAL' ? [`${answer.reason ?? ''}: ${shorten(corpus[index]?.sql ?? '')}`] : [],
  );
}

function reportOutcomes(name: string, corpus: readonly CorpusStatement[], run: ExplainRun): void {
  const rate = (corpus.length / (run.milliseconds / 1000)).toFixed(0);
  for (const tier of ['app', 'mtr', 'grammar'] as const) {
    const outcomes = run.answers
      .filter((_, index) => corpus[index]?.tier === tier)
      .map((answer) => answer?.outcome ?? 'none');
    console.log(
      `${name}, ${tier}: ${frequencies(outcomes)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', ')}`,
    );
  }
  const concerned = run.answers.filter(
    (answer, index) => isApplicationData(corpus[index]) && answer?.outcome !== 'forwarded',
  );
  const rewritten = concerned.filter((answer) => answer?.outcome === 'rewritten').length;
  console.log(
    `${name}: of ${concerned.length} statements of applications that read or change data of protected tables, ` +
      `${rewritten} are rewritten and ${concerned.length - rewritten} refused`,
  );
  const reasons = run.answers
    .filter((answer) => answer?.outcome === 'refused')
    .map((answer) => `${answer?.code ?? ''}: ${withoutNames(answer?.reason ?? '')}`);
  console.log(`${name}: ${rate} statements/s in one process; reasons of refusals:`);
  for (const [reason, count] of frequencies(reasons).slice(0, 40)) console.log(`  ${count}  ${reason}`);
}

/** Names and positions differ from statement to statement; the reason is what counts. */
function withoutNames(reason: string): string {
  return shorten(reason.replace(/`[^`]*`|'[^']*'|"[^"]*"/g, '…').replace(/\d+/g, 'N'), 140);
}

function frequencies(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** @returns null where the server can't be had */
async function preparedOn(
  kind: 'mariadb' | 'mysql',
  tables: readonly MadeUpTable[],
  corpus: readonly CorpusStatement[],
  run: ExplainRun,
): Promise<PreparedPair[] | null> {
  const pairs = run.answers.flatMap((answer, index) => {
    const original = corpus[index]?.sql;
    const rewritten = answer?.outcome === 'rewritten' ? answer.sql : null;
    return original === undefined || rewritten === null ? [] : [{ index, original, rewritten }];
  });
  const server = kind === 'mysql' ? await startMysql() : await startMariadb();
  if (server === null) return null;
  try {
    await createSchemas(server, tables);
    const prepared = await prepareAll(server, pairs);
    const ran = prepared.filter((pair) => pair.before.ok);
    const still = ran.filter((pair) => pair.after.ok);
    console.log(
      `${kind} ${server.version}: ${pairs.length} rewritten, of ${ran.length} the original prepares on the made-up ` +
        `schema, of ${still.length} of those the rewritten one too`,
    );
    return prepared;
  } finally {
    await server.stop();
  }
}

function problemsOf(pairs: readonly PreparedPair[]): string | null {
  if (pairs.length === 0) return null;
  return frequencies(pairs.map(errorOf))
    .map(([reason, count]) => {
      const examples = pairs.filter((pair) => errorOf(pair) === reason).slice(0, SHOWN_EXAMPLES);
      const shown = examples.map((pair) => `    ${shorten(pair.original)}\n      ${shorten(pair.rewritten)}`);
      return [`  ${count}  ${reason}`, ...shown].join('\n');
    })
    .join('\n');
}

function errorOf(pair: PreparedPair): string {
  return pair.after.ok
    ? ''
    : `${pair.after.errno} ${shorten(pair.after.message.replace(/'[^']*'/gs, '…'), 120)}`;
}

function shorten(text: string, most = 240): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= most ? line : `${line.slice(0, most)}…`;
}
