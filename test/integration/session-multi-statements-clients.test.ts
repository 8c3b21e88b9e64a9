import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { multiStatementsStage, shown } from '../support/multi-statements-stage.js';
import { Flag } from '../support/raw-session.js';
import { runClient } from '../support/run-client.js';
import { forEachServer } from '../support/servers.js';
import { lenenc, nul, text } from '../support/wire.js';

/* Several statements in one COM_QUERY: who may send them, and what clients do meanwhile. */
forEachServer((_name, getServer) => {
  const { stage, raw, client } = multiStatementsStage(getServer);

  describe('whether the client may send them', () => {
    const ALONE = [
      'SELECT email FROM users; SELECT 2',
      'SELECT email FROM users;\n\n -- x\nSELECT 2;',
      'SELECT email FROM users;; SELECT 2',
      `SELECT email FROM users; SELECT '${'x'.repeat(100)}'`,
      `SELECT email FROM users; SELECT '${'é'.repeat(60)}'`,
      'SELECT email FROM users; ;',
      'SELECT email FROM users; -- x',
      '; SELECT email FROM users',
      "SET @tenant_id = 't1'; SELECT 2",
    ];

    it.each(ALONE)('without CLIENT_MULTI_STATEMENTS: %s', async (sql) => {
      const [straight, through] = [await raw(0, true), await raw(0)];
      await through.query("SET @tenant_id = 't1'");
      const expected = shown(await straight.query(sql.replaceAll('users', 'plain_users')));
      expect(shown(await through.query(sql))).toEqual(expected);
    });

    it('COM_SET_OPTION turns it on and off, and a reset leaves it', async () => {
      const c = await raw(0);
      await c.query("SET @tenant_id = 't1'");
      const isAllowed = async (): Promise<boolean> => {
        const packets = await c.query('SELECT COUNT(*) FROM users; SELECT 1');
        return packets.length > 1;
      };
      expect(await isAllowed()).toBe(false);
      expect((await c.command([0x1b, 0, 0]))[0]).toBe(0xfe);
      expect(await isAllowed()).toBe(true);
      expect((await c.command([0x1f]))[0]).toBe(0);
      await c.query("SET @tenant_id = 't1'");
      expect(await isAllowed()).toBe(true);
      expect((await c.command([0x1b, 7, 0]))[0]).toBe(0xff);
      expect(await isAllowed()).toBe(true);
      expect((await c.command([0x1b, 1, 0]))[0]).toBe(0xfe);
      expect(await isAllowed()).toBe(false);
    });

    it('COM_CHANGE_USER leaves it as the server does', async () => {
      const plugin = getServer().kind === 'mariadb' ? 'mysql_native_password' : 'caching_sha2_password';
      const change = [0x11, ...nul(stage.user), 0, ...nul(stage.database), 45, 0, ...nul(plugin)];
      for (const flags of [0, Flag.multiStatements]) {
        const counts: number[] = [];
        for (const straight of [true, false]) {
          const c = await raw(flags, straight);
          expect((await c.command([0x1b, flags === 0 ? 0 : 1, 0]))[0]).toBe(0xfe);
          c.send(0, change);
          let answer = await c.packet();
          while (answer.payload[0] === 0xfe || answer.payload[0] === 1) {
            if (answer.payload[0] === 0xfe) c.send(answer.sequenceId + 1, []);
            answer = await c.packet();
          }
          expect(answer.payload[0]).toBe(0);
          await c.query("SET @tenant_id = 't1'");
          counts.push((await c.query('SELECT COUNT(*) FROM users; SELECT 1')).length);
        }
        expect(counts[1]).toBe(counts[0]);
      }
    });
  });

  it('a local file in the middle', async () => {
    const c = await raw(Flag.multiStatements);
    const sql =
      "SET @tenant_id = 't1'; LOAD DATA LOCAL INFILE 'f' INTO TABLE notes; SELECT COUNT(*) AS n FROM users";
    const first = await c.query(sql);
    expect(first.map(({ sequenceId, payload }) => [sequenceId, payload[0]])).toEqual([
      [1, 0],
      [2, 0xfb],
    ]);
    c.send(3, text('1\tone\n2\ttwo\n'));
    c.send(4, []);
    const rest = await c.response();
    expect(rest.map(({ sequenceId }) => sequenceId)).toEqual([5, 6, 7, 8, 9, 10]);
    const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM notes');
    expect(rows[0]?.['n']).toBe(2);
  });

  it('a local file that is not asked for ends the response', async () => {
    const { port } = await stage.anotherProxy({ localInfile: false });
    const c = await stage.raw('proxy', { port, flags: Flag.multiStatements });
    const packets = await c.query(
      "SET @tenant_id = 't1'; LOAD DATA LOCAL INFILE 'f' INTO TABLE notes; DELETE FROM users; INSERT INTO notes VALUES (1, 'x')",
    );
    expect(packets.map(({ sequenceId, payload }) => [sequenceId, payload[0]])).toEqual([
      [1, 0],
      [2, 0xff],
    ]);
    expect(shown(await c.query('SELECT COUNT(*) FROM users'))).toHaveLength(5);
    const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM notes');
    expect(rows[0]?.['n']).toBe(0);
  });

  it('query attributes hold for each', async () => {
    if (getServer().kind !== 'mysql') return;
    await stage.admin.query("INSTALL COMPONENT 'file://component_query_attributes'").catch(() => undefined);
    const c = await raw(Flag.multiStatements | Flag.queryAttributes);
    await c.query("SET @tenant_id = 't1'");
    // One attribute: its null bitmap, types, name, value.
    const attributes = [1, 1, 0, 1, 0xfe, 0, ...lenenc('who'), ...lenenc('it is me')];
    const ask = "SELECT mysql_query_attribute_string('who')";
    const packets = await c.query(`${ask}; SELECT COUNT(*) FROM users; ${ask}`, attributes);
    const answers = packets.filter(({ payload }) => payload.equals(Buffer.from(lenenc('it is me'))));
    expect(answers).toHaveLength(2);
  });

  it('a client that goes away in between stops the rest', async () => {
    const c = await raw(Flag.multiStatements);
    c.sendQuery(
      "SET @tenant_id = 't1'; SELECT SLEEP(1), COUNT(*) FROM users; INSERT INTO notes VALUES (1, 'x')",
    );
    await c.packet();
    c.destroy();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM notes');
    expect(rows[0]?.['n']).toBe(0);
  });

  it('one that is killed ends the response, and the session goes on', async () => {
    const c = await client();
    const [[row]] = (await c.query<RowDataPacket[]>('SELECT CONNECTION_ID() AS id')) as [
      RowDataPacket[],
      unknown,
    ];
    const failed = expect(
      c.query(
        "SET @tenant_id = 't1'; SELECT COUNT(*) FROM users; SELECT 1 FROM (SELECT 1) AS one WHERE SLEEP(5); INSERT INTO notes VALUES (1, 'x')",
      ),
    ).rejects.toMatchObject({ errno: 1317 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await stage.admin.query(`KILL QUERY ${row?.['id']}`);
    await failed;
    await expect(c.query('SELECT COUNT(*) AS n FROM users')).resolves.toBeDefined();
    const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM notes');
    expect(rows[0]?.['n']).toBe(0);
  });

  it('pipelined commands wait for all of them', async () => {
    const c = await client();
    await c.query("SET @tenant_id = 't1'");
    const insert = (i: number): string => `INSERT INTO users (username, email) VALUES ('${i}', '${i}@x')`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const [results] = await c.query<RowDataPacket[][]>(`${insert(i)}; SELECT COUNT(*) AS n FROM users`);
        return results[1]?.[0]?.['n'];
      }),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('are counted one by one', async () => {
    const before = await stage.proxy.metrics.registry.metrics();
    const c = await client();
    await c
      .query("SET @tenant_id = 't1'; SELECT COUNT(*) FROM users; SELECT 1; TRUNCATE users")
      .catch(() => undefined);
    const after = await stage.proxy.metrics.registry.metrics();
    const count = (metrics: string, outcome: string): number =>
      [
        ...metrics.matchAll(
          new RegExp(`tenantcrypt_statements_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`, 'g'),
        ),
      ]
        .map((match) => Number(match[1]))
        .reduce((sum, n) => sum + n, 0);
    expect(['forwarded', 'rewritten', 'refused'].map((o) => count(after, o) - count(before, o))).toEqual([
      2, 1, 1,
    ]);
  });

  it('PyMySQL', async () => {
    const script = `
q = c.cursor()
q.execute("SET @tenant_id = 't1'; INSERT INTO users (username, email) VALUES ('a', %s), ('b', %s); SELECT email FROM users ORDER BY id; SELECT COUNT(*) FROM users", ('a@1', 'b;@2'))
found = []
while True:
  found.append((q.rowcount, tuple(q.fetchall())))
  if not q.nextset(): break
print(found)
`;
    const options = 'autocommit=True, client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS';
    expect(await stage.printed(script, options)).toEqual([
      "[(0, ()), (2, ()), (2, (('a@1',), ('b;@2',))), (1, ((2,),))]",
    ]);
  });

  it('the command line sends a script in one piece with another delimiter', async () => {
    const server = getServer();
    const script = `DELIMITER //
       SET @tenant_id = 't1'; INSERT INTO users (username, email) VALUES ('a', 'a@1'); SELECT email FROM users //
       SELECT COUNT(*) FROM users; SELECT 2 //
`;
    const options = ['-h127.0.0.1', `-P${stage.proxy.port}`, `-u${stage.user}`, '-N', stage.database];
    const run = await runClient(server.client, options, {}, script);
    expect(run).toMatchObject({ stderr: '', stdout: 'a@1\n1\n2\n' });
  });

  it('without protected tables nothing is taken apart', async () => {
    const c = await raw(Flag.multiStatements);
    const straight = await raw(Flag.multiStatements, true);
    for (const sql of ["SELECT 'é'; SELECT 2", 'DO 1;; SELECT 2', "SET @a = 1; SELECT 'é', @a"]) {
      expect(shown(await c.query(sql))).toEqual(shown(await straight.query(sql)));
    }
  });
});
