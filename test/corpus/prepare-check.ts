import type { Connection } from 'mysql2/promise';
import { adminConnection } from '../servers/accounts.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import {
  type MadeUpTable,
  PLAIN_DATABASE,
  PROTECTED_DATABASE,
  plainSchemaSql,
  protectedSchemaSql,
} from './made-up-schema.js';

/** A rewritten statement beside the original. */
export interface RewrittenPair {
  readonly index: number;
  readonly original: string;
  readonly rewritten: string;
}

/** What the server said to COM_STMT_PREPARE. */
export type PrepareResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly errno: number; readonly message: string };

export interface PreparedPair extends RewrittenPair {
  readonly before: PrepareResult;
  readonly after: PrepareResult;
}

/**
 * Errors that say the text is no SQL of this server: ER_PARSE_ERROR, ER_EMPTY_QUERY, ER_SYNTAX_ERROR,
 * ER_DERIVED_MUST_HAVE_ALIAS. Unknown tables and columns are no such errors: the schema is made up.
 */
const SYNTAX_ERRORS: ReadonlySet<number> = new Set([1064, 1065, 1149, 1248]);

export function isSyntaxError(result: PrepareResult): boolean {
  return !result.ok && SYNTAX_ERRORS.has(result.errno);
}

/** ER_WITH_COL_WRONG_LIST of MariaDB: the query of INSERT … SELECT has another number of columns than the table. */
const COLUMN_COUNT_DIFFERS = 4002;

/**
 * Whether a rewritten statement fails for what MariaDB says of the plain one only when it is executed (1136): the
 * tables are made up, with other columns than the statement's author had.
 */
export function failsOnlyEarlier(result: PrepareResult): boolean {
  return !result.ok && result.errno === COLUMN_COUNT_DIFFERS;
}

/** Makes both schemas on a server. */
export async function createSchemas(server: SqlServerAddress, tables: readonly MadeUpTable[]): Promise<void> {
  const connection = await adminConnection(server);
  try {
    // Names near a table are many, and the limit is on what a row of all of them would need at most.
    await connection.query('SET SESSION innodb_strict_mode = OFF');
    for (const database of [PLAIN_DATABASE, PROTECTED_DATABASE]) {
      await connection.query(`DROP DATABASE IF EXISTS ${database}`);
      await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    }
    for (const sql of [...plainSchemaSql(tables), ...protectedSchemaSql(tables)]) await connection.query(sql);
  } finally {
    await connection.end();
  }
}

/** Prepares the originals on the plain tables and the rewritten statements on the protected ones. */
export async function prepareAll(
  server: SqlServerAddress,
  pairs: readonly RewrittenPair[],
): Promise<PreparedPair[]> {
  const plain = await adminConnection(server, { database: PLAIN_DATABASE });
  const encrypted = await adminConnection(server, { database: PROTECTED_DATABASE });
  try {
    const results: PreparedPair[] = [];
    for (const pair of pairs) {
      results.push({
        ...pair,
        before: await prepare(plain, pair.original),
        after: await prepare(encrypted, pair.rewritten),
      });
    }
    return results;
  } finally {
    plain.destroy();
    encrypted.destroy();
  }
}

async function prepare(connection: Connection, sql: string): Promise<PrepareResult> {
  try {
    const statement = await connection.prepare(sql);
    await statement.close();
    return { ok: true };
  } catch (error) {
    const { errno, message } = error as { errno?: unknown; message?: unknown };
    if (typeof errno !== 'number') throw error;
    return { ok: false, errno, message: String(message) };
  }
}
