import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/* constants: proxy. What is stored is what AES_ENCRYPT of the server stores, under the key of the execution. */

const TENANT = 'tenant-001';
const VALUES = [
  '',
  'a',
  'fifteen letters',
  'sixteen letters.',
  'trailing ',
  "it's \\ \n",
  'zoë 😀',
  '0x41',
  '007',
];

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let client: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), {
      label: 'cpx',
      tables: [
        `CREATE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL,
         a VARBINARY(1040), c VARBINARY(400), l VARBINARY(400), b VARBINARY(400), f VARBINARY(32), n VARBINARY(32),
         KEY a (tenant_id, a(200))) DEFAULT CHARSET utf8mb4`,
      ],
      protect: (schema) => ({
        [`${schema}.users`]: {
          tenantColumn: 'tenant_id',
          columns: {
            a: { type: 'varchar(255)', equality: 'exact' },
            c: { type: 'char(40)' },
            l: { type: 'varchar(40)', charset: 'latin1' },
            b: { type: 'varbinary(40)' },
            f: { type: 'binary(20)' },
            n: { type: 'int' },
          },
        },
      }),
      config: { constants: 'proxy' },
    });
    client = await proxy.connect(TENANT);
  });
  afterAll(async () => await proxy?.stop());

  const key = KEYS[TENANT];

  /** Whether the newest row holds what AES_ENCRYPT gives for SQL expressions. */
  async function holds(columns: Readonly<Record<string, string>>, secret: string = key): Promise<unknown> {
    const list = Object.entries(columns).map(
      ([column, value]) => `${column} <=> AES_ENCRYPT(${value}, '${secret}') AS ${column}`,
    );
    const [row] = await rowsOf(proxy.admin, `SELECT ${list.join(', ')} FROM users ORDER BY id DESC LIMIT 1`);
    return row;
  }

  const stored = (value: string): Record<string, string> => {
    const hex = `X'${Buffer.from(value).toString('hex')}'`;
    return {
      a: hex,
      c: `TRIM(TRAILING ' ' FROM CONVERT(${hex} USING utf8mb4))`,
      b: hex,
      f: `CAST(${hex} AS BINARY(20))`,
    };
  };
  const ALL = { a: 1, c: 1, b: 1, f: 1 };

  describe.each(VALUES)('%j', (value) => {
    it('as a literal', async () => {
      await client.query('INSERT INTO users (a, c, b, f) VALUES (?, ?, ?, ?)', [value, value, value, value]);
      expect(await holds(stored(value))).toEqual(ALL);
    });

    it('as a parameter, in INSERT, UPDATE and beside a literal', async () => {
      const values = [value, value, value, value];
      await client.execute('INSERT INTO users (a, c, b, f) VALUES (?, ?, ?, ?)', values);
      expect(await holds(stored(value))).toEqual(ALL);
      await client.execute("INSERT INTO users (a, c, b, f) VALUES ('x', 'x', 'x', ?)", ['x']);
      await client.execute('UPDATE users SET a = ?, c = ?, b = ?, f = ? WHERE id = LAST_INSERT_ID()', values);
      expect(await holds(stored(value))).toEqual(ALL);
    });

    it('is found by it', async () => {
      const literal = await rowsOf(client, 'SELECT DISTINCT a FROM users WHERE a = ?', [value]);
      expect(literal).toEqual([{ a: value }]);
      const [bound] = await client.execute('SELECT DISTINCT a FROM users WHERE a = ? OR a IN (?)', [
        value,
        value,
      ]);
      expect(bound).toEqual([{ a: value }]);
    });
  });

  it('in the declared character set', async () => {
    await client.query("INSERT INTO users (l) VALUES ('é€')");
    expect(await holds({ l: "X'E980'" })).toEqual({ l: 1 });
    await client.execute('INSERT INTO users (l) VALUES (?)', ['é€']);
    expect(await holds({ l: "X'E980'" })).toEqual({ l: 1 });
  });

  it('from another character set of the client', async () => {
    const other = await proxy.connect(TENANT, { charset: 'latin1' });
    await other.query("INSERT INTO users (a) VALUES ('é')");
    expect(await holds({ a: "X'C3A9'" })).toEqual({ a: 1 });
    await other.execute('INSERT INTO users (a) VALUES (?)', ['é']);
    expect(await holds({ a: "X'C3A9'" })).toEqual({ a: 1 });
    await other.query('SET NAMES cp1250');
    await other.query(`INSERT INTO users (a) VALUES ('plain')`);
    expect(await holds({ a: "'plain'" })).toEqual({ a: 1 });
  });

  it('refuses a parameter that a later character set puts in doubt', async () => {
    const other = await proxy.connect(TENANT);
    const insert = await other.prepare('INSERT INTO users (a) VALUES (?)');
    await other.query("SET character_set_connection = 'cp1250'");
    await insert.execute(['plain']);
    expect(await holds({ a: "'plain'" })).toEqual({ a: 1 });
    expect((await errorOf(insert.execute(['zoë']))).message).toContain('tenantcrypt[TC_UNSUPPORTED_SQL]');
  });

  it('NULL, numbers, and numbers for strings', async () => {
    await client.query("INSERT INTO users (a, c, n) VALUES (NULL, 007, ' 042 ')");
    expect(await holds({ a: 'NULL', c: "'7'", n: "'42'" })).toEqual({ a: 1, c: 1, n: 1 });
    await client.execute('INSERT INTO users (a, c, n) VALUES (?, ?, ?)', [null, 7, 42]);
    expect(await holds({ a: 'NULL', c: "'7'", n: "'42'" })).toEqual({ a: 1, c: 1, n: 1 });
  });

  it.each([
    ["INSERT INTO users (c) VALUES (REPEAT('x', 41))", 1406],
    [`INSERT INTO users (c) VALUES ('${'x'.repeat(41)}')`, 1406],
    ["INSERT INTO users (n) VALUES ('secret')", 1366],
    ['INSERT INTO users (n) VALUES (3000000000)', 1264],
  ])('errors as with backend: %s', async (sql, errno) => {
    const error = await errorOf(client.query(sql));
    expect(error.errno).toBe(errno);
    if (errno === 1366) expect(error.message).toContain("'secret'");
  });

  it('serves a prepared statement with another key, and with another tenant’s', async () => {
    const other = await proxy.connect(null);
    await other.query("SET @tenant_id = 'tenant-002'");
    const insert = await other.prepare("INSERT INTO users (a, c) VALUES ('literal', ?)");
    await insert.execute(['parameter']);
    const both = { a: "'literal'", c: "'parameter'" };
    expect(await holds(both, KEYS['tenant-002'])).toEqual({ a: 1, c: 1 });
    await other.query("SET @tenant_id = 'tenant-001'");
    await insert.execute(['parameter']);
    expect(await holds(both)).toEqual({ a: 1, c: 1 });
  });

  it('takes the key of PREPARE and EXECUTE as well', async () => {
    await client.query("PREPARE s FROM 'INSERT INTO users (a, c) VALUES (''literal'', ?)'");
    await client.query("SET @v = 'variable'");
    await client.query('EXECUTE s USING @v');
    expect(await holds({ a: "'literal'", c: "'variable'" })).toEqual({ a: 1, c: 1 });
    await client.query('DEALLOCATE PREPARE s');
  });

  it('works with a key that the cache does not keep', async () => {
    const brief = await startTestProxy(getServer(), {
      label: 'cpk',
      config: {
        constants: 'proxy',
        keys: { provider: 'file', file: 'keys.yaml', cache: { ttlSeconds: 1 } },
      },
    });
    try {
      const connection = await brief.connect(TENANT);
      const insert = await connection.prepare('INSERT INTO users (username, email) VALUES (?, ?)');
      for (let round = 0; round < 4; round += 1) {
        await insert.execute([`bound${round}`, 'a@x.com']);
        await connection.query(`INSERT INTO users (username, email) VALUES ('literal${round}', 'a@x.com')`);
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
      brief.setKeys({ ...KEYS, [TENANT]: 'another key' });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await insert.execute(['rotated', 'a@x.com']);
      const [counted] = await rowsOf(
        brief.admin,
        `SELECT SUM(encrypted_email = AES_ENCRYPT('a@x.com', '${key}')) AS old,
         SUM(encrypted_email = AES_ENCRYPT('a@x.com', 'another key')) AS young FROM users`,
      );
      expect({ old: Number(counted?.['old']), young: Number(counted?.['young']) }).toEqual({
        old: 8,
        young: 1,
      });
    } finally {
      await brief.stop();
    }
  });
});
