import mysql, { type Connection } from 'mysql2/promise';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import {
  type DeclaredColumn,
  type DeclaredTable,
  declaredTables,
  KEYS,
  OTHER_TENANT,
  TENANT,
  UNSET,
} from './schema.js';

/** `plain` holds the tenant's rows, `other` those of another tenant, `guard` those of all. */
export type Side = 'plain' | 'guard';
type Schema = Side | 'other';

/** Above every id that the tables start with. */
const FIRST_FREE_ID = 500;

const name = (identifier: string): string => mysql.escapeId(identifier, true);

/**
 * The two databases as they lie on the server, and how to see into them without the proxy. Ciphertext is made by the
 * server, by SQL that is written here and not by what is tested.
 */
export class Databases {
  readonly tables: readonly DeclaredTable[];

  private constructor(
    readonly server: SqlServerAddress,
    /** With lower_case_table_names = 1 the server lists names in small letters. */
    private readonly folds: boolean,
    private readonly admin: Connection,
    /** So that both sides' tables are read at the same time. */
    private readonly reader: Connection,
    private readonly made: Readonly<Record<'plain' | 'other' | 'guard' | 'whole' | 'store', TestDatabase>>,
  ) {
    this.tables = declaredTables(server);
  }

  static async create(server: SqlServerAddress): Promise<Databases> {
    const made = {
      // Names of one length: the server cuts what it makes of expressions.
      plain: await createDatabase(server, 'plain'),
      other: await createDatabase(server, 'other'),
      guard: await createDatabase(server, 'guard'),
      whole: await createDatabase(server, 'whole'),
      store: await createDatabase(server, 'store'),
    };
    const connect = async (): Promise<Connection> => {
      const connection = await adminConnection(server, { multipleStatements: true });
      await connection.query(
        "SET NAMES utf8mb4, sql_mode = ''; SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
      );
      return connection;
    };
    const [admin, reader] = await Promise.all([connect(), connect()]);
    const [[folding] = []] = (await admin.query({
      sql: 'SELECT @@lower_case_table_names',
      rowsAsArray: true,
    })) as unknown as [number[][]];
    const databases = new Databases(server, folding?.[0] === 1, admin, reader, made);
    await databases.fillStores();
    await databases.reset();
    return databases;
  }

  schema(side: Schema): string {
    return this.made[side].name;
  }

  /** The `tables` section of the proxy's configuration. */
  configuration(): Record<string, unknown> {
    const entries = this.tables.flatMap((table) => {
      const columns = table.columns.flatMap(({ name: column, sealed }) =>
        sealed === undefined ? [] : [[column, sealed.config] as const],
      );
      if (columns.length === 0) return [];
      const tenant = table.tenantColumn === null ? {} : { tenantColumn: table.tenantColumn };
      return [[`${this.schema('guard')}.${table.name}`, { ...tenant, columns: Object.fromEntries(columns) }]];
    });
    return Object.fromEntries(entries);
  }

  /**
   * Both databases as at the start, whatever DDL or data has changed. What is as it was stays: making tables anew
   * takes long.
   * @returns whether a protected side's table was made anew
   */
  async reset(): Promise<boolean> {
    let remade = false;
    for (const side of SCHEMAS) {
      const found = await this.definitions(side);
      for (const [table, definition] of found) {
        if (this.#definitions[side].get(table) === definition) continue;
        const kind = definition.startsWith('CREATE TABLE') ? 'TABLE' : 'VIEW';
        await this.admin.query(`DROP ${kind} ${name(this.schema(side))}.${name(table)}`);
        found.delete(table);
      }
      const contents = found.size === this.tables.length ? await this.raw(side) : null;
      for (const [index, table] of this.tables.entries()) {
        const isThere = found.has(this.folds ? table.name.toLowerCase() : table.name);
        if (isThere && contents !== null && contents[index] === this.#raw[side][index]) continue;
        if (isThere) await this.admin.query(`DELETE FROM ${name(this.schema(side))}.${name(table.name)}`);
        else {
          await this.admin.query(this.createTable(table, side, this.schema(side)));
          remade ||= side === 'guard';
        }
        await this.fill(table, side);
      }
      this.#definitions[side] = await this.definitions(side);
      this.#raw[side] = await this.raw(side);
    }
    await this.resetCounters();
    return remade;
  }

  readonly #definitions: Record<Schema, Map<string, string>> = {
    plain: new Map(),
    other: new Map(),
    guard: new Map(),
  };
  readonly #raw: Record<Schema, string[]> = { plain: [], other: [], guard: [] };

  private async fill(table: DeclaredTable, side: Schema): Promise<void> {
    const from = side === 'guard' ? this.made.store.name : this.made.whole.name;
    const tenant = side === 'other' ? OTHER_TENANT : TENANT;
    const own = side === 'guard' ? '' : ownRows(table, tenant);
    const list = table.columns
      .filter(isStored)
      .map((column) => name(physicalName(column, sideOf(side))))
      .join(', ');
    await this.admin.query(
      `INSERT INTO ${name(this.schema(side))}.${name(table.name)} (${list}) SELECT ${list} FROM ${name(from)}.${name(table.name)}${own}`,
    );
  }

  /** Every row as it lies there, one text a table. */
  private async raw(side: Schema): Promise<string[]> {
    const selects = this.tables.map((table) => {
      const columns = table.columns
        .map((column) => `HEX(${name(physicalName(column, sideOf(side)))})`)
        .join(', ');
      return `SELECT ${columns} FROM ${name(this.schema(side))}.${name(table.name)} ORDER BY ${table.orderBy}`;
    });
    return (await this.rowsOf(selects)).map((rows) => rows.join('\n'));
  }

  private async definitions(side: Schema): Promise<Map<string, string>> {
    const schema = this.schema(side);
    const [found] = await this.admin.query({
      sql: 'SELECT table_name FROM information_schema.tables WHERE table_schema = ?',
      rowsAsArray: true,
      values: [schema],
    });
    const names = (found as string[][]).map(([table]) => table ?? '');
    if (names.length === 0) return new Map();
    const shows = names.map((table) => `SHOW CREATE TABLE ${name(schema)}.${name(table)}`);
    const [results] = await this.admin.query({ sql: shows.join('; '), rowsAsArray: true });
    const sets = (names.length === 1 ? [results] : results) as string[][][];
    return new Map(
      names.map((table, index) => [table, (sets[index]?.[0]?.[1] ?? '').replace(/ AUTO_INCREMENT=\d+/, '')]),
    );
  }

  /** Both sides give the same AUTO_INCREMENT values from now on, whatever has failed on one of them. */
  async resetCounters(): Promise<void> {
    const counted = this.tables.filter(({ columns }) =>
      columns.some(({ plain }) => plain.includes('AUTO_INCREMENT')),
    );
    const statements = SCHEMAS.flatMap((side) =>
      counted.map(
        (table) =>
          `ALTER TABLE ${name(this.schema(side))}.${name(table.name)} AUTO_INCREMENT = ${FIRST_FREE_ID}`,
      ),
    );
    await this.admin.query(statements.join('; '));
  }

  /**
   * Every row of a tenant in every table, uncommitted ones too, decrypted with its key: in the same form on both sides.
   * A protected value that is no ciphertext under that key begins with `!`. Of the other tenant those of tables that
   * have a tenant column.
   */
  async contents(side: Side, tenant: Tenant = TENANT): Promise<ReadonlyMap<string, readonly string[]>> {
    const isOther = tenant === OTHER_TENANT;
    const tables = this.tables.filter(({ tenantColumn }) => tenantColumn !== null || !isOther);
    const schema = this.schema(side === 'plain' && isOther ? 'other' : side);
    const selects = tables.map((table) => {
      const columns = table.columns.map((column) => this.valueSql(column, side, tenant)).join(', ');
      return `SELECT ${columns} FROM ${name(schema)}.${name(table.name)}${ownRows(table, tenant)} ORDER BY ${table.orderBy}`;
    });
    const results = await this.rowsOf(selects, side === 'plain' ? this.reader : this.admin);
    return new Map(tables.map((table, index) => [table.name, results[index] ?? []]));
  }

  /** Rows of all others than these tenants as they lie in the tables. */
  async foreignRows(tenants: readonly Tenant[]): Promise<ForeignRows> {
    const tables = this.tables.filter(({ tenantColumn }) => tenantColumn !== null);
    const own = tenants.map((tenant) => `'${tenant}'`).join(', ');
    const selects = tables.map((table) => {
      const columns = table.columns.map((column) => `HEX(${name(physicalName(column, 'guard'))})`).join(', ');
      return `SELECT ${columns} FROM ${name(this.schema('guard'))}.${name(table.name)} WHERE CAST(${table.tenantColumn} AS BINARY) NOT IN (${own}) ORDER BY ${table.orderBy}`;
    });
    return await this.rowsOf(selects);
  }

  async drop(): Promise<void> {
    await Promise.all([this.admin.end(), this.reader.end()]);
    for (const database of Object.values(this.made)) await database.drop();
  }

  private async rowsOf(selects: readonly string[], connection: Connection = this.admin): Promise<string[][]> {
    let results: unknown;
    try {
      [results] = await connection.query({ sql: selects.join('; '), rowsAsArray: true });
    } catch (error) {
      // After DDL a table or a column may be missing: that one's rows are the server's answer.
      const { errno } = error as { errno?: number };
      if (errno === undefined) throw error;
      if (selects.length === 1) {
        // Without the column that is gone, the others still are to be equal.
        const [gone] = /(?<=Unknown column ')[^']+(?=')/.exec((error as Error).message) ?? [];
        const column = gone?.replace(/^.*\./, '');
        const without = column === undefined ? selects : [withoutColumn(selects[0] ?? '', column)];
        if (errno === UNKNOWN_COLUMN && without[0] !== selects[0])
          return await this.rowsOf(without, connection);
        return [[`error ${errno}`]];
      }
      const rows: string[][] = [];
      for (const select of selects) rows.push(...(await this.rowsOf([select], connection)));
      return rows;
    }
    const sets = (selects.length === 1 ? [results] : results) as unknown[][][];
    return sets.map((rows) => rows.map((row) => row.map((value) => String(value ?? 'NULL')).join('|')));
  }

  private valueSql(column: DeclaredColumn, side: Side, tenant: Tenant): string {
    const { sealed } = column;
    if (sealed === undefined) return `HEX(CONVERT(${name(column.name)} USING utf8mb4))`;
    if (side === 'plain') {
      const bytes = sealed.binary ? name(column.name) : `CONVERT(${name(column.name)} USING utf8mb4)`;
      return `HEX(${bytes})`;
    }
    const [stored, key] = [name(sealed.name), mysql.escape(KEYS[tenant])];
    const opened = `AES_DECRYPT(${stored}, ${key})`;
    return `IF(IFNULL(AES_ENCRYPT(${opened}, ${key}) = ${stored}, ${stored} IS NULL), HEX(${opened}), CONCAT('!', HEX(${stored})))`;
  }

  private createTable(table: DeclaredTable, schemaKind: Schema, schema: string): string {
    const side = sideOf(schemaKind);
    const columns = table.columns.map((column) => {
      const type = side === 'guard' && column.sealed !== undefined ? column.sealed.physical : column.plain;
      const unset = schemaKind === 'guard' ? UNSET : schemaKind === 'other' ? OTHER_TENANT : TENANT;
      const own = column.name === table.tenantColumn ? type.replace(TENANT, unset) : type;
      return `${name(physicalName(column, side))} ${own}`;
    });
    const keys = table.keys.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
      const column = table.columns.find((one) => one.name === key)!;
      return name(physicalName(column, side));
    });
    return `CREATE TABLE ${name(schema)}.${name(table.name)} (${columns.join(', ')}, ${keys})`;
  }

  private async fillStores(): Promise<void> {
    const [whole, store] = [name(this.made.whole.name), name(this.made.store.name)];
    for (const table of this.tables) {
      await this.admin.query(this.createTable(table, 'plain', this.made.whole.name));
      await this.admin.query(this.createTable(table, 'guard', this.made.store.name));
      const columns = table.columns.filter(isStored);
      const list = (side: Side): string =>
        columns.map((column) => name(physicalName(column, side))).join(', ');
      await this.admin.query(`INSERT INTO ${whole}.${name(table.name)} (${list('plain')}) VALUES ?`, [
        table.rows,
      ]);
      const tenants = table.tenantColumn === null ? [TENANT] : Object.keys(KEYS);
      for (const tenant of tenants) {
        const key = mysql.escape(KEYS[tenant]);
        const values = columns.map((column) => {
          if (column.sealed === undefined) return name(column.name);
          const bytes = column.sealed.binary
            ? name(column.name)
            : `CONVERT(${name(column.name)} USING utf8mb4)`;
          return `AES_ENCRYPT(${bytes}, ${key})`;
        });
        const own =
          table.tenantColumn === null ? '' : ` WHERE CAST(${table.tenantColumn} AS BINARY) = '${tenant}'`;
        await this.admin.query(
          `INSERT INTO ${store}.${name(table.name)} (${list('guard')}) SELECT ${values.join(', ')} FROM ${whole}.${name(table.name)}${own}`,
        );
      }
    }
  }
}

const SCHEMAS = ['plain', 'other', 'guard'] as const;
export type Tenant = typeof TENANT | typeof OTHER_TENANT;
/** By table and row. */
export type ForeignRows = readonly (readonly string[])[];

/** ER_BAD_FIELD_ERROR */
const UNKNOWN_COLUMN = 1054;

/** The statement with a word in the place of each value that it makes of a column. */
function withoutColumn(select: string, column: string): string {
  const end = select.indexOf(' FROM ');
  let depth = 0;
  let from = 'SELECT '.length;
  const values: string[] = [];
  for (let at = from; at <= end; at++) {
    if (select[at] === '(') depth++;
    else if (select[at] === ')') depth--;
    else if (at === end || (select[at] === ',' && depth === 0)) {
      values.push(select.slice(from, at).trim());
      from = at + 1;
    }
  }
  const kept = values.map((value) => (value.includes(name(column)) ? "'gone'" : value));
  return `SELECT ${kept.join(', ')}${select.slice(end)}`;
}

function sideOf(schema: Schema): Side {
  return schema === 'guard' ? 'guard' : 'plain';
}

function ownRows({ tenantColumn }: DeclaredTable, tenant: Tenant): string {
  return tenantColumn === null ? '' : ` WHERE CAST(${tenantColumn} AS BINARY) = '${tenant}'`;
}

function isStored({ plain }: DeclaredColumn): boolean {
  return !plain.includes('GENERATED');
}

export function physicalName(column: DeclaredColumn, side: Side): string {
  return side === 'guard' ? (column.sealed?.name ?? column.name) : column.name;
}
