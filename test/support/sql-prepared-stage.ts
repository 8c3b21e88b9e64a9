import type { Connection, ConnectionOptions, FieldPacket, RowDataPacket } from 'mysql2/promise';
import { beforeEach, expect } from 'vitest';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { type SessionStage, sessionStage } from './session-stage.js';

/** What a statement gave. */
export interface Outcome {
  readonly error?: { readonly errno: number; readonly message: string };
  readonly rows?: unknown;
  readonly columns?: readonly string[];
  readonly affected?: number;
}

export interface ClientOptions extends ConnectionOptions {
  /** Set by `SET @tenant_id`; default: t1. null: none */
  readonly tenant?: string | null;
  readonly straight?: boolean;
}

/** Fills the table with rows of t1: ann, bob and cid. */
export const FILL = [
  "PREPARE fill FROM 'INSERT INTO users (tenant_id, username, email, phone, age) VALUES (?, ?, ?, ?, ?)'",
  "SET @t = 't1', @n = 'ann', @e = 'ann@x.com', @p = NULL, @a = 30",
  'EXECUTE fill USING @t, @n, @e, @p, @a',
  "SET @n = 'bob', @e = '😀é@x.com', @p = '0123', @a = '41'",
  'EXECUTE fill USING @t, @n, @e, @p, @a',
  "SET @n = 'cid', @e = NULL, @p = 77, @a = 12.6",
  'EXECUTE fill USING @t, @n, @e, @p, @a',
] as const;

export interface SqlPreparedStage {
  readonly stage: SessionStage;
  client(options?: ClientOptions): Promise<Connection>;
  outcome(connection: Connection, sql: string): Promise<Outcome>;
  /** Plays statements on either table, and compares what each gives. @returns the outcomes through the proxy */
  compare(statements: readonly string[]): Promise<Outcome[]>;
  /** The rows of all tenants, decrypted. */
  stored(): Promise<unknown[]>;
}

/**
 * For the describe block that calls it: a session stage for statements on `users`, which are to look like those on
 * `plain_users` straight to the server; its tables are empty before each test.
 */
export function sqlPreparedStage(getServer: () => SqlServerAddress): SqlPreparedStage {
  const stage = sessionStage(getServer, {
    label: 'sqlps',
    also: 'CREATE TABLE notes (id INT, text VARCHAR(50))',
    keys: { t1: 'key of t1', t2: 'key of t2' },
    protect: { tenantVariable: 'tenant_id' },
    proxy: { sources: [{ kind: 'userVariable', name: 'tenant_id' }] },
    client: { multipleStatements: true },
  });
  beforeEach(async () => {
    await stage.admin.query('TRUNCATE users; TRUNCATE plain_users; TRUNCATE notes');
  });

  async function client(options: ClientOptions = {}): Promise<Connection> {
    const { tenant = 't1', straight = false, ...rest } = options;
    const connection = await stage.client(straight ? 'straight' : 'proxy', rest);
    if (tenant !== null) await connection.query(`SET @tenant_id = '${tenant}'`);
    return connection;
  }

  async function outcome(connection: Connection, sql: string): Promise<Outcome> {
    try {
      const [rows, fields] = await connection.query(sql);
      if (!Array.isArray(rows)) return { affected: rows.affectedRows };
      const columns = (fields as FieldPacket[]).map(
        (field) => `${field.name} ${field.columnType ?? field.type} ${field.table}.${field.orgName}`,
      );
      return { rows, columns };
    } catch (error) {
      const { errno, message } = error as { errno: number; message: string };
      return { error: { errno, message } };
    }
  }

  /** Names of the plain table for those of the protected one. */
  const onPlain = (sql: string): string => sql.replaceAll('users', 'plain_users');
  const asPlain = (one: Outcome): unknown =>
    JSON.parse(JSON.stringify(one).replaceAll('plain_users', 'users'));

  async function compare(statements: readonly string[]): Promise<Outcome[]> {
    const [through, straight] = [await client(), await client({ straight: true })];
    const found: Outcome[] = [];
    for (const sql of statements) {
      const one = await outcome(through, sql);
      expect([sql, asPlain(one)]).toEqual([sql, asPlain(await outcome(straight, onPlain(sql)))]);
      found.push(one);
    }
    return found;
  }

  async function stored(): Promise<unknown[]> {
    const [rows] = await stage.admin.query<RowDataPacket[]>(
      `SELECT tenant_id, username,
        CONVERT(AES_DECRYPT(encrypted_email, CONCAT('key of ', tenant_id)) USING utf8mb4) AS email,
        CONVERT(AES_DECRYPT(encrypted_phone, CONCAT('key of ', tenant_id)) USING utf8mb4) AS phone,
        CONVERT(AES_DECRYPT(encrypted_age, CONCAT('key of ', tenant_id)) USING utf8mb4) AS age
      FROM users ORDER BY id`,
    );
    return rows.map((row) => Object.values(row));
  }

  return { stage, client, outcome, compare, stored };
}
