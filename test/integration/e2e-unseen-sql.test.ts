import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), {
      label: 'unseen',
      keys: { 'tenant-001': 'a key' },
      config: { policy: { calls: ['*'] } },
    });
    await proxy.admin.query(
      `CREATE PROCEDURE ${proxy.database}.untrack() SET SESSION session_track_system_variables = ''`,
    );
    await proxy.admin.query(
      `CREATE PROCEDURE ${proxy.database}.note() INSERT INTO ${proxy.database}.notes VALUES (1), (2)`,
    );
    await proxy.admin.query(`CREATE TABLE ${proxy.database}.notes (id INT)`);
    await proxy.admin.query(
      `CREATE PROCEDURE ${proxy.database}.divide() SELECT CAST('1x' AS UNSIGNED) AS one`,
    );
  });
  afterAll(async () => await proxy?.stop());

  it.each(['query', 'execute'] as const)(
    'reads the state again after a routine that may have changed what is tracked (%s)',
    async (how) => {
      const client = await proxy.connect('tenant-001');
      await client.query("INSERT INTO users (username, email) VALUES ('ada', 'ada@example.com')");
      if (how === 'query') await client.query('CALL untrack()');
      else await client.execute('CALL untrack()');
      await client.query("SET sql_mode = 'ANSI_QUOTES'");
      const rows = await rowsOf(client, `SELECT email FROM "users" WHERE username = 'ada'`);
      expect(rows[0]).toEqual({ email: 'ada@example.com' });
      await client.query("SET sql_mode = ''");
      await client.query('DELETE FROM users');
      await client.end();
    },
  );

  it.each(['query', 'execute'] as const)(
    'shows the columns that the application knows after a routine (%s)',
    async (how) => {
      const client = await proxy.connect('tenant-001');
      const names =
        "SELECT COLUMN_NAME AS name FROM information_schema.columns WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME LIKE '%email' ORDER BY name";
      const before = await rowsOf(client, names);
      expect(before).toEqual([{ name: 'email' }, { name: 'email' }]);
      await client.query('CALL untrack()');
      const [after] = how === 'query' ? await client.query(names) : await client.execute(names);
      expect(after).toEqual(before);
      await client.end();
    },
  );

  it('leaves ROW_COUNT() and the warnings of a routine to the client', async () => {
    const client = await proxy.connect('tenant-001');
    await client.query('CALL note()');
    expect(await rowsOf(client, 'SELECT ROW_COUNT() AS n, @none AS v')).toEqual([{ n: 2, v: null }]);
    await client.query('CALL divide()');
    expect(await rowsOf(client, 'SHOW WARNINGS /* @none */')).toMatchObject([{ Code: 1292 }]);
    await client.end();
  });

  it('executes what was prepared on protected tables before a routine ran', async () => {
    const client = await proxy.connect('tenant-001');
    await client.execute('INSERT INTO users (username, email) VALUES (?, ?)', ['ada', 'ada@example.com']);
    const find = await client.prepare('SELECT email FROM users WHERE username = ?');
    await client.query('CALL untrack()');
    await client.query('SET @seen = 1');
    const [rows] = await find.execute(['ada']);
    expect(rows).toEqual([{ email: 'ada@example.com' }]);
    await client.query('DELETE FROM users');
    await client.end();
  });
});
