import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Flag } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';
import { TypeTwin } from '../support/type-twin.js';
import { int, text } from '../support/wire.js';

/* Integers of each width in both protocols: mysql2 reads values and definitions, and every byte of rows is compared. */

const COLUMNS = {
  t: 'tinyint',
  tu: 'tinyint unsigned',
  flag: 'tinyint(1)',
  s: 'smallint',
  su: 'smallint unsigned',
  m: 'mediumint',
  mu: 'mediumint unsigned',
  i: 'int',
  iu: 'int unsigned',
  b: 'bigint',
  bu: 'bigint unsigned',
  word: 'varchar(40)',
};

const COM_STMT_PREPARE = 0x16;
const COM_STMT_EXECUTE = 0x17;
const COM_STMT_FETCH = 0x1c;
const CURSOR_TYPE_READ_ONLY = 1;

forEachServer((_name, getServer) => {
  let twin: TypeTwin;
  beforeAll(async () => {
    twin = await TypeTwin.start(getServer(), 'ints', COLUMNS);
    await twin.run(`INSERT INTO # (label, ${Object.keys(COLUMNS).join(', ')}) VALUES
      ('least', -128, 0, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, ''),
      ('greatest', 127, 255, 1, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615, 'word'),
      ('null', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      ('some', -1, 7, 1, NULL, 300, -70000, NULL, 5, 6, NULL, 8, 'a longer word')`);
    await twin.proxy.admin.query("CREATE USER IF NOT EXISTS raw@'%'");
    await twin.proxy.admin.query("GRANT ALL ON *.* TO raw@'%'");
  });
  afterAll(async () => await twin?.stop());

  it.each([
    'SELECT t, tu, flag, s, su, m, mu, i, iu, b, bu FROM # ORDER BY id',
    'SELECT word, i, word AS again, t, label FROM # WHERE t IS NOT NULL ORDER BY id',
    'SELECT * FROM # ORDER BY id',
    'SELECT a.t, b.m, a.label FROM # a LEFT JOIN # b ON b.t = a.t AND b.id = 4 ORDER BY a.id',
    'SELECT d.x, d.s FROM (SELECT i AS x, s, id FROM #) d ORDER BY d.id',
    'WITH c AS (SELECT i AS x, su, id FROM # LIMIT 3) SELECT x, su FROM c ORDER BY id',
    'SELECT i FROM # WHERE 1 = 0',
  ])('are those of the plain table in both protocols: %s', async (sql) => {
    const { rows } = await twin.same(sql);
    await twin.same(sql, [], { prepared: true });
    expect(rows).not.toBeNull();
  });

  it('of a statement that is executed again, where its metadata is known', async () => {
    for (let i = 0; i < 3; i += 1)
      await twin.same('SELECT i, word, t FROM # ORDER BY id', [], { prepared: true });
  });

  it('in rows of more than 16 MiB', async () => {
    const sql =
      "SELECT label, i, REPEAT('x', 9000000) AS a, t, REPEAT('y', 9000000) AS b, su, m FROM # ORDER BY id";
    const { rows } = await twin.same(sql, [], { prepared: true });
    expect(rows?.map((row) => (row[4] as string).length)).toEqual([9e6, 9e6, 9e6, 9e6]);
  });

  it('in many rows, over many chunks', async () => {
    const sql =
      'SELECT a.i, a.word, b.t, c.su, d.mu, e.bu, f.s FROM # a, # b, # c, # d, # e, # f ORDER BY a.id, b.id, c.id, d.id, e.id, f.id';
    const { rows } = await twin.same(sql, [], { prepared: true });
    expect(rows).toHaveLength(4096);
  });

  describe.each([
    ['with EOF', 0],
    ['without EOF', Flag.deprecateEof],
  ])('%s', (_mode, flags) => {
    /** Payloads of a statement prepared, executed, and executed with a cursor whose rows are fetched by twos. */
    async function conversation(port: number, table: string): Promise<string[]> {
      const session = await twin.proxy.raw({ user: 'raw', port, flags });
      await session.query("SET @tenant_id = 'tenant-001'");
      const payloads: string[] = [];
      const take = async (isLast: (payload: Buffer, index: number) => boolean): Promise<Buffer> => {
        for (let index = 0; ; index += 1) {
          const { payload, sequenceId } = await session.packet();
          payloads.push(`${sequenceId} ${shown(payload, table)}`);
          if (isLast(payload, index)) return payload;
        }
      };
      const hasEof = flags === 0 ? 1 : 0;
      session.send(0, [COM_STMT_PREPARE, ...text(`SELECT i, word, t, su, b FROM ${table} ORDER BY id`)]);
      let id: number[] = [];
      await take((payload, index) => {
        if (index === 0) {
          id = [...payload.subarray(1, 5)];
          payloads.length = 0;
        }
        return index === 5 + hasEof;
      });
      const isEnd = (payload: Buffer): boolean => payload[0] === 0xfe && payload.length < 20;
      const execute = async (cursor: number, ends: number): Promise<void> => {
        session.send(0, [COM_STMT_EXECUTE, ...id, cursor, ...int(4, 1)]);
        let seen = 0;
        await take((payload) => {
          if (isEnd(payload)) seen += 1;
          return seen === ends;
        });
      };
      await execute(0, 1 + hasEof);
      await execute(CURSOR_TYPE_READ_ONLY, 1);
      for (let i = 0; i < 3; i += 1) {
        session.send(0, [COM_STMT_FETCH, ...id, ...int(4, 2)]);
        await take(isEnd);
      }
      session.destroy();
      return payloads;
    }

    it('every packet is the plain table’s', async () => {
      const { proxy } = twin;
      const straight = await conversation(proxy.server.port, 'plain_things');
      expect(await conversation(proxy.port, 'things')).toEqual(straight);
      expect(straight.length).toBeGreaterThan(20);
    });
  });
});

/** Without the table's name, whose length stands before it. */
function shown(payload: Buffer, table: string): string {
  const bytes = payload.toString('latin1');
  return bytes.replaceAll(String.fromCharCode(table.length) + table, '<table>');
}
