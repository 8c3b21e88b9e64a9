import type { Connection } from 'mysql2/promise';
import { beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../src/errors.js';
import { errorOf, rowsOf, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';
import { ROWS_OF, tenantProxies } from '../support/tenant-rows.js';

const EMAIL_1 = ROWS_OF['tenant-001'];
const EMAIL_2 = ROWS_OF['tenant-002'];
const SELECT = 'SELECT email FROM users';

forEachServer((_name, getServer) => {
  const start = tenantProxies(getServer, 'src');
  let all: TestProxy;
  beforeAll(async () => {
    all = await start({});
  });

  /** Refused with the code's own number and state, and the session serves on. */
  async function refused(connection: Connection, sql: string, code: ErrorCode): Promise<void> {
    const error = await errorOf(connection.query(sql));
    expect(error.message, sql).toMatch(new RegExp(`^tenantcrypt\\[${code}\\]: [^;]+; .+`));
    expect({ errno: error.errno, sqlState: error.sqlState }).toEqual(ERROR_CODES[code]);
    expect(await rowsOf(connection, "SELECT 'alive' AS session")).toEqual([{ session: 'alive' }]);
  }

  describe('a connection attribute', () => {
    it('is the tenant', async () => {
      expect(await rowsOf(await all.connect('tenant-001'), SELECT)).toEqual(EMAIL_1);
      expect(await rowsOf(await all.connect('tenant-002'), SELECT)).toEqual(EMAIL_2);
    });

    it('that is no tenant id refuses protected statements alone', async () => {
      for (const tenant of ['tenant 001', "x' OR '1'='1", 'ü', '']) {
        const connection = await all.connect(tenant);
        await refused(connection, SELECT, 'TC_BAD_TENANT');
        await connection.end();
      }
    });

    it('can not be changed by a statement, and can be repeated by one', async () => {
      const connection = await all.connect('tenant-001');
      await refused(connection, "SET @tenant_id = 'tenant-002'", 'TC_TENANT_PINNED');
      await refused(connection, "SET @a = 1, @Tenant_ID := 'tenant-002', @b = 2", 'TC_TENANT_PINNED');
      expect(await rowsOf(connection, 'SELECT @tenant_id AS t, @a AS a')).toEqual([{ t: null, a: null }]);
      await connection.query("SET @tenant_id = 'tenant-001'");
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_1);
    });

    it('can be changed by a statement where the configuration allows it', async () => {
      const proxy = await start({
        config: {
          tenant: {
            sources: [{ connectionAttribute: 'tenant_id' }, { userVariable: 'tenant_id' }],
            allowSwitch: true,
          },
        },
      });
      const connection = await proxy.connect('tenant-001');
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_1);
      await connection.query("SET @tenant_id = 'tenant-002'");
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_2);
      await connection.reset();
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_1);
    });
  });

  describe('a user variable', () => {
    it.each([
      "SET @tenant_id = 'tenant-001'",
      "SET @tenant_id := 'tenant-001'",
      'SET @`tenant_id` = "tenant-001"',
      "SET @'TENANT_ID' = 'tenant-001'",
      "/* sent by a pool */ set\t@tenant_id='tenant-001' -- done",
      "SET @x = 1, @tenant_id = 'tenant-001', @y = 'tenant-002'",
      "SET @tenant_id = 'tenant-002', @tenant_id = 'tenant-001'",
      "SET @tenant_id = 'tenant-' '001'",
    ])('is the tenant after %s', async (sql) => {
      const connection = await all.connect(null);
      await refused(connection, SELECT, 'TC_NO_TENANT');
      await connection.query(sql);
      expect(await rowsOf(connection, 'SELECT @tenant_id AS t')).toEqual([{ t: 'tenant-001' }]);
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_1);
      await connection.end();
    });

    it('is the tenant after a prepared SET', async () => {
      const connection = await all.connect(null);
      await connection.execute('SET @tenant_id = ?', ['tenant-002']);
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_2);
      await connection.execute('SET @tenant_id = ?', ['tenant-001']);
      expect((await connection.execute(SELECT))[0]).toEqual(EMAIL_1);
    });

    it('set to NULL, to something that only the server knows, or badly, leaves no tenant of the wrong kind', async () => {
      const connection = await all.connect(null);
      await connection.query("SET @tenant_id = 'tenant-001'");
      for (const sql of [
        "SET @tenant_id = (SELECT 'tenant-002')",
        "SET @tenant_id = CONCAT('tenant-', '002')",
        'SET @tenant_id = @other',
      ]) {
        await refused(connection, sql, 'TC_BAD_TENANT');
      }
      await refused(connection, "SET @tenant_id = 'no tenant!'", 'TC_BAD_TENANT');
      await refused(connection, "SET @tenant_id = ''", 'TC_BAD_TENANT');
      expect(await rowsOf(connection, 'SELECT @tenant_id AS t')).toEqual([{ t: 'tenant-001' }]);
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_1);
      await connection.query('SET @tenant_id = NULL');
      await refused(connection, SELECT, 'TC_NO_TENANT');
    });

    it('is assigned by nothing but SET', async () => {
      const connection = await all.connect(null);
      await connection.query("SET @tenant_id = 'tenant-001'");
      for (const sql of [
        "SELECT @tenant_id := 'tenant-002'",
        "SELECT 'tenant-002' INTO @tenant_id",
        "SELECT email, (@tenant_id := 'tenant-002') FROM users",
      ]) {
        const error = await errorOf(connection.query(sql));
        expect(error.message, sql).toMatch(/^tenantcrypt\[TC_/);
      }
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_1);
      expect(await rowsOf(connection, 'SELECT @tenant_id AS t')).toEqual([{ t: 'tenant-001' }]);
    });

    it('goes with a reset of the connection', async () => {
      const connection = await all.connect(null);
      await connection.query("SET @tenant_id = 'tenant-001'");
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_1);
      await connection.reset();
      expect(await rowsOf(connection, 'SELECT @tenant_id AS t')).toEqual([{ t: null }]);
      await refused(connection, SELECT, 'TC_NO_TENANT');
      await connection.query("SET @tenant_id = 'tenant-002'");
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_2);
    });

    it('counts for the transaction it is set in, and for no other session', async () => {
      const connection = await all.connect(null);
      const other = await all.connect(null);
      await connection.query("SET @tenant_id = 'tenant-001'");
      await connection.beginTransaction();
      await connection.query("UPDATE users SET phone = '1'");
      await connection.rollback();
      expect(await rowsOf(connection, 'SELECT email, phone FROM users')).toEqual([
        { ...EMAIL_1[0], phone: null },
      ]);
      await refused(other, SELECT, 'TC_NO_TENANT');
    });
  });

  describe('a user suffix', () => {
    it('is the tenant, and the database never sees it', async () => {
      const connection = await all.connect(null, { user: `${all.user}%tenant-001` });
      expect(await rowsOf(connection, SELECT)).toEqual(EMAIL_1);
      const [row] = await rowsOf(connection, 'SELECT USER() AS u, CURRENT_USER() AS c');
      expect(row?.['u'].split('@')[0]).toBe(all.user);
      expect(row?.['c']).toBe(`${all.user}@%`);
    });

    it('splits at the last %, and an empty one is no tenant', async () => {
      const connection = await all.connect(null, { user: `${all.user}%` });
      await refused(connection, SELECT, 'TC_BAD_TENANT');
      await expect(all.connect(null, { user: `${all.user}%x%tenant-001` })).rejects.toMatchObject({
        errno: 1045,
      });
    });

    it('may agree with the attribute and must not contradict it', async () => {
      const agreed = await all.connect('tenant-001', { user: `${all.user}%tenant-001` });
      expect(await rowsOf(agreed, SELECT)).toEqual(EMAIL_1);
      const torn = await all.connect('tenant-002', { user: `${all.user}%tenant-001` });
      await refused(torn, SELECT, 'TC_TENANT_MISMATCH');
      await refused(torn, "SET @tenant_id = 'tenant-001'", 'TC_TENANT_MISMATCH');
      await refused(torn, "UPDATE users SET email = 'x'", 'TC_TENANT_MISMATCH');
    });
  });

  describe('a fixed tenant', () => {
    it('stands in where nothing else yields', async () => {
      const proxy = await start({ sources: [{ connectionAttribute: 'tenant_id' }, { fixed: 'tenant-002' }] });
      expect(await rowsOf(await proxy.connect(null), SELECT)).toEqual(EMAIL_2);
      expect(await rowsOf(await proxy.connect('tenant-001'), SELECT)).toEqual(EMAIL_1);
      await refused(await proxy.connect('bad tenant'), SELECT, 'TC_BAD_TENANT');
    });
  });

  it('every tenant id is data: names of JavaScript objects, the pattern anchored', async () => {
    const proxy = await start({
      keys: { 'tenant-001': 'a-secret-for-tenant-1', constructor: 'a-key' },
      config: { tenant: { sources: [{ connectionAttribute: 'tenant_id' }], pattern: '[a-z_]+' } },
    });
    expect(await rowsOf(await proxy.connect('constructor'), SELECT)).toEqual([]);
    await refused(await proxy.connect('__proto__'), SELECT, 'TC_KEY_UNAVAILABLE');
    await refused(await proxy.connect('tostring'), SELECT, 'TC_KEY_UNAVAILABLE');
    await refused(await proxy.connect('tenant-001'), SELECT, 'TC_BAD_TENANT');
  });
});
