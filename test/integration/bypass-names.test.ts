import type { RowDataPacket } from 'mysql2/promise';
import { beforeAll, describe, expect, it } from 'vitest';
import { foldLoosely, isReservedVariable } from '../../src/rewrite/folding.js';
import { forEachServer } from '../support/servers.js';
import { writeLab } from '../support/write-cases.js';
import { CANARY } from '../support/write-data.js';

/** Every character of the basic plane beside the ASCII letter, digit or sign that a collation takes it for. */
const LOOKALIKES = `
  WITH RECURSIVE n AS (SELECT 128 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 65535),
    c AS (SELECT i, CONVERT(CHAR(i USING ucs2) USING utf8mb3) COLLATE utf8mb3_general_ci AS letter FROM n
      WHERE i NOT BETWEEN 55296 AND 57343),
    a AS (SELECT i, CHAR(i USING utf8mb3) COLLATE utf8mb3_general_ci AS ascii FROM
      (SELECT 95 AS i UNION ALL SELECT 48 UNION ALL SELECT 57) s
      UNION ALL SELECT 97 + o, CHAR(97 + o USING utf8mb3) COLLATE utf8mb3_general_ci FROM
        (SELECT 0 AS o UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
         UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11
         UNION ALL SELECT 12 UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15 UNION ALL SELECT 16 UNION ALL SELECT 17
         UNION ALL SELECT 18 UNION ALL SELECT 19 UNION ALL SELECT 20 UNION ALL SELECT 21 UNION ALL SELECT 22 UNION ALL SELECT 23
         UNION ALL SELECT 24 UNION ALL SELECT 25) l)
  SELECT HEX(CONVERT(c.letter USING utf8mb4)) AS letter, CHAR(a.i USING utf8mb4) AS ascii
  FROM c JOIN a ON c.letter = a.ascii OR LOWER(c.letter) = a.ascii`;

const NO = { outcome: 'refused' };

forEachServer((name, getServer) => {
  const lab = writeLab(getServer);

  describe('folded names (bypasses.md 13)', () => {
    it('no character that the server folds to ASCII escapes our folding', async () => {
      const depth = name.startsWith('mysql') ? 'cte_max_recursion_depth' : 'max_recursive_iterations';
      await lab().plain.query(`SET SESSION ${depth} = 70000; SET NAMES utf8mb4`);
      const [rows] = await lab().plain.query<RowDataPacket[]>(LOOKALIKES);
      expect(rows.length).toBeGreaterThan(100);
      const escaped = rows
        .map((row) => ({
          letter: Buffer.from(String(row['letter']), 'hex').toString(),
          ascii: String(row['ascii']),
        }))
        .filter(({ letter, ascii }) => foldLoosely(letter) !== ascii);
      expect(escaped).toEqual([]);
    });

    it.each([
      "INSERT INTO users (username, emaİl) VALUES ('q', 'plain')",
      "INSERT INTO users (username, émail) VALUES ('q', 'plain')",
      "INSERT INTO users (username, `ＥＭＡＩＬ`) VALUES ('q', 'plain')",
      "INSERT INTO users (username, ENCRYPTED_EMAİL) VALUES ('q', 'plain')",
      "REPLACE INTO users (username, `toKen\u200b`) VALUES ('q', 'plain')",
      "UPDATE users SET emaİl = 'plain' WHERE id = 1",
      "UPDATE users SET tenant_İd = 't2' WHERE id = 1",
      "UPDATE users SET `tenant\u005fId\u0301` = 't2' WHERE id = 1",
      'UPDATE users SET username = encrypted_emaİl WHERE id = 1',
      'UPDATE users SET username = to\u212Aen WHERE id = 1',
      "INSERT INTO users (id, username) VALUES (1, 'ann') ON DUPLICATE KEY UPDATE emaİl = 'plain'",
      "INSERT INTO users (id, username, email) VALUES (1, 'ann', 'x') ON DUPLICATE KEY UPDATE username = VALUES(emaİl)",
      'SELECT emaİl INTO @v FROM users LIMIT 1',
      'SELECT @v := emaİl FROM users LIMIT 1',
    ])('%s', async (sql) => {
      expect(await lab().outcome(sql)).toMatchObject(NO);
    });
  });

  describe('the Kelvin sign, which some servers take for k (bypasses.md 13)', () => {
    it.each([
      "INSERT INTO users (username, to\u212Aen) VALUES ('q', 'plain')",
      "INSERT INTO users SET username = 'q', to\u212Aen = 'plain'",
      "UPDATE users SET users.`to\u212Aen` = 'plain' WHERE id = 1",
    ])('%s', async (sql) => {
      // Encrypted as `token`, or refused: `attack` expects that no plaintext lies in the table.
      const outcome = await lab().attack(sql);
      expect(outcome.outcome).not.toBe('forwarded');
    });
  });

  describe('user variables (bypasses.md 4)', () => {
    it.each([
      '@`__tç_key`',
      '@`__tc_key `',
      '@`__TC_KEY`',
      "@'__t\\c_key'",
      '@"__tc_key"',
      '@__tc_kéy',
      '@`__tc_key\u00a0`',
      '@`\u200b__tc_key`',
      '@__Tc_Key',
      '@`__tc_key\\0`',
    ])('%s', async (variable) => {
      for (const sql of [
        `SELECT ${variable}`,
        `SET ${variable} = 1`,
        `SELECT 1 INTO ${variable}`,
        `SET @a = 1, ${variable} := 2`,
      ]) {
        expect(await lab().outcome(sql), sql).toMatchObject({ ...NO, code: 'TC_RESERVED_NAME' });
      }
    });

    it('no other spelling in ASCII reaches the key', async () => {
      // What is not refused is another variable for the server.
      for (const variable of [
        '@_tc_key',
        '@`__tc-key`'.replace('__', '_'),
        '@tc_key',
        '@`_ _tc_key`',
        '@$__tc_key',
        '@`.__tc_key`',
      ]) {
        const outcome = await lab().outcome(`SELECT ${variable} AS v`);
        if (outcome.outcome === 'refused') continue;
        const [rows] = await lab().secure.query<RowDataPacket[]>(`SELECT ${variable} AS v`);
        expect(rows[0]?.['v'], variable).toBeNull();
      }
      expect(isReservedVariable(' __TC_KEY')).toBe(true);
    });
  });

  describe('shadowed names (bypasses.md 15, 16)', () => {
    it.each([
      'WITH Users AS (SELECT 1 AS a) SELECT * FROM users',
      'WITH users AS (SELECT 1 AS a) SELECT * FROM USERS, users',
      'WITH RECURSIVE a AS (SELECT * FROM users), users AS (SELECT 1 AS id) SELECT * FROM a',
      'CREATE TEMPORARY TABLE users (id INT)',
      'CREATE TEMPORARY TABLE IF NOT EXISTS `users` LIKE notes',
      'WITH users AS (SELECT * FROM users) SELECT username FROM users',
      'SELECT * FROM (WITH users AS (SELECT 1 AS id) SELECT * FROM users) d JOIN users u USING (id)',
    ])('%s', async (sql) => {
      const result = await lab().attack(sql);
      expect(result.rows ?? '').not.toContain(CANARY);
    });

    // In a WITH of a subquery MariaDB does not see the names of the WITH around it: it reads the table.
    it.each([
      'WITH users AS (SELECT 1 AS id) SELECT * FROM (WITH x AS (SELECT * FROM users) SELECT * FROM x) d',
      'WITH users AS (SELECT 1 AS id) SELECT * FROM (WITH users AS (SELECT * FROM users) SELECT * FROM users) d',
      'WITH users AS (SELECT 1 AS id) SELECT 1 WHERE EXISTS (WITH x AS (SELECT * FROM (SELECT * FROM users) y) SELECT * FROM x WHERE id = 2)',
      'WITH users AS (SELECT 1 AS id) SELECT * FROM (WITH x AS (WITH y AS (SELECT * FROM users) SELECT * FROM y) SELECT * FROM x) d',
      'INSERT INTO notes (text) WITH users AS (SELECT 1 AS id) SELECT id FROM (WITH x AS (SELECT * FROM users) SELECT * FROM x) d',
    ])('%s', async (sql) => {
      const result = await lab().attack(sql);
      if (name.startsWith('mariadb')) {
        expect(result).toMatchObject({ outcome: 'refused', code: 'TC_UNSUPPORTED_SQL' });
      } else {
        expect(result).toMatchObject({ outcome: 'forwarded' });
        expect(result.rows ?? '').not.toContain('tenant_id');
      }
    });
  });

  describe('the tenant (bypasses.md 11, 12, 19)', () => {
    beforeAll(async () => {
      // Tenants that the column's collation takes for t1.
      for (const [index, tenant] of ['T1', 't1 ', 'ť1', 't1\u0301'].entries()) {
        await lab().secure.query(
          `INSERT INTO shared (id, tenant_id, username, encrypted_email) VALUES (${900 + index}, ?, ?, 'not ours')`,
          [tenant, `${CANARY}${index}`],
        );
      }
      await lab().rebase();
    });

    it.each([
      'SELECT * FROM shared',
      "SELECT * FROM shared WHERE tenant_id = 'T1'",
      'SELECT * FROM shared WHERE tenant_id = 0',
      "SELECT s.username FROM shared s LEFT JOIN shared o ON o.tenant_id = 'T1'",
      'UPDATE shared SET visits = 99',
      "UPDATE shared SET visits = 99, email = 'taken' WHERE tenant_id = 'T1' OR 1 = 1",
      'UPDATE shared SET visits = 99 WHERE id >= 900',
      'DELETE FROM shared',
      "DELETE FROM shared WHERE tenant_id LIKE '%' OR id > 0",
      'DELETE FROM shared WHERE id >= 900 ORDER BY id LIMIT 2',
      "DELETE FROM shared WHERE 1 = 1 OR email = 'x' AND id = 1",
      "INSERT INTO shared (id, username) VALUES (900, 'x') ON DUPLICATE KEY UPDATE username = 'mine', tenant_id = VALUES(tenant_id)",
      "INSERT INTO shared (id, username) VALUES (900, 'x') ON DUPLICATE KEY UPDATE email = 'mine'",
      "INSERT INTO shared (tenant_id, id, username) VALUES ('T1', 950, 'x')",
      "INSERT INTO shared (tenant_id, id, username) VALUES ('t1 ', 950, 'x')",
      "INSERT INTO shared (tenant_id, id, username) VALUES (X'5431', 950, 'x')",
      'INSERT INTO shared (tenant_id, id, username) VALUES (0, 950, 1)',
      "UPDATE shared SET tenant_id = 'T1' WHERE id = 1",
    ])('touches no other tenant’s rows: %s', async (sql) => {
      await lab().attack(sql);
    });

    it.each([
      "EXP(IF(username LIKE 'other-%', 9999, 1)) > 0",
      "IF(username LIKE 'other-%', (SELECT 1 UNION ALL SELECT 2), 1) > 0",
      "id = 101 AND EXP(IF(username LIKE 'other-%', 9999, 1)) > 0",
      "username LIKE 'other-%' AND EXP(IF(id > 0, 9999, 1)) > 0",
      "username = 'other-ann' AND EXP(IF(visits >= 0, 9999, 1)) > 0",
      "id BETWEEN 100 AND 200 AND JSON_EXTRACT(CONCAT('{', username), '$') IS NOT NULL",
    ])('a predicate does not run on other tenants’ rows before ours does: %s', async (predicate) => {
      for (const sql of [
        `UPDATE shared SET visits = 1 WHERE ${predicate}`,
        `DELETE FROM shared WHERE ${predicate}`,
        `UPDATE shared SET visits = 1 ORDER BY ${predicate.includes('AND') ? 'id' : predicate} LIMIT 3`,
      ]) {
        const result = await lab().attack(sql);
        expect(result.errno, sql).toBeUndefined();
      }
    });

    it('a lock by name is not taken for other tenants’ rows', async () => {
      await lab().attack('UPDATE shared SET visits = 1 WHERE GET_LOCK(username, 0) = 1');
      const [rows] = await lab().plain.query<RowDataPacket[]>(
        "SELECT IS_USED_LOCK('other-ann') AS other, IS_USED_LOCK('ann') AS own",
      );
      expect(rows[0]?.['other']).toBeNull();
      await lab().secure.query('DO RELEASE_ALL_LOCKS()');
    });
  });

  describe('views, triggers and routines over protected tables (semantics.md 7)', () => {
    beforeAll(async () => {
      await lab().secure.query(`
        CREATE VIEW all_users AS SELECT * FROM users;
        CREATE VIEW more_users AS SELECT * FROM all_users;
        CREATE FUNCTION first_user() RETURNS VARCHAR(100) READS SQL DATA RETURN (SELECT MAX(username) FROM users);
        CREATE FUNCTION indirect() RETURNS VARCHAR(100) READS SQL DATA RETURN first_user();
        CREATE TABLE trapped (id INT, text VARCHAR(50));
        CREATE TRIGGER copies AFTER INSERT ON trapped FOR EACH ROW
          INSERT INTO shared (tenant_id, username, encrypted_email) VALUES ('t1', NEW.text, NEW.text)`);
      await lab().refresh();
    });

    it.each([
      'SELECT * FROM all_users',
      'SELECT * FROM more_users',
      'UPDATE all_users SET username = 1',
      'INSERT INTO more_users (id) VALUES (1)',
      'DELETE FROM ALL_USERS'.toLowerCase(),
      'SELECT first_user()',
      'SELECT FIRST_USER ()',
      'SELECT `first_user`()',
      'SELECT {db}.first_user()',
      'SELECT indirect()',
      'SET @v = first_user()',
      'DO indirect()',
      'INSERT INTO notes (text) VALUES (first_user())',
      "INSERT INTO trapped VALUES (1, 'plain')",
      "INSERT INTO {db}.trapped VALUES (1, 'plain')",
      'INSERT INTO trapped SELECT id, text FROM notes',
      "REPLACE trapped SET text = 'plain'",
      "SELECT 1; INSERT INTO trapped VALUES (1, 'plain')",
      "LOAD DATA INFILE '/x' INTO TABLE trapped",
      "PREPARE s FROM 'INSERT INTO trapped VALUES (1, 1)'",
      "EXPLAIN INSERT INTO trapped VALUES (1, 'plain')",
      'CREATE TABLE copy AS SELECT * FROM all_users',
      'CREATE VIEW v3 AS SELECT indirect()',
    ])('%s', async (sql) => {
      expect(await lab().outcome(sql.replaceAll('{db}', lab().database))).toMatchObject(NO);
    });

    it('what only looks like them passes', async () => {
      for (const sql of [
        'SELECT first_user FROM notes',
        'SELECT * FROM trapped',
        'SELECT other.first_user()',
      ]) {
        expect(await lab().outcome(sql), sql).toEqual({ outcome: 'forwarded' });
      }
    });
  });
});
