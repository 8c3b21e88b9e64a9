import type { Connection, ConnectionOptions, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { createUser } from '../servers/accounts.js';
import { runClient } from '../support/run-client.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage } from '../support/session-stage.js';

forEachServer((_name, getServer) => {
  const stage = sessionStage(getServer, { label: 'pass', asRoot: true, proxy: { protection: null } });
  const connect = async (options: ConnectionOptions = {}): Promise<Connection> =>
    await stage.client('proxy', options);

  it('relays results, empty results, OK and errors', async () => {
    const c = await connect();
    await c.query('CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(50))');
    const [ok] = await c.query<ResultSetHeader>("INSERT INTO t (v) VALUES ('a'), ('b'), (NULL)");
    expect(ok).toMatchObject({ affectedRows: 3, insertId: 1 });
    const [rows] = await c.query<RowDataPacket[]>('SELECT * FROM t ORDER BY id');
    expect(rows).toEqual([
      { id: 1, v: 'a' },
      { id: 2, v: 'b' },
      { id: 3, v: null },
    ]);
    const [none] = await c.query<RowDataPacket[]>('SELECT * FROM t WHERE id > 100');
    expect(none).toEqual([]);
    await expect(c.query('SELECT * FROM nowhere')).rejects.toMatchObject({ errno: 1146, sqlState: '42S02' });
    await expect(c.query('SELEC 1')).rejects.toMatchObject({ errno: 1064 });
    await c.ping();
    await c.end();
  });

  it('relays multi-results and results of procedures', async () => {
    const c = await connect({ multipleStatements: true });
    const [results] = await c.query<RowDataPacket[][]>('SELECT 1 AS a; SELECT 2 AS b; DO 1; SELECT 3 AS c');
    expect(results).toHaveLength(4);
    expect(results[3]).toEqual([{ c: 3 }]);
    await c.query('DROP PROCEDURE IF EXISTS p');
    await c.query('CREATE PROCEDURE p() BEGIN SELECT 1 AS x; SELECT 2 AS y; END');
    const [called] = await c.query<RowDataPacket[][]>('CALL p()');
    expect(called.slice(0, 2)).toEqual([[{ x: 1 }], [{ y: 2 }]]);
  });

  it('relays packets of 16 MiB and more in both directions', async () => {
    const c = await connect();
    await c.query('SET GLOBAL max_allowed_packet = 67108864');
    const big = await connect();
    for (const length of [16_777_215 - 20, 16_777_215, 16_777_216, 20_000_000]) {
      const value = 'x'.repeat(length);
      const [rows] = await big.query<RowDataPacket[]>(`SELECT '${value}' AS v, 1 AS one`);
      expect(rows[0]?.['v'].length).toBe(length);
      expect(rows[0]?.['one']).toBe(1);
    }
    await big.end();
  });

  it('relays prepared statements, with long values and cursors closed', async () => {
    const c = await connect();
    const [rows] = await c.execute<RowDataPacket[]>('SELECT ? AS a, ? AS b', ['x', 5]);
    expect(rows[0]).toEqual({ a: 'x', b: 5 });
    const statement = await c.prepare('SELECT ? + 1 AS n');
    for (let i = 0; i < 5; i += 1) {
      const [again] = await statement.execute([i]);
      expect(Number((again as RowDataPacket[])[0]?.['n'])).toBe(i + 1);
    }
    await statement.close();
    await expect(c.execute('SELECT * FROM nowhere WHERE id = ?', [1])).rejects.toMatchObject({ errno: 1146 });
  });

  it('answers pipelined commands in order', async () => {
    const c = await connect();
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const [rows] = await c.query<RowDataPacket[]>(`SELECT ${i} AS n`);
        return rows[0]?.['n'];
      }),
    );
    expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('resets the connection', async () => {
    const c = await connect();
    await c.query("SET @x = 'kept'");
    await c.reset();
    const [rows] = await c.query<RowDataPacket[]>('SELECT @x AS x');
    expect(rows[0]).toEqual({ x: null });
  });

  it('changes the user', async () => {
    const server = getServer();
    const user = `cu_${stage.database.slice(-6)}`;
    await createUser(server, { user, password: 'other' });
    const c = await connect();
    await c.query("SET @x = 'kept'");
    await c.changeUser({ user, password: 'other', database: stage.database });
    const [rows] = await c.query<RowDataPacket[]>('SELECT CURRENT_USER() AS u, @x AS x, DATABASE() AS db');
    expect(rows[0]).toEqual({ u: `${user}@%`, x: null, db: stage.database });
    await c.changeUser({ user: server.rootUser, password: server.rootPassword, database: stage.database });
    const [again] = await c.query<RowDataPacket[]>('SELECT CURRENT_USER() AS u');
    expect(again[0]?.['u']).toMatch(/^root@/);
    await expect(c.changeUser({ user, password: 'wrong' })).rejects.toMatchObject({ errno: 1045 });
    await c.query(`DROP USER '${user}'@'%'`).catch(() => undefined);
  });

  it('tells a client that tracks the session of a changed schema, and no other one', async () => {
    const c = await connect();
    await c.query(`USE ${stage.database}`);
    const [rows] = await c.query<RowDataPacket[]>('SELECT DATABASE() AS db');
    expect(rows[0]).toEqual({ db: stage.database });
  });

  it('serves the command line client', async () => {
    const server = getServer();
    const run = await runClient(
      server.client,
      [
        '-h127.0.0.1',
        `-P${stage.proxy.port}`,
        `-u${server.rootUser}`,
        '-N',
        '-e',
        'SELECT 1; SELECT 2',
        stage.database,
      ],
      { MYSQL_PWD: server.rootPassword },
    );
    expect(run.stderr.replace(/.*insecure.*\n?/, '')).toBe('');
    expect(run.stdout).toBe('1\n2\n');
  });

  it('serves PyMySQL', async () => {
    const script = `
cur = c.cursor()
cur.execute('SELECT %s, %s', ('é', 2))
print(cur.fetchall())
cur.execute('CREATE TEMPORARY TABLE py (a INT)')
cur.executemany('INSERT INTO py VALUES (%s)', [(1,), (2,)])
cur.execute('SELECT SUM(a) FROM py')
print(cur.fetchone()[0])
c.ping(); c.close()
`;
    expect(await stage.printed(script)).toEqual(["(('é', 2),)", '3']);
  });

  describe('with metrics', () => {
    it('counts bytes in both directions', async () => {
      const text = await stage.proxy.metrics.registry.metrics();
      expect(text).toMatch(/tenantcrypt_bytes_total\{direction="client_to_backend"\} [1-9]/);
      expect(text).toMatch(/tenantcrypt_bytes_total\{direction="backend_to_client"\} [1-9]/);
    });
  });
});
