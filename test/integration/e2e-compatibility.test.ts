import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/** By their length in characters; AES-128 folds all but the second. */
const SECRETS = {
  five: '5char',
  sixteen: 'sixteen-letters!',
  thirtytwo: 'thirty-two-characters-of-secrets',
  sixtyfour: 'f0e1d2c3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff',
  umlaut: 'schlüssel-ä-€-😀',
} as const;
const VALUES = ['', 'a', 'exactly-16-bytes', 'grüße 😀', 'it\'s \\ "quoted"', 'x'.repeat(255)];

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  /** An application that encrypts by hand, as it did before the proxy. */
  let byHand: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'compat', keys: SECRETS });
    byHand = await proxy.direct();
  });
  afterAll(async () => await proxy?.stop());
  beforeEach(async () => {
    await proxy.admin.query('TRUNCATE users');
  });

  describe.each(Object.entries(SECRETS))('with the secret %s', (tenant, secret) => {
    it('reads what AES_ENCRYPT with the secret wrote', async () => {
      for (const [i, value] of VALUES.entries()) {
        await byHand.query(
          'INSERT INTO users (tenant_id, username, encrypted_email) VALUES (?, ?, AES_ENCRYPT(?, ?))',
          [tenant, `u${i}`, value, secret],
        );
      }
      const client = await proxy.connect(tenant);
      expect(
        (await rowsOf(client, 'SELECT email FROM users ORDER BY id')).map((row) => row['email']),
      ).toEqual(VALUES);
      for (const [i, value] of VALUES.entries()) {
        const found = await rowsOf(client, 'SELECT username FROM users WHERE email = ?', [value]);
        expect(found).toEqual([{ username: `u${i}` }]);
      }
      await client.end();
    });

    it('writes what AES_DECRYPT with the secret reads, byte for byte what AES_ENCRYPT makes', async () => {
      const client = await proxy.connect(tenant);
      for (const [i, value] of VALUES.entries()) {
        const sql = 'INSERT INTO users (username, email) VALUES (?, ?)';
        if (i % 2 === 0) await client.query(sql, [`u${i}`, value]);
        else await client.execute(sql, [`u${i}`, value]);
      }
      const read = await rowsOf(
        byHand,
        'SELECT tenant_id, CAST(AES_DECRYPT(encrypted_email, ?) AS CHAR CHARACTER SET utf8mb4) AS email FROM users ORDER BY id',
        [secret],
      );
      expect(read).toEqual(VALUES.map((email) => ({ tenant_id: tenant, email })));
      for (const value of VALUES) {
        const same = await rowsOf(
          byHand,
          'SELECT COUNT(*) AS n FROM users WHERE encrypted_email = AES_ENCRYPT(?, ?)',
          [value, secret],
        );
        expect(same).toEqual([{ n: 1 }]);
      }
      await client.end();
    });
  });

  it('reads a value whole that by hand was stored longer than declared', async () => {
    const long = 'ü'.repeat(260);
    await byHand.query(
      'INSERT INTO users (tenant_id, username, encrypted_email) VALUES (?, ?, AES_ENCRYPT(?, ?))',
      ['five', 'long', long, SECRETS.five],
    );
    const client = await proxy.connect('five');
    for (const sql of ['SELECT email FROM users WHERE id > 0 ORDER BY id LIMIT 1', 'SELECT * FROM users']) {
      expect((await rowsOf(client, sql))[0]?.['email']).toBe(long);
      const [rows] = await client.execute<RowDataPacket[]>(sql);
      expect(rows[0]?.['email']).toBe(long);
    }
    await client.end();
  });

  it("keeps another tenant's rows unreadable, invisible and untouched", async () => {
    const one = await proxy.connect('sixteen');
    const two = await proxy.connect('thirtytwo');
    await one.query("INSERT INTO users (username, email, phone) VALUES ('a', 'one@example.com', '1')");
    await two.query("INSERT INTO users (username, email, phone) VALUES ('a', 'two@example.com', '2')");

    const [cross] = await rowsOf(
      byHand,
      "SELECT COUNT(*) AS n, SUM(AES_DECRYPT(encrypted_email, ?) = 'two@example.com') AS readable FROM users WHERE tenant_id = 'thirtytwo'",
      [SECRETS.sixteen],
    );
    expect(cross?.['n']).toBe(1);
    expect(['0', null]).toContain(cross?.['readable']);

    const before = await rowsOf(proxy.admin, "SELECT * FROM users WHERE tenant_id = 'thirtytwo'");
    expect(before).toHaveLength(1);
    expect(await rowsOf(one, "SELECT email FROM users WHERE tenant_id = 'thirtytwo' OR 1 = 1")).toEqual([
      { email: 'one@example.com' },
    ]);
    expect(await rowsOf(one, "SELECT email FROM users WHERE email = 'two@example.com'")).toEqual([]);
    for (const sql of [
      "UPDATE users SET email = 'stolen' WHERE tenant_id = 'thirtytwo'",
      "UPDATE users SET username = 'stolen' WHERE id = 2 OR username = 'b'",
      "DELETE FROM users WHERE tenant_id = 'thirtytwo'",
      'DELETE FROM users WHERE id = 2 OR 1 = 0',
    ]) {
      expect((await one.query<ResultSetHeader>(sql))[0].affectedRows, sql).toBe(0);
    }
    for (const sql of [
      "INSERT INTO users (tenant_id, username, email) VALUES ('thirtytwo', 'c', 'x')",
      "UPDATE users SET tenant_id = 'thirtytwo'",
      "UPDATE users SET encrypted_email = 'plaintext'",
      "INSERT INTO users (username, encrypted_email) VALUES ('d', 'plaintext')",
      "INSERT INTO users (id, username, email) VALUES (2, 'e', 'x') ON DUPLICATE KEY UPDATE tenant_id = 'sixteen'",
      "REPLACE INTO users (id, username, email) VALUES (2, 'e', 'x')",
      'SELECT encrypted_email FROM users',
    ]) {
      await expect(one.query(sql), sql).rejects.toThrow(/tenantcrypt\[TC_|Unknown column/);
    }
    // Taken over by primary key: either refused or guarded, and never another tenant's row changed.
    await one
      .query(
        "INSERT INTO users (id, username, email) VALUES (2, 'e', 'x') ON DUPLICATE KEY UPDATE email = 'stolen'",
      )
      .catch(() => undefined);
    expect(await rowsOf(proxy.admin, "SELECT * FROM users WHERE tenant_id = 'thirtytwo'")).toEqual(before);
    expect((await one.query<ResultSetHeader>('DELETE FROM users'))[0].affectedRows).toBe(1);
    expect(await rowsOf(two, 'SELECT email, phone FROM users')).toEqual([
      { email: 'two@example.com', phone: '2' },
    ]);
  });
});
