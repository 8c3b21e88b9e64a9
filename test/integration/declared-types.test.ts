import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseColumnType } from '../../src/config/column-type.js';
import type { ColumnType } from '../../src/rewrite/column-type.js';
import { declaredType } from '../../src/rewrite/declared-type.js';
import type { ServerVersion } from '../../src/rewrite/dialect.js';
import type { ProtectedColumn } from '../../src/rewrite/protected-table.js';
import { logicalCreateTable } from '../../src/session/create-table-text.js';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import { forEachServer } from '../support/servers.js';

/* How a declared type is printed, beside a plain table with such columns on each server. */

const TYPES = [
  ...['varchar(80)', 'char(5)', 'tinytext', 'text', 'mediumtext', 'longtext'],
  ...['varbinary(16)', 'binary(4)', 'tinyblob', 'blob', 'mediumblob', 'longblob'],
  ...['tinyint', 'smallint', 'mediumint', 'int', 'bigint'].flatMap((base) => [base, `${base} unsigned`]),
  ...[
    'boolean',
    'decimal(10,2)',
    'decimal(20,4) unsigned',
    'double',
    'date',
    'datetime',
    'datetime(6)',
    'json',
  ],
];

const FIELDS = {
  dataType: 'DATA_TYPE',
  columnType: 'COLUMN_TYPE',
  characterMaximumLength: 'CHARACTER_MAXIMUM_LENGTH',
  characterOctetLength: 'CHARACTER_OCTET_LENGTH',
  numericPrecision: 'NUMERIC_PRECISION',
  numericScale: 'NUMERIC_SCALE',
  datetimePrecision: 'DATETIME_PRECISION',
  characterSet: 'CHARACTER_SET_NAME',
  collation: 'COLLATION_NAME',
} as const;

forEachServer((name, getServer) => {
  let database: TestDatabase;
  let admin: Connection;
  let server: ServerVersion;

  beforeAll(async () => {
    const { kind, version } = getServer();
    const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
    server = { kind, version: major * 10_000 + minor * 100 + patch };
    database = await createDatabase(getServer(), 'decl');
    admin = await adminConnection(getServer(), { database: database.name, multipleStatements: true });
    // Declared types without a collation have the server's default one.
    await admin.query(`ALTER DATABASE ${database.name} CHARACTER SET utf8mb4`);
  });
  afterAll(async () => {
    await admin?.end();
    await database?.drop();
  });

  async function one(sql: string): Promise<RowDataPacket> {
    const [rows] = await admin.query<RowDataPacket[]>(sql);
    if (rows[0] === undefined) throw new Error('no row');
    return rows[0];
  }

  describe(name, () => {
    it.each(TYPES)('%s', async (text) => {
      // JSON is text on MariaDB, and refused there.
      if (text === 'json' && server.kind === 'mariadb') return;
      const parsed = parseColumnType(text);
      if (!parsed.ok) throw new Error(parsed.problem.message);
      const { type } = parsed;
      const physical = /text|blob|json/.test(text) ? 'longblob' : 'varbinary(900)';
      await admin.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (id INT, v ${text}, w ${text} NOT NULL)`);
      const plain = await one('SHOW CREATE TABLE t');
      const list = Object.entries(FIELDS).map(([field, column]) => `CAST(${column} AS CHAR) AS ${field}`);
      const row = await one(
        `SELECT ${list.join(', ')} FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${database.name}' AND TABLE_NAME = 't' AND COLUMN_NAME = 'v'`,
      );
      expect(declaredType(type, server)).toEqual({ ...row });

      await admin.query(
        `DROP TABLE t; CREATE TABLE t (id INT, \`c v\` ${physical}, w ${physical} NOT NULL, KEY k (w(5)))`,
      );
      const lies = String((await one('SHOW CREATE TABLE t'))['Create Table']);
      const shown = logicalCreateTable(lies, tableOf(type), server).split('\n');
      const wanted = String(plain['Create Table']).split('\n');
      expect(
        shown
          .filter((line) => !line.startsWith('  KEY'))
          .join('\n')
          .replace(/,\n\)/, '\n)'),
      ).toBe(wanted.join('\n'));
    });
  });
});

function tableOf(type: ColumnType) {
  const column = (logical: string, physical: string): readonly [string, ProtectedColumn] => [
    logical,
    { logical, physical, type, equality: 'exact' },
  ];
  return {
    schema: 'x',
    table: 't',
    tenantColumn: undefined,
    columns: new Map([column('v', 'c v'), column('w', 'w')]),
  };
}
