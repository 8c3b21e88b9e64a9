import { declaredType } from './declared-type.js';
import type { ServerVersion } from './dialect.js';
import { nameLiteral } from './name-literal.js';
import type { ProtectedTable } from './protected-table.js';
import type { MappedColumn, Said, SchemaView, Subject } from './schema-view.js';

export type { SchemaView } from './schema-view.js';

/*
 * The views of information_schema that name columns, and what they say of a protected table to the application.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/information-schema.html
 * https://mariadb.com/kb/en/information-schema-tables/
 */

export const INFORMATION_SCHEMA = 'information_schema';

const OWN: Subject = { schema: 'TABLE_SCHEMA', table: 'TABLE_NAME', column: 'COLUMN_NAME' };
const REFERENCED: Subject = {
  schema: 'REFERENCED_TABLE_SCHEMA',
  table: 'REFERENCED_TABLE_NAME',
  column: 'REFERENCED_COLUMN_NAME',
};

const name: Said = (column) => nameLiteral(column.logical);
const text = (value: string | null): string => (value === null ? 'NULL' : nameLiteral(value));
const number = (value: string | null): string => value ?? 'NULL';
/** Beside an unsigned column a signed literal, or a bare NULL, makes a DECIMAL of both (MariaDB). */
const unsigned = (value: string | null): string => `CAST(${value ?? 'NULL'} AS UNSIGNED)`;

const NAME: readonly [string, MappedColumn][] = [['COLUMN_NAME', { subject: OWN, said: name }]];

const own = (said: Said): MappedColumn => ({ subject: OWN, said });

/** @param length how a length is written: signed on MySQL, where a bare NULL keeps the type of DATETIME_PRECISION as it is */
const types = (length: typeof number): readonly [string, MappedColumn][] => [
  ['DATA_TYPE', own((_, declared) => text(declared.dataType))],
  ['CHARACTER_MAXIMUM_LENGTH', own((_, declared) => length(declared.characterMaximumLength))],
  ['CHARACTER_OCTET_LENGTH', own((_, declared) => length(declared.characterOctetLength))],
  ['NUMERIC_PRECISION', own((_, declared) => unsigned(declared.numericPrecision))],
  ['NUMERIC_SCALE', own((_, declared) => unsigned(declared.numericScale))],
  [
    'DATETIME_PRECISION',
    own((_, { datetimePrecision }) => (datetimePrecision === null ? length : unsigned)(datetimePrecision)),
  ],
  ['CHARACTER_SET_NAME', own((_, declared) => text(declared.characterSet))],
  ['COLLATION_NAME', own((_, declared) => text(declared.collation))],
  ['COLUMN_TYPE', own((_, declared) => text(declared.columnType))],
];

/** The TEXT and BLOB types have keys over a prefix only; ciphertext of others has one for its own length. */
const SUB_PART: [string, MappedColumn] = [
  'SUB_PART',
  own((_, declared, as) => (/text$|blob$/.test(declared.dataType) ? as : 'NULL')),
];

const words = (list: string): readonly string[] => list.trim().split(/\s+/);

const COLUMNS =
  words(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION COLUMN_DEFAULT IS_NULLABLE
  DATA_TYPE CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION NUMERIC_SCALE DATETIME_PRECISION
  CHARACTER_SET_NAME COLLATION_NAME COLUMN_TYPE COLUMN_KEY EXTRA PRIVILEGES COLUMN_COMMENT`);
const STATISTICS =
  words(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME NON_UNIQUE INDEX_SCHEMA INDEX_NAME SEQ_IN_INDEX
  COLUMN_NAME COLLATION CARDINALITY SUB_PART PACKED NULLABLE INDEX_TYPE COMMENT INDEX_COMMENT`);
const KEY_COLUMN_USAGE =
  words(`CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA
  TABLE_NAME COLUMN_NAME ORDINAL_POSITION POSITION_IN_UNIQUE_CONSTRAINT REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME
  REFERENCED_COLUMN_NAME`);
const COLUMN_PRIVILEGES = words(
  'GRANTEE TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME PRIVILEGE_TYPE IS_GRANTABLE',
);

function view(
  viewName: string,
  columns: readonly string[],
  mapped: readonly (readonly [string, MappedColumn])[],
): SchemaView {
  return { name: viewName, columns, mapped: new Map(mapped) };
}

function viewsOf({ kind, version }: ServerVersion): readonly SchemaView[] {
  const mysql = kind === 'mysql';
  const columns = mysql ? ['GENERATION_EXPRESSION', 'SRS_ID'] : ['IS_GENERATED', 'GENERATION_EXPRESSION'];
  if (!mysql && version >= 110400) {
    columns.push('IS_SYSTEM_TIME_PERIOD_START', 'IS_SYSTEM_TIME_PERIOD_END');
  }
  const views = [
    view('COLUMNS', [...COLUMNS, ...columns], [...NAME, ...types(mysql ? number : unsigned)]),
    view(
      'STATISTICS',
      [...STATISTICS, ...(mysql ? ['IS_VISIBLE', 'EXPRESSION'] : version >= 100600 ? ['IGNORED'] : [])],
      [...NAME, SUB_PART],
    ),
    view('KEY_COLUMN_USAGE', KEY_COLUMN_USAGE, [
      ...NAME,
      ['REFERENCED_COLUMN_NAME', { subject: REFERENCED, said: name }],
    ]),
    view('COLUMN_PRIVILEGES', COLUMN_PRIVILEGES, NAME),
  ];
  if (!mysql) return views;
  const statistics: MappedColumn = { subject: { ...OWN, schema: 'SCHEMA_NAME' }, said: name };
  return [
    ...views,
    view(
      'COLUMNS_EXTENSIONS',
      words('TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ENGINE_ATTRIBUTE SECONDARY_ENGINE_ATTRIBUTE'),
      NAME,
    ),
    view('COLUMN_STATISTICS', words('SCHEMA_NAME TABLE_NAME COLUMN_NAME HISTOGRAM'), [
      ['COLUMN_NAME', statistics],
    ]),
  ];
}

const VIEW_NAMES = words(
  'COLUMNS STATISTICS KEY_COLUMN_USAGE COLUMN_PRIVILEGES COLUMNS_EXTENSIONS COLUMN_STATISTICS',
);
const NAMES = new Set(VIEW_NAMES);
/** A name that may be one of them in the eyes of a server: letters beyond ASCII fold. */
const NAMED = new RegExp(`${VIEW_NAMES.join('|')}|[\\x80-\\xff]`, 'i');

/**
 * Whether a statement may read one of the views that name columns.
 * @param text one character a byte
 */
export function mayNameColumns(text: string): boolean {
  return NAMED.test(text);
}

/** The view of this name, in whatever case, if it is one that names columns. */
export function schemaView(viewName: string, server: ServerVersion): SchemaView | null {
  const upper = viewName.toUpperCase();
  // Most names are none: the views of a server are not made for them.
  return NAMES.has(upper) ? (viewsOf(server).find((one) => one.name === upper) ?? null) : null;
}

/** What decides how names of tables compare. */
export interface NameComparison {
  readonly server: ServerVersion;
  readonly lowerCaseTableNames: 0 | 1 | 2;
}

/**
 * What a mapped column of a view says to the application, as SQL: of protected columns what they are declared to be,
 * of all others what the server says.
 * @param alias of the view, quoted
 */
export function saidOf(
  mapped: MappedColumn,
  column: string,
  alias: string,
  tables: readonly ProtectedTable[],
  names: NameComparison,
): string {
  const { subject, said } = mapped;
  const ref = `${alias}.${column}`;
  const arms = tables.map((table) => {
    const cases = [...table.columns.values()].map((one) => {
      const what = said(one, declaredType(one.type, names.server), ref);
      return `WHEN ${nameLiteral(one.physical)} THEN ${what}`;
    });
    const isTable = `${same(alias, subject.schema, table.schema, names)} AND ${same(alias, subject.table, table.table, names)}`;
    return `WHEN ${isTable} THEN CASE ${alias}.${subject.column} ${cases.join(' ')} ELSE ${ref} END`;
  });
  return arms.length === 0 ? ref : `CASE ${arms.join(' ')} ELSE ${ref} END`;
}

/** The server's own comparison ignores case where that of tables does not (MariaDB). */
function same(
  alias: string,
  column: string,
  wanted: string,
  { server, lowerCaseTableNames }: NameComparison,
): string {
  const stored = lowerCaseTableNames === 1 ? wanted.toLowerCase() : wanted;
  const exact = lowerCaseTableNames === 0 && server.kind === 'mariadb' ? ' COLLATE utf8mb4_bin' : '';
  return `${alias}.${column}=${nameLiteral(stored)}${exact}`;
}
