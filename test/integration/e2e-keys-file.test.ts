import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { errorOf, metric, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

const KEY = 'a-secret-for-tenant-1';

forEachServer((_name, getServer) => {
  let proxy: TestProxy;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), {
      label: 'keyfile',
      keys: { 'tenant-001': KEY },
      config: {
        keys: {
          provider: 'file',
          file: 'keys.yaml',
          format: 'text',
          cache: { ttlSeconds: 1, negativeTtlSeconds: 0.1 },
        },
      },
    });
  });
  afterAll(async () => await proxy?.stop());

  it('without a key a session lives on, and works when the file has one', async () => {
    const client = await proxy.connect('tenant-new');
    for (const sql of [
      'SELECT email FROM users',
      "INSERT INTO users (username, email) VALUES ('n', 'n@example.com')",
      "UPDATE users SET email = 'x'",
    ]) {
      const error = await errorOf(client.query(sql));
      expect(error).toMatchObject({ errno: 1105, sqlState: 'HY000' });
      expect(error.message).toMatch(/^tenantcrypt\[TC_KEY_UNAVAILABLE\]: .+; .+/);
      expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }
    await expect(client.execute('SELECT email FROM users WHERE id = ?', [1])).rejects.toThrow(
      'TC_KEY_UNAVAILABLE',
    );
    expect(await rowsOf(proxy.admin, 'SELECT COUNT(*) AS n FROM users')).toEqual([{ n: 0 }]);

    proxy.setKeys({ 'tenant-001': KEY, 'tenant-new': 'its new key' });
    await vi.waitFor(
      async () => await client.query("INSERT INTO users (username, email) VALUES ('n', 'n@example.com')"),
      {
        timeout: 3000,
        interval: 100,
      },
    );
    expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([{ email: 'n@example.com' }]);
    expect(
      await rowsOf(
        proxy.admin,
        "SELECT CAST(AES_DECRYPT(encrypted_email, 'its new key') AS CHAR) AS e FROM users",
      ),
    ).toEqual([{ e: 'n@example.com' }]);
  });

  it('a key taken out of the file stops working when the cache expires, for open sessions too', async () => {
    const client = await proxy.connect('tenant-001');
    const statement = await client.prepare('SELECT email FROM users');
    await statement.execute([]);
    proxy.setKeys({});
    await delay(1_100);
    expect((await errorOf(client.query('SELECT email FROM users'))).message).toContain('TC_KEY_UNAVAILABLE');
    expect((await errorOf(statement.execute([]))).message).toContain('TC_KEY_UNAVAILABLE');
    expect(
      (await errorOf(client.query("INSERT INTO users (username, email) VALUES ('a', 'a')"))).message,
    ).toContain('TC_KEY_UNAVAILABLE');
    proxy.setKeys({ 'tenant-001': KEY });
    await delay(150);
    expect((await statement.execute([]))[0]).toEqual([]);
    expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([]);
  });

  it('a file that is broken, and one whose key is no text, say so and recover', async () => {
    const client = await proxy.connect('tenant-broken');
    proxy.setKeys({ 'tenant-broken': '' });
    await delay(150);
    const error = await errorOf(client.query('SELECT email FROM users'));
    expect(error.message).toContain('tenantcrypt[TC_KEY_UNAVAILABLE]');
    proxy.setKeys({ 'tenant-001': KEY, 'tenant-broken': 'whole again' });
    await delay(150);
    expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([]);
  });

  it('a changed key takes effect in open sessions', async () => {
    await proxy.admin.query('TRUNCATE users');
    proxy.setKeys({ 'tenant-001': 'old key' });
    await delay(1_100);
    const client = await proxy.connect('tenant-001');
    await client.query("INSERT INTO users (username, email) VALUES ('a', 'a@example.com')");
    proxy.setKeys({ 'tenant-001': 'new key' });
    await proxy.admin.query(
      "UPDATE users SET encrypted_email = AES_ENCRYPT(AES_DECRYPT(encrypted_email, 'old key'), 'new key')",
    );
    await delay(1_100);
    expect(await rowsOf(client, "SELECT email FROM users WHERE email = 'a@example.com'")).toEqual([
      { email: 'a@example.com' },
    ]);
    await client.query("INSERT INTO users (username, email) VALUES ('b', 'b@example.com')");
    expect(
      await rowsOf(
        proxy.admin,
        "SELECT CAST(AES_DECRYPT(encrypted_email, 'new key') AS CHAR) AS e FROM users ORDER BY id",
      ),
    ).toEqual([{ e: 'a@example.com' }, { e: 'b@example.com' }]);
  });

  it('is counted', async () => {
    const text = await proxy.metrics();
    expect(
      metric(text, 'tenantcrypt_statements_total', { outcome: 'refused', reason: 'TC_KEY_UNAVAILABLE' }),
    ).toBeGreaterThan(5);
    expect(
      metric(text, 'tenantcrypt_key_fetch_duration_seconds_count', { provider: 'file', outcome: 'error' }),
    ).toBeGreaterThan(1);
    expect(
      metric(text, 'tenantcrypt_key_fetch_duration_seconds_count', { provider: 'file', outcome: 'ok' }),
    ).toBeGreaterThan(1);
  });
});
