import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { KEYS, rowsOf as rows, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let one: Connection;
  let two: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'm2' });
    one = await proxy.connect('tenant-001');
    two = await proxy.connect('tenant-002');
  });
  afterAll(async () => await proxy?.stop());
  beforeEach(async () => {
    await proxy.admin.query('TRUNCATE users');
  });

  /** The rows as they lie in the table, with what a tenant's secret makes of them. */
  async function stored(tenant: keyof typeof KEYS): Promise<RowDataPacket[]> {
    return await rows(
      proxy.admin,
      `SELECT tenant_id, username, encrypted_email, encrypted_phone,
        CAST(AES_DECRYPT(encrypted_email, ?) AS CHAR CHARACTER SET utf8mb4) AS email,
        CAST(AES_DECRYPT(encrypted_phone, ?) AS CHAR CHARACTER SET utf8mb4) AS phone FROM users ORDER BY id`,
      [KEYS[tenant], KEYS[tenant]],
    );
  }

  for (const protocol of ['query', 'execute'] as const) {
    it(`writes and reads through ${protocol}()`, async () => {
      const run = async (connection: Connection, sql: string, values: (string | number | null)[]) =>
        protocol === 'query'
          ? await connection.query<ResultSetHeader & RowDataPacket[]>(sql, values)
          : await connection.execute<ResultSetHeader & RowDataPacket[]>(sql, values);
      const insert = 'INSERT INTO users (username, email, phone) VALUES (?, ?, ?)';
      const [inserted] = await run(one, insert, ['alice', 'alice@example.com', '+49 30 1']);
      expect(inserted.affectedRows).toBe(1);
      expect(inserted.insertId).toBeGreaterThan(0);
      await run(one, insert, ['nobody', null, null]);
      await run(one, insert, ['smile', '😀 grüße@example.com', '']);
      await run(two, insert, ['alice', 'alice@other.example', '+1']);

      const select = 'SELECT username, email, phone FROM users WHERE id > ? ORDER BY id';
      expect((await run(one, select, [0]))[0]).toEqual([
        { username: 'alice', email: 'alice@example.com', phone: '+49 30 1' },
        { username: 'nobody', email: null, phone: null },
        { username: 'smile', email: '😀 grüße@example.com', phone: '' },
      ]);
      expect((await run(two, select, [0]))[0]).toEqual([
        { username: 'alice', email: 'alice@other.example', phone: '+1' },
      ]);
      const byEmail = 'SELECT username FROM users WHERE email = ?';
      expect((await run(one, byEmail, ['😀 grüße@example.com']))[0]).toEqual([{ username: 'smile' }]);
      expect((await run(one, byEmail, ['alice@other.example']))[0]).toEqual([]);

      const update = 'UPDATE users SET email = ?, phone = ? WHERE email = ?';
      const [updated] = await run(one, update, ['new@example.com', null, 'alice@example.com']);
      expect(updated.affectedRows).toBe(1);
      const [removed] = await run(one, 'DELETE FROM users WHERE email = ?', ['😀 grüße@example.com']);
      expect(removed.affectedRows).toBe(1);

      const lies = await stored('tenant-001');
      expect(lies.map((row) => [row['tenant_id'], row['username'], row['email'], row['phone']])).toEqual([
        ['tenant-001', 'alice', 'new@example.com', null],
        ['tenant-001', 'nobody', null, null],
        ['tenant-002', 'alice', null, null],
      ]);
      expect(lies[0]?.['encrypted_email']).toHaveLength(16);
      expect(lies[1]?.['encrypted_email']).toBeNull();
      expect(lies[2]?.['encrypted_email'].toString('latin1')).not.toContain('alice');
      expect((await stored('tenant-002'))[2]).toMatchObject({ email: 'alice@other.example', phone: '+1' });
    });
  }

  it('writes many rows with one INSERT, a bulk array and literals alike', async () => {
    const values = Array.from({ length: 500 }, (_, i) => [
      `u${i}`,
      `u${i}@example.com`,
      i % 7 === 0 ? null : `${i}`,
    ]);
    const [bulk] = await one.query<ResultSetHeader>('INSERT INTO users (username, email, phone) VALUES ?', [
      values,
    ]);
    expect(bulk.affectedRows).toBe(500);
    await one.query(
      "INSERT INTO users (username, email) VALUES ('v0', 'v0@example.com'), ('v1', NULL), ('v2', DEFAULT)",
    );
    expect(await rows(one, 'SELECT COUNT(*) AS n, COUNT(email) AS e, COUNT(phone) AS p FROM users')).toEqual([
      { n: 503, e: 501, p: 428 },
    ]);
    expect(
      await rows(one, "SELECT email, phone FROM users WHERE username IN ('u0', 'u499', 'v1') ORDER BY id"),
    ).toEqual([
      { email: 'u0@example.com', phone: null },
      { email: 'u499@example.com', phone: '499' },
      { email: null, phone: null },
    ]);
    const [raw] = await rows(
      proxy.admin,
      "SELECT COUNT(*) AS n FROM users WHERE encrypted_email IS NOT NULL AND AES_DECRYPT(encrypted_email, ?) = CONCAT(username, '@example.com')",
      [KEYS['tenant-001']],
    );
    expect(raw).toEqual({ n: 501 });
  });

  it('updates on a duplicate key', async () => {
    const upsert =
      "INSERT INTO users (username, email, phone) VALUES ('alice', ?, '1') ON DUPLICATE KEY UPDATE email = VALUES(email), phone = CONCAT(phone, '+')";
    expect((await one.query<ResultSetHeader>(upsert, ['first@example.com']))[0].affectedRows).toBe(1);
    expect((await one.query<ResultSetHeader>(upsert, ['second@example.com']))[0].affectedRows).toBe(2);
    await two.query(upsert, ['third@example.com']);
    expect(await rows(one, 'SELECT email, phone FROM users')).toEqual([
      { email: 'second@example.com', phone: '1+' },
    ]);
    expect(await rows(two, 'SELECT email, phone FROM users')).toEqual([
      { email: 'third@example.com', phone: '1' },
    ]);
    expect((await stored('tenant-001'))[0]).toMatchObject({ email: 'second@example.com', phone: '1+' });
  });

  it('commits and rolls back', async () => {
    await one.beginTransaction();
    await one.query("INSERT INTO users (username, email) VALUES ('kept', 'kept@example.com')");
    await one.commit();
    await one.beginTransaction();
    await one.query("UPDATE users SET email = 'lost@example.com'");
    expect(await rows(one, 'SELECT email FROM users')).toEqual([{ email: 'lost@example.com' }]);
    await one.query('SAVEPOINT s');
    await one.query("DELETE FROM users WHERE email = 'lost@example.com'");
    expect(await rows(one, 'SELECT email FROM users')).toEqual([]);
    await one.query('ROLLBACK TO SAVEPOINT s');
    expect(await rows(one, 'SELECT email FROM users')).toEqual([{ email: 'lost@example.com' }]);
    await one.rollback();
    expect(await rows(one, 'SELECT email FROM users')).toEqual([{ email: 'kept@example.com' }]);
  });

  it('carries texts of 60,000 bytes, in both protocols', async () => {
    const long = `${'ü'.repeat(29_990)}😀 end of the text`;
    expect(Buffer.byteLength(long)).toBeGreaterThan(60_000 - 20);
    await one.query("INSERT INTO users (username, bio) VALUES ('text', ?)", [long]);
    await one.execute("INSERT INTO users (username, bio) VALUES ('prepared', ?)", [long]);
    expect(await rows(one, 'SELECT bio FROM users ORDER BY id')).toEqual([{ bio: long }, { bio: long }]);
    const [executed] = await one.execute<RowDataPacket[]>('SELECT bio FROM users WHERE bio = ? ORDER BY id', [
      long,
    ]);
    expect(executed).toEqual([{ bio: long }, { bio: long }]);
    const [raw] = await rows(
      proxy.admin,
      'SELECT COUNT(DISTINCT encrypted_bio) AS n, MAX(LENGTH(encrypted_bio)) AS l FROM users',
    );
    expect(raw).toEqual({ n: 1, l: (Math.floor(Buffer.byteLength(long) / 16) + 1) * 16 });
  });

  it('serves joins, groups, subqueries and unions over protected columns', async () => {
    await one.query(
      "INSERT INTO users (username, email, phone) VALUES ('a', 'x@example.com', '1'), ('b', 'x@example.com', '2'), ('c', 'y@example.com', NULL)",
    );
    await two.query("INSERT INTO users (username, email) VALUES ('d', 'x@example.com')");
    expect(
      await rows(one, 'SELECT email, COUNT(*) AS n FROM users GROUP BY email HAVING COUNT(*) > 1'),
    ).toEqual([{ email: 'x@example.com', n: 2 }]);
    expect(
      await rows(
        one,
        'SELECT l.username AS l, r.username AS r FROM users l JOIN users r ON l.email = r.email AND l.id < r.id',
      ),
    ).toEqual([{ l: 'a', r: 'b' }]);
    expect(
      await rows(
        one,
        "SELECT username FROM users WHERE email LIKE 'y%' UNION ALL SELECT phone FROM users WHERE phone IS NOT NULL ORDER BY 1",
      ),
    ).toEqual([{ username: '1' }, { username: '2' }, { username: 'c' }]);
    expect(
      await rows(
        one,
        'SELECT username FROM users u WHERE NOT EXISTS (SELECT 1 FROM users o WHERE o.email = u.email AND o.id <> u.id)',
      ),
    ).toEqual([{ username: 'c' }]);
  });

  it('starts anew after a reconnect', async () => {
    const before = await proxy.connect('tenant-001');
    await before.query("INSERT INTO users (username, email) VALUES ('r', 'r@example.com')");
    await before.beginTransaction();
    await before.query("UPDATE users SET email = 'unfinished@example.com'");
    before.destroy();
    const after = await proxy.connect('tenant-001');
    expect(await rows(after, 'SELECT email FROM users FOR UPDATE')).toEqual([{ email: 'r@example.com' }]);
    await after.end();
    const third = await proxy.connect('tenant-002');
    expect(await rows(third, 'SELECT email FROM users')).toEqual([]);
  });
});
