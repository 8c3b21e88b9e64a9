import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { found, keyMarkers, type Marker } from '../support/markers.js';
import { KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/*
 * Statements that real servers accept and that would carry a key, plaintext or another tenant's rows to where they
 * don't belong (shared/bypasses.md). Whatever becomes of them, the invariants of design.md §2 hold afterwards; those in
 * REFUSED are refused.
 */

const OWN = 'own-secret@example.com';
const VICTIM = 'victim-secret@example.com';

type Statement = string | { readonly on: 'mysql' | 'mariadb'; readonly sql: string };
const mysql = (sql: string): Statement => ({ on: 'mysql', sql });
const mariadb = (sql: string): Statement => ({ on: 'mariadb', sql });

const REFUSED: readonly (readonly [string, readonly Statement[]])[] = [
  [
    'views of the server that list user variables (3)',
    [
      'SELECT * FROM performance_schema.user_variables_by_thread',
      'SELECT VARIABLE_VALUE FROM `performance_schema` . `user_variables_by_thread` v',
      mariadb('SHOW USER_VARIABLES'),
      mariadb('SELECT * FROM information_schema.user_variables'),
      mariadb('SELECT * FROM INFORMATION_SCHEMA.USER_VARIABLES'),
    ],
  ],
  [
    'the name of the key in every spelling (4)',
    [
      'SELECT @__tc_key',
      'SELECT HEX(@__TC_KEY)',
      'SELECT @`__tc_key`',
      "SELECT @'__tc_key'",
      'SELECT @"__tc_key"',
      'SELECT @`__t\u00e7_key`',
      'SELECT @`__tc_key `',
      "SELECT @'__t\\c_key'",
      'SELECT/**/@__tc_key',
      'SELECT /*!50000 @__tc_key */',
      mariadb('SELECT /*M! @__tc_key */'),
      "SET @__tc_key = 'mine'",
      "SET @a = 1, @__tc_key := 'mine'",
      "SELECT 'mine' INTO @__tc_key",
      'DO @__tc_key',
      'SELECT 1 FROM DUAL WHERE @__tc_key IS NOT NULL',
      `INSERT INTO plain_users (tenant_id, username) VALUES ('t', @__tc_key)`,
      'SIGNAL SQLSTATE "45000" SET MESSAGE_TEXT = @__tc_key',
      "PREPARE s FROM 'SELECT @__tc_key'",
      'SELECT @__tc_anything',
    ],
  ],
  [
    'plaintext into what is not protected (2)',
    [
      'CREATE TABLE stolen AS SELECT email FROM users',
      'CREATE TABLE stolen SELECT * FROM users',
      'CREATE TEMPORARY TABLE stolen AS SELECT email FROM users',
      "INSERT INTO plain_users (tenant_id, username, email) SELECT 't', username, email FROM users",
      "REPLACE INTO plain_users (tenant_id, username, email) SELECT 't', username, email FROM users",
      'UPDATE plain_users p JOIN users u ON p.id = u.id SET p.email = u.email',
      'UPDATE plain_users SET email = (SELECT email FROM users LIMIT 1)',
      "INSERT INTO plain_users (tenant_id, username, email) VALUES ('t', 'u', (SELECT email FROM users LIMIT 1))",
      'UPDATE users SET username = email',
      'UPDATE users SET username = CONCAT(email, 1)',
      'INSERT INTO users (username) SELECT email FROM users',
      'SELECT email FROM users INTO @v',
      'SELECT email INTO @v FROM users LIMIT 1',
      "SELECT email FROM users INTO OUTFILE 'stolen.txt'",
      "SELECT email FROM users INTO DUMPFILE 'stolen.txt'",
      'CREATE VIEW stolen AS SELECT email FROM users',
      'CREATE TRIGGER stolen BEFORE UPDATE ON users FOR EACH ROW SET @v = NEW.encrypted_email',
      'CREATE PROCEDURE stolen() SELECT encrypted_email FROM users',
      'CREATE EVENT stolen ON SCHEDULE EVERY 1 DAY DO DELETE FROM users',
    ],
  ],
  [
    'plaintext into the physical column, whatever it is called (2, 13)',
    [
      `INSERT INTO users (username, encrypted_email) VALUES ('p', '${OWN}')`,
      `INSERT INTO users (username, ENCRYPTED_EMAIL) VALUES ('p', '${OWN}')`,
      `INSERT INTO users (username, \`encrypted_email\`) VALUES ('p', '${OWN}')`,
      `INSERT INTO users SET username = 'p', encrypted_email = '${OWN}'`,
      `UPDATE users SET encrypted_email = '${OWN}'`,
      `UPDATE users u SET u.encrypted_email = '${OWN}'`,
      `INSERT INTO users (username, email) VALUES ('o', 'x') ON DUPLICATE KEY UPDATE encrypted_email = '${OWN}'`,
      `REPLACE INTO users (username, encrypted_email) VALUES ('p', '${OWN}')`,
      `LOAD DATA INFILE 'x' INTO TABLE users (encrypted_email)`,
      `LOAD DATA LOCAL INFILE 'x' INTO TABLE users (username, encrypted_email)`,
      `LOAD DATA LOCAL INFILE 'x' INTO TABLE users (username, @__tc_key)`,
    ],
  ],
  [
    "another tenant's rows (10, 19)",
    [
      "INSERT INTO users (tenant_id, username, email) VALUES ('tenant-002', 'p', 'x')",
      "UPDATE users SET tenant_id = 'tenant-002'",
      "INSERT INTO users (id, username, email) VALUES (2, 'p', 'x') ON DUPLICATE KEY UPDATE tenant_id = 'tenant-001'",
      "REPLACE INTO users (id, username, email) VALUES (2, 'p', 'x')",
      "SET @tenant_id = 'tenant-002'",
      "SELECT @tenant_id := 'tenant-002'",
      "SET @Tenant_Id = 'tenant-002'",
      'TRUNCATE users',
      'TRUNCATE TABLE users',
      'RENAME TABLE users TO mine',
      'ALTER TABLE users RENAME TO mine',
    ],
  ],
  [
    'SQL made at run time (20)',
    [
      "PREPARE s FROM 'TRUNCATE users'",
      "PREPARE s FROM 'SELECT email FROM users; SELECT 1'",
      "PREPARE s FROM 'PREPARE t FROM ''SELECT email FROM users'''",
      'PREPARE s FROM @v',
      mysql("CALL sys.execute_prepared_stmt(CONCAT('DELETE FROM ', 'users'))"),
      mysql("/*!50000 CALL */ sys.execute_prepared_stmt('DELETE FROM users')"),
      mariadb("EXECUTE IMMEDIATE 'TRUNCATE users'"),
      mariadb("EXECUTE IMMEDIATE CONCAT('DELETE FROM us', 'ers')"),
      mariadb("BEGIN NOT ATOMIC EXECUTE IMMEDIATE 'DELETE FROM users'; END"),
      mariadb('BEGIN NOT ATOMIC DELETE FROM users; END'),
      mariadb('IF 1 THEN DELETE FROM users; END IF'),
      mariadb("SET STATEMENT max_statement_time = 1 FOR EXECUTE IMMEDIATE 'DELETE FROM users'"),
      mariadb('SET STATEMENT max_statement_time = 1 FOR DELETE FROM users'),
    ],
  ],
  [
    'ciphers and tables that are changed under the proxy (5, 16)',
    [
      mysql("SET block_encryption_mode = 'aes-256-cbc'"),
      mysql("SET SESSION block_encryption_mode = 'aes-256-ecb'"),
      mysql("SET @@session.block_encryption_mode = 'aes-256-ecb'"),
      'CREATE TEMPORARY TABLE users (id INT, email VARCHAR(255))',
      'CREATE TEMPORARY TABLE users LIKE plain_users',
    ],
  ],
];

/** Refused, or answered without harm: which of the two is told by other tests. */
const HARMLESS: readonly Statement[] = [
  'SELECT email FROM .users',
  'SELECT email FROM { oj users }',
  'SELECT 1.email FROM users',
  'SELECT email FROM\u00a0users',
  'SELECT email FROM users -- \u0001',
  'SELECT email FROM users --\u0001 WHERE 0',
  'SELECT email FROM /*! users */',
  'SELECT email FROM /*!99999 plain_users */ /*!50000 users */',
  'SELECT /*!50000 email */ FROM users /*!50000 WHERE 1 = 1 */',
  'SELECT * FROM users OR 1 = 1',
  "SELECT * FROM users WHERE tenant_id = 'tenant-002' OR 1 = 1",
  'SELECT * FROM users u RIGHT JOIN users v ON 1 = 1',
  'SELECT * FROM users UNION SELECT * FROM users',
  'WITH users AS (SELECT 1 AS email) SELECT email FROM users',
  'WITH USERS AS (SELECT 1 AS email) SELECT email FROM users',
  'WITH RECURSIVE x AS (SELECT * FROM users UNION SELECT * FROM users) SELECT * FROM x',
  'SELECT (SELECT GROUP_CONCAT(email) FROM users)',
  'DO (SELECT email FROM users LIMIT 1)',
  'SET @v = (SELECT email FROM users LIMIT 1)',
  'EXECUTE s',
  "PREPARE s FROM 'SELECT encrypted_email FROM users'",
  mariadb("EXECUTE IMMEDIATE 'SELECT encrypted_email FROM users'"),
  mariadb("EXECUTE IMMEDIATE 'SELECT * FROM users WHERE id = ? OR 1 = 1' USING 2"),
  mariadb("EXECUTE IMMEDIATE 'UPDATE users SET email = ? WHERE id = ?' USING 'x', 2"),
  mariadb("EXECUTE IMMEDIATE 'DELETE FROM users WHERE id = 2'"),
  'SHOW TABLES WHERE (SELECT COUNT(*) FROM users) > 0',
  'TABLE users',
  'HANDLER users OPEN',
  'CHECKSUM TABLE users',
  'SELECT encrypted_email FROM users',
  'SELECT u.encrypted_email FROM users u',
  'SELECT email FROM USERS',
  'SELECT ema\u0130l FROM users',
  'SELECT EXP(IF(email LIKE "v%", 9999, 1)) FROM users',
  'DELETE FROM users WHERE id = 2',
  "DELETE FROM users WHERE tenant_id = 'tenant-002' OR 1 = 1 LIMIT 0",
  "UPDATE users SET email = 'x' WHERE id = 2",
  "UPDATE users SET email = 'x' WHERE 0 OR tenant_id = 'tenant-002'",
  "INSERT INTO users (id, username, email) VALUES (2, 'p', 'x') ON DUPLICATE KEY UPDATE email = 'taken'",
  "INSERT IGNORE INTO users (id, username, email) VALUES (2, 'p', 'x')",
  mysql('SELECT email FROM users FOR SHARE OF users'),
  mariadb('SELECT email FROM users FOR SYSTEM_TIME ALL'),
  mariadb('DELETE FROM users WHERE id = 2 RETURNING *'),
  mariadb("INSERT INTO users (username, email) VALUES ('q', 'q') RETURNING *"),
];

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let victim: unknown;
  const keys = [...keyMarkers(KEYS['tenant-001']), ...keyMarkers(KEYS['tenant-002'])];
  const secret: Marker = { name: "another tenant's plaintext", bytes: Buffer.from(VICTIM) };

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'bypass' });
    const [one, two] = [await proxy.connect('tenant-001'), await proxy.connect('tenant-002')];
    await one.query("INSERT INTO users (id, username, email) VALUES (1, 'o', ?)", [OWN]);
    await two.query("INSERT INTO users (id, username, email) VALUES (2, 'v', ?)", [VICTIM]);
    await proxy.admin.query("INSERT INTO plain_users (id, tenant_id, username) VALUES (1, 't', 'plain')");
    await Promise.all([one.end(), two.end()]);
    victim = await victimRows();
  });
  afterAll(async () => await proxy?.stop());

  const victimRows = async () =>
    await rowsOf(proxy.admin, "SELECT * FROM users WHERE tenant_id = 'tenant-002'");

  /** What a client gets, as text: rows or an error. */
  async function outcome(client: Connection, sql: string): Promise<string> {
    return await client.query({ sql, timeout: 5_000 }).then(
      ([rows]) => `rows ${JSON.stringify(rows)}`,
      (error: Error) => `error ${error.message}`,
    );
  }

  /** Design.md §2, invariants 2, 3 and 4. */
  async function expectInvariants(sql: string, answer: string): Promise<void> {
    expect(found(answer, [...keys, secret]), sql).toEqual([]);
    expect(await victimRows(), sql).toEqual(victim);
    const own = await rowsOf(
      proxy.admin,
      `SELECT COUNT(*) AS n FROM users WHERE tenant_id <> 'tenant-002' AND encrypted_email IS NOT NULL
        AND (tenant_id <> 'tenant-001' OR LENGTH(encrypted_email) % 16 <> 0 OR AES_DECRYPT(encrypted_email, ?) IS NULL)`,
      [KEYS['tenant-001']],
    );
    expect(own, sql).toEqual([{ n: 0 }]);
    const tables = await rowsOf(proxy.admin, 'SHOW TABLES');
    expect(tables.map((row) => Object.values(row)[0]).sort(), sql).toEqual(['plain_users', 'users']);
    for (const table of ['users', 'plain_users']) {
      const rows = await rowsOf(proxy.admin, `SELECT * FROM ${table}`);
      expect(JSON.stringify(rows), sql).not.toMatch(/-secret@example|a-secret-for/);
    }
  }

  const applies = (statement: Statement): string | null => {
    if (typeof statement === 'string') return statement;
    return statement.on === getServer().kind ? statement.sql : null;
  };

  describe.each(REFUSED)('refuses %s', (_subject, statements) => {
    it.each(statements.map(applies).filter((sql) => sql !== null))('%s', async (sql) => {
      const client = await proxy.connect('tenant-001');
      const answer = await outcome(client, sql);
      expect(answer).toMatch(/^error tenantcrypt\[TC_[A-Z_]+\]: /);
      expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([{ email: OWN }]);
      await expectInvariants(sql, answer);
      await client.end();
    });
  });

  describe('does no harm with', () => {
    it.each(HARMLESS.map(applies).filter((sql) => sql !== null))('%s', async (sql) => {
      const client = await proxy.connect('tenant-001');
      await client.beginTransaction();
      const answer = await outcome(client, sql);
      await expectInvariants(sql, answer);
      await client.rollback();
      await expectInvariants(sql, answer);
      await client.end();
    });
  });
});
