import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogStatements } from '../../src/session/catalog-queries.js';
import { adminConnection } from '../servers/accounts.js';
import { usersTable } from '../support/protection.js';
import { errorOf, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let one: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), {
      label: 'lock',
      sources: [{ userVariable: 'tenant_id' }],
    });
    await proxy.admin.query('CREATE TABLE notes (id INT PRIMARY KEY, text VARCHAR(50))');
    one = await proxy.connect(null);
    await one.query("SET @tenant_id = 'tenant-001'");
    await one.query("INSERT INTO users (username, email) VALUES ('ann', 'ann@x')");
  });
  afterAll(async () => await proxy?.stop());

  it('reads and writes under the names that are locked, and no others', async () => {
    await one.query('LOCK TABLES users READ, users AS u READ, notes WRITE');
    expect(await rowsOf(one, 'SELECT email FROM users')).toEqual([{ email: 'ann@x' }]);
    expect(await rowsOf(one, "SELECT u.email FROM users u WHERE u.email = 'ann@x'")).toEqual([
      { email: 'ann@x' },
    ]);
    expect(
      await rowsOf(one, 'SELECT users.email FROM users JOIN users AS u ON u.id = users.id'),
    ).toHaveLength(1);
    expect((await errorOf(one.query('SELECT x.email FROM users x'))).errno).toBe(1100);
    expect((await errorOf(one.query("UPDATE users SET email = 'y'"))).errno).toBe(1099);
    await one.query('UNLOCK TABLES');
    await one.query('LOCK TABLES users WRITE');
    await one.query("UPDATE users SET email = 'new@x' WHERE email = 'ann@x'");
    await one.query("INSERT INTO users (username, email) VALUES ('bob', 'bob@x')");
    await one.query("DELETE FROM users WHERE username = 'bob'");
    expect(await rowsOf(one, 'SELECT email FROM users')).toEqual([{ email: 'new@x' }]);
    await one.query('UNLOCK TABLES');
  });

  it('changes the tenant, and reads the schema anew, while tables are locked', async () => {
    await one.query('LOCK TABLES users WRITE');
    await one.query("SET @tenant_id = 'tenant-002'");
    await one.query("INSERT INTO users (username, email) VALUES ('cam', 'cam@x')");
    expect(await rowsOf(one, 'SELECT email FROM users')).toEqual([{ email: 'cam@x' }]);
    // What a session reads of the schema after DDL.
    await proxy.admin.query('SELECT 1');
    await one.query('UNLOCK TABLES');
    await one.query("SET @tenant_id = 'tenant-001'");

    const server = getServer();
    const direct = await adminConnection(server, { database: proxy.database });
    const [major = 0, minor = 0, patch = 0] = server.version.split('.').map(Number);
    const version = { kind: server.kind, version: major * 10_000 + minor * 100 + patch };
    try {
      await direct.query('LOCK TABLES users WRITE');
      for (const sql of catalogStatements([usersTable(proxy.database)], 0, version)) await direct.query(sql);
      await direct.query('UNLOCK TABLES');
    } finally {
      await direct.end();
    }
  });

  it('a table that another session has locked is waited for', async () => {
    await proxy.admin.query('LOCK TABLES users WRITE');
    let done = false;
    const read = rowsOf(one, 'SELECT email FROM users').then((rows) => {
      done = true;
      return rows;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(done).toBe(false);
    await proxy.admin.query('UNLOCK TABLES');
    expect(await read).toEqual([{ email: 'new@x' }]);
  });

  it('tables are checked, analysed and flushed', async () => {
    for (const sql of ['ANALYZE TABLE users', 'CHECK TABLE users', 'OPTIMIZE TABLE users']) {
      const rows = await rowsOf(one, sql);
      expect(rows.at(-1)).toMatchObject({
        Table: `${proxy.database}.users`,
        Msg_type: 'status',
        Msg_text: 'OK',
      });
    }
    await one.query('UNLOCK TABLES');
    expect((await errorOf(one.query('CHECKSUM TABLE users'))).message).toContain('TC_UNSUPPORTED_SQL');
  });
});
