import type { Connection } from 'mysql2/promise';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensurePython } from '../../scripts/lib/ensure-python.mjs';
import { errorOf, rowsOf, type TestProxy } from '../support/proxy.js';
import { runClient } from '../support/run-client.js';
import { forEachServer } from '../support/servers.js';
import { ROWS_OF, tenantProxies } from '../support/tenant-rows.js';

/* Sources of the tenant that hold for one statement (query attributes, comments), and the current schema. */

const ONE = ROWS_OF['tenant-001'];
const TWO = ROWS_OF['tenant-002'];
const SELECT = "SELECT email FROM users WHERE username = 'u'";

type Attributes = Readonly<Record<string, unknown>>;

forEachServer((name, getServer) => {
  const isMysql = name.startsWith('mysql');
  const start = tenantProxies(getServer, 'stm');

  async function refusedWith(work: Promise<unknown>): Promise<string> {
    return /^tenantcrypt\[(TC_\w+)\]/.exec((await errorOf(work)).message)?.[1] ?? 'another error';
  }

  // The typings of mysql2 do not know `attributes`.
  async function query(connection: Connection, sql: string, attributes?: Attributes): Promise<unknown> {
    const options: { sql: string } & Record<string, unknown> = { sql, attributes };
    return (await connection.query(options))[0];
  }

  async function execute(
    connection: Connection,
    sql: string,
    values: (string | number | null)[],
    attributes?: Attributes,
  ): Promise<unknown> {
    const options: { sql: string; values: (string | number | null)[] } & Record<string, unknown> = {
      sql,
      values,
      attributes,
    };
    return (await connection.execute(options))[0];
  }

  describe.runIf(isMysql)('a query attribute', () => {
    let proxy: TestProxy;
    beforeAll(async () => {
      proxy = await start({ sources: [{ queryAttribute: 'tenant_id' }, { userVariable: 'tenant_id' }] });
    });

    it('is the tenant of its statement, and of no other', async () => {
      const connection = await proxy.connect(null);
      expect(await query(connection, SELECT, { tenant_id: 'tenant-001' })).toEqual(ONE);
      expect(await query(connection, SELECT, { tenant_id: 'tenant-002', trace: 'x' })).toEqual(TWO);
      expect(await refusedWith(query(connection, SELECT))).toBe('TC_NO_TENANT');
      expect(await refusedWith(query(connection, SELECT, { other: 'tenant-001' }))).toBe('TC_NO_TENANT');
      expect(await refusedWith(query(connection, SELECT, { Tenant_ID: 'tenant-001' }))).toBe('TC_NO_TENANT');
      expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(await query(connection, SELECT, { tenant_id: 'tenant-001' })).toEqual(ONE);
    });

    it('is that of writes too, and of each statement of a transaction', async () => {
      const connection = await proxy.connect(null);
      const as = (tenant: string) => ({ tenant_id: tenant });
      await connection.beginTransaction();
      await query(connection, "INSERT INTO users (username, email) VALUES ('w', 'w1@x')", as('tenant-001'));
      await query(connection, "INSERT INTO users (username, email) VALUES ('w', 'w2@x')", as('tenant-002'));
      expect(await refusedWith(query(connection, "UPDATE users SET email = 'z'"))).toBe('TC_NO_TENANT');
      await connection.commit();
      const sql = "SELECT email FROM users WHERE username = 'w'";
      expect(await query(connection, sql, as('tenant-001'))).toEqual([{ email: 'w1@x' }]);
      expect(await query(connection, sql, as('tenant-002'))).toEqual([{ email: 'w2@x' }]);
      const wrong = "INSERT INTO users (tenant_id, username) VALUES ('tenant-001', 'v')";
      expect(await refusedWith(query(connection, wrong, as('tenant-002')))).toBe('TC_TENANT_MISMATCH');
      expect(
        await query(connection, "DELETE FROM users WHERE username = 'w'", as('tenant-001')),
      ).toMatchObject({ affectedRows: 1 });
      expect(await rowsOf(proxy.admin, "SELECT tenant_id FROM users WHERE username = 'w'")).toEqual([
        { tenant_id: 'tenant-002' },
      ]);
    });

    it('leaves the diagnostics of a statement alone', async () => {
      const connection = await proxy.connect(null);
      await query(connection, SELECT, { tenant_id: 'tenant-001' });
      await query(connection, 'CREATE TABLE IF NOT EXISTS users (id INT)').catch(() => undefined);
      await query(connection, "SELECT 1 / 0 AS a, CAST('x' AS SIGNED) AS b");
      expect(await query(connection, 'SHOW WARNINGS')).toHaveLength(2);
      await query(connection, 'CREATE TABLE noted (a INT)');
      await query(connection, 'CREATE TABLE IF NOT EXISTS noted (a INT)');
      expect(await query(connection, 'SHOW WARNINGS')).toMatchObject([{ Code: 1050 }]);
    });

    it('may differ from execution to execution of one prepared statement', async () => {
      const connection = await proxy.connect(null);
      const select = 'SELECT email FROM users WHERE username = ?';
      expect(await execute(connection, select, ['u'], { tenant_id: 'tenant-001' })).toEqual(ONE);
      expect(await execute(connection, select, ['u'], { tenant_id: 'tenant-002' })).toEqual(TWO);
      expect(await refusedWith(execute(connection, select, ['u']))).toBe('TC_NO_TENANT');
      expect(await execute(connection, select, ['u'], { tenant_id: 'tenant-001' })).toEqual(ONE);
      expect(await execute(connection, SELECT, [], { tenant_id: 'tenant-002' })).toEqual(TWO);
      expect(await refusedWith(execute(connection, SELECT, []))).toBe('TC_NO_TENANT');
    });

    it('meets a tenant that is written into a prepared statement', async () => {
      const connection = await proxy.connect(null);
      const insert = "INSERT INTO users (tenant_id, username, email) VALUES ('tenant-001', ?, ?)";
      const as = (tenant: string) => ({ tenant_id: tenant });
      expect(await refusedWith(execute(connection, insert, ['p', 'p@x'], as('tenant-002')))).toBe(
        'TC_TENANT_MISMATCH',
      );
      expect(await refusedWith(execute(connection, insert, ['p', 'p@x']))).toBe('TC_NO_TENANT');
      expect(await execute(connection, insert, ['p', 'p@x'], as('tenant-001'))).toMatchObject({
        affectedRows: 1,
      });
      expect(await refusedWith(execute(connection, insert, ['q', 'q@x'], as('tenant-002')))).toBe(
        'TC_TENANT_MISMATCH',
      );
      expect(
        await rowsOf(
          proxy.admin,
          "SELECT tenant_id, CONVERT(AES_DECRYPT(encrypted_email, 'a-secret-for-tenant-1') USING utf8mb4) AS e FROM users WHERE username IN ('p', 'q')",
        ),
      ).toEqual([{ tenant_id: 'tenant-001', e: 'p@x' }]);
    });

    it('that is no tenant refuses the statement, and the session serves on', async () => {
      const connection = await proxy.connect(null);
      for (const value of [null, '', 'no tenant', "x' OR 1=1", new Date(0), 'a'.repeat(1 << 20)]) {
        const attributes = { tenant_id: value };
        const label = String(value).slice(0, 20);
        expect(await refusedWith(query(connection, SELECT, attributes)), label).toBe('TC_BAD_TENANT');
        expect(await refusedWith(execute(connection, SELECT, [], attributes)), label).toBe('TC_BAD_TENANT');
        expect(await query(connection, 'SELECT 1 AS one', attributes), label).toEqual([{ one: 1 }]);
      }
      expect(await refusedWith(query(connection, SELECT, { tenant_id: 7 }))).toBe('TC_KEY_UNAVAILABLE');
      expect(await query(connection, SELECT, { tenant_id: 'tenant-002' })).toEqual(TWO);
    });

    it('does not contradict the tenant of the session, with errors in between', async () => {
      const connection = await proxy.connect(null);
      await connection.query("SET @tenant_id = 'tenant-001'");
      expect(await query(connection, SELECT, { tenant_id: 'tenant-001' })).toEqual(ONE);
      expect(await refusedWith(query(connection, SELECT, { tenant_id: 'tenant-002' }))).toBe(
        'TC_TENANT_MISMATCH',
      );
      expect(await query(connection, SELECT)).toEqual(ONE);
      await connection.query('SET @tenant_id = NULL');
      expect(await query(connection, SELECT, { tenant_id: 'tenant-002' })).toEqual(TWO);
      await errorOf(query(connection, 'SELECT email, nothing FROM users', { tenant_id: 'tenant-001' }));
      await errorOf(query(connection, 'SELECT FROM users', { tenant_id: 'tenant-001' }));
      expect(await refusedWith(query(connection, SELECT))).toBe('TC_NO_TENANT');
      await connection.reset();
      expect(await query(connection, SELECT, { tenant_id: 'tenant-001' })).toEqual(ONE);
      expect(await refusedWith(query(connection, SELECT))).toBe('TC_NO_TENANT');
    });

    it('never lets a fixed tenant stand in for it', async () => {
      const other = await start({ sources: [{ queryAttribute: 'tenant_id' }, { fixed: 'tenant-002' }] });
      const connection = await other.connect(null);
      expect(await query(connection, SELECT)).toEqual(TWO);
      expect(await query(connection, SELECT, { tenant_id: 'tenant-001' })).toEqual(ONE);
      expect(await execute(connection, SELECT, [], { tenant_id: 'tenant-001' })).toEqual(ONE);
      expect(await execute(connection, SELECT, [])).toEqual(TWO);
      const insert = "INSERT INTO users (tenant_id, username, email) VALUES ('tenant-001', ?, NULL)";
      await execute(connection, insert, ['fix'], { tenant_id: 'tenant-001' });
      expect(await refusedWith(execute(connection, insert, ['fix2']))).toBe('TC_TENANT_MISMATCH');
    });
  });

  it.runIf(!isMysql)('MariaDB has no query attributes: a client that has some sends none', async () => {
    const proxy = await start({ sources: [{ queryAttribute: 'tenant_id' }] });
    const connection = await proxy.connect(null);
    expect(await refusedWith(query(connection, SELECT, { tenant_id: 'tenant-001' }))).toBe('TC_NO_TENANT');
    expect(await refusedWith(execute(connection, SELECT, [], { tenant_id: 'tenant-001' }))).toBe(
      'TC_NO_TENANT',
    );
  });

  // Where it can't be had the setup says so in one line.
  const python = ensurePython('test/clients/requirements.txt');

  it.runIf(isMysql && python !== null).each(['True', 'False'])(
    'query attributes of mysql-connector-python, pure: %s',
    async (isPure) => {
      const proxy = await start({ sources: [{ queryAttribute: 'tenant_id' }] });
      const script = `
import mysql.connector
c = mysql.connector.connect(host='127.0.0.1', port=${proxy.port}, user='${proxy.user}', password='${proxy.password}', database='${proxy.database}', use_pure=${isPure}, autocommit=True)
def run(prepared, tenant, sql, *values):
    q = c.cursor(prepared=prepared)
    q.clear_attributes()
    if tenant is not None: q.add_attribute('tenant_id', tenant)
    try:
        q.execute(sql, values)
        return q.fetchall() if q.with_rows else q.rowcount
    except mysql.connector.Error as e: return e.msg.split(':')[0]
    finally:
        try: q.close()
        except mysql.connector.Error: pass
for prepared in (False, True):
    print(run(prepared, 'tenant-001', 'SELECT email FROM users WHERE username = %s', 'u'))
    print(run(prepared, 'tenant-002', 'SELECT email FROM users WHERE username = %s', 'u'))
    print(run(prepared, None, 'SELECT email FROM users WHERE username = %s', 'u'))
    print(run(prepared, 5, 'SELECT email FROM users WHERE username = %s', 'u'))
print(run(True, 'tenant-001', 'INSERT INTO users (username, email) VALUES (%s, %s)', 'py', 'py@x'))
print(run(False, 'tenant-001', "SELECT email FROM users WHERE username = 'py'"))
`;
      const run = await runClient([python ?? ''], ['-c', script]);
      expect(run.stderr).toBe('');
      const reads = [
        "[('one@example.com',)]",
        "[('two@example.com',)]",
        'tenantcrypt[TC_NO_TENANT]',
        'tenantcrypt[TC_KEY_UNAVAILABLE]',
      ];
      expect(run.stdout.trimEnd().split('\n')).toEqual([...reads, ...reads, '1', "[('py@x',)]"]);
    },
  );

  describe('a comment', () => {
    let proxy: TestProxy;
    let connection: Connection;
    beforeAll(async () => {
      proxy = await start({ sources: [{ comment: 'tenant_id' }, { connectionAttribute: 'tenant_id' }] });
      connection = await proxy.connect(null);
    });

    it.each<[string, unknown]>([
      [`${SELECT} /*tenant_id='tenant-001'*/`, ONE],
      [`/*tenant_id='tenant-002'*/ ${SELECT}`, TWO],
      [`${SELECT} /*action='%2Fa',tenant_id='tenant-001',trace='1'*/`, ONE],
      [`SELECT /* all */ email /*tenant_id='tenant-002'*/ FROM users`, TWO],
      [`${SELECT} AND email <> '/*tenant_id=''tenant-002''*/' /*tenant_id='tenant-001'*/`, ONE],
      [`${SELECT} /*tenant_id='tenant-001'*/ /*tenant_id='tenant-001'*/`, ONE],
      [SELECT, 'TC_NO_TENANT'],
      [`${SELECT} AND email <> '/*tenant_id=''tenant-002''*/'`, 'TC_NO_TENANT'],
      [`${SELECT} /*tenant_id='tenant-001'*/ /*tenant_id='tenant-002'*/`, 'TC_TENANT_MISMATCH'],
      [`${SELECT} /*tenant_id='tenant-001',tenant_id='tenant-002'*/`, 'TC_TENANT_MISMATCH'],
      [`${SELECT} -- /*tenant_id='tenant-001'*/`, 'TC_BAD_TENANT'],
      [`${SELECT} /*tenant_id='tenant-002'*/ # ' /*tenant_id='tenant-001'*/`, 'TC_BAD_TENANT'],
      [`${SELECT} /*tenant_id='tenant-002'*/ /* ' /*tenant_id='tenant-001'*/`, 'TC_BAD_TENANT'],
      [`${SELECT} /*tenant_id='tenant-002'*/ /*!99999 ' /*tenant_id='tenant-001'*/ */`, 'TC_BAD_TENANT'],
      [`${SELECT} /*tenant_id='no tenant'*/`, 'TC_BAD_TENANT'],
      [`${SELECT} /*tenant_id="tenant-001"*/`, 'TC_BAD_TENANT'],
    ])('%s', async (sql, expected) => {
      for (const run of [() => query(connection, sql), () => execute(connection, sql, [])]) {
        if (typeof expected === 'string') expect(await refusedWith(run())).toBe(expected);
        else expect(await run()).toEqual(expected);
      }
      expect(await refusedWith(query(connection, SELECT))).toBe('TC_NO_TENANT');
    });

    it('shares plans over tenants', async () => {
      for (let i = 0; i < 3; i += 1) {
        const sql = `SELECT email FROM users WHERE username <> '${i}' /*tenant_id='tenant-00${(i % 2) + 1}'*/`;
        expect(await query(connection, sql)).toEqual(i % 2 === 0 ? ONE : TWO);
      }
    });

    it('never outranks the connection', async () => {
      const pinned = await proxy.connect('tenant-001');
      expect(await query(pinned, `${SELECT} /*tenant_id='tenant-001'*/`)).toEqual(ONE);
      expect(await refusedWith(query(pinned, `${SELECT} /*tenant_id='tenant-002'*/`))).toBe(
        'TC_TENANT_MISMATCH',
      );
      const switching = await start({
        config: {
          tenant: {
            sources: [{ comment: 'tenant_id' }, { connectionAttribute: 'tenant_id' }],
            allowSwitch: true,
          },
        },
      });
      expect(
        await refusedWith(
          query(await switching.connect('tenant-001'), `${SELECT} /*tenant_id='tenant-002'*/`),
        ),
      ).toBe('TC_TENANT_MISMATCH');
    });

    it('is written into the row, and the text stays as it is for the server', async () => {
      await query(
        connection,
        "INSERT INTO users (username, email) VALUES ('c', 'c@x') /*tenant_id='tenant-002'*/",
      );
      expect(await rowsOf(proxy.admin, "SELECT tenant_id FROM users WHERE username = 'c'")).toEqual([
        { tenant_id: 'tenant-002' },
      ]);
    });
  });

  describe('the current schema', () => {
    it('is the tenant as long as it is current', async () => {
      const proxy = await start({
        keys: { one: 'a-secret-for-tenant-1', two: 'another-secret-of-tenant' },
        // Without a tenant column the key alone separates tenants.
        protect: (schema) => ({
          [`${schema}.users`]: { columns: { email: { column: 'encrypted_email', type: 'varchar(255)' } } },
        }),
        sources: [{ database: 'tc_src_{tenant}' }],
      });
      const { admin, database } = proxy;
      await admin.query('CREATE DATABASE IF NOT EXISTS tc_src_one');
      await admin.query('CREATE DATABASE IF NOT EXISTS tc_src_two');
      await admin.query(`GRANT ALL ON \`tc\\_src\\_%\`.* TO '${proxy.user}'@'%'`);
      try {
        const connection = await proxy.connect(null);
        const sql = `SELECT email FROM ${database}.users WHERE email IS NOT NULL ORDER BY id`;
        expect(await refusedWith(query(connection, sql))).toBe('TC_NO_TENANT');
        await connection.query('USE tc_src_one');
        expect(await query(connection, sql)).toEqual(ONE);
        await connection.changeUser({ database: 'tc_src_two' });
        expect(await query(connection, sql)).toEqual(TWO);
        expect(await execute(connection, sql, [])).toEqual(TWO);
        await connection.query('/* back */ USE `tc_src_one`');
        expect(await execute(connection, sql, [])).toEqual(ONE);
        await connection.query(`USE ${database}`);
        expect(await refusedWith(execute(connection, sql, []))).toBe('TC_NO_TENANT');
        await errorOf(connection.query('USE tc_src_nowhere'));
        await connection.query('USE tc_src_two');
        expect(await query(connection, sql)).toEqual(TWO);
        await admin.query('DROP DATABASE tc_src_two');
        await admin.query('CREATE DATABASE tc_src_two');
        await connection.query('DROP DATABASE tc_src_two');
        expect(await refusedWith(query(connection, sql))).toBe('TC_NO_TENANT');
        const direct = await proxy.connect(null, { database: 'tc_src_one' });
        expect(await query(direct, sql)).toEqual(ONE);
        await direct.reset();
        expect(await query(direct, sql)).toEqual(ONE);
      } finally {
        await admin.query('DROP DATABASE IF EXISTS tc_src_one');
        await admin.query('DROP DATABASE IF EXISTS tc_src_two');
      }
    });
  });
});
