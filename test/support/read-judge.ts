import mysql, { type Connection, type FieldPacket } from 'mysql2/promise';
import { foldKey } from '../../src/keys/fold-key.js';
import type { Catalog } from '../../src/rewrite/catalog.js';
import { canonicalConstant } from '../../src/rewrite/declared-value.js';
import { type Dialect, parseSqlMode, type ServerVersion } from '../../src/rewrite/dialect.js';
import type { BackendParameter } from '../../src/rewrite/plan.js';
import type { ProtectedTable } from '../../src/rewrite/protected-table.js';
import type { RewriteContext } from '../../src/rewrite/rewriter.js';
import { setupStatements } from '../../src/rewrite/setup-statements.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { readSchema, type TextRow } from '../../src/session/catalog-queries.js';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { protectedTables, type TableData, TENANT, TENANTS, tableData, type Value } from './read-data.js';

/** What a statement gave, in comparable form. */
export type Answer =
  | { readonly kind: 'rows'; readonly names: readonly string[]; readonly rows: readonly string[] }
  | { readonly kind: 'error'; readonly errno: number; readonly message: string };

export type Verdict =
  | {
      readonly kind: 'equal';
      readonly rewritten: string;
      readonly rows: number;
      readonly errno: number | null;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'forwarded' }
  | { readonly kind: 'different'; readonly rewritten: string; readonly plain: Answer; readonly ours: Answer };

/**
 * One statement on two databases: one with plain tables that hold the tenant's rows only, one with protected tables
 * that hold all tenants' ciphertext. `{db}` in a statement stands for the schema's name.
 */
export class ReadJudge {
  readonly rewriter: SqlRewriter;
  private readonly prepared: RewriteContext;

  private constructor(
    readonly plain: Connection,
    readonly ours: Connection,
    readonly context: RewriteContext,
    readonly tables: readonly ProtectedTable[],
    private readonly server: SqlServerAddress,
    private readonly databases: readonly [TestDatabase, TestDatabase, TestDatabase],
  ) {
    this.rewriter = new SqlRewriter({
      tables,
      tenantVariable: null,
      parseDepth: 500,
      planCacheBytes: 16 << 20,
      calls: [],
    });
    this.prepared = { ...context, prepared: true };
  }

  get plainSchema(): string {
    return this.databases[0].name;
  }

  get protectedSchema(): string {
    return this.databases[1].name;
  }

  static async open(server: SqlServerAddress): Promise<ReadJudge> {
    const databases = [
      // Names of one length: the server cuts what it makes of expressions.
      await createDatabase(server, 'plain'),
      await createDatabase(server, 'guard'),
      await createDatabase(server, 'all'),
    ] as const;
    const [plainDb, protectedDb, allDb] = databases;
    const admin = await adminConnection(server);
    try {
      await admin.query("SET NAMES utf8mb4, sql_mode = ''");
      for (const table of tableData(server))
        await fill(admin, table, plainDb.name, protectedDb.name, allDb.name);
      await fillMixedCase(admin, plainDb.name, protectedDb.name);
      for (const db of [plainDb.name, protectedDb.name]) {
        await admin.query(`ANALYZE TABLE \`${db}\`.users, \`${db}\`.accounts, \`${db}\`.orders`);
      }
    } finally {
      await admin.end();
    }
    const tables = protectedTables(server.kind, protectedDb.name);
    const plain = await ReadJudge.connect(server, plainDb.name);
    // MySQL 9.7 repeats rows when it runs a subquery of an outer join's ON as a semijoin: the plain table's answer
    // has to be the right one.
    if (server.kind === 'mysql') await plain.query("SET optimizer_switch = 'semijoin=off'");
    const ours = await ReadJudge.connect(server, protectedDb.name);
    const version = serverVersion(server);
    const context: RewriteContext = {
      dialect: await dialectOf(ours, version),
      database: protectedDb.name,
      catalog: await readCatalog(ours, tables, version),
      prepared: false,
      safeUpdates: false,
    };
    await prepareSession(ours, tables, version);
    return new ReadJudge(plain, ours, context, tables, server, databases);
  }

  static async connect(server: SqlServerAddress, database: string): Promise<Connection> {
    const connection = await adminConnection(server, {
      database,
      charset: 'utf8mb4',
      multipleStatements: false,
      rowsAsArray: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
    });
    return connection;
  }

  /** Another session like `ours`: key set, donors set. */
  async secondSession(): Promise<Connection> {
    const connection = await ReadJudge.connect(this.server, this.protectedSchema);
    await prepareSession(connection, this.tables, this.context.dialect.server);
    return connection;
  }

  async close(): Promise<void> {
    await Promise.all([this.plain.end(), this.ours.end()]);
    for (const database of this.databases) await database.drop();
  }

  /** The rewritten text. @throws Error when the statement is not rewritten */
  rewrite(sql: string, tenant: string = TENANT): string {
    const text = sql.replaceAll('{db}', this.protectedSchema);
    const bytes = Buffer.from(text);
    const { plan } = this.rewriter.analyse(bytes, 0, bytes.length, this.context);
    if (plan.outcome === 'refuse') throw this.rewriter.refusal();
    if (plan.outcome === 'forward') return text;
    return this.rewriter.fill({ tenant }, 0).toString('utf8');
  }

  async judge(sql: string, tenant: string = TENANT): Promise<Verdict> {
    const bytes = Buffer.from(sql.replaceAll('{db}', this.protectedSchema));
    const { plan } = this.rewriter.analyse(bytes, 0, bytes.length, this.context);
    if (plan.outcome === 'refuse') return refusedVerdict(this.rewriter.refusal());
    if (plan.outcome === 'forward') return { kind: 'forwarded' };
    const rewritten = this.rewriter.fill({ tenant }, 0).toString('utf8');
    const ordered = isOrdered(sql);
    const [plain, ours] = await Promise.all([
      ask(this.plain, sql.replaceAll('{db}', this.plainSchema), ordered),
      ask(this.ours, rewritten, ordered),
    ]);
    return compare(rewritten, plain, ours);
  }

  /** The same over prepared statements, with values for the client's `?`. */
  async judgePrepared(sql: string, values: readonly Value[]): Promise<Verdict> {
    const bytes = Buffer.from(sql.replaceAll('{db}', this.protectedSchema));
    const { plan } = this.rewriter.analyse(bytes, 0, bytes.length, this.prepared);
    if (plan.outcome === 'refuse') return refusedVerdict(this.rewriter.refusal());
    if (plan.outcome === 'forward') return { kind: 'forwarded' };
    const rewritten = this.rewriter.fill({ tenant: TENANT }, 0).toString('utf8');
    const parameters = plan.parameters.map((parameter) => parameterValue(parameter, values));
    const ordered = isOrdered(sql);
    const [plain, ours] = await Promise.all([
      ask(this.plain, sql.replaceAll('{db}', this.plainSchema), ordered, values),
      ask(this.ours, rewritten, ordered, parameters),
    ]);
    return compare(rewritten, plain, ours);
  }
}

function refusedVerdict(error: Error): Verdict {
  const code = 'code' in error ? String(error.code) : 'errno' in error ? String(error.errno) : 'none';
  return { kind: 'refused', code, message: error.message };
}

function parameterValue(parameter: BackendParameter, values: readonly Value[]): Value {
  if (parameter.source !== 'client') return TENANT;
  const value = values[parameter.ordinal] ?? null;
  const { role } = parameter;
  const isCompared = role.kind === 'constant' || role.kind === 'passes';
  if (isCompared && value !== null && !Buffer.isBuffer(value)) {
    const constant =
      typeof value === 'number'
        ? ({ kind: 'number', text: String(value) } as const)
        : ({ kind: 'text', bytes: Buffer.from(value) } as const);
    const isNumberBesideText = typeof value === 'number' && role.column.type.kind !== 'integer';
    const canonical = isNumberBesideText ? null : canonicalConstant(role.column, constant);
    if (role.kind === 'passes') return canonical === null ? 1 : null;
    if (canonical === null) return '';
    return canonical.kind === 'text' ? canonical.bytes.toString() : value;
  }
  return role.kind === 'passes' ? null : value;
}

function isOrdered(sql: string): boolean {
  return /\border\s+by\b[^()]*$/i.test(sql.replaceAll(/\([^()]*\)/g, ''));
}

/**
 * Names of expressions hold their text, and with it the schema's name where the statement wrote one. MySQL keeps the
 * spaces behind an expression that ends in a word (`CASE … END `): we don't. A long name may be cut in the schema's.
 */
function sameNames(plain: readonly string[], ours: readonly string[]): boolean {
  const written = (name: string): string => {
    const anywhere = name.replaceAll(/tc_(?:plain|guard)_[0-9a-f]+/g, '{db}');
    return Buffer.byteLength(name) < 250 ? anywhere.trimEnd() : anywhere.slice(0, 150);
  };
  return String(plain.map(written)) === String(ours.map(written));
}

function compare(rewritten: string, plain: Answer, ours: Answer): Verdict {
  if (plain.kind === 'error' && ours.kind === 'error' && plain.errno === ours.errno) {
    return { kind: 'equal', rewritten, rows: 0, errno: plain.errno };
  }
  if (plain.kind === 'rows' && ours.kind === 'rows') {
    const equal =
      plain.rows.length === ours.rows.length &&
      plain.rows.every((row, index) => row === ours.rows[index]) &&
      sameNames(plain.names, ours.names);
    if (equal) return { kind: 'equal', rewritten, rows: plain.rows.length, errno: null };
  }
  return { kind: 'different', rewritten, plain, ours };
}

/** The bytes of a text row, one character a byte: what a client sees, whatever type it makes of them. */
function asWritten(field: { buffer(): Buffer | null }): string | null {
  return field.buffer()?.toString('latin1') ?? null;
}

async function ask(
  connection: Connection,
  sql: string,
  ordered: boolean,
  values?: readonly Value[],
): Promise<Answer> {
  try {
    const [result, fields] =
      values === undefined
        ? await connection.query({ sql, typeCast: asWritten })
        : await connection.execute(sql, [...values] as (string | number | Buffer | null)[]);
    const rows = Array.isArray(result) ? result.map((row) => JSON.stringify(comparable(row))) : [];
    if (!ordered) rows.sort();
    return { kind: 'rows', names: ((fields ?? []) as FieldPacket[]).map((field) => field.name), rows };
  } catch (error) {
    const { errno, message } = error as { errno?: number; message: string };
    if (errno === undefined || errno < 1000) throw error;
    return { kind: 'error', errno, message };
  }
}

/** Binary rows come as numbers and dates, text rows as text. */
function comparable(row: unknown): unknown {
  if (!Array.isArray(row)) return row;
  return row.map((value: unknown) =>
    value === null || value === undefined
      ? null
      : Buffer.isBuffer(value)
        ? value.toString('latin1')
        : typeof value === 'bigint' || typeof value === 'number'
          ? String(value)
          : value,
  );
}

function serverVersion(server: SqlServerAddress): ServerVersion {
  const [major = 0, minor = 0, patch = 0] = server.version.split(/[.-]/).map(Number);
  return { kind: server.kind, version: major * 10_000 + minor * 100 + patch };
}

async function dialectOf(connection: Connection, server: ServerVersion): Promise<Dialect> {
  const [rows] = await connection.query(
    'SELECT @@sql_mode, @@character_set_client, @@lower_case_table_names',
  );
  const [mode, charset, folding] = (rows as string[][])[0]!;
  return {
    server,
    sqlMode: parseSqlMode(mode ?? ''),
    characterSetClient: charset ?? '',
    lowerCaseTableNames: Number(folding) as 0 | 1 | 2,
  };
}

export async function readCatalog(
  connection: Connection,
  tables: readonly ProtectedTable[],
  server: ServerVersion,
): Promise<Catalog> {
  const run = async (sql: string): Promise<readonly TextRow[]> => {
    const [rows] = await connection.query({ sql, typeCast: asWritten });
    return (rows as (string | null)[][]).map((row) =>
      row.map((value) => (value === null ? null : Buffer.from(value, 'latin1'))),
    );
  };
  const { tables: found, missing, dependents } = await readSchema(run, tables, 0, server);
  if (missing.size > 0) throw new Error(`missing: ${[...missing].join('; ')}`);
  return { generation: 1, tables: found, dependents };
}

/** What the proxy does after a login and before a protected statement. */
async function prepareSession(
  connection: Connection,
  tables: readonly ProtectedTable[],
  server: ServerVersion,
): Promise<void> {
  if (server.kind === 'mysql') await connection.query("SET block_encryption_mode = 'aes-128-ecb'");
  for (const sql of setupStatements(tables, server)) await connection.query(sql);
  await connection.execute('SET @__tc_key = ?', [foldKey(Buffer.from(TENANTS[TENANT]!), 16)]);
}

/** Ciphertext is made by the server from the plain rows, by SQL that is written here and not by what is tested. */
async function fill(
  admin: Connection,
  table: TableData,
  plainDb: string,
  protectedDb: string,
  allDb: string,
): Promise<void> {
  const name = mysql.escapeId(table.name, true);
  await admin.query(`CREATE TABLE \`${allDb}\`.${name} (${table.plainDdl})`);
  await admin.query(`CREATE TABLE \`${plainDb}\`.${name} (${table.plainDdl})`);
  await admin.query(`CREATE TABLE \`${protectedDb}\`.${name} (${table.physicalDdl})`);
  if (table.rows.length === 0) return;
  const columns = table.columns.map((column) => mysql.escapeId(column, true));
  await admin.query(`INSERT INTO \`${allDb}\`.${name} (${columns.join(',')}) VALUES ?`, [table.rows]);
  const own = table.tenantColumn === null ? '' : ` WHERE CAST(${table.tenantColumn} AS BINARY) = '${TENANT}'`;
  await admin.query(
    `INSERT INTO \`${plainDb}\`.${name} (${columns.join(',')}) SELECT ${columns.join(',')} FROM \`${allDb}\`.${name}${own}`,
  );
  const physical = table.columns.map((c) => mysql.escapeId(table.stored.get(c)?.physical ?? c, true));
  for (const [tenant, key] of table.tenantColumn === null ? [[TENANT, '']] : Object.entries(TENANTS)) {
    await admin.query('SET @k = ?', [Buffer.from(key!)]);
    const values = table.columns.map((column) => {
      const stored = table.stored.get(column);
      return stored === undefined ? mysql.escapeId(column, true) : `AES_ENCRYPT(${stored.sql}, @k)`;
    });
    const tenants =
      table.tenantColumn === null
        ? ''
        : ` WHERE CAST(${table.tenantColumn} AS BINARY) = ${mysql.escape(tenant)}`;
    await admin.query(
      `INSERT INTO \`${protectedDb}\`.${name} (${physical.join(',')}) SELECT ${values.join(',')} FROM \`${allDb}\`.${name}${tenants}`,
    );
  }
}

/** A table whose tenant column is an integer: the judge's tenant is a string, so it is read under another tenant. */
async function fillMixedCase(admin: Connection, plainDb: string, protectedDb: string): Promise<void> {
  await admin.query('SET @k = ?', [Buffer.from(TENANTS[TENANT]!)]);
  for (const [id, tenant, name] of [
    [1, 7, 'Ann'],
    [2, 7, null],
    [3, 8, 'Other'],
    [4, 7, 'zoë'],
  ] as const) {
    if (tenant === 7) {
      await admin.query(`INSERT INTO \`${plainDb}\`.\`Mixed Case\` VALUES (?,?,?)`, [id, tenant, name]);
    }
    await admin.query(
      `INSERT INTO \`${protectedDb}\`.\`Mixed Case\` VALUES (?,?,AES_ENCRYPT(CONVERT(? USING utf8mb4),@k))`,
      [id, tenant, name],
    );
  }
}
