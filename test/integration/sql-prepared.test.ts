import type { Connection, ConnectionOptions, FieldPacket, RowDataPacket } from 'mysql2/promise';
import { beforeEach, describe, expect, it } from 'vitest';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage } from '../support/session-stage.js';

interface Outcome {
  readonly error?: { readonly errno: number; readonly message: string };
  readonly rows?: unknown;
  readonly columns?: readonly string[];
  readonly affected?: number;
}

/*
 * PREPARE, EXECUTE and DEALLOCATE PREPARE as statements, and MariaDB's EXECUTE IMMEDIATE. The same statements on
 * `plain_users`, straight to the server, are what those on `users` have to look like.
 */
forEachServer((name, getServer) => {
  const isMariadb = name.startsWith('mariadb');
  const stage = sessionStage(getServer, {
    label: 'sqlps',
    also: 'CREATE TABLE notes (id INT, text VARCHAR(50))',
    keys: { t1: 'key of t1', t2: 'key of t2' },
    protect: { tenantVariable: 'tenant_id' },
    proxy: { sources: [{ kind: 'userVariable', name: 'tenant_id' }] },
    client: { multipleStatements: true },
  });
  beforeEach(async () => {
    await stage.admin.query('TRUNCATE users; TRUNCATE plain_users; TRUNCATE notes');
  });

  async function client(
    options: ConnectionOptions & { tenant?: string | null; straight?: boolean } = {},
  ): Promise<Connection> {
    const { tenant = 't1', straight = false, ...rest } = options;
    const connection = await stage.client(straight ? 'straight' : 'proxy', rest);
    if (tenant !== null) await connection.query(`SET @tenant_id = '${tenant}'`);
    return connection;
  }

  async function outcome(connection: Connection, sql: string): Promise<Outcome> {
    try {
      const [rows, fields] = await connection.query(sql);
      if (!Array.isArray(rows)) return { affected: rows.affectedRows };
      const columns = (fields as FieldPacket[]).map(
        (field) => `${field.name} ${field.columnType ?? field.type} ${field.table}.${field.orgName}`,
      );
      return { rows, columns };
    } catch (error) {
      const { errno, message } = error as { errno: number; message: string };
      return { error: { errno, message } };
    }
  }

  /** Names of the plain table for those of the protected one. */
  const onPlain = (sql: string): string => sql.replaceAll('users', 'plain_users');
  const asPlain = (one: Outcome): unknown =>
    JSON.parse(JSON.stringify(one).replaceAll('plain_users', 'users'));

  /** Plays statements on either table, and compares what each gives. @returns the outcomes through the proxy */
  async function compare(statements: readonly string[]): Promise<Outcome[]> {
    const [through, straight] = [await client(), await client({ straight: true })];
    const found: Outcome[] = [];
    for (const sql of statements) {
      const one = await outcome(through, sql);
      expect([sql, asPlain(one)]).toEqual([sql, asPlain(await outcome(straight, onPlain(sql)))]);
      found.push(one);
    }
    return found;
  }

  const FILL = [
    "PREPARE fill FROM 'INSERT INTO users (tenant_id, username, email, phone, age) VALUES (?, ?, ?, ?, ?)'",
    "SET @t = 't1', @n = 'ann', @e = 'ann@x.com', @p = NULL, @a = 30",
    'EXECUTE fill USING @t, @n, @e, @p, @a',
    "SET @n = 'bob', @e = '😀é@x.com', @p = '0123', @a = '41'",
    'EXECUTE fill USING @t, @n, @e, @p, @a',
    "SET @n = 'cid', @e = NULL, @p = 77, @a = 12.6",
    'EXECUTE fill USING @t, @n, @e, @p, @a',
  ] as const;

  async function stored(): Promise<unknown[]> {
    const [rows] = await stage.admin.query<RowDataPacket[]>(
      `SELECT tenant_id, username,
        CONVERT(AES_DECRYPT(encrypted_email, CONCAT('key of ', tenant_id)) USING utf8mb4) AS email,
        CONVERT(AES_DECRYPT(encrypted_phone, CONCAT('key of ', tenant_id)) USING utf8mb4) AS phone,
        CONVERT(AES_DECRYPT(encrypted_age, CONCAT('key of ', tenant_id)) USING utf8mb4) AS age
      FROM users ORDER BY id`,
    );
    return rows.map((row) => Object.values(row));
  }

  it('INSERT with user variables: strings, NULL, emoji, numbers', async () => {
    await compare(FILL);
    expect(await stored()).toEqual([
      ['t1', 'ann', 'ann@x.com', null, '30'],
      ['t1', 'bob', '😀é@x.com', '0123', '41'],
      ['t1', 'cid', null, '77', '13'],
    ]);
  });

  it('SELECT, UPDATE and DELETE', async () => {
    const found = await compare([
      ...FILL,
      "PREPARE one FROM 'SELECT * FROM users WHERE email = ?'",
      "SET @e = '😀é@x.com'",
      'EXECUTE one USING @e',
      'EXECUTE ONE USING @e',
      "PREPARE `some` FROM 'SELECT username, age, email FROM users WHERE age IN (?, ?) AND username <> ? ORDER BY age DESC LIMIT ?'",
      'SET @a = 30, @b = 41, @l = 1',
      'EXECUTE some USING @a, @b, @e, @l',
      "SET @l = 10, @a = '13'",
      'EXECUTE some USING @a, @b, @e, @l',
      "PREPARE nul FROM 'SELECT username FROM users WHERE email <=> ?'",
      'SET @e = NULL',
      'EXECUTE nul USING @e',
      "PREPARE up FROM 'UPDATE users SET email = ?, age = ?, phone = UPPER(?) WHERE username = ? AND phone = ?'",
      "SET @e = 'new@x.com', @a = -5, @p = '0123', @n = 'bob', @q = 'abc'",
      'EXECUTE up USING @e, @a, @q, @n, @p',
      'SELECT username, email, phone, age FROM users ORDER BY id',
      "PREPARE del FROM 'DELETE FROM users WHERE email = ?'",
      'EXECUTE del USING @e',
      'EXECUTE del USING @e',
      "PREPARE const FROM 'SELECT username, ''it is'' AS k FROM users WHERE email = \"ann@x.com\"';",
      'EXECUTE const;',
      'DEALLOCATE PREPARE const',
      'EXECUTE const',
      'DROP PREPARE del',
      'EXECUTE del USING @e',
      'DEALLOCATE PREPARE del',
    ]);
    expect(found[10]!.rows).toMatchObject([{ username: 'bob', email: '😀é@x.com' }]);
    expect(await stored()).toEqual([
      ['t1', 'ann', 'ann@x.com', null, '30'],
      ['t1', 'cid', null, '77', '13'],
    ]);
  });

  it('rows of parameters, joins and transactions', async () => {
    await compare([
      "PREPARE two FROM 'INSERT INTO users (tenant_id, username, email, age) VALUES (?, ?, ?, ?), (?, ?, ?, ?)'",
      "SET @t = 't1', @n = 'ann', @e = 'ann@x.com', @a = 1, @m = 'bob', @f = 'bob@x.com', @b = 2",
      'START TRANSACTION',
      'EXECUTE two USING @t, @n, @e, @a, @t, @m, @f, @b',
      'ROLLBACK',
      'SELECT * FROM users',
      'EXECUTE two USING @t, @n, @e, @a, @t, @m, @f, @b',
      "PREPARE pair FROM 'SELECT a.username, b.email, ? AS k FROM users a JOIN users b ON a.age < b.age WHERE b.email = ? AND a.email LIKE ?'",
      "SET @k = 1.50, @l = 'ann%'",
      'EXECUTE pair USING @k, @f, @l',
      "PREPARE counts FROM 'SELECT COUNT(*) AS n, COUNT(email) AS m FROM (SELECT email FROM users WHERE age >= ?) AS some'",
      'SET @k = 1.0e0',
      'EXECUTE counts USING @k',
    ]);
    expect((await stored()).map((row) => (row as unknown[])[2])).toEqual(['ann@x.com', 'bob@x.com']);
    const c = await client();
    await c.query("PREPARE s FROM 'INSERT INTO users (username, email) VALUES (?, ?)'");
    await c.query("SET @n = 'ann', @e = 'ann@x.com'");
    await expect(c.query('EXECUTE s USING @n, @e')).rejects.toMatchObject({
      errno: 1062,
      message: expect.stringContaining('<encrypted>'),
    });
  });

  it('arguments in other character sets', async () => {
    await compare([
      ...FILL,
      "SET @e = _latin1 X'e9', @n = 'dan', @p = X'3132', @a = X'35'",
      'EXECUTE fill USING @t, @n, @e, @p, @b',
      "PREPARE one FROM 'SELECT username, email, phone FROM users WHERE email = ?'",
      'EXECUTE one USING @e',
      "SET @e = _utf16 X'00e9'",
      'EXECUTE one USING @e',
    ]);
    expect((await stored())[3]).toEqual(['t1', 'dan', 'é', '12', null]);
    const c = await client();
    await c.query(FILL[0]);
    await c.query("SET @t = 't1', @n = 'eve', @e = 'é', @p = NULL, @a = 1");
    await c.query('SET NAMES latin1');
    await expect(c.query('EXECUTE fill USING @t, @n, @e, @p, @a')).rejects.toMatchObject({ errno: 1235 });
    await c.query("SET @e = 'eve@x.com'");
    await c.query('EXECUTE fill USING @t, @n, @e, @p, @a');
    expect((await stored())[4]).toEqual(['t1', 'eve', 'eve@x.com', null, '1']);
  });

  it('errors are those of the plain table', async () => {
    await compare([
      ...FILL,
      "SET @a = 3000000000, @n = 'dan', @e = 'dan@x.com'",
      'EXECUTE fill USING @t, @n, @e, @p, @a',
      'SET @a = 1, @p = REPEAT(1, 33)',
      'EXECUTE fill USING @t, @n, @e, @p, @a',
      'EXECUTE fill USING @t, @n, @e',
      'EXECUTE fill',
      'EXECUTE nosuch USING @t',
      "PREPARE bad FROM 'SELECT nosuch FROM users'",
      'EXECUTE bad',
    ]);
    const c = await client();
    await c.query(FILL[0]);
    // The server shows the value, which tenantcrypt does not.
    await c.query("SET @t = 't1', @n = 'dan', @e = 'dan@x.com', @p = NULL, @a = 'many'");
    await expect(c.query('EXECUTE fill USING @t, @n, @e, @p, @a')).rejects.toMatchObject({ errno: 1366 });
    expect(await stored()).toHaveLength(3);
  });

  it('PREPARE of a name takes it from the old statement, also when it fails or is refused', async () => {
    await compare([
      ...FILL,
      "PREPARE s FROM 'SELECT username FROM users WHERE email = ?'",
      "PREPARE s FROM 'SELECT nosuch FROM notes'",
      'SET @e = 1',
      'EXECUTE s USING @e',
      "PREPARE s FROM 'SELECT username FROM users WHERE id = ?'",
      'EXECUTE s USING @e',
      "PREPARE s FROM 'SELECT 1'",
      'EXECUTE s',
      "PREPARE s FROM 'SELECT username FROM users ORDER BY id'",
      'EXECUTE s',
    ]);
    const c = await client();
    for (const first of ['SELECT username FROM users', 'SELECT 1 AS one']) {
      await c.query(`PREPARE s FROM '${first}'`);
      await c.query('EXECUTE s');
      await expect(c.query("PREPARE s FROM 'SELECT encrypted_email FROM users'")).rejects.toMatchObject({
        errno: 1054,
      });
      await expect(c.query('EXECUTE s')).rejects.toMatchObject({ errno: 1243 });
      await c.query(`PREPARE s FROM '${first}'`);
      await expect(c.query('PREPARE s FROM @v')).rejects.toMatchObject({ errno: 1235 });
      await expect(c.query('EXECUTE s')).rejects.toMatchObject({ errno: 1243 });
    }
  });

  it('the tenant and the key of the execution count', async () => {
    const c = await client();
    for (const sql of FILL) await c.query(sql);
    await c.query("PREPARE names FROM 'SELECT username, email FROM users WHERE username <> ? ORDER BY id'");
    await c.query("PREPARE gone FROM 'DELETE FROM users WHERE username = ?'");
    await c.query("SET @none = '', @n = 'ann', @tenant_id = 't2'");
    expect((await c.query('EXECUTE names USING @none'))[0]).toEqual([]);
    await c.query('EXECUTE gone USING @n');
    // The tenant column takes the session's own tenant only.
    await expect(c.query('EXECUTE fill USING @t, @n, @e, @p, @a')).rejects.toMatchObject({ errno: 1227 });
    await c.query("SET @t = 't2', @n = 'ann', @e = 'ann@t2', @p = '1', @a = 1");
    await c.query('EXECUTE fill USING @t, @n, @e, @p, @a');
    expect((await c.query('EXECUTE names USING @none'))[0]).toEqual([{ username: 'ann', email: 'ann@t2' }]);
    await c.query("SET @tenant_id = 't1'");
    expect((await c.query('EXECUTE names USING @none'))[0]).toHaveLength(3);
    await c.query('SET @tenant_id = NULL');
    await expect(c.query('EXECUTE names USING @none')).rejects.toMatchObject({ errno: 1105 });
    await c.query("PREPARE later FROM 'SELECT username FROM users ORDER BY id LIMIT 1'");
    await expect(c.query('EXECUTE later')).rejects.toMatchObject({ errno: 1105 });
    await c.query("SET @tenant_id = 't2'");
    expect((await c.query('EXECUTE later'))[0]).toEqual([{ username: 'ann' }]);
    expect(await stored()).toEqual([
      ['t1', 'ann', 'ann@x.com', null, '30'],
      ['t1', 'bob', '😀é@x.com', '0123', '41'],
      ['t1', 'cid', null, '77', '13'],
      ['t2', 'ann', 'ann@t2', '1', '1'],
    ]);
  });

  it('a one-shot SET TRANSACTION is still there when the arguments have been read', async () => {
    await compare([
      ...FILL,
      "SET @n = 'dan', @e = 'dan@x.com'",
      'SET TRANSACTION READ ONLY',
      'EXECUTE fill USING @t, @n, @e, @p, @a',
    ]);
    expect(await stored()).toHaveLength(3);
  });

  it('… and when the statement is prepared again for another tenant', async () => {
    const c = await client();
    await c.query("PREPARE s FROM 'INSERT INTO users (username, email) VALUES (?, ?)'");
    await c.query("SET @n = 'dan', @e = 'dan@x.com', @tenant_id = 't2'");
    await c.query('SET TRANSACTION READ ONLY');
    await expect(c.query('EXECUTE s USING @n, @e')).rejects.toMatchObject({ errno: 1792 });
    await c.query('START TRANSACTION');
    await c.query('COMMIT');
    await c.query('EXECUTE s USING @n, @e');
    expect(await stored()).toEqual([['t2', 'dan', 'dan@x.com', null, null]]);
  });

  it('a key that was rotated', async () => {
    const rotating = stage.freshProtection({ keyTtlMs: 40 });
    rotating.provider.keys.set('t1', { key: 'the first', version: '1' });
    const other = await stage.anotherProxy({ protection: rotating });
    const c = await client({ port: other.port });
    await c.query("PREPARE s FROM 'INSERT INTO users (username, email) VALUES (?, ?)'");
    await c.query("SET @n = 'dan', @e = 'dan@x.com'");
    await c.query('EXECUTE s USING @n, @e');
    rotating.provider.keys.set('t1', { key: 'the second', version: '2' });
    await new Promise((resolve) => setTimeout(resolve, 120));
    await c.query("SET @e = 'new@x.com'");
    await c.query('EXECUTE s USING @n, @e');
    const [rows] = await stage.admin.query<RowDataPacket[]>(
      `SELECT CONVERT(AES_DECRYPT(encrypted_email, 'the first') USING utf8mb4) AS first,
        CONVERT(AES_DECRYPT(encrypted_email, 'the second') USING utf8mb4) AS second FROM users ORDER BY id`,
    );
    expect(rows).toMatchObject([{ first: 'dan@x.com' }, { second: 'new@x.com' }]);
  });

  it('after a reset or another user there are no statements', async () => {
    const c = await client();
    await c.query("PREPARE s FROM 'SELECT username FROM users'");
    await c.changeUser({ user: stage.user, password: '', database: stage.database });
    await expect(c.query('EXECUTE s')).rejects.toMatchObject({ errno: 1243 });
    await c.query("SET @tenant_id = 't2'");
    await c.query("PREPARE s FROM 'SELECT username FROM users'");
    expect((await c.query('EXECUTE s'))[0]).toEqual([]);
    await c.reset();
    await expect(c.query('EXECUTE s')).rejects.toMatchObject({ errno: 1243 });
  });

  /** Adds a column to the table, or drops it, and has sessions notice. */
  async function alter(change: string): Promise<void> {
    await stage.admin.query(`ALTER TABLE users ${change}`);
    const c = await client();
    await c.query('CREATE TABLE other (id INT) /* beside users */');
    await c.query('SELECT id FROM users');
    await stage.admin.query('DROP TABLE other');
  }

  it('DDL, another schema and another sql_mode behind a PREPARE', async () => {
    const c = await client();
    for (const sql of FILL) await c.query(sql);
    await c.query(`PREPARE s FROM 'SELECT "bob" AS b, users.* FROM users WHERE username = ''ann'''`);
    await alter('ADD COLUMN extra INT DEFAULT 7');
    try {
      expect((await c.query('EXECUTE s'))[0]).toMatchObject([{ b: 'bob', email: 'ann@x.com', extra: 7 }]);
      await c.query("SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,NO_BACKSLASH_ESCAPES')");
      await c.query('USE information_schema');
      expect((await c.query('EXECUTE s'))[0]).toMatchObject([{ b: 'bob', email: 'ann@x.com' }]);
      // For another tenant it would have to be read again, under what no longer holds.
      await c.query("SET @tenant_id = 't2'");
      await expect(c.query('EXECUTE s')).rejects.toMatchObject({
        errno: 1105,
        message: expect.stringContaining('prepare it again'),
      });
      await c.query(`USE ${stage.database}`);
      await c.query(`PREPARE s FROM 'SELECT "username", ''\\n'' AS b FROM "users" ORDER BY "id"'`);
      await c.query("SET @tenant_id = 't1'");
      expect((await c.query('EXECUTE s'))[0]).toEqual(
        ['ann', 'bob', 'cid'].map((username) => ({ username, b: '\\n' })),
      );
    } finally {
      await alter('DROP COLUMN extra');
    }
  });

  it('DDL in a prepared statement is noticed when it is executed', async () => {
    const c = await client();
    await c.query("PREPARE ddl FROM 'CREATE TABLE made (id INT)'");
    expect((await c.query('SELECT * FROM users'))[0]).toEqual([]);
    await stage.admin.query('ALTER TABLE users ADD COLUMN extra INT DEFAULT 7');
    try {
      await c.query('EXECUTE ddl');
      const [, fields] = await c.query('SELECT * FROM users');
      expect(fields.map((field) => field.name)).toContain('extra');
    } finally {
      await stage.admin.query('DROP TABLE IF EXISTS made');
      await alter('DROP COLUMN extra');
    }
  });

  it('several statements in one packet', async () => {
    const c = await client();
    for (const sql of FILL) await c.query(sql);
    const [results] = await c.query<RowDataPacket[][]>(
      "PREPARE s FROM 'SELECT email FROM users WHERE age = ?'; SET @a = 30; EXECUTE s USING @a; DEALLOCATE PREPARE s",
    );
    expect(results[2]).toEqual([{ email: 'ann@x.com' }]);
    const [again] = await c.query<RowDataPacket[][]>(
      "PREPARE s FROM 'SELECT 1'; PREPARE s FROM 'SELECT email FROM users ORDER BY id LIMIT 1'; DO 1; EXECUTE S",
    );
    expect(again[3]).toEqual([{ email: 'ann@x.com' }]);
  });

  it('backslashes and quotes of the connection', async () => {
    const c = await client();
    for (const sql of FILL) await c.query(sql);
    await c.query(
      `PREPARE s FROM "SELECT 'a\\\\\\\\b' AS b, '''' AS q FROM users WHERE email = 'ann@x.com'"`,
    );
    expect((await c.query('EXECUTE s'))[0]).toEqual([{ b: 'a\\b', q: "'" }]);
    await c.query(`PREPARE s FROM 'SELECT username AS é FROM users WHERE email LIKE "%é%"'`);
    expect((await c.query('EXECUTE s'))[0]).toEqual([{ é: 'bob' }]);
  });

  it('the tenant of the execution, when a comment says it', async () => {
    const other = await stage.anotherProxy({
      sources: [{ kind: 'comment', key: 'tenant_id' }],
      limits: { preparedStatements: 2 },
    });
    for (const tenant of ['t1', 't2']) {
      const c = await client({ tenant });
      await c.query(`INSERT INTO users (username, email) VALUES ('of ${tenant}', '${tenant}@x.com')`);
    }
    const c = await client({ tenant: null, port: other.port });
    await c.query("PREPARE s FROM 'SELECT username, email FROM users'");
    for (const tenant of ['t1', 't2', 't1']) {
      expect((await c.query(`EXECUTE s /* tenant_id='${tenant}' */`))[0]).toEqual([
        { username: `of ${tenant}`, email: `${tenant}@x.com` },
      ]);
    }
    await expect(c.query('EXECUTE s')).rejects.toMatchObject({ errno: 1105 });
    await c.query("PREPARE mine FROM 'SELECT username FROM users /* tenant_id=''t2'' */'");
    expect((await c.query('EXECUTE mine'))[0]).toEqual([{ username: 'of t2' }]);
    await expect(c.query("EXECUTE mine /* tenant_id='t1' */")).rejects.toMatchObject({ errno: 1227 });
    await expect(c.query("PREPARE third FROM 'SELECT 1'")).rejects.toMatchObject({ errno: 1461 });
    await c.query("PREPARE mine FROM 'SELECT 1'; DEALLOCATE PREPARE mine; PREPARE third FROM 'SELECT 1'");
  });

  it('with policy.dynamicSql: allow, what was rewritten is still followed', async () => {
    const rewriter = new SqlRewriter({
      tables: stage.protection.tables,
      tenantVariable: 'tenant_id',
      parseDepth: 500,
      planCacheBytes: 1 << 20,
      calls: [],
      dynamicSql: 'allow',
    });
    const other = await stage.anotherProxy({ protection: { ...stage.protection, rewriter } });
    const c = await client({ port: other.port });
    for (const sql of FILL) await c.query(sql);
    await c.query("PREPARE s FROM 'SELECT username FROM users ORDER BY id LIMIT 1'");
    await c.query("SET @v = 'SELECT 5 AS five'");
    await c.query('PREPARE v FROM @v');
    for (let round = 0; round < 2; round++) {
      expect((await c.query('EXECUTE v'))[0]).toEqual([{ five: 5 }]);
      expect((await c.query('EXECUTE s'))[0]).toEqual([{ username: 'ann' }]);
    }
    await c.query("SET @tenant_id = 't2'");
    for (let round = 0; round < 2; round++) expect((await c.query('EXECUTE s'))[0]).toEqual([]);
    const [several] = await c.query<RowDataPacket[][]>("SET @tenant_id = 't1'; EXECUTE v; EXECUTE s");
    expect(several.slice(1)).toEqual([[{ five: 5 }], [{ username: 'ann' }]]);
    await c.query("SET @tenant_id = 't2'");
    await c.query('SET NAMES gbk');
    await expect(c.query('EXECUTE s')).rejects.toMatchObject({ errno: 1235 });
    await expect(c.query("PREPARE s FROM 'SELECT 1'")).rejects.toMatchObject({ errno: 1235 });
  });

  describe('what can not be followed is refused, and nothing of it arrives', () => {
    it.each([
      "PREPARE s FROM 'PREPARE t FROM ''SELECT * FROM users'''",
      "PREPARE s FROM 'SELECT 1; SELECT * FROM users'",
      "PREPARE s FROM CONCAT('SELECT * FROM ', 'users')",
      "PREPARE s FROM 'SELECT @__tc_key FROM users'",
      "PREPARE s FROM 'SELECT email INTO @v FROM users'",
      "PREPARE s FROM 'SET @tenant_id = ?'",
      "PREPARE s FROM 'SELECT email, ''\\\\'', (SELECT 1) AS \" FROM users -- \" FROM users'",
      "PREPARE ś FROM 'SELECT email FROM users'",
      "PREPARE `s ` FROM 'SELECT email FROM users'",
      "EXECUTE IMMEDIATE CONCAT('SELECT * FROM ', 'users')",
      "EXECUTE IMMEDIATE 'EXECUTE IMMEDIATE ''SELECT * FROM users'''",
    ])('%s', async (sql) => {
      const c = await client();
      const one = await outcome(c, sql);
      expect([1064, 1227, 1231, 1235]).toContain(one.error?.errno);
      if (one.error?.errno !== 1064) expect(one.error?.message).toContain('tenantcrypt[');
      await expect(c.query('EXECUTE s')).rejects.toMatchObject({ errno: 1243 });
    });

    it('a rewritten statement under another spelling of its name', async () => {
      const c = await client();
      for (const sql of FILL) await c.query(sql);
      await c.query("PREPARE s FROM 'SELECT username FROM users'");
      await c.query("SET @tenant_id = 't2'");
      for (const spelling of ['ś', '`ş`', '`s `']) {
        await expect(c.query(`EXECUTE ${spelling}`)).rejects.toMatchObject({ errno: 1235 });
        await expect(c.query(`PREPARE ${spelling} FROM 'SELECT 1'`)).rejects.toMatchObject({ errno: 1235 });
        await expect(c.query(`DEALLOCATE PREPARE ${spelling}`)).rejects.toMatchObject({ errno: 1235 });
      }
      for (const spelling of ['S', '`s`', '/*!50000 s */', 's -- c']) {
        expect((await c.query(`EXECUTE ${spelling}`))[0]).toEqual([]);
      }
      for (const sql of ['EXECUTE s', "PREPARE t FROM 'SELECT 1'", 'DEALLOCATE PREPARE s']) {
        await expect(c.prepare(sql)).rejects.toMatchObject({ errno: 1295 });
      }
    });

    it('arguments that could be ours', async () => {
      const c = await client();
      await c.query("PREPARE s FROM 'SELECT username, ? AS k FROM users'");
      for (const argument of ['@__tc_key', '@`__TC_key`', "@'__tc_p0'", '@__tç_key']) {
        await expect(c.query(`EXECUTE s USING ${argument}`)).rejects.toMatchObject({ errno: 1227 });
      }
      const subquery = await outcome(c, 'EXECUTE s USING (SELECT email FROM users LIMIT 1)');
      expect([1064, 1235]).toContain(subquery.error?.errno);
    });

    it('a table that is protected by the time of the execution', async () => {
      const c = await client();
      await stage.admin.query('CREATE OR REPLACE VIEW seen AS SELECT * FROM notes');
      await c.query("PREPARE s FROM 'SELECT * FROM seen'");
      expect((await c.query('EXECUTE s'))[0]).toEqual([]);
      await stage.admin.query('CREATE OR REPLACE VIEW seen AS SELECT * FROM users');
      await c.query('CREATE TABLE other (id INT) /* beside users */');
      await c.query('SELECT id FROM users');
      await expect(c.query('EXECUTE s')).rejects.toMatchObject({
        errno: 1105,
        message: expect.stringContaining('prepare it again'),
      });
      await stage.admin.query('DROP VIEW seen; DROP TABLE other');
    });
  });

  describe.runIf(isMariadb)('MariaDB', () => {
    it('EXECUTE IMMEDIATE, and literals as arguments', async () => {
      await compare([
        ...FILL,
        "EXECUTE IMMEDIATE 'SELECT username, email, age FROM users ORDER BY id'",
        "EXECUTE IMMEDIATE 'SELECT username, email FROM users WHERE email = ? OR age = ? ORDER BY id' USING @none, 30",
        "EXECUTE IMMEDIATE 'INSERT INTO users (tenant_id, username, email, age) VALUES (?, ?, ?, ?)' USING 't1', 'dan', 'dan@x.com', -7",
        "EXECUTE IMMEDIATE 'UPDATE users SET email = ?, age = ? WHERE username = ?' USING NULL, '5 ', 'dan'",
        "EXECUTE fill USING 't1', 'eve', 'it''s', NULL, 1",
        "EXECUTE IMMEDIATE 'SELECT username, email, age FROM users WHERE age < ?' USING 9",
        "EXECUTE IMMEDIATE 'SELECT username FROM users WHERE age < ?'",
        "EXECUTE IMMEDIATE 'SELECT nosuch FROM users'",
      ]);
      expect((await stored()).slice(3)).toEqual([
        ['t1', 'dan', null, null, '5'],
        ['t1', 'eve', "it's", null, '1'],
      ]);
      const c = await client({ tenant: 't2' });
      expect((await c.query("EXECUTE IMMEDIATE 'SELECT * FROM users'"))[0]).toEqual([]);
    });

    it('compound statements do not execute what was rewritten', async () => {
      const c = await client();
      await c.query("PREPARE s FROM 'SELECT username FROM users'");
      for (const sql of [
        'BEGIN NOT ATOMIC EXECUTE s; END',
        'SET STATEMENT max_statement_time=5 FOR EXECUTE s',
      ]) {
        await expect(c.query(sql)).rejects.toMatchObject({ errno: 1235 });
      }
    });
  });
});
