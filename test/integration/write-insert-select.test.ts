import type { ResultSetHeader } from 'mysql2/promise';
import { beforeAll, describe, expect, it } from 'vitest';
import { forEachSetting, itWrites, writeLab } from '../support/write-cases.js';
import { OTHER_TENANT, TENANT } from '../support/write-data.js';
import type { WriteCase, WriteLab } from '../support/write-lab.js';

const NO = 'TC_UNSUPPORTED_SQL';
const ESCAPE = 'TC_PLAINTEXT_ESCAPE';
const ODKU = 'ON DUPLICATE KEY UPDATE';

/** Rows of queries into protected tables. `papers` is a table that is not protected, the same on both sides. */
const INTO_PROTECTED: readonly WriteCase[] = [
  { sql: 'INSERT INTO users (username, email) SELECT title, body FROM papers' },
  { sql: 'INSERT INTO users (username, email) (SELECT title, body FROM papers)' },
  { sql: 'INSERT INTO users (email, username) SELECT body, title FROM papers ORDER BY title DESC' },
  { sql: 'INSERT INTO users (email, username) SELECT body, title FROM papers ORDER BY 2 DESC LIMIT 2' },
  { sql: 'INSERT INTO users (email, username) (SELECT body, title FROM papers ORDER BY title DESC)' },
  { sql: 'INSERT INTO users (email, username) (SELECT body, title FROM papers) ORDER BY title DESC LIMIT 1' },
  { sql: "INSERT INTO users (username, email) SELECT CONCAT('copy-', username), email FROM users" },
  {
    sql: "INSERT INTO users (username, email, phone, code, bio, age, score, level, token, pin, visits) SELECT CONCAT('copy-', username), email, phone, code, bio, age, score, level, token, pin, visits FROM users ORDER BY id",
  },
  {
    sql: "INSERT INTO users (tenant_id, username, email) SELECT tenant_id, CONCAT('c', username), email FROM users",
  },
  { sql: "INSERT INTO users (username, email, tenant_id) SELECT title, body, 't1' FROM papers" },
  { sql: 'INSERT INTO users (id, username, email) SELECT id + 1000, username, email FROM shared' },
  {
    sql: 'INSERT INTO shared (id, username, email) SELECT id + 1000, CONCAT(username, FLOOR(RAND())), email FROM users ORDER BY id',
  },
  {
    sql: 'INSERT INTO shared (id, tenant_id, username, email, phone, code, bio, age, score, level, token, pin, visits) SELECT u.id + 1000, tenant_id, CONCAT(id), email, phone, code, bio, age, score, level, token, pin, visits FROM users u',
  },
  {
    sql: 'INSERT INTO users (username, email) SELECT t.title, n.body FROM papers t JOIN papers n ON n.id = t.id WHERE n.id > 1',
  },
  { sql: "INSERT INTO users (username, email) SELECT 'x', 'y' UNION ALL SELECT title, body FROM papers" },
  { sql: "INSERT INTO users (username, email) SELECT 'x', 'y' UNION SELECT 'x', 'y'" },
  { sql: 'INSERT INTO users (username, email) SELECT title, MAX(body) FROM papers GROUP BY title' },
  { sql: 'INSERT INTO users (username, email) SELECT DISTINCT title, body FROM papers ORDER BY title' },
  {
    sql: 'INSERT INTO users (username, visits) SELECT title, COUNT(*) FROM papers GROUP BY title ORDER BY title',
  },
  { sql: 'INSERT INTO users (username, email) WITH n AS (SELECT * FROM papers) SELECT title, body FROM n' },
  {
    sql: "INSERT INTO users (username, email) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i, CONCAT('e', i) FROM n",
  },
  { sql: 'INSERT INTO users (username, email, email) SELECT title, body, body FROM papers', errno: 1110 },
  { sql: 'INSERT INTO users (username, email) SELECT title FROM papers', errno: 1136 },
  { sql: 'INSERT INTO users (username, email) SELECT title, body, id FROM papers', errno: 1136 },
  { sql: 'INSERT INTO users (username, email) SELECT body, body AS body FROM papers' },
  { sql: 'INSERT INTO users (username, email) SELECT title, body FROM papers FOR UPDATE' },
  { sql: "INSERT INTO users (username, email) SELECT 'only', NULL" },
  {
    sql: "INSERT INTO users (username, email) SELECT 'only', NULL FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM users WHERE email = 'nobody@x')",
  },
  {
    sql: "INSERT INTO users (username, email) SELECT 'only', 'e' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM users WHERE email = 'ann@x.com')",
  },
  { sql: 'INSERT INTO users (email, age, level, score) SELECT body, id, id * 1000, id FROM papers' },
  { sql: 'INSERT INTO users (username, age) SELECT title, body FROM papers', errno: 1366, otherError: true },
  { sql: 'INSERT INTO users (username, age) SELECT title, 128 FROM papers', errno: 1264, otherError: true },
  { sql: "INSERT INTO users (username, age) SELECT title, '127' FROM papers" },
  { sql: 'INSERT INTO users (username, age) SELECT title, -128 FROM papers' },
  {
    sql: "INSERT INTO users (username, level, score, age) SELECT title, '2147483647', '18446744073709551615', '-7.6' FROM papers",
  },
  {
    sql: 'INSERT INTO users (username, level) SELECT title, 2147483648 FROM papers',
    errno: 1264,
    otherError: true,
  },
  { sql: 'INSERT INTO users (username, score) SELECT title, -1 FROM papers', errno: 1264, otherError: true },
  { sql: 'INSERT INTO users (username, score) SELECT title, 18446744073709551615 FROM papers' },
  {
    sql: 'INSERT INTO users (username, score) SELECT title, 18446744073709551616 FROM papers',
    errno: 1264,
    otherError: true,
  },
  { sql: 'INSERT INTO users (username, level) SELECT title, price FROM papers' },
  { sql: 'INSERT INTO users (username, level) SELECT title, COUNT(*) FROM papers GROUP BY title' },
  { sql: 'INSERT INTO users (username, level) SELECT title, id > 1 FROM papers' },
  { sql: 'INSERT INTO users (username, level) SELECT title, 0x31 FROM papers', refused: NO },
  {
    sql: "INSERT INTO users (username, email) SELECT 'long', REPEAT('x', 51)",
    errno: 1406,
    otherError: true,
  },
  { sql: "INSERT INTO users (username, email) SELECT 'fits', REPEAT('é', 50)" },
  { sql: "INSERT INTO users (username, token) SELECT 'long', 'ninebytes'", errno: 1406, otherError: true },
  { sql: "INSERT INTO users (username, pin, code) SELECT 'padded', 'ab', 'cd   '" },
  { sql: 'INSERT INTO users (username, email, phone) SELECT title, price, id FROM papers' },
  { sql: 'INSERT INTO users (username, email) SELECT title, made FROM papers' },
  { sql: 'INSERT INTO users (username, email) SELECT title, RAND() < 2 FROM papers' },
  { sql: 'INSERT IGNORE INTO users (id, username, email) SELECT id, title, body FROM papers' },
  { sql: "INSERT IGNORE INTO users (username, email) SELECT 'ann', 'new' UNION ALL SELECT 'fresh', 'f'" },
  { sql: 'REPLACE INTO users (id, username, email) SELECT id, title, body FROM papers' },
  { sql: "REPLACE INTO users (username, email) SELECT username, CONCAT('r', email) FROM users ORDER BY id" },
  { sql: 'REPLACE INTO shared (id, username) SELECT id, title FROM papers', refused: NO },
  {
    sql: `INSERT INTO users (id, username, email) SELECT id, 'ann', body FROM papers ORDER BY id ${ODKU} email = VALUES(email)`,
  },
  {
    sql: `INSERT INTO users (username, email) SELECT 'ann', body FROM papers ORDER BY id ${ODKU} email = VALUES(email), visits = users.visits + 1`,
  },
  {
    sql: `INSERT INTO users (username, email) SELECT 'ann', body FROM papers n ORDER BY n.id ${ODKU} email = n.title`,
  },
  {
    sql: `INSERT INTO users (username, email) SELECT 'ann', body FROM papers n ORDER BY id ${ODKU} email = CONCAT(title, users.email)`,
  },
  {
    sql: `INSERT INTO users (id, username, email) SELECT p.id, 'x', p.body FROM papers p ORDER BY p.id ${ODKU} visits = p.id * 7, phone = CONCAT(p.id)`,
  },
  {
    sql: `INSERT INTO users (id, username) SELECT s.id, s.username FROM shared s ORDER BY s.id ${ODKU} email = CONCAT(s.email, '+', s.visits), users.phone = s.phone`,
  },
  {
    sql: `INSERT INTO users (id, username) SELECT s.id, s.username FROM shared s ORDER BY s.id ${ODKU} visits = s.visits + 1`,
  },
  {
    sql: `INSERT INTO users (id, username) SELECT s.id, s.username FROM shared s JOIN papers p ON p.id = s.id ${ODKU} email = p.body, visits = p.id`,
  },
  {
    sql: `INSERT INTO users (id, username) SELECT s.id, s.username FROM shared s ${ODKU} visits = s.nothing`,
    errno: 1054,
  },
  {
    sql: `INSERT INTO users (id, username) SELECT s.id, s.username FROM shared s ${ODKU} username = s.email`,
    refused: ESCAPE,
  },
  {
    sql: `INSERT INTO users (id, email) SELECT id, MAX(body) FROM papers n GROUP BY id ${ODKU} email = n.title`,
    refused: NO,
  },
  { sql: 'INSERT INTO users (username, email) TABLE pair', only: 'mysql' },
  { sql: "INSERT INTO users (username, email) VALUES ROW('r1', 'e1'), ROW('r2', 'e2')", only: 'mysql' },
  { sql: "INSERT INTO users (username, email) (VALUES ROW('r1', 'e1'), ROW('r2', 'e2'))", only: 'mysql' },
  { sql: "INSERT INTO users (username, email) SELECT * FROM (VALUES ROW('r1', 'e1')) v", only: 'mysql' },
  { sql: 'INSERT INTO users (username, email) SELECT * FROM pair' },
  { sql: 'INSERT INTO users (username, email) SELECT p.* FROM pair p' },
  { sql: 'INSERT INTO users SELECT * FROM users', otherError: true },
  {
    sql: "INSERT INTO users SELECT 900, tenant_id, 'zz', email, phone, code, bio, age, score, level, token, pin, visits, DEFAULT(visits) FROM users",
    otherError: true,
  },

  { sql: 'INSERT INTO users (username) SELECT email FROM users', refused: ESCAPE },
  {
    sql: "INSERT INTO users (username, email) SELECT CONCAT(u.email, 'x'), 'e' FROM users u",
    refused: ESCAPE,
  },
  { sql: 'INSERT INTO users (email, username) SELECT email AS e, (SELECT e) FROM users', refused: ESCAPE },
  { sql: 'INSERT INTO users (username) SELECT d.x FROM (SELECT email AS x FROM users) d', refused: ESCAPE },
  {
    sql: 'INSERT INTO users (username) WITH d AS (SELECT email AS x FROM users) SELECT x FROM d',
    refused: ESCAPE,
  },
  { sql: "INSERT INTO users (username) SELECT 'a' UNION ALL SELECT email FROM users", refused: ESCAPE },
  { sql: 'INSERT INTO users (username) SELECT (SELECT MAX(email) FROM users)', refused: ESCAPE },
  { sql: 'INSERT INTO users (encrypted_email) SELECT body FROM papers', refused: ESCAPE },
];

/** Rows of protected tables into `papers`. */
const OUT_OF_PROTECTED: readonly { sql: string; refused?: string }[] = [
  { sql: 'INSERT INTO papers (title, body) SELECT username, visits FROM users' },
  { sql: 'INSERT INTO papers (title) SELECT u.username FROM users AS u ORDER BY u.id DESC LIMIT 2' },
  {
    sql: "INSERT INTO papers (title) SELECT username FROM users WHERE email = 'ann@x.com' AND age IS NOT NULL",
  },
  {
    sql: 'INSERT INTO papers (title, body) SELECT u.username, n.body FROM users u JOIN papers n ON n.id = u.id',
  },
  { sql: 'INSERT INTO papers (title, body) SELECT COUNT(*), MAX(visits) FROM users HAVING COUNT(email) > 1' },
  {
    sql: "INSERT INTO papers (title) SELECT 'any' FROM DUAL WHERE EXISTS (SELECT * FROM users WHERE phone = '111')",
  },
  { sql: 'INSERT INTO papers (title, body) VALUES ((SELECT username FROM users WHERE id = 1), 1)' },
  { sql: 'INSERT INTO papers SET title = (SELECT MAX(username) FROM users)' },
  { sql: `INSERT INTO papers (id, title) SELECT id, username FROM users ${ODKU} body = VALUES(title)` },
  { sql: 'REPLACE INTO papers (id, title) SELECT id, username FROM users ORDER BY id' },
  { sql: 'INSERT INTO papers (title) SELECT n.title FROM (SELECT username AS title FROM users) n' },
  { sql: 'INSERT INTO papers (title) WITH c AS (SELECT username AS x FROM users) SELECT x FROM c' },
  { sql: 'INSERT INTO papers (title, body) SELECT email, 1 FROM users', refused: ESCAPE },
  { sql: 'INSERT INTO papers (title) SELECT LENGTH(u.email) FROM users u', refused: ESCAPE },
  { sql: 'INSERT INTO papers (title) SELECT EMAIL FROM users', refused: ESCAPE },
  { sql: 'INSERT INTO papers SELECT * FROM users', refused: ESCAPE },
  { sql: 'INSERT INTO papers SELECT u.* FROM users u', refused: ESCAPE },
  { sql: 'INSERT INTO papers (title) SELECT d.x FROM (SELECT email AS x FROM users) d', refused: ESCAPE },
  {
    sql: 'INSERT INTO papers (title) SELECT d.x FROM (SELECT * FROM (SELECT email AS x FROM users) e) d',
    refused: ESCAPE,
  },
  {
    sql: 'INSERT INTO papers (title) WITH c AS (SELECT email AS x FROM users) SELECT x FROM c',
    refused: ESCAPE,
  },
  {
    sql: 'INSERT INTO papers (title) WITH c(x) AS (SELECT email FROM users) SELECT c.x FROM c',
    refused: ESCAPE,
  },
  {
    sql: 'INSERT INTO papers (title) WITH RECURSIVE a AS (SELECT x FROM b), b AS (SELECT email AS x FROM users) SELECT x FROM a',
    refused: ESCAPE,
  },
  { sql: "INSERT INTO papers (title) SELECT 'a' UNION SELECT email FROM users", refused: ESCAPE },
  { sql: 'INSERT INTO papers (title) SELECT (SELECT MAX(email) FROM users)', refused: ESCAPE },
  { sql: 'INSERT INTO papers (title) SELECT GROUP_CONCAT(email) FROM users', refused: ESCAPE },
  { sql: 'INSERT INTO papers (title) VALUES ((SELECT email FROM users WHERE id = 1))', refused: ESCAPE },
  { sql: 'INSERT INTO papers SET title = (SELECT MAX(email) FROM users)', refused: ESCAPE },
  {
    sql: `INSERT INTO papers (id, title) SELECT id, username FROM users u ${ODKU} body = u.email`,
    refused: ESCAPE,
  },
  {
    sql: `INSERT INTO papers (id, title) SELECT id, username FROM users ${ODKU} body = email`,
    refused: ESCAPE,
  },
  {
    sql: `INSERT INTO papers (id) SELECT 1 FROM (SELECT email AS e FROM users) d ${ODKU} body = d.e`,
    refused: ESCAPE,
  },
  {
    sql: `INSERT INTO papers (id) SELECT 1 FROM (SELECT email AS e FROM users) d ${ODKU} body = e`,
    refused: ESCAPE,
  },
  {
    sql: `INSERT INTO papers (id) VALUES (1) ${ODKU} body = (SELECT MAX(email) FROM users)`,
    refused: ESCAPE,
  },
  { sql: "INSERT INTO papers (title) SELECT username FROM users INTO OUTFILE '/tmp/x'", refused: ESCAPE },
];

const NOTES = `CREATE TABLE papers (id int AUTO_INCREMENT PRIMARY KEY, title varchar(100), body varchar(100),
  price decimal(8,2), flag bit(8), made datetime) DEFAULT CHARSET utf8mb4;
  INSERT INTO papers (title, body, price, flag, made) VALUES ('one', 'b1', 1.00, 1, '2026-01-02 03:04:05'),
    ('two', 'b2', 2.25, 2, NULL), ('three', NULL, NULL, 3, '2026-01-02');
  CREATE TABLE pair AS SELECT title, body FROM papers ORDER BY id`;

forEachSetting((_name, getServer, constants) => {
  const lab = writeLab(getServer, constants);
  beforeAll(async () => {
    for (const connection of [lab().plain, lab().secure]) await connection.query(NOTES);
  });

  describe('into a protected table', () => {
    itWrites(INTO_PROTECTED, getServer, lab);
  });

  it.each([
    `INSERT INTO users (tenant_id, username) SELECT '${OTHER_TENANT}', title FROM papers`,
    `INSERT INTO users (tenant_id, username) SELECT IF(id = 3, '${OTHER_TENANT}', '${TENANT}'), title FROM papers`,
    `INSERT IGNORE INTO users (tenant_id, username) SELECT '${OTHER_TENANT}', title FROM papers`,
    `INSERT IGNORE INTO users (tenant_id, username) SELECT NULL, title FROM papers`,
    `INSERT INTO users (tenant_id, username) SELECT UPPER('${TENANT}'), title FROM papers`,
    `REPLACE INTO users (tenant_id, id, username) SELECT '${OTHER_TENANT}', 1, 'ann'`,
  ])('does not write another tenant’s row: %s', async (sql) => {
    expect(await lab().attack(sql)).toMatchObject({ outcome: 'rewritten', errno: 1690 });
  });

  it.each([
    `INSERT INTO shared (id, username, email) SELECT 101, 'q', 'taken' ${ODKU} email = VALUES(email)`,
    `INSERT IGNORE INTO shared (username, email) SELECT CONCAT('other-', username), 'x' FROM users ${ODKU} email = VALUES(email)`,
    `INSERT IGNORE INTO users (username, email) SELECT 'long', REPEAT('x', 51)`,
    `INSERT IGNORE INTO users (username, age) SELECT 'long', 128`,
    `INSERT IGNORE INTO users (username, age) SELECT title, title FROM papers`,
    'INSERT INTO users (username, email) SELECT username, username FROM users',
  ])('leaves ciphertext, and the other tenant’s rows, alone: %s', async (sql) => {
    await lab().attack(sql);
  });

  it.each([
    // A number that looks like other text, and values that some types round down and some up.
    'INSERT INTO users (username, level) SELECT title, flag FROM papers',
    'INSERT INTO users (username, level) SELECT title, 2.5e0 FROM papers',
    'INSERT INTO users (username, level) SELECT title, 1e20 FROM papers',
    'INSERT INTO users (username, level) SELECT title, made FROM papers WHERE made IS NOT NULL',
  ])('fails rather than store what may be another number: %s', async (sql) => {
    const outcome = await lab().attack(sql);
    expect(outcome).toMatchObject({ outcome: 'rewritten' });
    expect(outcome.errno).toBeDefined();
  });

  describe('out of a protected table', () => {
    const contents = async (connection: WriteLab['plain']): Promise<unknown> =>
      (await connection.query('SELECT id, title, body FROM papers ORDER BY id'))[0];

    for (const { sql, refused } of OUT_OF_PROTECTED) {
      it(sql, async () => {
        const outcome = await lab().outcome(sql);
        if (refused !== undefined) {
          expect(outcome).toMatchObject({ outcome: 'refused', code: refused });
          return;
        }
        if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
        const both = [lab().plain, lab().secure];
        for (const connection of both) await connection.query('START TRANSACTION');
        try {
          const [plain] = await lab().plain.query<ResultSetHeader>(sql);
          const [secure] = await lab().secure.query<ResultSetHeader>(
            Buffer.from(outcome.sql).toString('latin1'),
          );
          const facts = ({ affectedRows, insertId, info, warningStatus }: ResultSetHeader): unknown => ({
            affectedRows,
            insertId,
            info,
            warningStatus,
          });
          expect(facts(secure)).toEqual(facts(plain));
          expect(await contents(lab().secure)).toEqual(await contents(lab().plain));
        } finally {
          for (const connection of both) {
            await connection.query('ROLLBACK');
            await connection.query('ALTER TABLE papers AUTO_INCREMENT = 50');
          }
        }
      });
    }
  });
});
