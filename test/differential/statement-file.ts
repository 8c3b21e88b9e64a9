import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlServerAddress } from '../servers/sql-server.js';
import type { Aspect } from './compare.js';
import { groupBy } from './group-by.js';
import type { Parameter } from './wire-client.js';

/*
 * Files of statements, one kind a file. A statement ends with `;` at a line's end and is a case of its own, except
 * between `-- {` and `-- }`: what stands there is one case, run in order on one session. Lines before a case:
 *
 *   -- # Upserts                                heading: the construct of the cases that follow
 *   -- only: mariadb                            or mysql
 *   -- expect: refused TC_UNSUPPORTED_SQL       with `mysql`, `mariadb`, `text`, `prepared` before it for one of them
 *   -- expect: differs metadata: the reason     a documented difference: aspects, comma-separated, and why
 *   -- params: ["a", 1, null, {"hex": "00ff"}]  values of `?`
 *   -- protocol: text                           or prepared: only that one
 *   -- rows: any                                rows are not compared
 *
 * Without `expect` a case has to be equal. `{db}` stands for the schema's name.
 */

export type Protocol = 'text' | 'prepared';
export type Server = SqlServerAddress['kind'];

export interface Expectation {
  readonly server: Server | null;
  readonly protocol: Protocol | null;
  /** TC_…; null: equal but for `differs`. */
  readonly refused: string | null;
  readonly differs: readonly Aspect[];
}

export interface Case {
  readonly kind: string;
  readonly construct: string;
  /** For messages: file and line. */
  readonly place: string;
  readonly statements: readonly string[];
  readonly params: readonly Parameter[];
  readonly only: Server | null;
  readonly protocol: Protocol | null;
  readonly anyRows: boolean;
  readonly expectations: readonly Expectation[];
}

/** A case where it stands in its file, for `--update`. */
export interface PlacedCase extends Case {
  readonly file: string;
  /** 0-based lines of its `expect` directives, and of its first line. */
  readonly expectLines: readonly number[];
  readonly firstLine: number;
}

const DIRECTIVE = /^-- (only|expect|params|protocol|rows): (.*)$/;

/** The cases of every file in a folder, or of the files given. @throws Error that names a malformed line */
export function readCases(folder: string, files?: readonly string[]): PlacedCase[] {
  const names =
    files ??
    readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .sort();
  return names.flatMap((file) => parseCases(file.includes('/') ? file : join(folder, file)));
}

interface Draft {
  only: Server | null;
  protocol: Protocol | null;
  anyRows: boolean;
  params: Parameter[];
  expectations: Expectation[];
  expectLines: number[];
}

const emptyDraft = (): Draft => ({
  only: null,
  protocol: null,
  anyRows: false,
  params: [],
  expectations: [],
  expectLines: [],
});

function parseCases(file: string): PlacedCase[] {
  const kind = file.replace(/^.*\//, '').replace(/\.sql$/, '');
  const cases: PlacedCase[] = [];
  let construct = kind;
  let draft = emptyDraft();
  let script: { statements: string[]; line: number } | null = null;
  let text = '';
  let textLine = 0;
  const finish = (statements: readonly string[], firstLine: number): void => {
    const { expectLines, ...more } = draft;
    cases.push({
      kind,
      construct,
      place: `${kind}.sql:${firstLine + 1}`,
      statements,
      ...more,
      file,
      expectLines,
      firstLine,
    });
    draft = emptyDraft();
  };
  for (const [number, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const fail = (message: string): never => {
      throw new Error(`${file}:${number + 1}: ${message}`);
    };
    if (text === '') {
      if (line.trim() === '') continue;
      if (line.startsWith('-- # ')) {
        construct = line.slice(5).trim();
        continue;
      }
      if (line === '-- {') {
        script = { statements: [], line: number };
        continue;
      }
      if (line === '-- }') {
        if (script === null) return fail('nothing to close');
        finish(script.statements, script.line);
        script = null;
        continue;
      }
      const directive = DIRECTIVE.exec(line);
      if (directive !== null) {
        if (directive[1] === 'expect') draft.expectLines.push(number);
        apply(draft, directive[1] ?? '', directive[2] ?? '', fail);
        continue;
      }
      if (line.startsWith('-- ')) continue;
      textLine = number;
    }
    text += text === '' ? line : `\n${line}`;
    if (!line.endsWith(';')) continue;
    const statement = text.slice(0, -1);
    text = '';
    if (script === null) finish([statement], textLine);
    else script.statements.push(statement);
  }
  if (text !== '' || script !== null) throw new Error(`${file}: the last case is not complete`);
  return cases;
}

function apply(draft: Draft, key: string, value: string, fail: (message: string) => never): void {
  switch (key) {
    case 'only':
      draft.only = value === 'mysql' || value === 'mariadb' ? value : fail(`no server ${value}`);
      break;
    case 'protocol':
      draft.protocol = value === 'text' || value === 'prepared' ? value : fail(`no protocol ${value}`);
      break;
    case 'rows':
      draft.anyRows = value === 'any' || fail(`rows: ${value}`);
      break;
    case 'params':
      draft.params = (JSON.parse(value) as unknown[]).map((one) => parameterOf(one, fail));
      break;
    default:
      draft.expectations.push(expectationOf(value, fail));
  }
}

function parameterOf(value: unknown, fail: (message: string) => never): Parameter {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  const { hex } = value as { hex?: unknown };
  return typeof hex === 'string' ? Buffer.from(hex, 'hex') : fail('a parameter is no value');
}

function expectationOf(text: string, fail: (message: string) => never): Expectation {
  const match =
    /^(?:(mysql|mariadb) )?(?:(text|prepared) )?(?:refused (TC_[A-Z_]+)|differs ([a-z, ]+): .+)$/.exec(text);
  if (match === null) return fail(`no expectation: ${text}`);
  return {
    server: (match[1] ?? null) as Server | null,
    protocol: (match[2] ?? null) as Protocol | null,
    refused: match[3] ?? null,
    differs: (match[4]?.split(/, */) ?? []) as Aspect[],
  };
}

/** Sets the `expect: refused` lines of cases to what was seen. */
export function updateExpectations(seen: ReadonlyMap<PlacedCase, readonly string[]>): void {
  const byFile = groupBy(seen, ([one]) => one.file);
  for (const [file, entries] of byFile) {
    const lines: (string | null)[] = readFileSync(file, 'utf8').split('\n');
    const added = new Map<number, readonly string[]>();
    for (const [{ expectLines, firstLine }, wanted] of entries) {
      for (const line of expectLines) if (/ refused TC_/.test(lines[line] ?? '')) lines[line] = null;
      added.set(
        firstLine,
        wanted.map((one) => `-- expect: ${one}`),
      );
    }
    const written = lines.flatMap((line, number) =>
      line === null ? [] : [...(added.get(number) ?? []), line],
    );
    writeFileSync(file, written.join('\n'));
  }
}
