import { describe, expect, test } from 'vitest';
import { SqlSyntaxError } from '../../../src/rewrite/parser/syntax-error.js';
import { mariadb, mysql } from '../lexing.js';
import { dump, parse, syntaxError } from './parsing.js';

/** Statement, and `position: message`. */
const REFUSED: readonly (readonly [sql: string, error: string])[] = [
  ['', '0: statement: a verb is missing before the end of the statement'],
  ['SELECT', '6: expression: an operand is missing before the end of the statement'],
  ['SELECT 1; SELECT 2', '10: multiple statements'],
  ['SELECT 1;;', '9: multiple statements'],
  ['DROP TABLE t; SELECT 2', '14: multiple statements'],
  ['BEGIN; SELECT 2', '7: multiple statements'],
  ['CREATE TABLE t (event INT); DROP TABLE u', '28: multiple statements'],
  ['SELECT a FROM t WHERE', '21: expression: an operand is missing before the end of the statement'],
  ['SELECT a b c FROM t', '11: statement: unexpected text before c'],
  ['SELECT select', '7: expression: an operand is missing before select'],
  ['SELECT 1 AS from', '12: alias: a name is missing before from'],
  ['SELECT a, * FROM t', "10: expression: an operand is missing before '*'"],
  ['SELECT (1', "9: parentheses: ')' is missing before the end of the statement"],
  ['SELECT a IN ()', "13: expression: an operand is missing before ')'"],
  ['SELECT a = NOT b', '11: expression: NOT binds too loosely here before NOT'],
  ['SELECT a IS b', '12: IS: NULL, TRUE … is missing before b'],
  ['SELECT a IS TRUE = b', "17: statement: unexpected text before '='"],
  ['SELECT a IN (1) IN (2)', '16: statement: unexpected text before IN'],
  ['SELECT a LIKE b + 1', "16: statement: unexpected text before '+'"],
  ['SELECT a BETWEEN b', '18: BETWEEN: AND is missing before the end of the statement'],
  ['SELECT INTERVAL 1 DAY', "21: INTERVAL: '+' is missing before the end of the statement"],
  ['SELECT a + INTERVAL 1 FORTNIGHT', '22: INTERVAL: a unit such as DAY is missing before FORTNIGHT'],
  ['SELECT CAST(a AS frog)', '17: cast: a type is missing before frog'],
  ['SELECT CASE END', '15: CASE: WHEN is missing before the end of the statement'],
  [
    'SELECT a FROM t LEFT JOIN u',
    '27: LEFT/RIGHT JOIN: ON or USING is missing before the end of the statement',
  ],
  ['SELECT a FROM t FULL OUTER JOIN u ON 1', '21: statement: unexpected text before OUTER'],
  ['SELECT 1 LIMIT 1 UNION SELECT 2', '17: statement: unexpected text before UNION'],
  ['SELECT 1 LIMIT a', '15: LIMIT: a number is missing before a'],
  ["SELECT 1 LIMIT 'secret'", '15: LIMIT: a number is missing before a literal'],
  ['SELECT a INTO b FROM t', '14: INTO: a user variable is missing before b'],
  ['INSERT INTO t VALUES (1,)', "24: expression: an operand is missing before ')'"],
  ['INSERT INTO t (a) SET a = 1', '18: query: SELECT is missing before SET'],
  ['INSERT INTO t VALUES (1) RETURNING a', '25: statement: unexpected text before RETURNING'],
  [
    'INSERT INTO t SELECT * FROM u JOIN v ON DUPLICATE KEY UPDATE a = 1',
    '50: statement: unexpected text before KEY',
  ],
  ['REPLACE INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1', '26: statement: unexpected text before ON'],
  ['UPDATE t SET a', "14: SET: '=' is missing before the end of the statement"],
  ['UPDATE t SET a = 1 FROM u', '19: statement: unexpected text before FROM'],
  ['DELETE t WHERE a', '9: DELETE: FROM is missing before WHERE'],
  ['SET @a', "6: SET: '=' is missing before the end of the statement"],
  ['SET a = 1 b = 2', '10: statement: unexpected text before b'],
  ['EXPLAIN FOR SCHEMA x SELECT 1', '8: EXPLAIN … FOR SCHEMA is not understood before FOR'],
  ["SELECT 'open", '7: expression: an operand is missing before text that is no SQL token'],
  ["DROP TABLE t 'open", "13: DROP: text that can't be read before text that is no SQL token"],
  ['SELECT _latin1', '14: character set introducer: a literal is missing before the end of the statement'],
];

describe('what is not understood to its end is an error with its position', () => {
  test.each(REFUSED)('%s', (sql, error) => {
    expect(syntaxError(sql)).toBe(error);
  });

  test('the position is a byte offset', () => {
    expect(syntaxError("SELECT 'é', `ü` FROM")).toMatch(/^22: /);
  });

  test('messages hold no literal', () => {
    for (const literal of ["'secret'", '12345', "X'736563'", "N'secret'", '1.5e3']) {
      expect(syntaxError(`SELECT 1 FROM ${literal}`)).toMatch(/before a literal$/);
    }
  });
});

describe('reserved words are those of the server', () => {
  test.each(['RANK', 'GROUPS', 'SYSTEM', 'LATERAL', 'OF', 'ROW'])('%s: MySQL alone', (word) => {
    expect(syntaxError(`SELECT 1 AS ${word}`, mysql())).toMatch(/alias: a name is missing/);
    expect(dump(`SELECT 1 AS ${word}`, mariadb())).toBe(`(select 1:${word})`);
  });

  test.each(['RETURNING', 'OFFSET', 'CURRENT_ROLE'])('%s: MariaDB alone', (word) => {
    expect(syntaxError(`SELECT 1 AS ${word}`, mariadb())).toMatch(/alias: a name is missing/);
    expect(dump(`SELECT 1 AS ${word}`, mysql())).toBe(`(select 1:${word})`);
  });

  test.each([
    ['QUALIFY', 80_300, 80_400],
    ['INTERSECT', 80_030, 80_031],
    ['LIBRARY', 90_100, 90_200],
  ])('%s is a name in MySQL %i and reserved in %i', (word, before, since) => {
    expect(dump(`SELECT 1 AS ${word}`, mysql({ version: before }))).toBe(`(select 1:${word})`);
    expect(syntaxError(`SELECT 1 AS ${word}`, mysql({ version: since }))).toMatch(/a name is missing/);
  });

  test('INTERSECT is an alias where it is no operator', () => {
    expect(dump('SELECT a FROM t INTERSECT', mysql({ version: 80_030 }))).toBe(
      '(select a (from t:INTERSECT))',
    );
  });

  test('quoted and qualified words are names', () => {
    expect(dump('SELECT `select`, t.select, t.`from` FROM `where`.`group`')).toBe(
      '(select select t.select t.from (from where.group))',
    );
  });

  test('a reserved word is a name right behind a dot only', () => {
    expect(dump('SELECT t.select')).toBe('(select t.select)');
    expect(dump('SELECT t . a')).toBe('(select t.a)');
    expect(syntaxError('SELECT t. FROM users')).toBe('10: expression: a name is missing before FROM');
    expect(syntaxError('SELECT t./**/FROM users')).toBe('13: expression: a name is missing before FROM');
    expect(syntaxError('SELECT 1 FROM db. select')).toMatch(/a name is missing before select/);
  });

  test('words of operators are no alias without AS', () => {
    expect(syntaxError('SELECT 1 sounds')).toMatch(/unexpected text/);
    expect(syntaxError('SELECT 1 member')).toMatch(/MEMBER OF/);
    expect(dump('SELECT 1 member', mariadb())).toBe('(select 1:member)');
    expect(syntaxError('SELECT 1 FROM t window', mariadb())).toMatch(/unexpected text|a name is missing/);
  });
});

describe('sql_mode', () => {
  test('PIPES_AS_CONCAT', () => {
    const server = mysql({ sqlMode: 'PIPES_AS_CONCAT' });
    expect(dump('SELECT a || b || -c = d OR e', server)).toBe(
      '(select (or (= (concat (concat a b) (- c)) d) e))',
    );
    expect(dump('SELECT a || b = d', mysql())).toBe('(select (or a (= b d)))');
    expect(dump("SELECT a LIKE 'x' || b", server)).toBe("(select (like a (concat 'x' b)))");
  });

  test('HIGH_NOT_PRECEDENCE', () => {
    const server = mysql({ sqlMode: 'HIGH_NOT_PRECEDENCE' });
    expect(dump('SELECT NOT a BETWEEN 1 AND 2', server)).toBe('(select (between (not a) 1 2))');
    expect(dump('SELECT a NOT BETWEEN 1 AND 2', server)).toBe('(select (not between a 1 2))');
    expect(dump('SELECT NOT a BETWEEN 1 AND 2', mysql())).toBe('(select (not (between a 1 2)))');
  });

  test('ANSI_QUOTES', () => {
    const server = mysql({ sqlMode: 'ANSI_QUOTES' });
    expect(dump('SELECT "a" "b" FROM "t"', server)).toBe('(select a:b (from t))');
    expect(dump('SELECT "a" "b" FROM t', mysql())).toBe('(select "a"+"b" (from t))');
  });
});

test('an error is a SqlSyntaxError with a numeric position', () => {
  let caught: unknown;
  try {
    parse('SELECT (');
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(SqlSyntaxError);
  expect((caught as SqlSyntaxError).position).toBe(8);
});
