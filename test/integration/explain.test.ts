import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explain } from '../../src/cli/explain.js';
import { dependentsAmong, readLiveSchema } from '../../src/cli/wiring/live-schema.js';
import { createRewriter } from '../../src/cli/wiring/rewriter.js';
import { parseConfig } from '../../src/config/load-config.js';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import { readSchemaFile } from '../../src/rewrite/schema-file/schema-file.js';
import { testTerminal } from '../cli/support.js';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { forEachServer, serverName } from '../support/servers.js';

const TABLE = `(
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  tenant_id varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT 'none',
  encrypted_email varbinary(1040) DEFAULT NULL,
  name varchar(20) CHARACTER SET latin1 DEFAULT 'it''s',
  note text, amount decimal(10,2) NOT NULL DEFAULT 1.50, tiny tinyint(1), plain int,
  kind enum('a','b,c') NOT NULL, made timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  twice int GENERATED ALWAYS AS (plain * 2) STORED, bits bit(3),
  PRIMARY KEY (id), UNIQUE KEY tenant_name (tenant_id, name), KEY prefix (note(10)), KEY (encrypted_email)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`;

forEachServer((name, getServer) => {
  const user = `explain_${name.replace(/\W/g, '_')}`;
  let admin: Connection;
  let database: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    admin = await adminConnection(getServer());
    database = await createDatabase(
      getServer(),
      'explain',
      'CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
    );
    await createUser(getServer(), { user, password: 'pw' });
    folder = mkdtempSync(join(tmpdir(), 'tc-explain-'));
    await admin.query(`CREATE TABLE ${database.name}.users ${TABLE}`);
    await admin.query(`CREATE VIEW ${database.name}.v AS SELECT encrypted_email FROM ${database.name}.users`);
    writeFileSync(join(folder, 'c.yaml'), configText());
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function configText(): string {
    const { port, tls } = getServer();
    return `backend: { host: 127.0.0.1, port: ${port}, tls: { ca: ${tls?.ca} } }
control: { user: ${user}, password: pw }
tenant: { sources: [ { userVariable: tenant_id } ] }
keys: { provider: file, file: there-is-none.yaml }
tables:
  ${database.name}.users:
    tenantColumn: tenant_id
    columns: { email: { column: encrypted_email, type: varchar(255) } }
`;
  }

  async function run(sql: readonly string[], schema?: string) {
    const terminal = testTerminal();
    const status = await explain(
      sql,
      {
        config: join(folder, 'c.yaml'),
        tenant: 't1',
        jsonl: true,
        ...(schema === undefined ? {} : { schema, server: serverName(getServer()) }),
      },
      terminal,
      { createRewriter, readLiveSchema, findDependents: dependentsAmong },
    );
    return { status, err: terminal.err(), out: terminal.out() };
  }

  it('takes columns, server and dependents from the backend, and the same from a file of SHOW CREATE TABLE', async () => {
    const statements = [
      'SELECT * FROM users',
      "INSERT INTO users (email, name) VALUES ('a@b.c', 'x')",
      'SELECT * FROM v',
      'SELECT 1',
    ];
    const live = await run(statements);
    expect(live.err).toBe('');
    expect(live.status).toBe(1);
    const outcomes = live.out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { outcome: string }).outcome);
    expect(outcomes).toEqual(['rewritten', 'rewritten', 'refused', 'forwarded']);

    const [[table]] = await admin.query<RowDataPacket[]>(`SHOW CREATE TABLE ${database.name}.users`);
    const [[view]] = await admin.query<RowDataPacket[]>(`SHOW CREATE VIEW ${database.name}.v`);
    const schema = join(folder, 's.sql');
    writeFileSync(schema, `${table?.['Create Table']};\n${view?.['Create View']}`);
    const file = await run(statements, schema);
    expect(file).toEqual(live);
  });

  it('reads from CREATE TABLE what information_schema says of the table', async () => {
    const config = parseConfig(configText(), { env: {}, file: join(folder, 'c.yaml') });
    const live = await readLiveSchema(config);
    const expected = live.catalog.tables.get(`${database.name}.users`);
    const [[row]] = await admin.query<RowDataPacket[]>(`SHOW CREATE TABLE ${database.name}.users`);
    const dialect = {
      server: live.server,
      sqlMode: parseSqlMode(''),
      characterSetClient: 'utf8mb4',
      lowerCaseTableNames: 0,
    } as const;
    for (const text of [String(row?.['Create Table']), `CREATE TABLE users ${TABLE}`]) {
      const file = readSchemaFile(Buffer.from(text), {
        dialect,
        database: database.name,
        isWanted: () => true,
      });
      expect(file.problems).toEqual([]);
      const found = file.tables.get(`${database.name}.users`);
      // How a number, an expression and an ENUM's length are written is nobody's concern; that there is a default is.
      const comparable = (columns: typeof found) =>
        columns?.columns.map((column) => ({
          ...column,
          defaultValue: column.defaultValue?.toUpperCase().replace(/^B'|[()']/g, '') ?? null,
          octetLength: column.dataType === 'enum' ? null : column.octetLength,
          columnType: column.columnType.replace(/^((?:tiny|big)?int)\(\d+\)/, '$1'),
        }));
      expect(comparable(found)).toEqual(comparable(expected));
      const sorted = (keys: typeof found) =>
        [...(keys?.keys ?? [])].sort((a, b) => a.name.localeCompare(b.name));
      expect(sorted(found)).toEqual(sorted(expected));
    }
  });
});
