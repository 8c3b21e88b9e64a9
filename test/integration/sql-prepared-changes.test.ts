import type { RowDataPacket } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { forEachServer } from '../support/servers.js';
import { FILL, sqlPreparedStage } from '../support/sql-prepared-stage.js';

/* What changes between PREPARE and EXECUTE as statements: the tenant, the key, the schema, the session's state. */
forEachServer((name, getServer) => {
  const { stage, client, compare, stored } = sqlPreparedStage(getServer);

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

  it('where SQL runs unseen, what was prepared for another tenant is not executed by it', async () => {
    const rewriter = new SqlRewriter({
      tables: stage.protection.tables,
      tenantVariable: 'tenant_id',
      parseDepth: 500,
      planCacheBytes: 1 << 20,
      calls: ['*'],
      dynamicSql: 'allow',
    });
    const other = await stage.anotherProxy({ protection: { ...stage.protection, rewriter } });
    await stage.admin.query('DROP PROCEDURE IF EXISTS run_s');
    await stage.admin.query('CREATE PROCEDURE run_s() EXECUTE s');
    const c = await client({ port: other.port });
    for (const sql of FILL) await c.query(sql);
    const unseen = ['CALL run_s()'];
    if (name.startsWith('mariadb')) {
      unseen.push('SET STATEMENT max_statement_time = 60 FOR EXECUTE s', 'BEGIN NOT ATOMIC EXECUTE s; END');
    }
    // The schema is read for a routine that is new; what was prepared under another one is withdrawn as well.
    await expect(c.query('CALL run_s()')).rejects.toMatchObject({ errno: 1243 });
    await c.query("PREPARE s FROM 'SELECT username FROM users ORDER BY id LIMIT 1'");
    for (const sql of unseen) {
      for (const prepared of [false, sql.startsWith('CALL')]) {
        const run = async (): Promise<unknown> =>
          JSON.stringify(prepared ? (await c.execute(sql))[0] : (await c.query(sql))[0]);
        await c.query("SET @tenant_id = 't1'");
        expect((await c.query('EXECUTE s'))[0]).toEqual([{ username: 'ann' }]);
        // For the tenant that it was prepared for it is right.
        expect(await run()).toContain('ann');
        await c.query("SET @tenant_id = 't2'");
        await expect(run(), sql).rejects.toMatchObject({ errno: 1243 });
        expect((await c.query('EXECUTE s'))[0]).toEqual([]);
        expect(await run()).not.toContain('ann');
        await c.query('SET @tenant_id = NULL');
        await expect(run(), sql).rejects.toMatchObject({ errno: 1243 });
      }
    }
  });
});
