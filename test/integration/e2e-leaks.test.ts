import { randomBytes } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminConnection } from '../servers/accounts.js';
import { found, keyMarkers, type Marker, plaintextMarkers } from '../support/markers.js';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/** Nothing else in the server holds these. */
const KEY = `key-${randomBytes(12).toString('hex')}-of-the-leak-test`;
const PLAIN = {
  literal: `literal-${randomBytes(6).toString('hex')}@example.com`,
  parameter: `parameter-${randomBytes(6).toString('hex')}@example.com`,
  refused: `refused-${randomBytes(6).toString('hex')}@example.com`,
  failed: `failed-${randomBytes(6).toString('hex')}@example.com`,
};

const SERVER_VIEWS = [
  'performance_schema.events_statements_current',
  'performance_schema.events_statements_history',
  'performance_schema.events_statements_history_long',
  'performance_schema.events_statements_summary_by_digest',
  'performance_schema.prepared_statements_instances',
  'performance_schema.threads',
  'performance_schema.variables_by_thread',
  'performance_schema.session_connect_attrs',
  'performance_schema.setup_actors',
  'information_schema.PROCESSLIST',
] as const;

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let client: Connection;
  let root: Connection;
  const keys = keyMarkers(KEY);
  const plain = plaintextMarkers(Object.values(PLAIN));
  /** What the proxy answered instead of results. */
  const errors: string[] = [];

  beforeAll(async () => {
    root = await adminConnection(getServer(), { connectAttributes: {} });
    await root.query(
      "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME LIKE '%statements%'",
    );
    await root.query(
      "UPDATE performance_schema.setup_instruments SET ENABLED = 'YES', TIMED = 'YES' WHERE NAME LIKE 'statement/%'",
    );
    proxy = await startTestProxy(getServer(), {
      label: 'leak',
      keys: { 'tenant-001': KEY },
      sources: [{ connectionAttribute: 'tenant_id' }, { userVariable: 'tenant_id' }],
    });
    client = await proxy.connect('tenant-001');
    await workload();
  });
  afterAll(async () => {
    await proxy?.stop();
    await root?.end();
  });

  async function failing(connection: Connection, sql: string, values?: string[]): Promise<void> {
    const work = values === undefined ? connection.query(sql) : connection.execute(sql, values);
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error)) throw new Error(`was expected to fail: ${sql}`);
    errors.push(error.message);
  }

  /** Reads, writes and errors of every kind. */
  async function workload(): Promise<void> {
    await client.query(`INSERT INTO users (username, email, phone) VALUES ('a', '${PLAIN.literal}', '1')`);
    await client.execute("INSERT INTO users (username, email) VALUES ('b', ?)", [PLAIN.parameter]);
    await client.query(`UPDATE users SET phone = '2' WHERE email = '${PLAIN.literal}'`);
    await client.execute('UPDATE users SET phone = ? WHERE email = ?', ['3', PLAIN.parameter]);
    await client.query(
      'SELECT u.email, v.email FROM users u JOIN users v ON u.email <> v.email GROUP BY 1, 2',
    );
    await client.execute('SELECT * FROM users WHERE email IN (?, ?)', [PLAIN.literal, PLAIN.parameter]);
    await client.query(
      `INSERT INTO users (username, email) VALUES ('a', '${PLAIN.literal}') ON DUPLICATE KEY UPDATE email = VALUES(email)`,
    );

    await failing(client, `INSERT INTO users (username, email) VALUES ('a', '${PLAIN.failed}')`);
    await failing(client, "INSERT INTO users (username, email) VALUES ('b', ?)", [PLAIN.failed]);
    await failing(
      client,
      `INSERT INTO users (username, phone) VALUES ('c', '${PLAIN.failed}${'x'.repeat(40)}')`,
    );
    await failing(client, `UPDATE users SET nowhere = '${PLAIN.failed}' WHERE email = '${PLAIN.failed}'`);
    await failing(client, `SELECT email FROM users WHERE email = '${PLAIN.failed}' AND (`);
    await failing(
      client,
      `SELECT EXP(IF(email LIKE '%', 9999, 1)) FROM users WHERE email <> '${PLAIN.failed}'`,
    );
    await failing(client, `INSERT INTO users (username, email) VALUES (NULL, '${PLAIN.failed}')`);

    await failing(client, `CREATE TABLE stolen AS SELECT email FROM users WHERE email = '${PLAIN.refused}'`);
    await failing(
      client,
      `INSERT INTO plain_users (username, email) SELECT '${PLAIN.refused}', email FROM users`,
    );
    await failing(client, `INSERT INTO users (username, encrypted_email) VALUES ('d', '${PLAIN.refused}')`);
    await failing(client, `SELECT @__tc_key, '${PLAIN.refused}'`);
    await failing(client, `SELECT email FROM users INTO OUTFILE '${PLAIN.refused}'`);
    await failing(client, 'SELECT HEX(@`__TC_KEY`), ?', [PLAIN.refused]);
    await failing(client, `SET @tenant_id = '${PLAIN.refused}'`);
    await failing(client, 'SELECT * FROM performance_schema.user_variables_by_thread');
    if (getServer().kind === 'mariadb') {
      await failing(client, 'SELECT * FROM information_schema.user_variables');
      await failing(client, 'SHOW USER_VARIABLES');
    }
    const keyless = await proxy.connect('tenant-none');
    await failing(keyless, `SELECT email FROM users WHERE email = '${PLAIN.refused}'`);
    const tenantless = await proxy.connect(null);
    await failing(tenantless, `DELETE FROM users WHERE email = '${PLAIN.refused}'`);
  }

  /** Every value of every row, as the bytes that the server sends. */
  async function dump(connection: Connection, sql: string): Promise<Buffer> {
    const [rows] = await connection.query<RowDataPacket[][]>({
      sql,
      rowsAsArray: true,
      typeCast: (field) => field.buffer(),
    });
    const values = (rows as unknown as (Buffer | null)[][]).flat();
    return Buffer.concat(values.flatMap((value) => [value ?? Buffer.alloc(0), Buffer.of(0)]));
  }

  async function existing(views: readonly string[]): Promise<string[]> {
    const rows = await rowsOf(
      root,
      "SELECT CONCAT(LOWER(TABLE_SCHEMA), '.', LOWER(TABLE_NAME)) AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ('performance_schema', 'information_schema')",
    );
    const names = new Set(rows.map((row) => row['n']));
    return views.filter((view) => names.has(view.toLowerCase()));
  }

  it('finds what it looks for: the markers, a canary in the statement tables, the SET of the key', async () => {
    expect(found(`x${KEY}y`, keys)).toContain('the key');
    for (const marker of [...keys, ...plain])
      expect(found(Buffer.concat([Buffer.from('x'), marker.bytes]), [marker])).toHaveLength(1);
    const canary = `canary-${randomBytes(6).toString('hex')}`;
    await root.query(`SELECT '${canary}'`);
    const marker: Marker = { name: 'canary', bytes: Buffer.from(canary) };
    const history = await dump(root, 'SELECT * FROM performance_schema.events_statements_history_long');
    expect(found(history, [marker])).toEqual(['canary']);
    // MariaDB keeps the text of a prepared statement in one of the two views alone.
    const prepared = await dump(root, 'SELECT * FROM performance_schema.prepared_statements_instances');
    expect(Buffer.concat([history, prepared]).includes('SET @__tc_key = ?')).toBe(true);
    expect(await existing(SERVER_VIEWS)).toEqual(
      expect.arrayContaining(SERVER_VIEWS.filter((v) => /statements|threads|PROCESS/.test(v))),
    );
  });

  it('leaves the key in no view of the server', async () => {
    for (const view of await existing(SERVER_VIEWS)) {
      expect(found(await dump(root, `SELECT * FROM ${view}`), keys), view).toEqual([]);
    }
    for (const sql of [
      'SHOW FULL PROCESSLIST',
      'SHOW ENGINE INNODB STATUS',
      'SHOW GLOBAL STATUS',
      'SHOW GLOBAL VARIABLES',
    ]) {
      expect(found(await dump(root, sql), keys), sql).toEqual([]);
    }
  });

  it("holds the key in one variable alone, which only root sees and the proxy's clients don't", async () => {
    const variables = await rowsOf(
      root,
      'SELECT VARIABLE_NAME AS name, VARIABLE_VALUE AS value FROM performance_schema.user_variables_by_thread',
    );
    const holding = variables.filter((row) => row['value'] !== null && found(row['value'], keys).length > 0);
    expect(holding.length).toBeGreaterThan(0);
    expect(new Set(holding.map((row) => row['name']))).toEqual(new Set(['__tc_key']));
    await expect(client.query('SELECT * FROM performance_schema.user_variables_by_thread')).rejects.toThrow(
      'tenantcrypt[TC_RESERVED_NAME]',
    );
  });

  it('shows no key while a statement runs, in the process list, the threads and the statements', async () => {
    const running = client.query(`SELECT email, SLEEP(2) FROM users WHERE email = '${PLAIN.literal}'`);
    let seen = '';
    await expect
      .poll(
        async () => {
          seen = (await dump(root, 'SHOW FULL PROCESSLIST')).toString('latin1');
          return seen.includes('SLEEP(2)');
        },
        { timeout: 1_900, interval: 20 },
      )
      .toBe(true);
    expect(seen).toContain('AES_DECRYPT');
    expect(found(Buffer.from(seen, 'latin1'), keys)).toEqual([]);
    for (const sql of [
      'SELECT * FROM information_schema.PROCESSLIST',
      'SELECT * FROM performance_schema.threads',
      'SELECT * FROM performance_schema.events_statements_current',
    ]) {
      const all = await dump(root, sql);
      expect(all.includes('SLEEP(2)'), sql).toBe(true);
      expect(found(all, keys), sql).toEqual([]);
    }
    await running;
  });

  it('shows no key in EXPLAIN of any form, in SHOW WARNINGS and in the optimizer trace', async () => {
    const select = `SELECT email FROM users WHERE email = '${PLAIN.literal}' OR phone LIKE '%2'`;
    const forms =
      getServer().kind === 'mysql'
        ? ['EXPLAIN FORMAT=TRADITIONAL', 'EXPLAIN FORMAT=JSON', 'EXPLAIN FORMAT=TREE', 'EXPLAIN ANALYZE']
        : ['EXPLAIN', 'EXPLAIN EXTENDED', 'EXPLAIN FORMAT=JSON', 'ANALYZE', 'ANALYZE FORMAT=JSON'];
    for (const form of forms) {
      const plan = await dump(client, `${form} ${select}`);
      expect(plan.length, form).toBeGreaterThan(20);
      expect(found(plan, keys), form).toEqual([]);
      expect(found(await dump(client, 'SHOW WARNINGS'), keys), form).toEqual([]);
    }
    await client.query("SET optimizer_trace = 'enabled=on'");
    await client.query(select);
    const trace = await dump(client, 'SELECT * FROM information_schema.OPTIMIZER_TRACE');
    expect(trace.length).toBeGreaterThan(500);
    expect(found(trace, keys)).toEqual([]);
    await client.query("SET optimizer_trace = 'enabled=off'");
  });

  it('keeps key and plaintext out of its own log at level trace, and out of its metrics', async () => {
    const log = proxy.log();
    expect(log.split('\n').length).toBeGreaterThan(50);
    expect(log).toContain('TC_RESERVED_NAME');
    expect(log).toContain('TC_PLAINTEXT_ESCAPE');
    expect(log).toContain('TC_KEY_UNAVAILABLE');
    expect(found(log, [...keys, ...plain])).toEqual([]);
    expect(log).not.toContain(proxy.password);
    const metrics = await proxy.metrics();
    expect(metrics).toContain('reason="TC_RESERVED_NAME"');
    expect(found(metrics, [...keys, ...plain])).toEqual([]);
    for (const path of ['/healthz', '/readyz']) {
      expect(found((await proxy.get(path)).body, [...keys, ...plain])).toEqual([]);
    }
  });

  it('keeps the key, ciphertext and the names of its own out of what clients are told', async () => {
    expect(errors.length).toBeGreaterThan(15);
    const [stored] = await rowsOf(proxy.admin, 'SELECT encrypted_email AS e FROM users LIMIT 1');
    const ciphertext: Buffer = stored?.['e'];
    const markers = [
      ...keys,
      { name: 'ciphertext', bytes: ciphertext },
      { name: 'ciphertext in hex', bytes: Buffer.from(ciphertext.toString('hex')) },
    ];
    for (const error of errors) {
      expect(found(error, markers), error).toEqual([]);
      // What tenantcrypt itself says quotes nothing of the statement.
      if (error.startsWith('tenantcrypt[')) expect(found(error, plain), error).toEqual([]);
      else expect(error).not.toMatch(/__tc_|encrypted_/i);
    }
  });

  it('leaves in the server of the plaintext what is documented for constants: backend', async () => {
    const digests = await dump(
      root,
      'SELECT DIGEST_TEXT FROM performance_schema.events_statements_summary_by_digest',
    );
    expect(digests.includes('AES_ENCRYPT')).toBe(true);
    expect(found(digests, plain)).toEqual([]);
    const text = (value: string): Marker[] => [{ name: value, bytes: Buffer.from(value) }];
    const statements = await dump(
      root,
      'SELECT SQL_TEXT FROM performance_schema.events_statements_history_long',
    );
    // docs: a literal of a write stands in the text of the statement, as it does without tenantcrypt; a parameter does not.
    expect(found(statements, text(PLAIN.literal))).toEqual([PLAIN.literal]);
    expect(found(statements, text(PLAIN.parameter))).toEqual([]);
    // A refused statement never reached the server.
    expect(found(statements, text(PLAIN.refused))).toEqual([]);
    const prepared = await dump(root, 'SELECT * FROM performance_schema.prepared_statements_instances');
    expect(prepared.includes('AES_')).toBe(true);
    expect(found(prepared, [...plain, ...keys])).toEqual([]);
    // And nothing of it lies in the table.
    expect(found(await dump(proxy.admin, 'SELECT * FROM users'), [...plain, ...keys])).toEqual([]);
  });
});
