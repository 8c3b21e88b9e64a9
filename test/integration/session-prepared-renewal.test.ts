import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorOf, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import type { RawSession } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';
import { int, lenenc, text } from '../support/wire.js';

/* Prepared statements that are planned again, and long data for a parameter that becomes the tenant. */

const COM_STMT_PREPARE = 0x16;
const COM_STMT_EXECUTE = 0x17;
const COM_STMT_SEND_LONG_DATA = 0x18;
const VAR_STRING = 0xfd;
const BLOB = 0xfc;

forEachServer((_name, getServer) => {
  let proxy: TestProxy;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), {
      label: 'rnw',
      sources: [{ userVariable: 'tenant_id' }],
      config: { schema: { maxAgeSeconds: 1 } },
    });
    await proxy.admin.query("CREATE USER IF NOT EXISTS raw@'%'");
    await proxy.admin.query("GRANT ALL ON *.* TO raw@'%'");
  });
  afterAll(async () => {
    await proxy.admin.query(`DROP DATABASE IF EXISTS ${proxy.database}_other`);
    await proxy.stop();
  });

  it('reads a statement again in the schema that it was prepared in', async () => {
    const { admin, database } = proxy;
    const other = `${database}_other`;
    await admin.query(`CREATE DATABASE ${other}`);
    // Not protected there.
    await admin.query(`CREATE TABLE ${other}.users (id INT PRIMARY KEY, username VARCHAR(10))`);
    await admin.query(`INSERT INTO ${other}.users VALUES (1, 'plain')`);
    await admin.query(`GRANT ALL ON ${other}.* TO '${proxy.user}'@'%'`);
    const connection = await proxy.connect(null, { database: other });
    await connection.query("SET @tenant_id = 'tenant-001'");
    const there = await connection.prepare('SELECT username FROM users WHERE id = ?');
    expect((await there.execute([1]))[0]).toEqual([{ username: 'plain' }]);
    await connection.query(`USE ${database}`);
    // Another text: mysql2 keeps statements by theirs.
    const here = await connection.prepare('SELECT  username FROM users WHERE id = ?');
    expect((await here.execute([1]))[0]).toEqual([]);
    // A login reads the schema when what is known of it is old (schema.maxAgeSeconds), and plans are made again.
    const addColumn = async (name: string): Promise<void> => {
      await admin.query(`ALTER TABLE users ADD COLUMN ${name} INT`);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await proxy.connect(null);
      expect(await rowsOf(connection, `SELECT email, ${name} FROM ${database}.users`)).toEqual([]);
    };
    await addColumn('later');
    expect((await there.execute([1]))[0]).toEqual([{ username: 'plain' }]);
    expect((await here.execute([1]))[0]).toEqual([]);
    await connection.query(`USE ${other}`);
    expect((await there.execute([1]))[0]).toEqual([{ username: 'plain' }]);
    expect((await here.execute([1]))[0]).toEqual([]);
    await addColumn('latest');
    expect((await there.execute([1]))[0]).toEqual([{ username: 'plain' }]);
    // Its other tables' names would mean others in this schema.
    expect((await errorOf(here.execute([1]))).message).toContain('tenantcrypt[TC_SCHEMA]');
    await connection.query(`USE ${database}`);
    expect((await here.execute([1]))[0]).toEqual([]);
  });

  async function prepare(session: RawSession, sql: string): Promise<number[]> {
    const ok = await session.command([COM_STMT_PREPARE, ...text(sql)]);
    expect(ok[0]).toBe(0);
    const parameters = ok.readUInt16LE(7);
    for (let i = 0; parameters > 0 && i <= parameters; i += 1) await session.packet();
    return [...ok.subarray(1, 5)];
  }

  function longData(session: RawSession, id: readonly number[], data: string): void {
    session.send(0, [COM_STMT_SEND_LONG_DATA, ...id, ...int(2, 0), ...text(data)]);
  }

  const execute = (id: readonly number[], type: number, value: readonly number[]): number[] => [
    COM_STMT_EXECUTE,
    ...id,
    0,
    ...int(4, 1),
    0,
    1,
    type,
    0,
    ...value,
  ];

  /** The values of the first row; the message of an ERR. */
  async function ask(session: RawSession, sql: string): Promise<string> {
    const packets = await session.query(sql);
    const first = packets[0]?.payload ?? Buffer.alloc(0);
    if (first[0] === 0xff) return /TC_\w+/.exec(first.toString())?.[0] ?? first.toString();
    return packets[3]?.payload.toString('latin1', 1) ?? '';
  }

  it('takes long data for the tenant, in pieces, and none that is no text', async () => {
    const session = await proxy.raw({ user: 'raw' });
    const id = await prepare(session, 'SET @tenant_id = ?');
    longData(session, id, 'tenant');
    longData(session, id, '-002');
    expect((await session.command(execute(id, VAR_STRING, [])))[0]).toBe(0);
    expect(await ask(session, 'SELECT @tenant_id')).toBe('tenant-002');
    expect(await ask(session, 'SELECT COUNT(*) FROM users')).toBe('0');

    longData(session, id, 'tenant-001');
    const blob = await session.command(execute(id, BLOB, []));
    expect(blob.toString()).toContain('TC_BAD_TENANT');
    longData(session, id, 'no tenant');
    expect((await session.command(execute(id, VAR_STRING, []))).toString()).toContain('TC_BAD_TENANT');
    expect(await ask(session, 'SELECT @tenant_id')).toBe('tenant-002');

    // What was refused has left nothing behind, neither here nor on the server.
    expect((await session.command(execute(id, VAR_STRING, lenenc('tenant-001'))))[0]).toBe(0);
    expect(await ask(session, 'SELECT @tenant_id')).toBe('tenant-001');
  });

  it('passes long data of other statements on', async () => {
    const session = await proxy.raw({ user: 'raw' });
    await session.query('SET @other = 1');
    const id = await prepare(session, 'SET @other = ?');
    longData(session, id, 'a');
    longData(session, id, 'b');
    expect((await session.command(execute(id, BLOB, [])))[0]).toBe(0);
    expect(await ask(session, 'SELECT @other')).toBe('ab');
  });

  it('keeps the tenant of a prepared SET with a literal and a parameter', async () => {
    const connection: Connection = await proxy.connect(null);
    const [statement] = [await connection.prepare("SET @a = ?, @tenant_id = 'tenant-001'")];
    await statement.execute(['x']);
    const [rows] = await connection.query<RowDataPacket[]>('SELECT @a AS a, COUNT(email) AS n FROM users');
    expect(rows).toEqual([{ a: 'x', n: 0 }]);
  });
});
