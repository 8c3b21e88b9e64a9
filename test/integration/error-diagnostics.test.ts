import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../servers/accounts.js';
import { errorOf, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/** What an application can ask of the statement before. */
async function diagnostics(client: Connection): Promise<unknown> {
  const read = async (sql: string): Promise<unknown[]> =>
    (await rowsOf(client, sql)).map((row) => Object.values(row as Record<string, unknown>));
  const warnings = await read('SHOW WARNINGS');
  const errors = await read('SHOW ERRORS');
  const counts = await read('SHOW COUNT(*) ERRORS');
  await client.query('GET DIAGNOSTICS @conditions = NUMBER');
  await client.query(
    'GET DIAGNOSTICS CONDITION 1 @errno = MYSQL_ERRNO, @state = RETURNED_SQLSTATE, @text = MESSAGE_TEXT',
  );
  return { warnings, errors, counts, kept: await read('SELECT @conditions, @errno, @state, @text') };
}

function table(name: string, columns: string): string {
  return `CREATE TABLE ${name} (
    id INT PRIMARY KEY AUTO_INCREMENT,
    tenant_id VARCHAR(64) NOT NULL DEFAULT 'tenant-001',
    username VARCHAR(100) NOT NULL,
    ${columns},
    UNIQUE KEY by_email (tenant_id, ${name === 'people' ? 'encrypted_email' : 'email'})
  ) DEFAULT CHARSET utf8mb4`;
}

forEachServer((name, getServer) => {
  let proxy: TestProxy;
  let ours: Connection;
  let plain: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), {
      label: 'diagnosed',
      tables: [
        table('people', 'encrypted_email VARBINARY(1040), encrypted_phone VARBINARY(144), age VARBINARY(32)'),
        table('plain_people', 'email VARCHAR(255), phone VARCHAR(32), age INT'),
        "INSERT INTO people (tenant_id, username) VALUES ('tenant-001', 'ann'), ('tenant-001', 'bob')",
        "INSERT INTO plain_people (username) VALUES ('ann'), ('bob')",
      ],
      protect: (schema) => ({
        [`${schema}.people`]: {
          tenantColumn: 'tenant_id',
          columns: {
            email: { column: 'encrypted_email', type: 'varchar(255)' },
            phone: { column: 'encrypted_phone', type: 'varchar(32)' },
            age: { type: 'int' },
          },
        },
      }),
    });
    ours = await proxy.connect('tenant-001', { multipleStatements: true });
    plain = await proxy.direct({ multipleStatements: true });
  });
  afterAll(async () => {
    await proxy?.stop();
  });

  const onPlain = (sql: string): string => sql.replaceAll('people', 'plain_people');
  const shared = (found: unknown): unknown =>
    JSON.parse(JSON.stringify(found).replaceAll('plain_people', 'people'));

  const run = async (
    client: Connection,
    protocol: string,
    sql: string,
    values: (string | null)[],
  ): Promise<unknown> =>
    protocol === 'text' ? await client.query(sql, values) : await client.execute(sql, values);

  describe.each(['text', 'prepared'])('%s', (protocol) => {
    it.each([
      ['too long', 'INSERT INTO people (username, email) VALUES (?, ?)', ['n', 'x'.repeat(300)]],
      ['too long in an UPDATE', 'UPDATE people SET phone = ? WHERE username = ?', ['x'.repeat(40), 'ann']],
      ['out of range', 'INSERT INTO people (username, age) VALUES (?, ?)', ['n', '99999999999']],
      ['no number', 'INSERT INTO people (username, age) VALUES (?, ?)', ['n', 'abc e']],
      ['an expression too long', 'UPDATE people SET phone = REPEAT(?, 40) WHERE username = ?', ['x', 'ann']],
      ['NULL where there must be a value', 'INSERT INTO people (username, email) VALUES (?, ?)', [null, 'x']],
    ])('%s', async (_what, sql, values) => {
      const failed = await errorOf(run(ours, protocol, sql, values));
      const found = await diagnostics(ours);
      const expected = await errorOf(run(plain, protocol, onPlain(sql), values));
      expect(shared(failed)).toEqual(shared(expected));
      expect(shared(found)).toEqual(shared(await diagnostics(plain)));
    });
  });

  it('a value that is cut, whose SQLSTATE is that of warnings', async () => {
    await errorOf(ours.query("INSERT INTO people (username, age) VALUES ('n', '12abc')"));
    expect(await rowsOf(ours, 'SHOW ERRORS')).toEqual([
      { Level: 'Error', Code: 1265, Message: "Data truncated for column 'age' at row 1" },
    ]);
  });

  it('the entry of a unique key under its logical name, without ciphertext', async () => {
    const sql = "INSERT INTO people (username, email) VALUES ('ann', 'same@x.com')";
    await ours.query(sql);
    const { message } = await errorOf(ours.query(sql));
    const [shown] = await rowsOf(ours, 'SHOW WARNINGS');
    expect(shown).toMatchObject({ Level: 'Error', Code: 1062, Message: message });
    expect(message).toContain("'<encrypted>'");
  });

  it('a refusal, however long, in the place of what the statement before has left', async () => {
    await rowsOf(ours, "SELECT 1 + 'x'");
    const { errno, message } = await errorOf(ours.query('UPDATE people SET username = email'));
    expect(message.length).toBeGreaterThan(128);
    const rows = await rowsOf(ours, 'SHOW WARNINGS');
    expect(rows).toMatchObject([{ Level: 'Error', Code: errno }]);
    expect(message.startsWith(String(rows[0]?.['Message']))).toBe(true);
    expect(String(rows[0]?.['Message']).length).toBeGreaterThanOrEqual(128);
  });

  it('a statement that can not be prepared', async () => {
    const { errno } = await errorOf(ours.execute('UPDATE people SET username = email'));
    expect(await rowsOf(ours, 'SHOW WARNINGS')).toMatchObject([{ Level: 'Error', Code: errno }]);
  });

  it('one of several statements', async () => {
    const sql = "SELECT 1; INSERT INTO people (username, age) VALUES ('n', 'x'); SELECT 2";
    const failed = await errorOf(ours.query(sql));
    expect(failed.errno).toBe(1366);
    expect(await rowsOf(ours, 'SHOW WARNINGS')).toMatchObject([{ Code: 1366 }]);
    expect(await rowsOf(ours, 'SHOW WARNINGS')).toMatchObject([{ Code: 1366 }]);
  });

  it('leaves the transaction, ROW_COUNT() and what was found as they are', async () => {
    await ours.query('START TRANSACTION');
    await ours.query("INSERT INTO people (username, email) VALUES ('kept', 'k@x.com')");
    const [inserted] = await rowsOf(ours, 'SELECT LAST_INSERT_ID() AS id');
    const counted: unknown[] = [];
    for (const [client, named] of [
      [ours, 'people'],
      [plain, 'plain_people'],
    ] as const) {
      await rowsOf(client, `SELECT SQL_CALC_FOUND_ROWS id FROM ${named} LIMIT 1`);
      await errorOf(client.query(`INSERT INTO ${named} (username, age) VALUES ('n', 'x')`));
      counted.push(await rowsOf(client, 'SELECT ROW_COUNT() AS counted, FOUND_ROWS() > 1 AS found'));
    }
    expect(counted[0]).toEqual(counted[1]);
    expect(await rowsOf(ours, 'SELECT LAST_INSERT_ID() AS id')).toEqual([inserted]);
    expect(await rowsOf(ours, "SELECT email FROM people WHERE username = 'kept'")).toEqual([
      { email: 'k@x.com' },
    ]);
    await ours.query('ROLLBACK');
    expect(await rowsOf(ours, "SELECT email FROM people WHERE username = 'kept'")).toEqual([]);
  });

  it.each([
    "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
    'SET NAMES latin1',
    'SET autocommit = 0',
    "XA START 'x'",
  ])('after %s', async (setup) => {
    const client = await proxy.connect('tenant-001');
    await client.query(setup);
    await errorOf(client.query("UPDATE people SET age = 'no \"number\" \\\\' WHERE username = 'ann'"));
    const rows = await rowsOf(client, 'SHOW WARNINGS');
    expect(rows).toMatchObject([{ Level: 'Error', Code: 1366 }]);
    expect(String(rows[0]?.['Message'])).toContain('no "number"');
    await client.end();
  });

  it('after a reset of the connection, which takes the prepared statement of ours', async () => {
    const client = await proxy.connect('tenant-001');
    for (const errno of [1366, 1406]) {
      const value = errno === 1366 ? "age = 'x'" : `phone = '${'x'.repeat(40)}'`;
      await errorOf(client.query(`UPDATE people SET ${value} WHERE username = 'ann'`));
      expect(await rowsOf(client, 'SHOW WARNINGS')).toMatchObject([{ Code: errno }]);
      await client.changeUser({ user: proxy.user, password: proxy.password, database: proxy.database });
      await client.query("SET @tenant_id = 'tenant-001'");
    }
  });

  it('of a client that does not wait for answers', async () => {
    const user = `raw_${name.replaceAll(/\W/g, '')}`;
    await createUser(getServer(), { user, password: '' });
    const raw = await proxy.raw({ user: `${user}%tenant-001` });
    const statements = [
      "INSERT INTO people (username, age) VALUES ('n', 'x')",
      'SHOW WARNINGS',
      'UPDATE people SET username = email',
      'SHOW WARNINGS',
      "SELECT 'over'",
    ];
    for (const sql of statements) raw.sendQuery(sql);
    const answers: string[] = [];
    for (const _sql of statements) {
      const packets = await raw.response();
      expect(packets.map(({ sequenceId }) => sequenceId)).toEqual(packets.map((_packet, index) => index + 1));
      answers.push(packets.map(({ payload }) => payload.toString('latin1')).join(''));
    }
    expect(answers[1]).toContain("Incorrect integer value: 'x' for column");
    expect(answers[3]).toContain('tenantcrypt[TC_PLAINTEXT_ESCAPE]');
    expect(answers[4]).toContain('over');
  });

  it('goes on where the server takes no further prepared statement', async () => {
    const client = await proxy.connect('tenant-001');
    await rowsOf(client, 'SELECT email FROM people');
    const [before] = await rowsOf(proxy.admin, 'SELECT @@max_prepared_stmt_count AS n');
    await proxy.admin.query('SET GLOBAL max_prepared_stmt_count = 0');
    try {
      await errorOf(client.query("UPDATE people SET age = 'x' WHERE username = 'ann'"));
      expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await proxy.admin.query(`SET GLOBAL max_prepared_stmt_count = ${Number(before?.['n'])}`);
    }
  });
});
