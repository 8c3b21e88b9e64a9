import type { Connection, ConnectionOptions, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { pymysqlConnection, runPython } from '../support/python.js';
import { type ClientRun, runClient } from '../support/run-client.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage } from '../support/session-stage.js';

const KEYS = { 'tenant-001': 'a-key-of-the-first-tenant', 'tenant-002': 'another-key-of-the-second' };

forEachServer((_name, getServer) => {
  const stage = sessionStage(getServer, {
    label: 'prot',
    asRoot: true,
    also: 'SET GLOBAL max_allowed_packet = 67108864',
    keys: KEYS,
    protect: { tenantVariable: 'tenant_id' },
    proxy: {
      sources: [
        { kind: 'connectionAttribute', name: 'tenant_id' },
        { kind: 'userVariable', name: 'tenant_id' },
      ],
    },
  });

  const connect = async (tenant: string | null, options: ConnectionOptions = {}): Promise<Connection> =>
    await stage.client('proxy', {
      ...(tenant === null ? {} : { connectAttributes: { tenant_id: tenant } }),
      ...options,
    });

  it('encrypts what is written and decrypts what is read, for a tenant of the connection', async () => {
    const c = await connect('tenant-001');
    const [ok] = await c.query<ResultSetHeader>(
      "INSERT INTO users (username, email, phone, age) VALUES ('alice', 'alice@example.com', '+1', 33)",
    );
    expect(ok.affectedRows).toBe(1);
    const [rows] = await c.query<RowDataPacket[]>("SELECT * FROM users WHERE email = 'alice@example.com'");
    expect(rows[0]).toMatchObject({ username: 'alice', email: 'alice@example.com', phone: '+1', age: 33 });
    const [raw] = await stage.admin.query<RowDataPacket[]>(
      'SELECT tenant_id, encrypted_email, CAST(AES_DECRYPT(encrypted_email, ?) AS CHAR) AS plain FROM users',
      [KEYS['tenant-001']],
    );
    expect(raw[0]).toMatchObject({ tenant_id: 'tenant-001', plain: 'alice@example.com' });
    expect(raw[0]?.['encrypted_email'].toString('latin1')).not.toContain('alice');
    const other = await connect('tenant-002');
    const [none] = await other.query<RowDataPacket[]>('SELECT * FROM users');
    expect(none).toEqual([]);
  });

  it('refuses protected statements without a tenant, and serves them after SET', async () => {
    const c = await connect(null);
    await expect(c.query('SELECT email FROM users')).rejects.toThrow('tenantcrypt[TC_NO_TENANT]');
    const [one] = await c.query<RowDataPacket[]>('SELECT 1 AS one');
    expect(one[0]).toEqual({ one: 1 });
    await c.query("SET @tenant_id = 'tenant-001'");
    const [rows] = await c.query<RowDataPacket[]>('SELECT email FROM users');
    expect(rows).toEqual([{ email: 'alice@example.com' }]);
    await c.query("SET @tenant_id = 'tenant-002'");
    expect((await c.query<RowDataPacket[]>('SELECT email FROM users'))[0]).toEqual([]);
    await c.query('SET @tenant_id = NULL');
    await expect(c.query('SELECT email FROM users')).rejects.toThrow('TC_NO_TENANT');
    await expect(c.query("SET @tenant_id = 'bad tenant!'")).rejects.toThrow('TC_BAD_TENANT');
    await expect(c.query('SET @tenant_id = (SELECT 1)')).rejects.toThrow('tenantcrypt[');
  });

  it('does not let a statement change a tenant that came with the connection', async () => {
    const c = await connect('tenant-001');
    await expect(c.query("SET @tenant_id = 'tenant-002'")).rejects.toThrow('TC_TENANT_PINNED');
    expect((await c.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM users'))[0]).toEqual([{ n: 1 }]);
  });

  it('clears the tenant of a variable with the connection', async () => {
    const c = await connect(null);
    await c.query("SET @tenant_id = 'tenant-001'");
    await c.reset();
    await expect(c.query('SELECT email FROM users')).rejects.toThrow('TC_NO_TENANT');
    const pinned = await connect('tenant-001');
    await pinned.reset();
    expect((await pinned.query<RowDataPacket[]>('SELECT email FROM users'))[0]).toHaveLength(1);
  });

  it('refuses when the key is not to be had, and works as soon as it is', async () => {
    const c = await connect('tenant-009');
    await expect(c.query('SELECT email FROM users')).rejects.toThrow('tenantcrypt[TC_KEY_UNAVAILABLE]');
    expect((await c.query<RowDataPacket[]>('SELECT 1 AS one'))[0]).toEqual([{ one: 1 }]);
    stage.protection.provider.keys.set('tenant-009', { key: 'late', version: '1' });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await c.query<RowDataPacket[]>('SELECT email FROM users'))[0]).toEqual([]);
  });

  it('follows a rotation of the key', async () => {
    stage.protection.provider.keys.set('tenant-rot', { key: 'old key', version: '1' });
    const c = await connect('tenant-rot');
    await c.query("INSERT INTO users (username, email) VALUES ('r', 'before')");
    stage.protection.provider.keys.set('tenant-rot', { key: 'new key', version: '2' });
    stage.protection.cache.invalidate('tenant-rot');
    await c.query("INSERT INTO users (username, email) VALUES ('r', 'after')");
    const [raw] = await stage.admin.query<RowDataPacket[]>(
      "SELECT CAST(AES_DECRYPT(encrypted_email, 'new key') AS CHAR) AS e FROM users WHERE tenant_id = 'tenant-rot' ORDER BY id",
    );
    expect(raw[1]).toEqual({ e: 'after' });
  });

  it('restores column definitions as of a plain table', async () => {
    const c = await connect('tenant-001');
    const describe = async (connection: Connection, sql: string) => {
      const [, fields] = await connection.query<RowDataPacket[]>(sql);
      return fields.map((f) => ({
        schema: (f as { schema?: string }).schema ?? f.db,
        table: f.table,
        orgTable: f.orgTable,
        name: f.name,
        orgName: f.orgName,
        charset: (f as { characterSet?: number }).characterSet,
        length: (f as { columnLength?: number }).columnLength,
        type: f.columnType,
        flags: f.flags,
        decimals: f.decimals,
      }));
    };
    const columns = 'SELECT x.id, x.tenant_id, x.email, x.phone AS p, x.age FROM';
    const restored = await describe(c, `${columns} users x`);
    const plain = await describe(stage.admin, `${columns} plain_users x`);
    expect(restored.map((f) => ({ ...f, orgTable: f.orgTable.replace(/^users$/, 'plain_users') }))).toEqual(
      plain,
    );
  });

  it('tracks sql_mode: a statement is read as the server reads it', async () => {
    const c = await connect('tenant-001');
    await c.query("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'");
    await c.query(`INSERT INTO users (username, "email") VALUES ('b\\', 'back\\slash@x')`);
    const [rows] = await c.query<RowDataPacket[]>(`SELECT "email" FROM "users" WHERE username = 'b\\'`);
    expect(rows).toEqual([{ email: 'back\\slash@x' }]);
  });

  it('follows the current schema', async () => {
    const c = await connect('tenant-001', { database: '' });
    await c.query(`USE \`${stage.database}\``);
    expect((await c.query<RowDataPacket[]>("SELECT email FROM users WHERE username = 'alice'"))[0]).toEqual([
      { email: 'alice@example.com' },
    ]);
  });

  it('keeps ciphertext and physical names out of errors', async () => {
    const c = await connect('tenant-001');
    const error = (await c
      .query("INSERT INTO users (username, email) VALUES ('dup', 'alice@example.com')")
      .catch((e: unknown) => e)) as Error & { errno: number };
    expect(error.errno).toBe(1062);
    expect(error.message).toContain("'<encrypted>'");
    await expect(
      c.query(`INSERT INTO users (username, email) VALUES ('x', '${'y'.repeat(256)}')`),
    ).rejects.toMatchObject({
      errno: 1406,
      message: expect.stringContaining("'email'"),
    });
  });

  it.each(['query', 'execute'] as const)(
    'fails for a value that does not fit when it is stored: %s',
    async (way) => {
      const c = await connect('tenant-001');
      const long = 'y'.repeat(33);
      const run = async (sql: string, values: string[]): Promise<unknown> =>
        (way === 'query' ? await c.query(sql, values) : await c.execute(sql, values))[0];
      const set = async (who: string): Promise<unknown> =>
        await run('UPDATE users SET phone = ? WHERE username = ?', [long, who]);
      expect(await set('nobody')).toMatchObject({ affectedRows: 0 });
      const tooLong = {
        errno: 1406,
        sqlState: '22001',
        sqlMessage: "Data too long for column 'phone' at row 1",
      };
      await expect(set('alice')).rejects.toMatchObject(tooLong);
      const upsert = 'INSERT INTO users (username, phone) VALUES (?, ?) ON DUPLICATE KEY UPDATE phone = ?';
      expect(await run(upsert, [`fresh-${way}`, '1', long])).toMatchObject({ affectedRows: 1 });
      const sql = 'INSERT INTO users (username, phone) VALUES (?, ?), (?, ?)';
      await expect(run(sql, ['r1', '1', 'r2', long])).rejects.toMatchObject({
        ...tooLong,
        sqlMessage: "Data too long for column 'phone' at row 2",
      });
      const [rows] = await c.query<RowDataPacket[]>(
        'SELECT username FROM users WHERE LENGTH(phone) > 32 OR username = ?',
        ['r1'],
      );
      expect(rows).toEqual([]);
    },
  );

  it('reads the schema again at the next login after an unknown column', async () => {
    const c = await connect('tenant-001');
    await stage.admin.query('ALTER TABLE users ADD COLUMN note VARCHAR(20)');
    await expect(c.query('SELECT note FROM users')).rejects.toMatchObject({ errno: 1054 });
    const again = await connect('tenant-001');
    expect((await again.query<RowDataPacket[]>('SELECT note FROM users LIMIT 1'))[0]).toEqual([
      { note: null },
    ]);
    // Sessions that are open share what the new one has read.
    expect((await c.query<RowDataPacket[]>('SELECT note FROM users LIMIT 1'))[0]).toEqual([{ note: null }]);
  });

  it('refuses a view over a protected table that was made before the login', async () => {
    await stage.admin.query('CREATE OR REPLACE VIEW peek AS SELECT * FROM users');
    await stage.admin.query('CREATE OR REPLACE VIEW peek_twice AS SELECT * FROM peek');
    await stage.admin.query('ALTER TABLE users ADD COLUMN another INT');
    const c = await connect('tenant-001');
    await c.query('SELECT another FROM users').catch(() => undefined);
    const again = await connect('tenant-001');
    await expect(again.query('SELECT * FROM peek')).rejects.toThrow('tenantcrypt[');
    await expect(again.query("UPDATE peek_twice SET encrypted_email = 'x'")).rejects.toThrow('tenantcrypt[');
    await stage.admin.query('DROP VIEW peek, peek_twice');
  });

  it('rewrites prepared statements', async () => {
    const c = await connect('tenant-001');
    const [ok] = await c.execute<ResultSetHeader>(
      'INSERT INTO users (username, email, phone, age) VALUES (?, ?, ?, ?)',
      ['bob', 'bob@example.com', null, 41],
    );
    expect(ok.affectedRows).toBe(1);
    for (let i = 0; i < 3; i += 1) {
      const [rows] = await c.execute<RowDataPacket[]>(
        'SELECT username, email, age FROM users WHERE email = ?',
        ['bob@example.com'],
      );
      expect(rows).toEqual([{ username: 'bob', email: 'bob@example.com', age: 41 }]);
    }
    const [raw] = await stage.admin.query<RowDataPacket[]>(
      "SELECT CAST(AES_DECRYPT(encrypted_age, ?) AS CHAR) AS age FROM users WHERE username = 'bob'",
      [KEYS['tenant-001']],
    );
    expect(raw).toEqual([{ age: '41' }]);
  });

  it('keeps open prepared statements right over a switch of the tenant', async () => {
    const c = await connect(null);
    await c.execute('SET @tenant_id = ?', ['tenant-001']);
    const statement = await c.prepare('SELECT email FROM users WHERE username = ?');
    expect((await statement.execute(['bob']))[0]).toEqual([{ email: 'bob@example.com' }]);
    await c.execute('SET @tenant_id = ?', ['tenant-002']);
    expect((await statement.execute(['bob']))[0]).toEqual([]);
    await c.execute('SET @tenant_id = ?', ['tenant-001']);
    expect((await statement.execute(['bob']))[0]).toEqual([{ email: 'bob@example.com' }]);
    await c.query('SET @tenant_id = NULL');
    await expect(statement.execute(['bob'])).rejects.toThrow('TC_NO_TENANT');
  });

  it('answers pipelined commands in order, each under what the ones before it did', async () => {
    const run = await python(`
q = lambda sql: pkt(b'\\x03' + sql.encode())
c._sock.sendall(q("SET @tenant_id = 'tenant-001'") + q("SELECT email FROM users WHERE username = 'alice'")
  + q("SET @tenant_id = 'tenant-002'") + q("SELECT COUNT(*) FROM users WHERE username = 'alice'")
  + q("SET @tenant_id = 'not valid!'") + q("SELECT 42"))
for i in range(6):
  c._next_seq_id = 1
  try:
    c._read_query_result()
    print(c._result.rows)
  except Exception as e:
    print(type(e).__name__, e.args[1][:27])
`);
    expect(run.stderr).toBe('');
    expect(run.stdout.split('\n')).toEqual([
      'None',
      "(('alice@example.com',),)",
      'None',
      '((0,),)',
      expect.stringContaining('tenantcrypt[TC_BAD_TENANT]'),
      '((42,),)',
      '',
    ]);
  });

  it('serves the command line client, which sends query attributes on MySQL', async () => {
    const server = getServer();
    const sql = "SET @tenant_id = 'tenant-001'; SELECT email FROM users WHERE email = 'alice@example.com'";
    const run = await runClient(
      server.client,
      ['-h127.0.0.1', `-P${stage.proxy.port}`, `-u${server.rootUser}`, '-N', '-e', sql, stage.database],
      { MYSQL_PWD: server.rootPassword },
    );
    expect(run.stdout).toBe('alice@example.com\n');
  });

  it('rewrites statements of 16 MiB and more', async () => {
    const c = await connect('tenant-001');
    const padding = 'x'.repeat(17_000_000);
    const [rows] = await c.query<RowDataPacket[]>(
      `SELECT email, LENGTH('${padding}') AS n FROM users WHERE username = 'alice'`,
    );
    expect(rows).toEqual([{ email: 'alice@example.com', n: 17_000_000 }]);
  });

  it('keeps ROW_COUNT() and the diagnostics of a statement after a switch of the tenant', async () => {
    const c = await connect(null);
    await c.query("SET @tenant_id = 'tenant-001'");
    await c.query("UPDATE users SET username = 'alice2' WHERE email = 'alice@example.com'");
    expect((await c.query<RowDataPacket[]>('SELECT ROW_COUNT() AS n'))[0]).toEqual([{ n: 1 }]);
    await c.query("UPDATE users SET username = 'alice' WHERE email = 'alice@example.com'");
    const [warnings] = await c.query<RowDataPacket[]>('SHOW WARNINGS');
    expect(warnings).toEqual([]);
  });

  it('does not let a client execute the statement that sets the key', async () => {
    const run = await python(`
import struct
for id in (1, 2, 3, 0xffffffff):
  c._next_seq_id = 0
  body = struct.pack('<IBI', id, 0, 1) + b'\\x00\\x01\\xfd\\x00' + b'\\x05wrong'
  c._sock.sendall(pkt(b'\\x17' + body))
  c._next_seq_id = 1
  try:
    c._read_query_result()
    print('executed')
  except Exception as e:
    print(e.args[0])
`);
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('1243\n1243\n1243\n1243\n');
  });

  async function python(script: string): Promise<ClientRun> {
    const head = `
def pkt(body): return len(body).to_bytes(3, 'little') + b'\\x00' + body
`;
    return await runPython(pymysqlConnection(stage.target()) + head + script);
  }
});
