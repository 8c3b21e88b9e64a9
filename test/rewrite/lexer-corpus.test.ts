import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { lex } from '../../src/rewrite/lexer.js';
import { Scanner } from '../../src/rewrite/shape.js';
import { TokenBuffer, TokenKind } from '../../src/rewrite/tokens.js';
import { mariadb, mysql } from './lexing.js';

interface CorpusStatement {
  readonly sql: string;
  readonly valid: string;
}

const file = fileURLToPath(new URL('../../../shared/corpus/statements.jsonl.gz', import.meta.url));
const missing = !existsSync(file);
if (missing) process.stderr.write(`lexer-corpus.test.ts is skipped: there is no ${file}\n`);

function readCorpus(): CorpusStatement[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as CorpusStatement);
}

test.skipIf(missing)('statements that a server accepts are lexed without Invalid', () => {
  const tokens = new TokenBuffer();
  const unread: string[] = [];
  let read = 0;
  for (const { sql, valid } of readCorpus()) {
    const statement = Buffer.from(sql, 'utf8');
    for (const server of [mysql(), mariadb()]) {
      if (valid !== 'both' && valid !== server.server.kind) continue;
      lex(statement, 0, statement.length, server, tokens);
      const last = tokens.length - 1;
      if (tokens.kind[last] !== TokenKind.Invalid) {
        read++;
        continue;
      }
      const text = statement.toString('utf8', tokens.start[last]);
      // MySQL's dollar quotes are left to refusal; one line of the corpus is a statement cut off in a string.
      if (!/^\$[^$\s]*\$/.test(text) && text !== "'") unread.push(sql);
    }
  }
  expect(unread).toEqual([]);
  expect(read).toBeGreaterThan(10_000);
});

test.skipIf(missing)(
  'the reduced statement of every statement has the collapsed slots and the same shape',
  () => {
    const scanner = new Scanner();
    for (const { sql } of readCorpus()) {
      const statement = Buffer.from(sql, 'utf8');
      const scan = scanner.scan(statement, 0, statement.length, mysql(), 1);
      const { key, unitCount, collapsedSlotCount, collapsedParameterCount } = scan;
      if (unitCount === 0) continue;
      const reduced = scan.reduce();
      const again = scanner.scan(reduced, 0, reduced.length, mysql(), 1);
      expect(again.key).toBe(key);
      expect(again.slotCount).toBe(collapsedSlotCount);
      expect(again.parameterCount).toBe(collapsedParameterCount);
    }
  },
);
