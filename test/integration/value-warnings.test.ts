import type { Connection, ResultSetHeader } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

const LONG = 'x'.repeat(40);

/** Warnings of values that are cut, in the OK and by SHOW WARNINGS. */
forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let ours: Connection;
  let plain: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'cut' });
    ours = await proxy.connect('tenant-001');
    plain = await proxy.direct();
    await plain.query("ALTER TABLE plain_users ALTER tenant_id SET DEFAULT 'tenant-001'");
    for (const client of [ours, plain]) await client.query("SET sql_mode = ''");
  });
  afterAll(async () => await proxy?.stop());

  async function outcome(client: Connection, sql: string, values: string[] = []): Promise<unknown> {
    const [header] = await (values.length === 0
      ? client.query<ResultSetHeader>(sql)
      : client.execute<ResultSetHeader>(sql, values));
    const { affectedRows, warningStatus, info } = header;
    const shown = await rowsOf(client, 'SHOW WARNINGS');
    const again = await rowsOf(client, 'show warnings;');
    return { affectedRows, warningStatus, info, shown, again };
  }

  it.each([
    [
      'of rows',
      `INSERT INTO users (username, phone) VALUES ('a', '${LONG}'), ('b', '1'), ('c', '${LONG}')`,
      [],
    ],
    ['of an UPDATE', `UPDATE users SET phone = '${LONG}' WHERE username < 'c'`, []],
    ['of an UPDATE that changes nothing', `UPDATE users SET phone = '${LONG}' WHERE username < 'c'`, []],
    ['of no row', `UPDATE users SET phone = '${LONG}' WHERE username = 'nobody'`, []],
    ['of parameters', 'INSERT INTO users (username, phone) VALUES (?, ?), (?, ?)', ['d', LONG, 'e', '1 ']],
    ['of an UPDATE with parameters', 'UPDATE users SET phone = ? WHERE username <= ?', [`${LONG} `, 'b']],
    ['of a literal that is prepared', `UPDATE users SET phone = '${LONG}' WHERE username = ?`, ['a']],
    ['and of other columns', `UPDATE users SET created_at = 'x', phone = '${LONG}' WHERE username = 'a'`, []],
  ])('%s', async (_what, sql, values) => {
    const found = await outcome(ours, sql, values);
    expect(found).toEqual(await outcome(plain, sql.replace('users', 'plain_users'), values));
    const read = 'SELECT username, phone FROM users ORDER BY id';
    expect(await rowsOf(ours, read)).toEqual(await rowsOf(plain, read.replace('users', 'plain_users')));
  });

  it('are gone with the next statement', async () => {
    await ours.query(`UPDATE users SET phone = '${LONG}' WHERE username = 'a'`);
    await ours.query('SELECT 1');
    expect(await rowsOf(ours, 'SHOW WARNINGS')).toEqual([]);
  });

  it('are not told where the statement fails', async () => {
    const sql = `INSERT INTO users (id, username, phone) VALUES (1, 'twice', '${LONG}')`;
    await expect(ours.query(sql)).rejects.toMatchObject({ errno: 1062 });
    expect(await rowsOf(ours, 'SHOW WARNINGS')).toMatchObject([{ Level: 'Error', Code: 1062 }]);
  });
});
