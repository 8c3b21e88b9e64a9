import { describe, expect, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { FILL, sqlPreparedStage } from '../support/sql-prepared-stage.js';

/*
 * PREPARE, EXECUTE and DEALLOCATE PREPARE as statements, and MariaDB's EXECUTE IMMEDIATE. The same statements on
 * `plain_users`, straight to the server, are what those on `users` have to look like.
 */
forEachServer((name, getServer) => {
  const isMariadb = name.startsWith('mariadb');
  const { stage, client, outcome, compare, stored } = sqlPreparedStage(getServer);

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
