import type { CatalogColumn, CatalogKey, CatalogTable, Dependent } from '../rewrite/catalog.js';
import type { ServerVersion } from '../rewrite/dialect.js';
import type { ProtectedTable } from '../rewrite/protected-table.js';

/*
 * What is read from information_schema for the catalog, and how its rows become one.
 *
 * The statements are ASCII without quotes, backslashes and operators whose meaning depends on sql_mode, and names come
 * back as binary strings, so that neither the session's sql_mode nor its character sets change what is read. The LIMIT
 * outranks sql_select_limit.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/information-schema.html
 */

/** A row in text form; null for NULL. Text is UTF-8. */
export type TextRow = readonly (Buffer | null)[];

/** Runs one statement and gives its rows. */
export type QueryRunner = (sql: string) => Promise<readonly TextRow[]>;

/** What one reader of the schema sees. */
export interface SchemaReading {
  /** By `schema.table` as configured. */
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly dependents: readonly Dependent[];
  /** Why a configured table is not in `tables`, by the same name. */
  readonly missing: ReadonlyMap<string, string>;
  /** All views, triggers and routines that the reader sees, as {@link objectsNamed} tells of them. */
  readonly objects: ReadonlySet<string>;
}

/** Which views and routines have one of these names, or triggers stand on a table that has. */
export type LookUpNames = (names: readonly string[]) => Promise<ReadonlySet<string>>;

const ALL_ROWS = 'LIMIT 18446744073709551615';
const SYSTEM_SCHEMAS = "('mysql','sys','information_schema','performance_schema')";

function bytes(expression: string): string {
  return `CAST(CONVERT(${expression} USING utf8mb4) AS BINARY)`;
}

function literal(name: string): string {
  return `_utf8mb4 x'${Buffer.from(name).toString('hex')}'`;
}

function columns(...expressions: readonly string[]): string {
  return expressions.map(bytes).join(',');
}

/** The names under which the server stores a configured table. */
function storedName(table: ProtectedTable, lowerCaseTableNames: number): { schema: string; table: string } {
  if (lowerCaseTableNames !== 1) return { schema: table.schema, table: table.table };
  return { schema: table.schema.toLowerCase(), table: table.table.toLowerCase() };
}

function anyOf(tables: readonly ProtectedTable[], lowerCaseTableNames: number): string {
  return tables
    .map((table) => {
      const stored = storedName(table, lowerCaseTableNames);
      return `(table_schema=${literal(stored.schema)} AND table_name=${literal(stored.table)})`;
    })
    .join(' OR ');
}

/** The statements, in the order in which {@link readSchema} takes their rows. */
export function catalogStatements(
  tables: readonly ProtectedTable[],
  lowerCaseTableNames: number,
  server: ServerVersion,
): readonly [string, string, string, string, string, string] {
  const where = anyOf(tables, lowerCaseTableNames);
  const generated = server.kind === 'mariadb' ? 'is_generated' : 'generation_expression';
  return [
    `SELECT ${columns('table_schema', 'table_name', 'column_name', 'data_type', 'column_type', 'character_set_name', 'collation_name', 'is_nullable', 'column_default', 'extra', 'character_octet_length', generated)} FROM information_schema.columns WHERE ${where} ORDER BY table_schema,table_name,ordinal_position ${ALL_ROWS}`,
    `SELECT ${columns('table_schema', 'table_name', 'index_name', 'non_unique', 'column_name', 'sub_part')} FROM information_schema.statistics WHERE ${where} ORDER BY table_schema,table_name,index_name,seq_in_index ${ALL_ROWS}`,
    `SELECT ${columns('table_schema', 'table_name', 'view_definition')} FROM information_schema.views WHERE table_schema NOT IN ${SYSTEM_SCHEMAS} ${ALL_ROWS}`,
    `SELECT ${columns('trigger_schema', 'trigger_name', 'action_statement', 'event_object_table')} FROM information_schema.triggers WHERE trigger_schema NOT IN ${SYSTEM_SCHEMAS} ${ALL_ROWS}`,
    `SELECT ${columns('routine_schema', 'routine_name', 'routine_definition')} FROM information_schema.routines WHERE routine_schema NOT IN ${SYSTEM_SCHEMAS} ${ALL_ROWS}`,
    `SELECT ${columns('event_schema', 'event_name', 'event_definition')} FROM information_schema.events WHERE event_schema NOT IN ${SYSTEM_SCHEMAS} ${ALL_ROWS}`,
  ];
}

/**
 * Reads what the catalog needs.
 * @throws whatever the runner throws
 */
export async function readSchema(
  run: QueryRunner,
  tables: readonly ProtectedTable[],
  lowerCaseTableNames: number,
  server: ServerVersion,
): Promise<SchemaReading> {
  const statements = catalogStatements(tables, lowerCaseTableNames, server);
  const [columnRows, keyRows, views, triggers, routines, events] = await Promise.all([
    run(statements[0]),
    run(statements[1]),
    run(statements[2]),
    run(statements[3]),
    run(statements[4]),
    run(statements[5]),
  ]);
  const found = new Map<string, CatalogTable>();
  const missing = new Map<string, string>();
  for (const table of tables) {
    const name = `${table.schema}.${table.table}`;
    const stored = storedName(table, lowerCaseTableNames);
    const own = (row: TextRow): boolean => {
      const [schema, tableName] = [text(row, 0), text(row, 1)];
      // Where the server keeps the spelling and folds (2), it also compares so.
      return lowerCaseTableNames === 0
        ? schema === stored.schema && tableName === stored.table
        : schema.toLowerCase() === stored.schema.toLowerCase() &&
            tableName.toLowerCase() === stored.table.toLowerCase();
    };
    const live: CatalogTable = {
      schema: table.schema,
      name: table.table,
      columns: columnRows.filter(own).map((row) => catalogColumn(row, server)),
      keys: catalogKeys(keyRows.filter(own)),
    };
    const problem = whatIsMissing(table, live);
    if (problem === null) found.set(name, live);
    else missing.set(name, problem);
  }
  const candidates = [
    ...candidatesOf('view', views),
    ...candidatesOf('trigger', triggers),
    ...candidatesOf('routine', routines),
    ...candidatesOf('event', events),
  ];
  const objects = new Set(candidates.map(({ dependent }) => identity(dependent)));
  return { tables: found, missing, dependents: findDependents(tables, candidates), objects };
}

/**
 * Looks names up that a statement holds: what has one of them, as {@link SchemaReading.objects} names it.
 * @param names as they stand in the statement, in any schema
 * @throws whatever the runner throws
 */
export async function objectsNamed(
  run: QueryRunner,
  names: readonly string[],
  lowerCaseTableNames: number,
): Promise<ReadonlySet<string>> {
  const list = names.map((name) => literal(lowerCaseTableNames === 0 ? name : name.toLowerCase())).join(',');
  const selects = [
    `SELECT 'view' AS kind,${columns('table_schema', 'table_name')} FROM information_schema.views WHERE table_name IN (${list}) AND table_schema NOT IN ${SYSTEM_SCHEMAS}`,
    `SELECT 'trigger',${columns('trigger_schema', 'trigger_name')} FROM information_schema.triggers WHERE event_object_table IN (${list}) AND trigger_schema NOT IN ${SYSTEM_SCHEMAS}`,
    `SELECT 'routine',${columns('routine_schema', 'routine_name')} FROM information_schema.routines WHERE routine_name IN (${list}) AND routine_schema NOT IN ${SYSTEM_SCHEMAS}`,
  ];
  const rows = await run(`${selects.join(' UNION ALL ')} ${ALL_ROWS}`);
  return new Set(rows.map((row) => identityOf(text(row, 0), text(row, 1), text(row, 2))));
}

function identity({ kind, schema, name }: Dependent): string {
  return identityOf(kind, schema, name);
}

function identityOf(kind: string, schema: string, name: string): string {
  return JSON.stringify([kind, schema, name]);
}

/** A table that lacks a configured column can't be read or written right: it is as good as absent. */
function whatIsMissing(table: ProtectedTable, live: CatalogTable): string | null {
  if (live.columns.length === 0) return 'the table is not there, or this account may not see it';
  const names = new Set(live.columns.map((column) => column.name.toLowerCase()));
  for (const { physical } of table.columns.values()) {
    if (!names.has(physical.toLowerCase()))
      return `column ${physical} is not there, or this account may not see it`;
  }
  if (table.tenantColumn !== undefined && !names.has(table.tenantColumn.toLowerCase())) {
    return `column ${table.tenantColumn} is not there, or this account may not see it`;
  }
  return null;
}

function text(row: TextRow, index: number): string {
  return row[index]?.toString('utf8') ?? '';
}

function textOrNull(row: TextRow, index: number): string | null {
  return row[index]?.toString('utf8') ?? null;
}

function catalogColumn(row: TextRow, server: ServerVersion): CatalogColumn {
  const extra = text(row, 9).toUpperCase();
  const defaultValue = textOrNull(row, 8);
  const octets = textOrNull(row, 10);
  const generation = text(row, 11);
  return {
    name: text(row, 2),
    dataType: text(row, 3).toLowerCase(),
    columnType: text(row, 4).toLowerCase(),
    characterSet: textOrNull(row, 5)?.toLowerCase() ?? null,
    collation: textOrNull(row, 6)?.toLowerCase() ?? null,
    nullable: text(row, 7).toUpperCase() === 'YES',
    // MariaDB writes a default as an expression, so DEFAULT NULL is the word.
    defaultValue: server.kind === 'mariadb' && defaultValue === 'NULL' ? null : defaultValue,
    autoIncrement: extra.includes('AUTO_INCREMENT'),
    generated: server.kind === 'mariadb' ? generation.toUpperCase() === 'ALWAYS' : generation !== '',
    invisible: extra.includes('INVISIBLE'),
    octetLength: octets === null ? null : Number(octets),
  };
}

function catalogKeys(rows: readonly TextRow[]): CatalogKey[] {
  const keys = new Map<string, { name: string; unique: boolean; columns: string[] }>();
  for (const row of rows) {
    const name = text(row, 2);
    let key = keys.get(name);
    if (key === undefined) {
      key = { name, unique: text(row, 3) === '0', columns: [] };
      keys.set(name, key);
    }
    const prefix = textOrNull(row, 5);
    // A prefix of the tenant column does not keep tenants apart: it must not read as the column itself.
    key.columns.push(prefix === null ? text(row, 4) : `${text(row, 4)}(${prefix})`);
  }
  return [...keys.values()];
}

interface Candidate {
  readonly dependent: Dependent;
  /** null: this account may not read it. */
  readonly definition: string | null;
}

function candidatesOf(kind: Dependent['kind'], rows: readonly TextRow[]): Candidate[] {
  return rows.map((row) => {
    const definition = text(row, 2);
    const table = kind === 'trigger' ? { table: text(row, 3) } : {};
    return {
      dependent: { kind, schema: text(row, 0), name: text(row, 1), ...table },
      definition: definition === '' ? null : definition,
    };
  });
}

const WORD = /[\p{L}\p{N}_$]+/gu;

/** The words of a definition, folded: a name in any quoting is among them unless it holds other characters. */
function words(definition: string): Set<string> {
  return new Set(definition.toLowerCase().match(WORD) ?? []);
}

/**
 * The views, triggers, routines and events whose text names a protected table, a dependent view or a dependent
 * routine; and those whose text this account may not read, since an unknown view could hand out ciphertext and an
 * unknown trigger store plaintext.
 */
export function findDependents(
  tables: readonly ProtectedTable[],
  candidates: readonly Candidate[],
): readonly Dependent[] {
  const dependents: Dependent[] = [];
  let open: { candidate: Candidate; words: Set<string>; definition: string }[] = [];
  const names = new Set(tables.map((table) => table.table.toLowerCase()));
  const add = ({ dependent }: Candidate): void => {
    dependents.push(dependent);
    if (dependent.kind === 'view' || dependent.kind === 'routine') names.add(dependent.name.toLowerCase());
  };
  for (const candidate of candidates) {
    if (candidate.definition === null) {
      add(candidate);
    } else {
      const definition = candidate.definition.toLowerCase();
      open.push({ candidate, words: words(definition), definition });
    }
  }
  for (let before = -1; before !== dependents.length; ) {
    before = dependents.length;
    const known = [...names];
    open = open.filter((entry) => {
      const hit = known.some((name) =>
        isWord(name) ? entry.words.has(name) : entry.definition.includes(name),
      );
      if (hit) add(entry.candidate);
      return !hit;
    });
  }
  return dependents;
}

function isWord(name: string): boolean {
  return name.match(WORD)?.[0]?.length === name.length;
}
