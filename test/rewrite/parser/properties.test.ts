import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../../src/rewrite/dialect.js';
import type { Statement } from '../../../src/rewrite/parser/ast.js';
import { SqlSyntaxError } from '../../../src/rewrite/parser/syntax-error.js';
import { mariadb, mysql } from '../lexing.js';
import { dumpStatement } from './dump.js';
import { parse } from './parsing.js';
import { spanFault } from './spans.js';

const SERVERS = [mysql(), mariadb(), mysql({ sqlMode: 'ANSI,HIGH_NOT_PRECEDENCE' })];

const TOKENS =
  `SELECT INSERT INTO REPLACE UPDATE DELETE FROM WHERE SET VALUES ROW TABLE WITH RECURSIVE AS DISTINCT ALL
  UNION EXCEPT INTERSECT ORDER GROUP BY HAVING LIMIT OFFSET WINDOW QUALIFY OVER PARTITION ROWS JOIN LEFT OUTER NATURAL
  CROSS STRAIGHT_JOIN ON USING LATERAL JSON_TABLE COLUMNS PATH NESTED FOR SHARE OF NOWAIT LOCK IN MODE PROCEDURE DUAL AND
  OR XOR NOT IS NULL TRUE BETWEEN LIKE ESCAPE REGEXP SOUNDS MEMBER EXISTS ANY CASE WHEN THEN ELSE END INTERVAL DAY CAST
  CONVERT CHAR COLLATE BINARY MATCH AGAINST BOOLEAN DEFAULT DUPLICATE KEY RETURNING IGNORE INDEX USE FORCE GLOBAL NAMES
  TRANSACTION EXPLAIN ANALYZE DESCRIBE GROUP_CONCAT SEPARATOR COUNT TRIM SUBSTRING EXTRACT DATE VALUE NEXT OJ a b t u f
  @a @@ ? 1 1.5 1e3 'x' "y" \`q\` N'z' X'41' _utf8mb4 \\N ( ( ( ) ) ) , , ; . .. * + - -- / % ^ | || & && << >> = <=> <> !=
  < <= > >= ! ~ := -> ->> { } : [ /*!80000 */ /*+ # /*`
    .trim()
    .split(/\s+/);

const VALID = [
  'SELECT a, b AS c FROM t JOIN u ON t.a = u.b WHERE x IN (1, 2) AND NOT y GROUP BY z HAVING 1 ORDER BY a LIMIT 1, 2',
  "WITH c AS (SELECT 1 UNION SELECT 2) SELECT *, COUNT(DISTINCT a) OVER (PARTITION BY b) FROM c, (SELECT 'x') d FOR UPDATE",
  "INSERT INTO t (a, b) VALUES (1, 'x'), (DEFAULT, ?) ON DUPLICATE KEY UPDATE a = VALUES(a), b = b + INTERVAL 1 DAY",
  'UPDATE t LEFT JOIN u USING (a) SET t.a = CASE WHEN b LIKE c THEN 1 ELSE -2 END WHERE EXISTS (SELECT 1)',
  'DELETE t.*, u FROM t, u WHERE (a, b) = ANY (SELECT 1, 2) OR c BETWEEN 1 AND 2',
  'SET @a := 1, SESSION b = ON, @@global.c = DEFAULT, NAMES utf8mb4',
  "SELECT CAST(a AS CHAR), TRIM(BOTH 'x' FROM b), j->'$.x', MATCH (a) AGAINST ('y' IN BOOLEAN MODE)",
];

/** Parses, and checks what must hold whether it succeeds or not; anything but SqlSyntaxError fails the test. */
function check(sql: string, server: Dialect): Statement | null {
  const bytes = Buffer.from(sql);
  const started = performance.now();
  let statement: Statement;
  try {
    statement = parse(bytes, server);
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    expect(error.position).toBeGreaterThanOrEqual(0);
    expect(error.position).toBeLessThanOrEqual(bytes.length);
    return null;
  }
  expect(performance.now() - started).toBeLessThan(2000);
  expect(spanFault(statement)).toBeNull();
  expect(dumpStatement(statement, bytes).length).toBeGreaterThan(2);
  return statement;
}

const server = fc.constantFrom(...SERVERS);

describe('whatever the text, the parser ends, with a sound tree or a SqlSyntaxError', () => {
  test('token soup', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TOKENS), { maxLength: 40 }), server, (tokens, dialect) => {
        check(tokens.join(' '), dialect);
      }),
      { numRuns: 3000 },
    );
  });

  test('token soup behind the beginning of a statement', () => {
    const beginning = fc.constantFrom(
      'SELECT',
      'SELECT 1 FROM',
      'INSERT INTO t',
      'UPDATE t SET',
      'DELETE',
      'SET',
      '(',
    );
    fc.assert(
      fc.property(
        beginning,
        fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 }),
        server,
        (start, tokens, dialect) => {
          check(`${start} ${tokens.join(' ')}`, dialect);
        },
      ),
      { numRuns: 6000 },
    );
  });

  test('valid statements with words taken out, doubled, swapped or put in', () => {
    const edit = fc.record({
      at: fc.nat(60),
      kind: fc.constantFrom('drop', 'double', 'swap', 'insert'),
      token: fc.constantFrom(...TOKENS),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...VALID),
        fc.array(edit, { maxLength: 4 }),
        server,
        (sql, edits, dialect) => {
          const words = sql.match(/'[^']*'|[A-Za-z_@$]\w*|\d+|\S/g) ?? [];
          for (const { at, kind, token } of edits) {
            const index = at % Math.max(1, words.length);
            const word = words[index] ?? '';
            if (kind === 'drop') words.splice(index, 1);
            else if (kind === 'double') words.splice(index, 0, word);
            else if (kind === 'insert') words.splice(index, 0, token);
            else words.splice(index, 2, words[index + 1] ?? '', word);
          }
          check(words.join(' '), dialect);
        },
      ),
      { numRuns: 6000 },
    );
  });

  test('any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), server, (sql, dialect) => {
        check(sql, dialect);
        check(`SELECT ${sql}`, dialect);
      }),
      { numRuns: 2000 },
    );
  });

  test('a statement cut off anywhere', () => {
    for (const sql of VALID) {
      for (let end = 0; end <= sql.length; end++)
        for (const dialect of SERVERS) check(sql.slice(0, end), dialect);
    }
  });
});

describe('what does not change the meaning does not change the tree', () => {
  const statements = VALID.map((sql) => ({ sql, tree: dumpOf(sql) }));

  function dumpOf(sql: string): string {
    return dumpStatement(parse(sql), Buffer.from(sql));
  }

  test('white space and comments between tokens', () => {
    const space = fc.constantFrom(' ', '\n', '\t ', ' /* x */ ', ' -- y\n', ' # z\n');
    fc.assert(
      fc.property(
        fc.constantFrom(...statements),
        fc.array(space, { minLength: 1 }),
        ({ sql, tree }, spaces) => {
          let next = 0;
          const spaced = sql.replace(/'[^']*'| /g, (part) =>
            part === ' ' ? (spaces[next++ % spaces.length] ?? ' ') : part,
          );
          expect(dumpOf(spaced)).toBe(tree);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('the case of keywords', () => {
    for (const { sql, tree } of statements) {
      const lower = sql.replace(/'[^']*'|[A-Z_]{2,}/g, (part) =>
        part.startsWith("'") ? part : part.toLowerCase(),
      );
      expect(dumpOf(lower).toLowerCase()).toBe(tree.toLowerCase());
    }
  });

  test('a semicolon and trivia at the end', () => {
    for (const { sql, tree } of statements) expect(dumpOf(`${sql} ; -- end`)).toBe(tree);
  });
});
