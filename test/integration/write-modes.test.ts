import { describe, expect, it } from 'vitest';
import { forEachSetting, itWrites, writeLab } from '../support/write-cases.js';
import type { WriteCase } from '../support/write-lab.js';

const NO = 'TC_UNSUPPORTED_SQL';
const LOOSE = ["SET sql_mode = ''"];
const ANSI = ["SET sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES'"];
const NO_ESCAPES = ["SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES'"];
const LATIN1 = ['SET NAMES latin1'];
const age = (value: string): string => `INSERT INTO users (username, age) VALUES ('eve', ${value})`;
const level = (value: string): string => `INSERT INTO users (username, level) VALUES ('eve', ${value})`;
const score = (value: string): string => `INSERT INTO users (username, score) VALUES ('eve', ${value})`;
const email = (value: string): string => `INSERT INTO users (username, email) VALUES ('eve', ${value})`;
const latin1 = (sql: string): Buffer => Buffer.from(sql, 'latin1');

/** Integer columns: canonical on the way in, and the plain table's own errors. */
const INTEGERS: readonly WriteCase[] = [
  ...[
    '0',
    '-0',
    '7',
    '-128',
    '127',
    '+5',
    "'12'",
    "' 12 '",
    "'-3'",
    "'007'",
    '007',
    '3.7',
    '-3.5',
    '2.5',
    '1e2',
    '2.5e0',
    '3.5e0',
    '-2.5e0',
    '25e-1',
    '+3.7',
    '- 4',
    '(5)',
    "'2.5e0'",
    "'1e1'",
    "'2.6'",
    'TRUE',
    'NULL',
  ].map((value) => ({ sql: age(value) })),
  ...['128', '-129', '300', '1e3', '999999999999999999999', "'128'"].map((value) => ({
    sql: age(value),
    errno: 1264,
  })),
  ...["'abc'", "''"].map((value) => ({ sql: age(value), errno: 1366 })),
  ...["'12abc'", "'0x1F'", "'1 2'"].map((value) => ({ sql: age(value), errno: 1265 })),
  ...['2147483647', '-2147483648', '1.5e9', "'1.5e9'", '214748364.75e1'].map((value) => ({
    sql: level(value),
  })),
  ...['2147483648', '1e15'].map((value) => ({ sql: level(value), errno: 1264 })),
  ...['18446744073709551615', '0', "'18446744073709551615'", '9007199254740993'].map((value) => ({
    sql: score(value),
  })),
  ...['18446744073709551616', '-1'].map((value) => ({ sql: score(value), errno: 1264 })),
  { sql: age('1 + 1') },
  { sql: age("CAST('5' AS SIGNED)") },
  { sql: age('100 + 28'), errno: 1264 },
  { sql: age("CONCAT('1', 'x')"), otherError: true },
  { sql: age('ABS(-3.6)') },
  { sql: age('LENGTH(UPPER(1.5e0))') },
  { sql: age('IF(1, 0x31, 0)'), refused: NO },
];

/** Without strict sql_mode the server cuts what does not fit, and the proxy constants; on ciphertext that would destroy the value. */
const LENIENT: readonly WriteCase[] = [
  { sql: email("'fits'"), setup: LOOSE },
  { sql: email('123'), setup: LOOSE },
  { sql: email('NULL'), setup: LOOSE },
  { sql: age("'12'"), setup: LOOSE },
  { sql: email(`'${'x'.repeat(60)}'`), setup: LOOSE },
  { sql: email("CONCAT('a', 'b')"), setup: LOOSE },
  { sql: age('1 + 2'), setup: LOOSE },
  { sql: email("X'ff'"), setup: LOOSE, refused: NO },
  { sql: age('300'), setup: LOOSE },
  { sql: age("'12abc'"), setup: LOOSE },
  { sql: `INSERT IGNORE INTO users (username, email) VALUES ('eve', '${'x'.repeat(60)}')` },
  { sql: `UPDATE IGNORE users SET email = '${'x'.repeat(60)}'` },
  { sql: `UPDATE users SET email = '${'x'.repeat(60)}'`, setup: LOOSE },
  { sql: "UPDATE users SET username = 'x' WHERE email = 'ann@x.com'", setup: LOOSE },
];

/** What the session has set decides how a literal reads. */
const READING: readonly WriteCase[] = [
  { sql: email("'a\\b\\'"), setup: NO_ESCAPES },
  { sql: email("'a\\\\b'"), setup: NO_ESCAPES },
  { sql: email('"double"'), setup: NO_ESCAPES },
  { sql: `INSERT INTO "users" ("username", "email") VALUES ('eve', 'ansi')`, setup: ANSI },
  { sql: `UPDATE "users" SET "email" = 'ansi' WHERE "id" = 1`, setup: ANSI },
  { sql: latin1(email("'caf\xe9'")), setup: LATIN1 },
  { sql: latin1(email(`'${'\xe9'.repeat(50)}'`)), setup: LATIN1 },
  { sql: latin1(email(`'${'\xa9'.repeat(51)}'`)), setup: LATIN1, errno: 1406 },
  { sql: latin1(`UPDATE users SET email = 'caf\xe9' WHERE email = '\xfcn'`), setup: LATIN1 },
  { sql: latin1(email("_utf8mb4'\xc3\xa9'")), setup: LATIN1 },
  { sql: latin1(email("X'c3a9'")), setup: LATIN1 },
  { sql: email("'x'"), setup: ['SET NAMES gbk'], refused: NO },
  { sql: email("'x'"), setup: ['SET NAMES sjis'], refused: NO },
  { sql: email("'x'"), setup: ['SET NAMES cp932'], refused: NO },
  { sql: email("'x'"), setup: ['SET NAMES big5'], refused: NO },
  {
    sql: latin1("INSERT INTO users (username, email) VALUES ('eve', '\xbf\\', '1') -- "),
    setup: ['SET NAMES gbk'],
    refused: NO,
  },
  { sql: "SET @tenant_id = 't2'", setup: ['SET NAMES gbk'], refused: NO },
];

forEachSetting((_name, getServer, constants) => {
  const lab = writeLab(getServer, constants);

  describe.each([
    ['integers', INTEGERS],
    ['not strict', LENIENT],
    ['sql_mode and character set', READING],
  ])('%s', (_group, cases) => {
    itWrites(cases, getServer, lab);
  });

  it.each([
    email("'x'"),
    email("CONCAT('x')"),
    age('5'),
    'UPDATE users SET email = UPPER(username)',
    "UPDATE users SET email = 'x' WHERE id = 1",
    "INSERT IGNORE INTO users (username, email) VALUES ('eve', 'x')",
    "UPDATE IGNORE users SET email = 'x', age = 1",
    "REPLACE INTO users (username, age) VALUES ('eve', 1)",
    "INSERT INTO users (id, username, email) VALUES (1, 'ann', 'x') ON DUPLICATE KEY UPDATE email = CONCAT(username, 'y')",
  ])('without a key it raises and stores no NULL: %s', async (sql) => {
    await lab().secure.query('SET @key = @__tc_key; SET @__tc_key = NULL');
    try {
      const outcome = await lab().outcome(sql);
      if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
      await expect(lab().secure.query(outcome.sql)).rejects.toMatchObject({ errno: 1690 });
    } finally {
      await lab().secure.query('SET @__tc_key = @key; SET @key = NULL');
    }
    await lab().expectIntact();
  });
});
