import { describe, expect, it } from 'vitest';
import { ColumnType } from '../../src/protocol/constants/column-types.js';
import type { ColumnDefinition41 } from '../../src/protocol/resultset/column-definition-41.js';
import type { ServerVersion } from '../../src/rewrite/dialect.js';
import { schemaView } from '../../src/rewrite/information-schema.js';
import { restoreSchemaColumn } from '../../src/session/schema-view-definition.js';

/* What servers were seen to say of a derived table's columns, and of the view's own. */

const MYSQL: ServerVersion = { kind: 'mysql', version: 90704 };
const MARIADB: ServerVersion = { kind: 'mariadb', version: 101119 };
const STRINGS = 224;
const NUMBERS = 63;

/** schema, org_table, org_name, type, length, flags, decimals */
type Said = readonly [string, string, string, number, number, number, number];

function restored(server: ServerVersion, said: Said, characterSet = STRINGS): Said | null {
  const [schema, orgTable, orgName, type, columnLength, flags, decimals] = said;
  const definition: ColumnDefinition41 = {
    schema: Buffer.from(schema),
    table: Buffer.from('c'),
    orgTable: Buffer.from(orgTable),
    name: Buffer.from('label'),
    orgName: Buffer.from(orgName),
    extendedMetadata: Buffer.alloc(0),
    characterSet,
    columnLength,
    type,
    flags,
    decimals,
  };
  const view = schemaView('columns', server);
  if (view === null) throw new Error('no such view');
  const references = [{ alias: 'c', view, server: server.kind }];
  const column = restoreSchemaColumn(definition, references, () => 4);
  if (column === null) return null;
  return [
    column.schema.toString(),
    column.orgTable.toString(),
    column.orgName.toString(),
    column.type,
    column.columnLength,
    column.flags,
    column.decimals,
  ];
}

const I = 'information_schema';
const VAR_STRING = ColumnType.MYSQL_TYPE_VAR_STRING;
const BLOB = ColumnType.MYSQL_TYPE_BLOB;
const LONG = ColumnType.MYSQL_TYPE_LONG;
const LONGLONG = ColumnType.MYSQL_TYPE_LONGLONG;

describe('definitions of columns of information_schema', () => {
  it.each<[string, Said, Said, number]>([
    [
      'a table’s column',
      [I, 'tbl', 'TABLE_NAME', VAR_STRING, 256, 20609, 0],
      [I, 'COLUMNS', 'TABLE_NAME', VAR_STRING, 256, 20609, 0],
      STRINGS,
    ],
    [
      'the same, sorted',
      ['', 'tables', 'TABLE_NAME', VAR_STRING, 256, 4225, 0],
      [I, 'tables', 'TABLE_NAME', VAR_STRING, 256, 4225, 0],
      STRINGS,
    ],
    [
      'a name',
      ['', '', 'COLUMN_NAME', VAR_STRING, 256, 0, 31],
      ['', 'COLUMNS', 'COLUMN_NAME', VAR_STRING, 256, 0, 31],
      STRINGS,
    ],
    [
      'a name, sorted',
      ['', '', 'COLUMN_NAME', VAR_STRING, 256, 0, 0],
      [I, '', 'COLUMN_NAME', VAR_STRING, 256, 0, 0],
      STRINGS,
    ],
    [
      'a name with a label, sorted',
      ['', '', 'n', VAR_STRING, 256, 0, 0],
      [I, '', 'n', VAR_STRING, 256, 0, 0],
      STRINGS,
    ],
    [
      'a type',
      ['', '', 'COLUMN_TYPE', BLOB, 201326580, 129, 31],
      [I, 'COLUMNS', 'COLUMN_TYPE', BLOB, 67108860, 4241, 0],
      STRINGS,
    ],
    [
      'a type, sorted',
      ['', '', 'COLUMN_TYPE', BLOB, 201326580, 145, 0],
      [I, 'columns', 'COLUMN_TYPE', BLOB, 67108860, 4241, 0],
      STRINGS,
    ],
    [
      'a number',
      ['', '', 'NUMERIC_PRECISION', LONGLONG, 21, 160, 0],
      ['', 'COLUMNS', 'NUMERIC_PRECISION', LONG, 10, 160, 0],
      NUMBERS,
    ],
    [
      'a number, sorted',
      ['', '', 'NUMERIC_PRECISION', LONGLONG, 21, 32, 0],
      [I, '', 'NUMERIC_PRECISION', LONGLONG, 10, 32, 0],
      NUMBERS,
    ],
    [
      'a length',
      ['', '', 'CHARACTER_MAXIMUM_LENGTH', LONGLONG, 21, 128, 0],
      ['', 'COLUMNS', 'CHARACTER_MAXIMUM_LENGTH', LONGLONG, 21, 128, 0],
      NUMBERS,
    ],
    [
      'a precision',
      ['', '', 'DATETIME_PRECISION', LONGLONG, 21, 160, 0],
      [I, 'COLUMNS', 'DATETIME_PRECISION', LONG, 10, 32, 0],
      NUMBERS,
    ],
  ])('MySQL, %s', (_, said, expected, characterSet) => {
    expect(restored(MYSQL, said, characterSet)).toEqual(expected);
  });

  it.each<[string, Said, Said, number]>([
    [
      'a table’s column',
      [I, 'c', 'TABLE_NAME', VAR_STRING, 256, 4097, 0],
      [I, 'COLUMNS', 'TABLE_NAME', VAR_STRING, 256, 4097, 0],
      STRINGS,
    ],
    [
      'a name',
      ['', 'c', 'COLUMN_NAME', VAR_STRING, 256, 1, 39],
      [I, 'COLUMNS', 'COLUMN_NAME', VAR_STRING, 256, 4097, 0],
      STRINGS,
    ],
    [
      'a character set',
      ['', 'c', 'CHARACTER_SET_NAME', VAR_STRING, 128, 0, 39],
      [I, 'COLUMNS', 'CHARACTER_SET_NAME', VAR_STRING, 128, 4096, 0],
      STRINGS,
    ],
    [
      'a type',
      ['', 'c', 'COLUMN_TYPE', 251, 4294967295, 1, 39],
      [I, 'COLUMNS', 'COLUMN_TYPE', BLOB, 786420, 4113, 0],
      STRINGS,
    ],
    [
      'a number',
      ['', 'c', 'NUMERIC_PRECISION', LONGLONG, 21, 160, 0],
      [I, 'COLUMNS', 'NUMERIC_PRECISION', LONGLONG, 21, 4128, 0],
      NUMBERS,
    ],
    [
      'a number, grouped',
      ['', '', 'NUMERIC_PRECISION', LONGLONG, 21, 32800, 0],
      [I, 'COLUMNS', 'NUMERIC_PRECISION', LONGLONG, 21, 36896, 0],
      NUMBERS,
    ],
  ])('MariaDB, %s', (_, said, expected, characterSet) => {
    expect(restored(MARIADB, said, characterSet)).toEqual(expected);
  });

  it('MariaDB: what has lost its name is left alone', () => {
    expect(restored(MARIADB, ['', '', '', VAR_STRING, 256, 1, 0])).toBeNull();
  });

  it('columns of other tables are left alone', () => {
    const view = schemaView('COLUMNS', MYSQL)!;
    const empty = Buffer.alloc(0);
    const of = (table: string): ColumnDefinition41 => ({
      schema: empty,
      table: Buffer.from(table),
      orgTable: empty,
      name: empty,
      orgName: Buffer.from('COLUMN_NAME'),
      extendedMetadata: empty,
      characterSet: STRINGS,
      columnLength: 256,
      type: VAR_STRING,
      flags: 0,
      decimals: 31,
    });
    const references = [{ alias: 'c', view, server: 'mysql' as const }];
    expect(restoreSchemaColumn(of('u'), references, () => 4)).toBeNull();
    expect(restoreSchemaColumn(of(''), references, () => 4)).toBeNull();
  });
});
