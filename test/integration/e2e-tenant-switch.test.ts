import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

const TENANTS = ['tenant-a', 'tenant-b', 'tenant-c'] as const;
const KEYS = { 'tenant-a': 'key of a', 'tenant-b': 'key of b', 'tenant-c': 'key of c' };

forEachServer((_name, getServer) => {
  let proxy: TestProxy;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'switch', keys: KEYS });
    for (const tenant of TENANTS) {
      const client = await proxy.connect(tenant);
      await client.query("INSERT INTO users (username, email) VALUES ('u', ?), ('v', ?)", [
        `u@${tenant}`,
        `v@${tenant}`,
      ]);
      await client.end();
    }
  });
  afterAll(async () => await proxy?.stop());

  const emails = (tenant: string) => [{ email: `u@${tenant}` }, { email: `v@${tenant}` }];
  const select = 'SELECT email FROM users ORDER BY id';

  it('takes effect between two statements', async () => {
    const client = await proxy.connect(null);
    for (let i = 0; i < 30; i += 1) {
      const tenant = TENANTS[i % 3] ?? 'tenant-a';
      await client.query('SET @tenant_id = ?', [tenant]);
      expect(await rowsOf(client, select)).toEqual(emails(tenant));
    }
  });

  it('takes effect for pipelined statements, in their order', async () => {
    const client = await proxy.connect(null);
    const answers: Promise<[string, RowDataPacket[]]>[] = [];
    for (let i = 0; i < 60; i += 1) {
      const tenant = TENANTS[(i * 7) % 3] ?? 'tenant-a';
      void client.query('SET @tenant_id = ?', [tenant]);
      answers.push(rowsOf(client, select).then((rows) => [tenant, rows]));
    }
    for (const [tenant, rows] of await Promise.all(answers)) expect(rows).toEqual(emails(tenant));
  });

  it('takes effect for statements that are open', async () => {
    const client = await proxy.connect(null);
    const read = await client.prepare(select);
    const write = await client.prepare('UPDATE users SET phone = ? WHERE email LIKE ?');
    for (const tenant of [...TENANTS, ...TENANTS]) {
      await client.query('SET @tenant_id = ?', [tenant]);
      expect((await read.execute([]))[0]).toEqual(emails(tenant));
      expect((await write.execute([`phone of ${tenant}`, '%@tenant-%']))[0]).toMatchObject({
        affectedRows: 2,
      });
      await client.query('UPDATE users SET phone = NULL');
    }
    const open = await client.prepare(select);
    await client.query('SET @tenant_id = NULL');
    await expect(open.execute([])).rejects.toThrow('tenantcrypt[TC_NO_TENANT]');
  });

  it('keeps refusing an open statement that names another tenant', async () => {
    const client = await proxy.connect(null);
    await client.query("SET @tenant_id = 'tenant-a'");
    const write = await client.prepare(
      "INSERT INTO users (tenant_id, username, email) VALUES ('tenant-a', ?, ?)",
    );
    await client.query("SET @tenant_id = 'tenant-b'");
    for (let i = 0; i < 3; i += 1) {
      await expect(write.execute(['stray', 'x'])).rejects.toThrow('tenantcrypt[TC_TENANT_MISMATCH]');
    }
    await client.query("SET @tenant_id = 'tenant-a'");
    expect(await rowsOf(client, "SELECT * FROM users WHERE username = 'stray'")).toEqual([]);
    await write.execute(['stray', 'of a']);
    expect(await rowsOf(client, "SELECT email FROM users WHERE username = 'stray'")).toEqual([
      { email: 'of a' },
    ]);
    await client.query("DELETE FROM users WHERE username = 'stray'");
  });

  it('never mixes sessions that work at the same time', async () => {
    const work = async (client: Connection, seed: number): Promise<void> => {
      for (let i = 0; i < 25; i += 1) {
        const tenant = TENANTS[(i + seed) % 3] ?? 'tenant-a';
        await client.query('SET @tenant_id = ?', [tenant]);
        expect(
          await rowsOf(client, 'SELECT email FROM users WHERE email LIKE ? ORDER BY id', ['%@%']),
        ).toEqual(emails(tenant));
        const found = await rowsOf(client, 'SELECT username FROM users WHERE email = ?', [`v@${tenant}`]);
        expect(found).toEqual([{ username: 'v' }]);
        expect(
          await rowsOf(client, 'SELECT username FROM users WHERE email = ?', [
            `v@${TENANTS[(i + seed + 1) % 3]}`,
          ]),
        ).toEqual([]);
      }
    };
    const clients = await Promise.all(Array.from({ length: 8 }, () => proxy.connect(null)));
    await Promise.all(clients.map((client, seed) => work(client, seed)));
  });

  it('leaves what a statement reports alone: ROW_COUNT(), warnings, LAST_INSERT_ID()', async () => {
    const client = await proxy.connect(null);
    await client.query("SET @tenant_id = 'tenant-a'");
    await client.query("UPDATE users SET phone = 'x'");
    expect(await rowsOf(client, 'SELECT ROW_COUNT() AS n')).toEqual([{ n: 2 }]);
    await client.query('UPDATE users SET phone = NULL');
    await client.query("INSERT INTO users (username, email) VALUES ('w', 'w@tenant-a')");
    const [last] = await rowsOf(
      client,
      "SELECT LAST_INSERT_ID() AS id, (SELECT id FROM users WHERE username = 'w') AS w",
    );
    expect(last?.['id']).toBe(last?.['w']);
    await client.query("DELETE FROM users WHERE username = 'w'");
    await client.query("DO 1 / 0, CAST('abc' AS SIGNED)");
    const warnings = await rowsOf(client, 'SHOW WARNINGS');
    expect(warnings.map((row) => row['Code'])).toContain(1292);
  });
});
