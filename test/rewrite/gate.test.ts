import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Gate } from '../../src/rewrite/gate.js';

const gate = new Gate(['users', 'Order Items', 'a`b', 'kü']);

function opens(sql: string | Buffer, by: Gate = gate): boolean {
  const statement = typeof sql === 'string' ? Buffer.from(sql, 'utf8') : sql;
  // At every alignment, and with neighbours in the packet that would open it.
  const results = ['', 'users', '@users'].map((around) => {
    const packet = Buffer.concat([Buffer.from(around), statement, Buffer.from(around)]);
    return by.opens(packet, around.length, around.length + statement.length);
  });
  expect(new Set(results).size).toBe(1);
  return results[0] ?? false;
}

describe('opens', () => {
  test.each([
    'SELECT * FROM users',
    'users',
    'SELECT * FROM USERS',
    'SELECT * FROM uSeRs',
    'SELECT * FROM `app`.`users`',
    'SELECT * FROM users_archive',
    "SELECT 'users'",
    'SELECT 1 /* users */',
    '/*!50000 SELECT * FROM users*/',
    'SELECT * FROM `order items`',
    'SELECT * FROM `a``b`',
    'SELECT * FROM kü',
    'SELECT * FROM İtems',
    "SELECT 'ü'",
    'SELECT @a',
    'SELECT @@version',
    'PREPARE s FROM "x"',
    'prepare s FROM "x"',
    'EXECUTE s',
    "EXECUTE IMMEDIATE 'x'",
    'CALL p()',
    '/*!50000CALL p()*/',
    '/*!CALL p()*/',
    '/* x */CALL p()',
    ';CALL p()',
    'CALL/**/p()',
    'BEGIN NOT ATOMIC SELECT 1; END',
    'IF 1 THEN EXECUTE IMMEDIATE "x"; END IF',
    "BINLOG 'x'",
    'SHOW USER_VARIABLES',
    'SELECT * FROM performance_schema.user_variables_by_thread',
    'SET sql_mode = ""',
    'set names gbk',
    ' \n SET sql_mode = ""',
    '/* x */ SET sql_mode = ""',
    '-- x\nSET sql_mode = ""',
    '-- x\n\n  SET sql_mode = ""',
    '# x\nSET sql_mode = ""',
    '/*!SET sql_mode = ""*/',
    '/*!50000SET sql_mode = ""*/',
    '/*!50000 SET sql_mode = ""*/',
    'SELECT 1;SET sql_mode = ""',
    'SELECT 1; SET sql_mode = ""',
    'IF 1 THEN SET sql_mode = ""; END IF',
    'WHILE 1 DO SET sql_mode = ""; END WHILE',
    'SET STATEMENT max_statement_time = 1 FOR SET sql_mode = ""',
  ])('%s', (sql) => {
    expect(opens(sql)).toBe(true);
  });
});

describe('stays closed', () => {
  test.each([
    '',
    'x',
    'SELECT 1',
    'SELECT * FROM user',
    'SELECT * FROM sers',
    'SELECT * FROM items WHERE a = 1',
    'UPDATE items SET a = 1',
    'UPDATE items\nSET a = 1',
    'UPDATE t1 SET a = 1',
    'UPDATE `t` SET a = 1',
    'INSERT INTO t SET a = 1',
    'ALTER TABLE t ALTER a SET DEFAULT 1',
    'CREATE TABLE t (a TEXT CHARACTER SET utf8mb4)',
    'SELECT offset, setting, reset FROM t',
    'SELECT call_id, recall FROM calls',
    'SELECT prepared, executed FROM t',
    'SELECT a FROM t FOR UPDATE',
    'COMMIT',
    "INSERT INTO t VALUES ('a-b', '1--2')",
  ])('%s', (sql) => {
    expect(opens(sql)).toBe(false);
  });
});

describe('names', () => {
  test('of one and two letters', () => {
    expect(opens('SELECT 1 FROM t', new Gate(['t']))).toBe(true);
    expect(opens('SELECT 1', new Gate(['q']))).toBe(false);
    for (const sql of ['qz', ' qz', 'a qZ b', 'a  QZ']) expect(opens(sql, new Gate(['qz'])), sql).toBe(true);
    expect(opens('q z', new Gate(['qz']))).toBe(false);
  });

  test('none: only the words that hide SQL open', () => {
    const none = new Gate([]);
    expect(opens('SELECT * FROM users', none)).toBe(false);
    expect(opens('CALL p()', none)).toBe(true);
    expect(opens('SELECT 1', new Gate(['']))).toBe(false);
  });

  test('many: more first pairs than the table tells apart', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const names = [...letters].flatMap((a) => [...letters].map((b) => `${a}${b}_table`));
    const many = new Gate(names);
    for (const name of names) expect(opens(`SELECT 1 FROM ${name.toUpperCase()}`, many), name).toBe(true);
    expect(opens('SELECT 1 FROM zz_tables', new Gate(names.slice(0, 600)))).toBe(false);
  });

  test('wherever they stand', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[ -?A-Z[-~]*$/),
        fc.stringMatching(/^[ -?A-Z[-~]*$/),
        fc.constantFrom('users', 'USERS', 'Order Items', '`a``b`', 'USER_variables'),
        (before, after, name) => {
          expect(opens(before + name + after)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('1 MiB of adversarial text takes linear time', () => {
  const texts = [
    'us',
    'user',
    'set ',
    'x\nset ',
    ' ',
    '\n',
    '-- \nset',
    '1',
    '1 set',
    'prepar',
    'cal',
    '-',
    '#',
    'a,',
    'callx ',
  ];
  for (const text of texts) {
    for (const end of ['', 'set', ' set ']) {
      const statement = Buffer.from(`x${text.repeat(Math.ceil((1 << 20) / text.length))}${end}`);
      const before = performance.now();
      gate.opens(statement, 0, statement.length);
      expect(performance.now() - before, text).toBeLessThan(500);
    }
  }
});
