import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

const REFUSED = /tenantcrypt\[TC_/;

async function isRefused(client: Connection, sql: string): Promise<boolean> {
  try {
    await client.query(sql);
    return false;
  } catch (error) {
    if (REFUSED.test(String(error))) return true;
    throw error;
  }
}

/** What somebody makes beside the proxy, after all sessions have logged in: what the sessions must not use. */
forEachServer((_name, getServer) => {
  describe.each(['with a control account', 'without one'])('%s', (accounts) => {
    const hasControl = accounts === 'with a control account';
    let proxy: TestProxy;
    let client: Connection;

    beforeAll(async () => {
      const { rootUser, rootPassword } = getServer();
      proxy = await startTestProxy(getServer(), {
        label: 'outside',
        config: {
          schema: { maxAgeSeconds: hasControl ? 3600 : 2, refreshSeconds: 2 },
          ...(hasControl ? { control: { user: rootUser, password: rootPassword } } : {}),
        },
      });
      client = await proxy.connect('tenant-001');
      await client.query("INSERT INTO users (username, email) VALUES ('ada', 'ada@example.com')");
      await proxy.admin.query('CREATE TABLE plain_names (id INT PRIMARY KEY, email VARBINARY(255))');
    });
    afterAll(async () => await proxy?.stop());
    beforeEach(async () => {
      await client.query('SELECT 1');
    });

    async function emails(): Promise<string[]> {
      const rows = await rowsOf(proxy.admin, 'SELECT HEX(encrypted_email) AS email FROM users');
      return rows.map((row) => String(row['email']));
    }

    it('refuses a view that was made after the login, however it is named first', async () => {
      const uses: [string, string][] = [
        ['v_select', 'SELECT * FROM v_select'],
        ['v_join', 'SELECT * FROM plain_users p, v_join v WHERE p.id = v.id'],
        [
          'v_insert',
          "INSERT INTO v_insert (tenant_id, username, encrypted_email) VALUES ('tenant-001', 'eve', 'plain')",
        ],
        ['v_update', "UPDATE v_update SET encrypted_email = 'plain'"],
        ['v quoted', 'SELECT * FROM `v quoted`'],
        ['v_comment', "SELECT 'x' -- don't\nFROM v_comment -- don't"],
        ['v_protected', 'SELECT u.email, v.encrypted_email FROM users u JOIN v_protected v ON u.id = v.id'],
        ['v_other', `SELECT * FROM ${proxy.database}.v_other`],
        ['$v', "SELECT '$' FROM `$v`"],
      ];
      for (const [view, sql] of uses) {
        await proxy.admin.query(`CREATE VIEW \`${view}\` AS SELECT * FROM users`);
        await expect(client.query(sql), sql).rejects.toThrow(REFUSED);
      }
      await proxy.admin.query('CREATE VIEW v_prepared AS SELECT * FROM users');
      await expect(client.prepare('SELECT * FROM v_prepared')).rejects.toThrow(REFUSED);
      await proxy.admin.query('CREATE VIEW v_literal AS SELECT * FROM users');
      await expect(client.query("PREPARE s FROM 'SELECT * FROM v_literal'")).rejects.toThrow(REFUSED);
      await proxy.admin.query('CREATE VIEW v_over AS SELECT * FROM v_select');
      await expect(client.query('TABLE v_over')).rejects.toThrow(REFUSED);
      expect(await emails()).not.toContain(Buffer.from('plain').toString('hex').toUpperCase());
    });

    it('refuses a table whose trigger was made after the login', async () => {
      await proxy.admin.query('CREATE TABLE log_of_mail (a VARCHAR(100))');
      await proxy.admin.query(
        'CREATE TRIGGER keep_mail AFTER INSERT ON log_of_mail FOR EACH ROW UPDATE users SET encrypted_email = NEW.a',
      );
      await expect(client.query("INSERT INTO log_of_mail VALUES ('plain')")).rejects.toThrow(REFUSED);
      expect(await emails()).not.toContain(Buffer.from('plain').toString('hex').toUpperCase());
    });

    it('takes views and tables that have nothing to do with protected ones', async () => {
      await proxy.admin.query('CREATE VIEW v_plain AS SELECT username FROM plain_users');
      expect(await rowsOf(client, 'SELECT * FROM v_plain')).toEqual([]);
      await proxy.admin.query('CREATE TABLE t_plain (a INT)');
      await client.query('INSERT INTO t_plain VALUES (1)');
      await client.query('CREATE TEMPORARY TABLE t_mine (a INT)');
      await client.query('INSERT INTO t_mine VALUES (2)');
      expect(await rowsOf(client, 'SELECT a FROM t_mine UNION ALL SELECT a FROM t_plain ORDER BY a')).toEqual(
        [{ a: 1 }, { a: 2 }],
      );
    });

    it('leaves what the session shows of the statement before to the client', async () => {
      await client.query('INSERT INTO t_plain VALUES (3), (4)');
      expect(await rowsOf(client, 'SELECT ROW_COUNT() AS rows_of_before_one')).toEqual([
        { rows_of_before_one: 2 },
      ]);
      await client.query("SELECT CAST('1x' AS UNSIGNED) AS a");
      expect(await rowsOf(client, 'SHOW WARNINGS LIMIT 3')).toHaveLength(1);
      await client.query('SET TRANSACTION READ ONLY');
      await expect(client.query('INSERT INTO t_plain (a) SELECT 5 AS never_named_before')).rejects.toThrow(
        /READ ONLY/i,
      );
    });

    it('finds a base table that was replaced by a view after a while', async () => {
      expect(await rowsOf(client, 'SELECT email FROM plain_names')).toEqual([]);
      await proxy.admin.query('DROP TABLE plain_names');
      await proxy.admin.query('CREATE VIEW plain_names AS SELECT id, encrypted_email AS email FROM users');
      await eventually(async () => {
        // Without a control account a statement on a protected table reads the schema again.
        await client.query('SELECT email FROM users');
        return await isRefused(client, 'SELECT email FROM plain_names');
      }, 10_000);
    });

    it('finds a view that was altered after a while', async () => {
      expect(await rowsOf(client, 'SELECT * FROM v_plain')).toEqual([]);
      await proxy.admin.query('ALTER VIEW v_plain AS SELECT encrypted_email FROM users');
      await eventually(async () => {
        await client.query('SELECT email FROM users');
        return await isRefused(client, 'SELECT * FROM v_plain');
      }, 10_000);
    });
  });

  it('refuses names that can not be looked up, and takes them again once they can', async () => {
    const server = getServer();
    const user = `watch_${Date.now() % 100_000}`;
    const proxy = await startTestProxy(server, {
      label: 'nolook',
      config: { control: { user, password: 'pw' }, schema: { refreshSeconds: 1 } },
    });
    try {
      const client = await proxy.connect('tenant-001');
      await expect(client.query('SELECT username FROM plain_users')).rejects.toThrow(/TC_SCHEMA/);
      expect(await rowsOf(client, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
      await proxy.admin.query(`CREATE USER ${user} IDENTIFIED BY 'pw'`);
      await proxy.admin.query(`GRANT ALL ON *.* TO ${user}`);
      await eventually(async () => !(await isRefused(client, 'SELECT username FROM plain_users')));
    } finally {
      await proxy.admin.query(`DROP USER IF EXISTS ${user}`);
      await proxy.stop();
    }
  });
});
