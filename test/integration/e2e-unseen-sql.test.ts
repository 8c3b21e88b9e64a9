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
});
