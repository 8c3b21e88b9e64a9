import { describe, expect, it } from 'vitest';
import { type Dialect, parseSqlMode } from '../../src/rewrite/dialect.js';
import { endOfText, firstStatement, hasSeveralStatements } from '../../src/rewrite/first-statement.js';
import { lex } from '../../src/rewrite/lexer.js';
import { TokenBuffer } from '../../src/rewrite/tokens.js';
import { MARIADB, MYSQL } from '../support/rewrite.js';

/** The statements of a text, each read under the same dialect. */
function statements(sql: string, dialect: Dialect): string[] {
  const text = Buffer.from(sql);
  const end = endOfText(text, 0, text.length, dialect);
  const found: string[] = [];
  for (let at = 0; at !== -1; ) {
    const span = firstStatement(text, at, end, dialect);
    found.push(text.toString('utf8', span.start, span.end));
    at = span.next;
  }
  return found;
}

const BODIES = [
  'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END',
  'CREATE PROCEDURE p() SELECT 1',
  'CREATE OR REPLACE DEFINER=`a`@`b` PROCEDURE p(a INT, b DECIMAL(5, 2)) BEGIN END',
  "CREATE DEFINER='a'@'%' FUNCTION f(a INT) RETURNS VARCHAR(10) CHARACTER SET latin1 DETERMINISTIC BEGIN RETURN 1; END",
  'CREATE FUNCTION f(a INT) RETURNS INT RETURN IF(a, 1, CASE a WHEN 2 THEN 3 END)',
  'CREATE PROCEDURE p() IF 1 THEN SELECT 1; ELSEIF 2 THEN SELECT 2; ELSE SELECT 3; END IF',
  'CREATE PROCEDURE p() CASE 1 WHEN 1 THEN SELECT CASE 1 WHEN 1 THEN 2 END; ELSE SELECT IF(1, 2, 3); END CASE',
  'CREATE PROCEDURE p(n INT) COMMENT "BEGIN" WHILE n > CASE n WHEN 1 THEN 2 ELSE 3 END DO SET n = n - 1; END WHILE',
  'CREATE PROCEDURE p(n INT) REPEAT SET n = REPEAT(n, 2); UNTIL n > 3 END REPEAT',
  'CREATE PROCEDURE p(n INT) l: LOOP LEAVE l; END LOOP l',
  'CREATE PROCEDURE p() l: BEGIN DECLARE x INT DEFAULT CASE 1 WHEN 1 THEN 2 END; DECLARE EXIT HANDLER FOR SQLSTATE VALUE "23000", NOT FOUND, 1062, SQLEXCEPTION BEGIN SELECT 1; END; IF x THEN BEGIN END; END IF; END l',
  'CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND IF 1 THEN SET @a = 1; END IF; SELECT 1; END',
  'CREATE PROCEDURE p() BEGIN SELECT end, t.begin, `if` FROM t AS loop_; END',
  'CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW FOLLOWS u BEGIN SET NEW.a = 1; SET NEW.b = 2; END',
  'CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET NEW.a = IF(NEW.b, 1, 2)',
  'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM a; DELETE FROM b; END',
  'ALTER EVENT e DO DELETE FROM a',
  'CREATE TABLE t (event INT, begin INT)',
  'CREATE DEFINER = CURRENT_USER() SQL SECURITY INVOKER VIEW v AS SELECT CASE 1 WHEN 1 THEN 2 END',
];

const MARIADB_BODIES = [
  'BEGIN NOT ATOMIC SELECT 1; SELECT 2; END',
  'IF 1 THEN SELECT 1; END IF',
  'FOR i IN 1..3 DO SELECT i; END FOR',
  'LOOP SELECT 1; END LOOP',
  'CREATE PROCEDURE p() BEGIN FOR r IN (SELECT 1 AS a) DO SELECT r.a; END FOR; SELECT 1; END',
];

describe('firstStatement', () => {
  it.each([
    ['SELECT 1', ['SELECT 1']],
    ['SELECT 1;;', ['SELECT 1']],
    ['SELECT 1; ; \n', ['SELECT 1']],
    ['', ['']],
    [' ; ', ['']],
    ['; SELECT 1', ['', 'SELECT 1']],
    ['SELECT 1;; SELECT 2', ['SELECT 1', '', 'SELECT 2']],
    [' /* a */ SELECT 1 /* ; */;\n -- ;\n SELECT 2 # ;', ['/* a */ SELECT 1 /* ; */', '-- ;\n SELECT 2 #']],
    [
      "SELECT ';', \";\", `;`; SELECT 'it''s;', '\\';'",
      ['SELECT \';\', ";", `;`', "SELECT 'it''s;', '\\';'"],
    ],
    ['SELECT 1; -- x', ['SELECT 1', '-- x']],
    ['SELECT 1; /*!50000 SELECT 2 */', ['SELECT 1', '/*!50000 SELECT 2 */']],
    ['/*!50000 SELECT 1 */; SELECT 2', ['/*!50000 SELECT 1 */', 'SELECT 2']],
    ['BEGIN; SELECT 1; COMMIT', ['BEGIN', 'SELECT 1', 'COMMIT']],
    ["PREPARE s FROM 'SELECT 1; SELECT 2'; EXECUTE s", ["PREPARE s FROM 'SELECT 1; SELECT 2'", 'EXECUTE s']],
  ])('%s', (sql, expected) => {
    expect(statements(sql, MYSQL)).toEqual(expected);
    expect(statements(sql, MARIADB)).toEqual(expected);
  });

  it.each([
    'SELECT 1 /*! ; SELECT 2 */',
    "SELECT ';  SELECT 2",
    'SELECT 1 /* ; SELECT 2',
    'SELECT \0; SELECT 2',
    'SELECT 1 /*!50000 , 2; SELECT 3',
  ])('what can not be read is one statement: %s', (sql) => {
    expect(statements(sql, MYSQL)).toEqual([sql]);
  });

  it.each(BODIES)('a statement with a body ends behind it: %s', (sql) => {
    for (const dialect of [MYSQL, MARIADB]) {
      expect(statements(`${sql}; SELECT 2`, dialect)).toEqual([sql, 'SELECT 2']);
      expect(statements(`SELECT 1; ${sql};\n ${sql} ;SELECT 2;`, dialect)).toEqual([
        'SELECT 1',
        sql,
        `${sql} `,
        'SELECT 2',
      ]);
      expect(statements(sql, dialect)).toEqual([sql]);
    }
  });

  it.each(MARIADB_BODIES)('on MariaDB: %s', (sql) => {
    expect(statements(`${sql}; SELECT 2; ${sql}`, MARIADB)).toEqual([sql, 'SELECT 2', sql]);
  });

  it('a body that does not end is one statement with what follows', () => {
    const sql = 'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT * FROM users';
    expect(statements(sql, MYSQL)).toEqual([sql]);
  });

  it('reads under the sql_mode and character set that it is given', () => {
    const sql = `SELECT "a\\"; SELECT 1; -- "`;
    const mode = (text: string): Dialect => ({ ...MYSQL, sqlMode: parseSqlMode(text) });
    expect(statements(sql, MYSQL)).toEqual([sql]);
    expect(statements(sql, mode('ANSI_QUOTES'))).toEqual(['SELECT "a\\"', 'SELECT 1', '-- "']);
    expect(statements(sql, mode('NO_BACKSLASH_ESCAPES'))).toEqual(['SELECT "a\\"', 'SELECT 1', '-- "']);
    for (const dialect of [{ ...MYSQL, characterSetClient: 'gbk' }, mode('ORACLE')]) {
      expect(statements('SELECT 1; SELECT 2', dialect)).toEqual(['SELECT 1; SELECT 2']);
    }
    const latin1 = { ...MYSQL, characterSetClient: 'latin1' };
    const text = Buffer.from('SELECT 1;\xa0SELECT 2\xa0;\xa0', 'latin1');
    expect(endOfText(text, 0, text.length, latin1)).toBe(text.length - 3);
    expect(firstStatement(text, 9, text.length - 3, latin1)).toMatchObject({
      start: 10,
      end: text.length - 3,
    });
  });

  it('names the first token of a statement, or of what stands in its place', () => {
    const of = (sql: string): number =>
      firstStatement(Buffer.from(sql), 0, Buffer.byteLength(sql), MYSQL).firstToken;
    expect(of(' /* a */ SELECT 1; SELECT 2')).toBe(9);
    expect(of(' /* a */ ; SELECT 2')).toBe(9);
    expect(of(' /*!50000 SELECT 1 */; SELECT 2')).toBe(10);
    expect(of('-- x')).toBe(4);
  });

  it('takes time in proportion to the statement, not to the text behind it', () => {
    const text = Buffer.from('DO 1;'.repeat(200_000));
    const before = performance.now();
    let count = 0;
    for (let at = 0; at !== -1; count++) at = firstStatement(text, at, text.length - 1, MYSQL).next;
    expect(count).toBe(200_000);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe('hasSeveralStatements', () => {
  it.each([
    ['SELECT 1', false],
    ['SELECT 1;', false],
    ['SELECT 1; -- x', false],
    ['SELECT 1; /*! */', false],
    ['SELECT 1;;', true],
    ['; SELECT 1', true],
    ['SELECT 1; /*!50000 SELECT 2 */', true],
    ['SELECT 1;\0', true],
    ['CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END', false],
    ['CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END;', false],
    ['CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END; DO 1', true],
  ])('%s', (sql, expected) => {
    const text = Buffer.from(sql);
    const tokens = new TokenBuffer();
    lex(text, 0, text.length, MYSQL, tokens);
    expect(hasSeveralStatements(text, tokens, MYSQL)).toBe(expected);
  });
});
