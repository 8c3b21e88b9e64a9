import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/*
 * Prepared statements whose strings or quoted names would end elsewhere under another sql_mode or character set: the
 * server parses them again after DDL, with what the session has by then (bypass-rereading.test.ts).
 */

const TENANT = 'tenant-001';
const HIDES = "SELECT 'a\\' , (SELECT MAX(username) FROM users) -- ' FROM remarks WHERE id = ?";

forEachServer((_name, getServer) => {
  let proxy: TestProxy;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'two' });
    await proxy.admin.query('CREATE TABLE remarks (id INT PRIMARY KEY)');
    await proxy.admin.query('INSERT INTO remarks VALUES (1)');
    const connection = await proxy.connect(TENANT);
    await connection.query(
      "INSERT INTO users (id, username, email) VALUES (901, 'o', 'it\\'s'), (902, 'p', 'é\\\\')",
    );
  });
  afterAll(async () => {
    await proxy.stop();
  });

  it.each([
    ["SELECT id FROM users WHERE email = 'it\\'s' AND id > ?", [{ id: 901 }]],
    ["SELECT id AS `né` FROM users WHERE email = 'it''s' AND id > ?", [{ né: 901 }]],
    ["SELECT id FROM users WHERE email LIKE 'é\\\\\\\\%' AND id > ?", [{ id: 902 }]],
  ])('are executed as they were prepared: %s', async (sql, rows) => {
    const connection = await proxy.connect(TENANT);
    const statement = await connection.prepare(sql);
    expect((await statement.execute([900]))[0]).toEqual(rows);
    // The same again is no change.
    await connection.query('SET NAMES utf8mb4');
    await connection.query('SET sql_mode = @@sql_mode');
    expect((await statement.execute([900]))[0]).toEqual(rows);
    for (const change of ["sql_mode = 'NO_BACKSLASH_ESCAPES'", 'character_set_client = gbk']) {
      await connection.query(`SET ${change}`);
      expect((await errorOf(statement.execute([900]))).message).toMatch(/^tenantcrypt\[TC_/);
      await connection.query('SET sql_mode = DEFAULT');
      await connection.query('SET character_set_client = utf8mb4');
    }
  });

  it('one that would turn out to read a protected table is not executed', async () => {
    const { admin } = proxy;
    const connection = await proxy.connect(TENANT);
    const statement = await connection.prepare(HIDES);
    const [expected] = await statement.execute([1]);
    expect(Object.values((expected as Record<string, unknown>[])[0] ?? {})).toEqual([
      "a' , (SELECT MAX(username) FROM users) -- ",
    ]);
    await connection.query("SET sql_mode = 'NO_BACKSLASH_ESCAPES'");
    await admin.query('ALTER TABLE remarks ADD COLUMN more INT');
    expect((await errorOf(statement.execute([1]))).message).toMatch(/^tenantcrypt\[TC_/);
    await connection.query('SET sql_mode = DEFAULT');
    expect((await statement.execute([1]))[0]).toHaveLength(1);
  });

  it('one that names nothing of ours follows the server', async () => {
    const connection = await proxy.connect(TENANT);
    const statement = await connection.prepare("SELECT 'it\\'s' AS c, id FROM remarks WHERE id = ?");
    await connection.query("SET sql_mode = 'ANSI_QUOTES'");
    expect((await statement.execute([1]))[0]).toEqual([{ c: "it's", id: 1 }]);
  });
});
