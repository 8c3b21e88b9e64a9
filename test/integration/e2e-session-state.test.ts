import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../servers/accounts.js';
import { errorOf, KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { runClient } from '../support/run-client.js';
import { forEachServer, sharedServers } from '../support/servers.js';

/** MySQL's own client sends USE as a statement. */
const mariadbClient = sharedServers().find(({ kind }) => kind === 'mariadb')?.client ?? ['mariadb'];

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let elsewhere: TestDatabase;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'state' });
    elsewhere = await createDatabase(getServer(), 'elsewhere');
    // The same name as the protected table, in a schema where nothing is protected.
    await proxy.admin.query(`CREATE TABLE ${elsewhere.name}.users (id INT PRIMARY KEY, email VARCHAR(255))`);
    await proxy.admin.query(`INSERT INTO ${elsewhere.name}.users VALUES (1, 'plain@elsewhere.example')`);
  });
  afterAll(async () => {
    await elsewhere?.drop();
    await proxy?.stop();
  });
  beforeEach(async () => {
    await proxy.admin.query('TRUNCATE users');
  });

  async function stored(): Promise<unknown[]> {
    const rows = await rowsOf(
      proxy.admin,
      'SELECT username, CAST(AES_DECRYPT(encrypted_email, ?) AS CHAR CHARACTER SET utf8mb4) AS email FROM users ORDER BY id',
      [KEYS['tenant-001']],
    );
    return rows.map((row) => [row['username'], row['email']]);
  }

  it('goes on when the client has the server report more of the state', async () => {
    const client = await proxy.connect('tenant-001');
    await client.query('INSERT INTO users (username, email) VALUES ("a", "a@example.com")');
    for (const setting of [
      'session_track_state_change = ON',
      "session_track_transaction_info = 'CHARACTERISTICS'",
      "session_track_system_variables = '*'",
    ]) {
      await client.query(`SET SESSION ${setting}`);
      await client.query("SET sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES'");
      await client.query('START TRANSACTION');
      expect(await rowsOf(client, 'SELECT "email" FROM "users"')).toEqual([{ email: 'a@example.com' }]);
      await client.query('SET @other = 1');
      await client.query('COMMIT');
      await client.query('SET sql_mode = DEFAULT');
      expect(await rowsOf(client, 'SELECT username FROM users WHERE email = "a@example.com"')).toEqual([
        { username: 'a' },
      ]);
    }
  });

  describe('sql_mode', () => {
    it('ANSI_QUOTES turns double quotes into names, at once and back', async () => {
      const client = await proxy.connect('tenant-001');
      await client.query('INSERT INTO users (username, email) VALUES ("a", "double@example.com")');
      expect(await rowsOf(client, 'SELECT email FROM users WHERE email = "double@example.com"')).toEqual([
        { email: 'double@example.com' },
      ]);
      const [before] = await rowsOf(client, 'SELECT @@sql_mode AS m');
      await client.query("SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')");
      await client.query(`INSERT INTO "users" ("username", "email") VALUES ('b', 'say "hi"@example.com')`);
      expect(
        await rowsOf(client, `SELECT "email" FROM "users" WHERE "email" = 'double@example.com'`),
      ).toEqual([{ email: 'double@example.com' }]);
      expect(await errorOf(client.query('UPDATE users SET email = "double@example.com"'))).toMatchObject({
        errno: expect.any(Number),
      });
      await client.query('SET sql_mode = ?', [before?.['m']]);
      await client.query('INSERT INTO users (username, email) VALUES ("c", "again@example.com")');
      expect(await stored()).toEqual([
        ['a', 'double@example.com'],
        ['b', 'say "hi"@example.com'],
        ['c', 'again@example.com'],
      ]);
    });

    it('NO_BACKSLASH_ESCAPES turns backslashes into letters, at once and back', async () => {
      const client = await proxy.connect('tenant-001');
      await client.query(String.raw`INSERT INTO users (username, email) VALUES ('a', 'it\'s\\one')`);
      await client.query("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'");
      await client.query(String.raw`INSERT INTO users (username, email) VALUES ('b', 'ends with \')`);
      // Under the other mode this is one string, and a statement that says something else.
      const found = await rowsOf(
        client,
        String.raw`SELECT username FROM users WHERE email = 'ends with \' OR username = '\'`,
      );
      expect(found).toEqual([{ username: 'b' }]);
      await client.query('SET SESSION sql_mode = DEFAULT');
      await client.query(String.raw`INSERT INTO users (username, email) VALUES ('c', 'back\'again')`);
      expect(await stored()).toEqual([
        ['a', "it's\\one"],
        ['b', 'ends with \\'],
        ['c', "back'again"],
      ]);
    });

    it('PIPES_AS_CONCAT and a mode set for one session alone', async () => {
      const [one, two] = [await proxy.connect('tenant-001'), await proxy.connect('tenant-001')];
      await one.query("INSERT INTO users (username, email) VALUES ('a', 'a@example.com')");
      await one.query("SET sql_mode = 'PIPES_AS_CONCAT'");
      expect(await rowsOf(one, "SELECT email || '!' AS e FROM users")).toEqual([{ e: 'a@example.com!' }]);
      expect(await rowsOf(two, "SELECT '1' || email AS e FROM users")).toEqual([{ e: 1 }]);
      await one.reset();
      expect(await rowsOf(one, "SELECT '1' || email AS e FROM users")).toEqual([{ e: 1 }]);
    });
  });

  describe('character sets', () => {
    it('SET NAMES latin1: é in a protected value is stored as UTF-8 and comes back as latin1', async () => {
      // mysql2 follows the session's character set in what it writes, as the proxy has to in what it reads.
      const client = await proxy.connect('tenant-001', { charset: 'latin1_swedish_ci' });
      await client.query('SET NAMES utf8mb4');
      await client.query('SET NAMES latin1');
      await client.query("INSERT INTO users (username, email) VALUES ('a', 'ren\u00e9@example.com')");
      expect(await stored()).toEqual([['a', 'ren\u00e9@example.com']]);
      const [rows] = await client.query<never[]>({
        sql: "SELECT email FROM users WHERE email = 'ren\u00e9@example.com'",
        rowsAsArray: true,
        typeCast: (field) => field.buffer(),
      });
      expect((rows as unknown as Buffer[][])[0]?.[0]?.toString('hex')).toBe(
        Buffer.from('ren\u00e9@example.com', 'latin1').toString('hex'),
      );
      const other = await proxy.connect('tenant-001');
      expect(await rowsOf(other, "SELECT username FROM users WHERE email = 'ren\u00e9@example.com'")).toEqual(
        [{ username: 'a' }],
      );
    });

    it('SET NAMES gbk: statements of protected tables are refused, others pass', async () => {
      const client = await proxy.connect('tenant-001');
      await client.query('SET NAMES gbk');
      for (const sql of [
        'SELECT email FROM users',
        "INSERT INTO users (username, email) VALUES ('a', 'x')",
        "UPDATE users SET email = 'x'",
      ]) {
        expect((await errorOf(client.query(sql))).message, sql).toMatch(/^tenantcrypt\[TC_UNSUPPORTED_SQL\]/);
      }
      expect(await rowsOf(client, "SELECT 'passes' AS it")).toEqual([{ it: 'passes' }]);
      await client.query('SET NAMES utf8mb4');
      await client.query("INSERT INTO users (username, email) VALUES ('a', 'after@example.com')");
      expect(await stored()).toEqual([['a', 'after@example.com']]);
    });

    it('a login in latin1 is read as latin1', async () => {
      const client = await proxy.connect('tenant-001', { charset: 'latin1_swedish_ci' });
      await client.query("INSERT INTO users (username, email) VALUES ('a', 'zo\u00eb@example.com')");
      expect(await stored()).toEqual([['a', 'zo\u00eb@example.com']]);
      expect(await rowsOf(client, "SELECT email FROM users WHERE email = 'zo\u00eb@example.com'")).toEqual([
        { email: 'zo\u00eb@example.com' },
      ]);
    });
  });

  describe('the current schema', () => {
    const plain = [{ email: 'plain@elsewhere.example' }];

    it('USE decides which table a name means', async () => {
      const client = await proxy.connect('tenant-001');
      await client.query("INSERT INTO users (username, email) VALUES ('a', 'a@example.com')");
      await client.query(`USE \`${elsewhere.name}\``);
      expect(await rowsOf(client, 'SELECT email FROM users')).toEqual(plain);
      expect(await rowsOf(client, `SELECT email FROM ${proxy.database}.users`)).toEqual([
        { email: 'a@example.com' },
      ]);
      await client.query(`USE ${proxy.database}`);
      expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([{ email: 'a@example.com' }]);
      expect(await rowsOf(client, `SELECT email FROM ${elsewhere.name}.users`)).toEqual(plain);
    });

    it('COM_INIT_DB, which the command line sends for USE, does too', async () => {
      const client = await proxy.connect('tenant-001');
      await client.query("INSERT INTO users (username, email) VALUES ('a', 'a@example.com')");
      const run = await runClient(
        mariadbClient,
        ['-h127.0.0.1', `-P${proxy.port}`, `-u${proxy.user}%tenant-001`, '--batch', '--skip-column-names'],
        { MYSQL_PWD: proxy.password },
        `use ${elsewhere.name}
SELECT email FROM users;
use ${proxy.database}
SELECT email FROM users;
use ${elsewhere.name}
SELECT email FROM users;`,
      );
      expect(run.stderr.replace(/^.*insecure.*\n/gm, '').replace(/^WARNING.*\n/gm, '')).toBe('');
      expect(run.stdout).toBe('plain@elsewhere.example\na@example.com\nplain@elsewhere.example\n');
      expect(await proxy.metrics()).toContain('command="COM_INIT_DB"');
    });

    it('without one a bare name is nothing, and a qualified one is protected', async () => {
      const client = await proxy.connect('tenant-001', { database: '' });
      expect((await errorOf(client.query('SELECT email FROM users'))).errno).toBe(1046);
      await client.query(
        `INSERT INTO ${proxy.database}.users (username, email) VALUES ('a', 'a@example.com')`,
      );
      expect(await stored()).toEqual([['a', 'a@example.com']]);
      expect(
        await rowsOf(
          client,
          `SELECT \`${proxy.database}\`.\`users\`.\`email\` FROM \`${proxy.database}\`.\`users\``,
        ),
      ).toEqual([{ email: 'a@example.com' }]);
    });
  });

  describe('several statements in one command', () => {
    it('are taken one by one when one of them is of a protected table; a refusal ends the rest', async () => {
      const client = await proxy.connect('tenant-001', { multipleStatements: true });
      const [results] = await client.query<RowDataPacket[][]>(
        "INSERT INTO users (username, email) VALUES ('a', 'a@example.com'); SELECT email FROM users; SELECT 1 AS one",
      );
      expect(results.slice(1)).toEqual([[{ email: 'a@example.com' }], [{ one: 1 }]]);
      for (const sql of [
        "SELECT 1; UPDATE users SET tenant_id = 'x'; DELETE FROM users",
        "INSERT INTO plain_users (tenant_id, username) VALUES ('t', 'm'); TRUNCATE users; DELETE FROM users",
        'DO 0; CREATE TABLE copied AS SELECT email FROM users; DELETE FROM users',
        "/* ; */ SELECT 1; /*!50000 TRUNCATE */ users; INSERT INTO plain_users (tenant_id, username) VALUES ('t', 'n')",
      ]) {
        expect((await errorOf(client.query(sql))).message, sql).toMatch(/^tenantcrypt\[TC_/);
      }
      expect((await errorOf(client.query('DO 0; ; DELETE FROM users;'))).errno).toBe(1064);
      expect(await stored()).toEqual([['a', 'a@example.com']]);
      expect(await rowsOf(proxy.admin, 'SELECT username FROM plain_users')).toEqual([{ username: 'm' }]);
    });

    it('pass when none is', async () => {
      const client = await proxy.connect('tenant-001', { multipleStatements: true });
      const [results] = await client.query<never>('SELECT 1 AS a; DO 2; SELECT 3 AS b');
      expect(results).toEqual([[{ a: 1 }], expect.objectContaining({ affectedRows: 0 }), [{ b: 3 }]]);
      expect(await rowsOf(client, 'SELECT COUNT(*) AS n FROM users')).toEqual([{ n: 0 }]);
    });
  });

  describe('transactions', () => {
    it('a one-shot READ ONLY transaction stays so, and a snapshot stays the one it was', async () => {
      const [one, two] = [await proxy.connect('tenant-001'), await proxy.connect('tenant-001')];
      await one.query("INSERT INTO users (username, email) VALUES ('a', 'before@example.com')");
      await one.query('SET TRANSACTION READ ONLY');
      await one.query('BEGIN');
      expect(await errorOf(one.query("UPDATE users SET email = 'x'"))).toMatchObject({ errno: 1792 });
      await one.query('ROLLBACK');
      await one.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
      await two.query("UPDATE users SET email = 'after@example.com'");
      expect(await rowsOf(one, 'SELECT email FROM users')).toEqual([{ email: 'before@example.com' }]);
      await one.query('COMMIT');
      expect(await rowsOf(one, 'SELECT email FROM users')).toEqual([{ email: 'after@example.com' }]);
    });

    it('FOR UPDATE locks the matching row and no other', async () => {
      const [one, two] = [await proxy.connect('tenant-001'), await proxy.connect('tenant-001')];
      await one.query(
        "INSERT INTO users (username, email) VALUES ('a', 'a@example.com'), ('b', 'b@example.com')",
      );
      await two.query('SET innodb_lock_wait_timeout = 1');
      await one.query('BEGIN');
      await one.query("SELECT email FROM users WHERE username = 'a' AND tenant_id = 'tenant-001' FOR UPDATE");
      const [free] = await two.query<ResultSetHeader>(
        "UPDATE users SET phone = '1' WHERE tenant_id = 'tenant-001' AND username = 'b'",
      );
      expect(free.affectedRows).toBe(1);
      expect(
        await errorOf(
          two.query("UPDATE users SET phone = '1' WHERE tenant_id = 'tenant-001' AND username = 'a'"),
        ),
      ).toMatchObject({ errno: 1205 });
      await one.query('ROLLBACK');
    });
  });
});
