import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { check } from '../../src/cli/check.js';
import { openControlConnection } from '../../src/cli/wiring/control-connection.js';
import { createKeyProvider } from '../../src/cli/wiring/key-provider.js';
import { inspectBackend } from '../../src/cli/wiring/live-schema.js';
import { probeBackend } from '../../src/cli/wiring/probe-backend.js';
import { loadConfig } from '../../src/config/load-config.js';
import { testTerminal } from '../cli/support.js';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { freePort } from '../servers/free-port.js';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { forEachServer } from '../support/servers.js';

const KEY = 'a key of the tests';

forEachServer((name, getShared) => {
  let folder: string;
  let server: RunningSqlServer | null = null;
  let admin: Connection;
  let database: TestDatabase;

  // A server of its own: what is set here must not be in other tests' way, and it has a binary log.
  beforeAll(async () => {
    const options = {
      binaryLog: true,
      args: name.startsWith('mariadb') ? ['--binlog-format=ROW', '--binlog-annotate-row-events=OFF'] : [],
    };
    server = getShared().kind === 'mysql' ? await startMysql(options) : await startMariadb(options);
    if (server === null) throw new Error('the shared server could be started and this one not');
    folder = mkdtempSync(join(tmpdir(), 'tc-check-'));
    writeFileSync(
      join(folder, 'keys.yaml'),
      `t1: ${KEY}\nhex: ${'0123456789abcdef'.repeat(3)}fedcba9876543211\n`,
      { mode: 0o600 },
    );
    admin = await adminConnection(server);
    await createUser(server, { user: 'control', password: 'control password' });
  });
  afterAll(async () => {
    await admin?.end();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    database = await createDatabase(server as RunningSqlServer, 'check');
    await admin.query(`CREATE TABLE ${database.name}.users (
      id bigint NOT NULL AUTO_INCREMENT, tenant_id varchar(64) COLLATE utf8mb4_bin NOT NULL,
      encrypted_email varbinary(1040), PRIMARY KEY (tenant_id, id), KEY (id))`);
  });
  afterEach(async () => await database.drop());

  function config(changes: { backend?: string; control?: string; tables?: string } = {}): string {
    const { port, tls } = server as RunningSqlServer;
    const file = join(folder, 'c.yaml');
    const backend =
      changes.backend ?? `{ host: 127.0.0.1, port: ${port}, tls: { mode: verify-identity, ca: ${tls?.ca} } }`;
    writeFileSync(
      file,
      `backend: ${backend}
${changes.control ?? 'control: { user: control, password: control password }'}
tenant: { sources: [ { userVariable: tenant_id } ] }
keys: { provider: file, file: keys.yaml }
tables:
  ${database.name}.users:
    tenantColumn: tenant_id
    columns: { email: { column: encrypted_email, type: varchar(255) } }
${changes.tables ?? ''}`,
    );
    return file;
  }

  async function run(file: string, tenant?: string) {
    const terminal = testTerminal();
    const status = await check({ config: file, ...(tenant === undefined ? {} : { tenant }) }, terminal, {
      probeBackend,
      inspect: inspectBackend,
      createKeyProvider,
    });
    const lines = terminal.out().trimEnd().split('\n');
    return { status, lines, text: terminal.out() };
  }

  const matching = (lines: readonly string[], level: string, pattern: RegExp): string[] =>
    lines.filter((line) => line.startsWith(level) && pattern.test(line));

  it('has no problem with a server, schema and key that are right', async () => {
    const { status, lines, text } = await run(config(), 't1');
    expect(matching(lines, 'problem', /./)).toEqual([]);
    expect(status).toBe(0);
    expect(matching(lines, 'ok', /backend\.tls: TLSv1\.[23], the certificate is verified/)).toHaveLength(1);
    expect(matching(lines, 'ok', /control: control logs in; /)).toHaveLength(1);
    expect(matching(lines, 'ok', /server logs: /)).toHaveLength(1);
    expect(matching(lines, 'ok', /users: the table and its 1 protected column/)).toHaveLength(1);
    expect(matching(lines, 'ok', /keys: file gives a key for the tenant t1/)).toHaveLength(1);
    expect(matching(lines, 'warning', /keys that do not begin with tenant_id: id \(id\)/)).toHaveLength(1);
    expect(text).not.toContain(KEY);
    expect(text).not.toContain('control password');
  });

  const settings: readonly [string, string, RegExp][] = [
    ['general_log', 'ON', /general_log: ON writes every key/],
    ['slow_query_log', 'ON', /long_query_time: 0 with slow_query_log ON/],
    ['binlog_format', "'STATEMENT'", /binlog_format: STATEMENT/],
    ['binlog_format', "'MIXED'", /binlog_format: MIXED/],
    name.startsWith('mariadb')
      ? ['binlog_annotate_row_events', 'ON', /binlog_annotate_row_events: ON/]
      : ['binlog_rows_query_log_events', 'ON', /binlog_rows_query_log_events: ON/],
  ];
  it.each(settings)('reports %s = %s, which exposes keys or plaintext', async (variable, value, expected) => {
    const [[before]] = (await admin.query(
      `SELECT @@global.${variable} AS value, @@global.long_query_time AS slow`,
    )) as unknown as [[{ value: string | number; slow: number }]];
    try {
      if (variable === 'slow_query_log') await admin.query('SET GLOBAL long_query_time = 0');
      await admin.query(`SET GLOBAL ${variable} = ${value}`);
      const { status, lines } = await run(config());
      expect(matching(lines, 'problem', expected)).toHaveLength(1);
      expect(matching(lines, 'ok', /server logs/)).toEqual([]);
      expect(status).toBe(1);
    } finally {
      await admin.query(`SET GLOBAL ${variable} = ?`, [before.value]);
      await admin.query(`SET GLOBAL long_query_time = ?`, [before.slow]);
    }
  });

  it('names what is wrong with the schema', async () => {
    await admin.query(
      `ALTER TABLE ${database.name}.users MODIFY encrypted_email varbinary(64) NOT NULL DEFAULT 'x'`,
    );
    const { status, lines } = await run(config());
    expect(status).toBe(1);
    expect(matching(lines, 'problem', /encrypted_email: is varbinary\(64\).*VARBINARY\(1024\)/)).toHaveLength(
      1,
    );
    expect(matching(lines, 'problem', /encrypted_email: has a DEFAULT/)).toHaveLength(1);
  });

  it('names tables and columns that are not there', async () => {
    const more = `  ${database.name}.orders: { tenantColumn: tenant_id, columns: { note: { type: text } } }`;
    const { status, lines } = await run(config({ tables: more }));
    expect(status).toBe(1);
    expect(matching(lines, 'problem', /orders: the table is not there/)).toHaveLength(1);
    await admin.query(`ALTER TABLE ${database.name}.users RENAME COLUMN encrypted_email TO email_cipher`);
    expect(
      matching((await run(config())).lines, 'problem', /column encrypted_email is not there/),
    ).toHaveLength(1);
  });

  it('names views, triggers and routines over protected tables', async () => {
    await admin.query(`CREATE VIEW ${database.name}.v AS SELECT * FROM ${database.name}.users`);
    await admin.query(
      `CREATE TRIGGER ${database.name}.g BEFORE INSERT ON ${database.name}.users FOR EACH ROW SET @seen = (SELECT COUNT(*) FROM ${database.name}.users)`,
    );
    await admin.query(`CREATE PROCEDURE ${database.name}.p() SELECT * FROM ${database.name}.users`);
    const { lines } = await run(config());
    expect(matching(lines, 'warning', /\.v: is a view/)).toHaveLength(1);
    expect(matching(lines, 'warning', /\.g: is a trigger/)).toHaveLength(1);
    expect(matching(lines, 'warning', /\.p: is a routine/)).toHaveLength(1);
  });

  it('names tables of engines that stand for other tables', async () => {
    expect((await run(config())).text).not.toContain('engine');
    await admin.query(`CREATE TABLE ${database.name}.one (id INT) ENGINE = MyISAM`);
    await admin.query(
      `CREATE TABLE ${database.name}.merged (id INT) ENGINE = MERGE UNION = (${database.name}.one)`,
    );
    const { lines } = await run(config());
    expect(matching(lines, 'warning', /\.merged: is a table of the MRG_MYISAM engine/i)).toHaveLength(1);
    expect(matching(lines, 'warning', /\.one: /)).toEqual([]);
    await admin.query(`DROP TABLE ${database.name}.merged, ${database.name}.one`);
  });

  it('says that the control account can not log in, and what it could not look at without one', async () => {
    const wrong = await run(config({ control: 'control: { user: control, password: wrong }' }));
    expect(wrong.status).toBe(1);
    expect(
      matching(
        wrong.lines,
        'problem',
        /control: the control account control can't log in \(ER_ACCESS_DENIED_ERROR\)/,
      ),
    ).toHaveLength(1);
    const none = await run(config({ control: '' }));
    expect(none.status).toBe(0);
    expect(matching(none.lines, 'skipped', /control: no control account.*general_log/)).toHaveLength(1);
  });

  it('says why the backend can not be reached, or its certificate not be trusted', async () => {
    const nobody = await run(config({ backend: `{ host: 127.0.0.1, port: ${await freePort()} }` }));
    expect(nobody.status).toBe(1);
    expect(
      matching(nobody.lines, 'problem', /backend: the database can't be reached \(ECONNREFUSED\)/),
    ).toHaveLength(1);
    expect(matching(nobody.lines, 'skipped', /control: /)).toHaveLength(1);
    const untrusted = await run(config({ backend: `{ host: 127.0.0.1, port: ${server?.port} }` }));
    expect(
      matching(untrusted.lines, 'problem', /backend: the database's certificate is not signed by a trusted/),
    ).toHaveLength(1);
    const { port, tls } = server as RunningSqlServer;
    const other = `{ host: 127.0.0.1, port: ${port}, tls: { ca: ${tls?.ca}, serverName: other.example } }`;
    const misnamed = await run(config({ backend: other }));
    expect(
      matching(misnamed.lines, 'problem', /backend: .*not made out for the configured name/),
    ).toHaveLength(1);
  });

  it.each(['other.example', '127.0.0.2'])(
    'sends the control password to no server whose certificate is not made out for %s',
    async (serverName) => {
      const { port, tls } = server as RunningSqlServer;
      const tlsConfig = `{ ca: ${tls?.ca}, serverName: ${serverName} }`;
      const file = config({ backend: `{ host: 127.0.0.1, port: ${port}, tls: ${tlsConfig} }` });
      await expect(openControlConnection(loadConfig(file))).rejects.toThrow(/ERR_TLS_CERT_ALTNAME_INVALID/);
    },
  );

  it('warns of a hexadecimal key used as text, and of a tenant without a key', async () => {
    expect(matching((await run(config(), 'hex')).lines, 'warning', /keys: .*hexadecimal/)).toHaveLength(1);
    const missing = await run(config(), 'nobody');
    expect(
      matching(missing.lines, 'problem', /keys: the key file has no key for the tenant nobody/),
    ).toHaveLength(1);
    expect(missing.status).toBe(1);
  });
});
