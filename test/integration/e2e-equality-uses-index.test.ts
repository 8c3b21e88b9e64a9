import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let client: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'idx' });
    client = await proxy.connect('tenant-001');
    const rows = Array.from({ length: 2000 }, (_, i) => [`u${i}`, `u${i}@example.com`]);
    await client.query('INSERT INTO users (username, email) VALUES ?', [rows]);
    await proxy.admin.query('INSERT INTO plain_users (tenant_id, username, email) VALUES ?', [
      rows.map(([name, email]) => ['tenant-001', name, email]),
    ]);
    await proxy.admin.query('ANALYZE TABLE users, plain_users');
  });
  afterAll(async () => await proxy?.stop());

  /** Fails where there is no access type to compare: EXPLAIN has other formats. */
  const plan = (explained: RowDataPacket[]) =>
    explained.map((row) => {
      expect(row['type']).toMatch(/^(const|eq_ref|ref|range|index|ALL)$/);
      return { type: row['type'], key: row['key'], isShort: Number(row['rows']) < 100 };
    });

  it.each([
    ["SELECT username FROM # WHERE id = 7 AND tenant_id = 'tenant-001'"],
    ["SELECT username FROM # WHERE tenant_id = 'tenant-001' AND email = 'u7@example.com'"],
    [
      "SELECT username FROM # WHERE tenant_id = 'tenant-001' AND email IN ('u7@example.com', 'u8@example.com')",
    ],
    [
      "SELECT a.username FROM # a JOIN # b ON b.id = a.id WHERE a.tenant_id = 'tenant-001' AND a.email = 'u7@example.com'",
    ],
  ])('has the access type of the plain table: %s', async (template) => {
    const protectedSql = template.replaceAll('#', 'users');
    const plainSql = template.replaceAll('#', 'plain_users');
    const explained = await rowsOf(client, `EXPLAIN FORMAT=TRADITIONAL ${protectedSql}`);
    expect(plan(explained)).toEqual(
      plan(await rowsOf(proxy.admin, `EXPLAIN FORMAT=TRADITIONAL ${plainSql}`)),
    );
    expect(await rowsOf(client, protectedSql)).toEqual(await rowsOf(proxy.admin, plainSql));
    expect(JSON.stringify(explained)).not.toContain('DERIVED');
  });

  it('finds by equality without the application naming the tenant', async () => {
    const explained = await rowsOf(
      client,
      "EXPLAIN FORMAT=TRADITIONAL SELECT username FROM users WHERE email = 'u7@example.com'",
    );
    expect(plan(explained)).toEqual([{ type: 'ref', key: 'tenant_email', isShort: true }]);
  });

  it('finds by equality with a parameter; one of another type compares as on the plain table', async () => {
    const explain = async (sql: string, value: unknown): Promise<unknown> => {
      const [rows] = await client.execute<RowDataPacket[]>(`EXPLAIN FORMAT=TRADITIONAL ${sql}`, [
        value,
      ] as string[]);
      return { type: rows[0]?.['type'], key: rows[0]?.['key'], isShort: Number(rows[0]?.['rows']) < 100 };
    };
    const byEmail = 'SELECT username FROM users WHERE email = ?';
    const found = { key: 'tenant_email', isShort: true };
    expect(await explain(byEmail, 'u7@example.com')).toEqual({ type: 'ref', ...found });
    for (const sql of ["UPDATE users SET phone = '1' WHERE email = ?", 'DELETE FROM users WHERE email = ?']) {
      expect(await explain(sql, 'u7@example.com')).toEqual({ type: 'range', ...found });
    }
    const add =
      "(tenant_id, username, email) VALUES ('tenant-001', 'number', '0777'), ('tenant-001', 'same', '777')";
    await client.query(`INSERT INTO users ${add}`);
    await proxy.admin.query(`INSERT INTO plain_users ${add}`);
    const ordered = `${byEmail} ORDER BY id`;
    for (const value of ['u7@example.com', 777, '777', 0.5]) {
      const [rows] = await client.execute<RowDataPacket[]>(ordered, [value]);
      const [plain] = await proxy.admin.execute<RowDataPacket[]>(ordered.replace('users', 'plain_users'), [
        value,
      ]);
      expect(rows).toEqual(plain);
      expect(rows.length > 0).toBe(value !== 0.5);
    }
    await client.query("DELETE FROM users WHERE username IN ('number', 'same')");
  });

  it('updates and deletes by equality through the index', async () => {
    for (const sql of [
      "UPDATE users SET phone = '1' WHERE email = 'u9@example.com'",
      "DELETE FROM users WHERE email = 'u9@example.com'",
    ]) {
      const [row] = await rowsOf(client, `EXPLAIN FORMAT=TRADITIONAL ${sql}`);
      expect(row).toMatchObject({ key: 'tenant_email', type: 'range' });
      await client.query(sql);
    }
    expect(await rowsOf(client, "SELECT id FROM users WHERE username = 'u9'")).toEqual([]);
    expect(await rowsOf(client, 'SELECT COUNT(*) AS n FROM users WHERE phone IS NULL')).toEqual([
      { n: 1999 },
    ]);
  });
});
