import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { SqlSyntaxError } from '../../../src/rewrite/parser/syntax-error.js';
import { mariadb, mysql } from '../lexing.js';
import { parse } from './parsing.js';
import { spanFault } from './spans.js';

interface CorpusStatement {
  readonly sql: string;
  readonly class: string;
  readonly tier: string;
  readonly valid: string;
}

const file = fileURLToPath(new URL('../../../../shared/corpus/statements.jsonl.gz', import.meta.url));
const missing = !existsSync(file);
if (missing) process.stderr.write(`parser/corpus.test.ts is skipped: there is no ${file}\n`);

const DATA_CLASSES = ['SELECT', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE'];

function readCorpus(): CorpusStatement[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as CorpusStatement);
}

/** Share of statements that parse, by `server tier`, and those that do not. */
function parseRates(classes: readonly string[]): { rates: Map<string, number>; refused: string[] } {
  const counts = new Map<string, { all: number; parsed: number }>();
  const refused: string[] = [];
  for (const statement of readCorpus()) {
    if (!classes.includes(statement.class)) continue;
    for (const server of [mysql(), mariadb()]) {
      if (statement.valid !== 'both' && statement.valid !== server.server.kind) continue;
      const key = `${server.server.kind} ${statement.tier}`;
      const count = counts.get(key) ?? { all: 0, parsed: 0 };
      counts.set(key, count);
      count.all++;
      try {
        parse(statement.sql, server);
        count.parsed++;
      } catch (error) {
        if (!(error instanceof SqlSyntaxError)) throw error;
        refused.push(`${key}: ${error.message}: ${statement.sql.slice(0, 100)}`);
      }
    }
  }
  return { rates: new Map([...counts].map(([key, { all, parsed }]) => [key, parsed / all])), refused };
}

test.skipIf(missing)('statements that read or change data and that a server accepts are parsed', () => {
  const { rates, refused } = parseRates(DATA_CLASSES);
  expect(refused.filter((line) => line.startsWith('mysql app'))).toEqual([]);
  for (const [key, rate] of rates) expect(rate, `${key}\n${refused.join('\n')}`).toBeGreaterThan(0.994);
});

test.skipIf(missing)('all other statements are parsed or left alone', () => {
  const { rates, refused } = parseRates(['SET', 'OTHER', 'SHOW', 'DDL', 'TX']);
  for (const [key, rate] of rates) expect(rate, `${key}\n${refused.join('\n')}`).toBeGreaterThan(0.98);
});

test.skipIf(missing)('every node lies in its parent, and siblings in the order of the text', () => {
  const faults: string[] = [];
  for (const { sql, valid } of readCorpus()) {
    for (const server of [mysql(), mariadb()]) {
      if (valid !== 'both' && valid !== server.server.kind) continue;
      try {
        const fault = spanFault(parse(sql, server));
        if (fault !== null) faults.push(`${fault}: ${sql.slice(0, 200)}`);
      } catch (error) {
        if (!(error instanceof SqlSyntaxError)) throw error;
      }
    }
  }
  expect(faults).toEqual([]);
});
