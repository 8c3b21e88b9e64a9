import { randomBytes } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/** ER_COLUMNACCESS_DENIED_ERROR */
const COLUMN_DENIED = 1143;

/** What reads of id, username and email need: the columns named, protected ones as they lie, and the tenant's. */
const READS = 'SELECT (id, username, encrypted_email, tenant_id)';

forEachServer((_name, getServer) => {
  const accounts: string[] = [];
  let proxy: TestProxy;
  /** The application's account, which may do everything. */
  let wide: Connection;

  beforeAll(async () => {
    const { rootUser, rootPassword } = getServer();
    proxy = await startTestProxy(getServer(), {
      label: 'colpriv',
      config: { control: { user: rootUser, password: rootPassword } },
    });
    wide = await proxy.connect('tenant-001');
    await wide.query(
      "INSERT INTO users (username, email, phone, bio) VALUES ('ann', 'ann@x.com', '1', 'a'), ('bob', 'bob@x.com', '2', 'b')",
    );
    const other = await proxy.connect('tenant-002');
    await other.query("INSERT INTO users (username, email) VALUES ('eve', 'eve@x.com')");
  });
  afterAll(async () => {
    for (const account of accounts) await proxy?.admin.query(`DROP USER IF EXISTS ${account}`);
    await proxy?.stop();
  });

  /** A client of tenant-001 through a proxy, whose account has these privileges on users and no others. */
  async function connectWith(grants: readonly string[], through = proxy): Promise<Connection> {
    const user = `narrow_${randomBytes(4).toString('hex')}`;
    const password = 'narrow-password';
    accounts.push(`'${user}'@'%'`);
    await proxy.admin.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${password}'`);
    for (const grant of grants) {
      await proxy.admin.query(`GRANT ${grant} ON ${through.database}.users TO '${user}'@'%'`);
    }
    return await through.connect('tenant-001', { user, password });
  }

  describe('an account that may read some columns', () => {
    let narrow: Connection;

    beforeAll(async () => {
      narrow = await connectWith([READS]);
    });

    it.each([
      "SELECT id, username, email FROM users WHERE username = 'ann'",
      "SELECT id FROM users WHERE email = 'bob@x.com'",
      'SELECT COUNT(*) FROM users',
      'SELECT 1 FROM users',
      'SELECT u.EMAIL FROM users AS u ORDER BY u.email DESC',
      'SELECT u.username, v.email FROM users u JOIN users v USING (id) ORDER BY 1',
      "SELECT username, COUNT(*) FROM users GROUP BY username, email HAVING MAX(email) > 'a' ORDER BY 1",
      'SELECT d.e FROM (SELECT email AS e FROM users) d ORDER BY e',
      "SELECT EXISTS (SELECT 1 FROM users WHERE email LIKE 'a%') AS found",
      'SELECT tenant_id, id FROM users ORDER BY id FOR UPDATE',
    ])('gets what an account with all privileges gets: %s', async (sql) => {
      // FOR UPDATE needs a privilege to write on the table as well.
      const reader = sql.endsWith('FOR UPDATE') ? await connectWith([READS, 'UPDATE (username)']) : narrow;
      const expected = await rowsOf(wide, sql);
      expect(expected.length).toBeGreaterThan(0);
      expect(await rowsOf(reader, sql)).toEqual(expected);
      expect((await reader.execute<RowDataPacket[]>(sql))[0]).toEqual(expected);
    });

    it.each([
      'SELECT phone FROM users',
      'SELECT created_at FROM users',
      'SELECT id FROM users ORDER BY phone',
      'SELECT * FROM users',
      'SELECT u.* FROM users u',
      // MariaDB has no TABLE statement.
      ...(getServer().kind === 'mysql' ? ['TABLE users'] : []),
      'SELECT COUNT(*) FROM users NATURAL JOIN users v',
    ])('is refused by the server for the columns it may not read: %s', async (sql) => {
      expect(await errorOf(rowsOf(narrow, sql))).toMatchObject({ errno: COLUMN_DENIED });
    });

    it('can read nothing without the tenant column', async () => {
      const blind = await connectWith(['SELECT (id, username, encrypted_email)']);
      expect(await errorOf(rowsOf(blind, 'SELECT id FROM users'))).toMatchObject({ errno: COLUMN_DENIED });
    });
  });

  describe('an account that may write some columns', () => {
    it('updates them', async () => {
      const writer = await connectWith(['SELECT (id, username, tenant_id)', 'UPDATE (encrypted_phone)']);
      await writer.query("UPDATE users SET phone = '77' WHERE username = 'ann'");
      expect(await rowsOf(wide, "SELECT phone FROM users WHERE username = 'ann'")).toEqual([{ phone: '77' }]);
      expect(await errorOf(writer.query("UPDATE users SET email = 'x'"))).toMatchObject({
        errno: COLUMN_DENIED,
      });
    });

    it('inserts into them, and into the tenant column', async () => {
      const writer = await connectWith(['INSERT (username, encrypted_email, tenant_id)']);
      await writer.query("INSERT INTO users (username, email) VALUES ('cid', 'cid@x.com')");
      expect(await rowsOf(wide, "SELECT email FROM users WHERE username = 'cid'")).toEqual([
        { email: 'cid@x.com' },
      ]);
      const less = await connectWith(['INSERT (username, encrypted_email)']);
      const insert = less.query("INSERT INTO users (username, email) VALUES ('dan', 'dan@x.com')");
      expect(await errorOf(insert)).toMatchObject({ errno: COLUMN_DENIED });
    });

    it('deletes rows with what WHERE and the tenant column need', async () => {
      const writer = await connectWith(['DELETE', 'SELECT (username, tenant_id)']);
      await writer.query("DELETE FROM users WHERE username = 'cid'");
      expect(await rowsOf(wide, "SELECT id FROM users WHERE username = 'cid'")).toEqual([]);
    });
  });

  it('needs to see every configured column where its own sessions read the schema', async () => {
    const alone = await startTestProxy(getServer(), { label: 'colalone' });
    try {
      const blind = await connectWith([READS], alone);
      expect((await errorOf(rowsOf(blind, 'SELECT id FROM users'))).message).toContain('TC_SCHEMA');
      const seeing = await connectWith([READS, 'SELECT (encrypted_phone, encrypted_bio)'], alone);
      expect(await rowsOf(seeing, 'SELECT id, email FROM users')).toEqual([]);
    } finally {
      await alone.stop();
    }
  });
});
