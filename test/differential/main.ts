// The judge: every statement on a plain table straight and on a protected one through the proxy, with equal results or
// a refusal. Files of statements in statements/, then generated ones.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import type { SqlServerOptions } from '../servers/sql-server.js';
import { runGenerated } from './generated.js';
import { groupBy } from './group-by.js';
import { Judge } from './judge.js';
import { Lane } from './lane.js';
import { describe, type Entry, entryOf, signature, tables, writeSummary } from './report.js';
import {
  type PlacedCase,
  type Protocol,
  readCases,
  type Server,
  updateExpectations,
} from './statement-file.js';

/** Statements a server's run generates unless told otherwise: with two servers 20,000 and more each. */
const DEFAULT_COUNT = 20_000;
const DEFAULT_SEED = 20_261_122;
const SHOWN_FAILURES = 40;

/** @returns exit status */
export async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      server: { type: 'string' },
      protocol: { type: 'string' },
      filter: { type: 'string' },
      count: { type: 'string' },
      seed: { type: 'string' },
      'no-files': { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      summary: { type: 'string' },
      all: { type: 'boolean', default: false },
      ignore: { type: 'string' },
      'lower-case-table-names': { type: 'string' },
      constants: { type: 'string' },
    },
  });
  const folder = join(repositoryRoot(), 'test/differential/statements');
  const cases = values['no-files'] ? [] : chosen(readCases(folder, filesOf(positionals)), values.filter);
  const count = Number(
    values.count ?? (positionals.length > 0 || values.filter !== undefined ? 0 : DEFAULT_COUNT),
  );
  const seed = Number(values.seed ?? DEFAULT_SEED);
  console.log(`${cases.length} statements of files, ${count} generated from seed ${seed} on each server`);

  const ignored = new Set(values.ignore?.split(',') ?? []);
  const options: SqlServerOptions =
    values['lower-case-table-names'] === '1' ? { lowerCaseTableNames: 1 } : {};
  const runs = (['mariadb', 'mysql'] as const)
    .filter((server) => values.server === undefined || values.server === server)
    .map(async (server) => {
      const protocols = (['text', 'prepared'] as const).filter(
        (one) => values.protocol === undefined || values.protocol === one,
      );
      const constants = values.constants === 'proxy' ? 'proxy' : 'backend';
      return await runServer(server, { cases, protocols, count, seed, ignored, options, constants });
    });
  const results = (await Promise.all(runs)).flatMap((run) => (run === null ? [] : [run]));
  const entries = results.flatMap((run) => run.entries);

  if (values.update) update(cases, results);
  const failures = entries.filter(({ expected }) => !expected);
  const shown = values.all ? failures.map((one) => [one]) : [...groupBy(failures, signature).values()];
  for (const [first, ...alike] of shown.slice(0, values.all ? shown.length : SHOWN_FAILURES)) {
    if (first !== undefined)
      console.log(`\n${describe(first)}${alike.length > 0 ? `\n    and ${alike.length} alike` : ''}`);
  }
  if (!values.all && shown.length > SHOWN_FAILURES)
    console.log(`\n… and ${shown.length - SHOWN_FAILURES} more kinds of failures: --all shows each`);
  for (const { server, unstable } of results) {
    for (const text of unstable.slice(0, 10))
      console.log(`\nUNSTABLE ${server}: different, but not on new tables\n    ${text}`);
  }
  console.log(`\n${tables(entries)}`);
  const summary = values.summary ?? join(repositoryRoot(), '.cache/differential/summary.jsonl');
  writeSummary(summary, entries);
  if (ignored.size > 0) console.log(`\nnot compared: ${[...ignored].join(', ')}`);
  console.log(`\nseed ${seed}; every outcome: ${summary}`);
  console.log(`${entries.length - failures.length} passed, ${failures.length} failed`);
  return failures.length === 0 && entries.length > 0 ? 0 : 1;
}

function filesOf(positionals: readonly string[]): readonly string[] | undefined {
  if (positionals.length === 0) return undefined;
  return positionals.map((name) => (name.endsWith('.sql') ? name : `${name}.sql`));
}

function chosen(cases: readonly PlacedCase[], filter: string | undefined): readonly PlacedCase[] {
  if (filter === undefined) return cases;
  const wanted = new RegExp(filter, 'i');
  return cases.filter((one) => wanted.test(one.statements.join(';')) || wanted.test(one.construct));
}

interface ServerRun {
  readonly server: Server;
  readonly entries: readonly Entry[];
  /** Outcomes of the files' cases. */
  readonly seen: ReadonlyMap<PlacedCase, readonly Entry[]>;
  readonly unstable: readonly string[];
}

async function runServer(
  kind: Server,
  plan: {
    cases: readonly PlacedCase[];
    protocols: readonly Protocol[];
    count: number;
    seed: number;
    ignored: ReadonlySet<string>;
    options: SqlServerOptions;
    constants: 'backend' | 'proxy';
  },
): Promise<ServerRun | null> {
  const server = kind === 'mysql' ? await startMysql(plan.options) : await startMariadb(plan.options);
  if (server === null) return null;
  try {
    const lane = await Lane.open(server, { constants: plan.constants });
    try {
      const judge = new Judge(lane, plan.ignored);
      const seen = new Map<PlacedCase, Entry[]>();
      const before = performance.now();
      for (const one of plan.cases) {
        if (one.only !== null && one.only !== kind) continue;
        const own: Entry[] = [];
        for (const protocol of plan.protocols) {
          if (one.protocol !== null && one.protocol !== protocol) continue;
          const verdict = await judge.judge(one, protocol);
          const { kind: file, construct, place } = one;
          const head = {
            kind: file,
            construct,
            place,
            sql: one.statements.join(';\n    '),
            server: kind,
            protocol,
          };
          const entry = entryOf(head, verdict, one.expectations);
          own.push(await withAccess(judge, one, entry));
        }
        seen.set(one, own);
      }
      const between = performance.now();
      const generated = await runGenerated(judge, plan);
      const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(1)} s`;
      console.log(
        `${kind} ${server.version}: files ${seconds(before, between)}, generated ${seconds(between, performance.now())}`,
      );
      return {
        server: kind,
        entries: [...[...seen.values()].flat(), ...generated],
        seen,
        unstable: judge.unstable,
      };
    } finally {
      await lane.close();
    }
  } finally {
    await server.stop();
  }
}

const EXPLAINED = /^\W*(?:select|with|update|delete)\b/i;

/** With how the tables are read, which the documentation tells. */
async function withAccess(judge: Judge, one: PlacedCase, entry: Entry): Promise<Entry> {
  const [sql = ''] = one.statements;
  if (entry.outcome !== 'equal' || entry.protocol !== 'text' || entry.errno !== null) return entry;
  if (one.statements.length > 1 || one.params.length > 0 || !EXPLAINED.test(sql)) return entry;
  const access = await judge.access(sql);
  return access === null ? entry : { ...entry, access };
}

/** Writes what is refused now into the files; cases that differ stay as they are. */
function update(cases: readonly PlacedCase[], runs: readonly ServerRun[]): void {
  const seen = new Map<PlacedCase, readonly string[]>();
  for (const one of cases) {
    const own = runs.flatMap((run) => run.seen.get(one) ?? []);
    if (own.length === 0 || own.some(({ outcome }) => outcome === 'different')) continue;
    seen.set(one, expectationsOf(own));
  }
  updateExpectations(seen);
}

/** As few lines as say it. */
function expectationsOf(entries: readonly Entry[]): string[] {
  const codes = new Set(entries.map(({ code }) => code));
  if (codes.size === 1) {
    const [code] = codes;
    return code === null || code === undefined ? [] : [`refused ${code}`];
  }
  const by = (key: 'server' | 'protocol'): string[] | null => {
    const groups = [...groupBy(entries, (entry) => entry[key])];
    if (groups.some(([, own]) => new Set(own.map(({ code }) => code)).size > 1)) return null;
    return groups.flatMap(([name, own]) => (own[0]?.code == null ? [] : [`${name} refused ${own[0].code}`]));
  };
  return (
    by('server') ??
    by('protocol') ??
    entries.flatMap(({ server, protocol, code }) =>
      code === null ? [] : [`${server} ${protocol} refused ${code}`],
    )
  );
}
