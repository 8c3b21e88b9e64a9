import type { Connection, FieldPacket, ResultSetHeader } from 'mysql2/promise';
import { expect } from 'vitest';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { KEYS, startTestProxy, type TestProxy } from './proxy.js';

const TENANT = 'tenant-001';

type Field = FieldPacket & { schema?: string; characterSet?: number; columnLength?: number };

/** What a client sees of a statement. */
export interface Seen {
  /** `1264 22003 Out of range …`, null without one */
  readonly error: string | null;
  readonly rows: readonly unknown[][] | null;
  readonly fields: readonly unknown[] | null;
  readonly affectedRows: number | null;
  readonly warnings: readonly string[];
  /** Of the whole table, after a write. */
  readonly contents: readonly unknown[][] | null;
  /** As stored: of the plain table as text, of the protected one decrypted. */
  readonly stored: readonly unknown[][] | null;
}

export interface Comparison {
  readonly prepared?: boolean;
  /** What is documented to differ. */
  readonly without?: readonly ('fields' | 'warnings')[];
}

/** Notes of a value that is cut to the type's precision, and of ways to write dates that MySQL will not take for ever. */
const LOST_NOTES = /^(?:Note 1265 |Note 1292 |Warning 4095 |Warning 4096 )/;

/** The same columns in a plain table straight and in a protected one through a proxy. `#` stands for the table. */
export class TypeTwin {
  private constructor(
    readonly proxy: TestProxy,
    private readonly columns: readonly string[],
    private readonly secured: Connection,
    private readonly plain: Connection,
    private readonly storesText: boolean,
  ) {}

  /**
   * @param columns declared types by name
   * @param options storesText: as it was written, which reading alone brings to its form
   */
  static async start(
    server: SqlServerAddress,
    label: string,
    columns: Readonly<Record<string, string>>,
    options: { readonly storesText?: boolean; readonly constants?: 'backend' | 'proxy' } = {},
  ): Promise<TypeTwin> {
    const names = Object.keys(columns);
    const proxy = await startTestProxy(server, {
      label,
      tables: [
        `CREATE TABLE things (id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL DEFAULT '${TENANT}', label VARCHAR(40),
          ${names.map((name) => `${name} MEDIUMBLOB`).join(', ')}) DEFAULT CHARSET utf8mb4`,
        `CREATE TABLE plain_things (id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL DEFAULT '${TENANT}', label VARCHAR(40),
          ${names.map((name) => `${name} ${columns[name]}`).join(', ')}) DEFAULT CHARSET utf8mb4`,
      ],
      config: { constants: options.constants ?? 'backend' },
      protect: (schema) => ({
        [`${schema}.things`]: {
          tenantColumn: 'tenant_id',
          columns: Object.fromEntries(names.map((name) => [name, { type: columns[name] }])),
        },
      }),
    });
    const driver = { dateStrings: true, supportBigNumbers: true, bigNumberStrings: true } as const;
    const twin = new TypeTwin(
      proxy,
      names,
      await proxy.connect(TENANT, driver),
      await proxy.direct(driver),
      options.storesText ?? false,
    );
    await twin.run("SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'");
    return twin;
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
  }

  /** On both sides, for good. */
  async run(sql: string): Promise<void> {
    await this.secured.query(sql.replaceAll('#', 'things'));
    await this.plain.query(sql.replaceAll('#', 'plain_things'));
  }

  /** Expects both sides to show the same of a statement, whose effect is then undone. */
  async same(sql: string, values?: readonly unknown[], options: Comparison = {}): Promise<Seen> {
    const prepared = options.prepared ?? values !== undefined;
    const plain = await this.see(this.plain, sql, values, prepared);
    const secured = await this.see(this.secured, sql, values, prepared);
    const left = options.without ?? [];
    const compared = (seen: Seen): Seen => ({
      ...seen,
      error: /^\s*UPDATE/i.test(sql) ? withoutValue(seen.error) : seen.error,
      fields: left.includes('fields') ? null : seen.fields,
      // What the server raised for the proxy has left its own text behind.
      warnings: left.includes('warnings') || seen.error !== null ? [] : seen.warnings.filter(isKept),
    });
    expect(compared(secured), `${sql} ${values?.map(String).join()}`).toEqual(compared(plain));
    return plain;
  }

  /** Expects the proxy to refuse what the plain table takes. */
  async refused(
    sql: string,
    values?: readonly unknown[],
    what: RegExp = /TC_UNSUPPORTED_SQL/,
  ): Promise<void> {
    const { error } = await this.see(this.secured, sql, values, values !== undefined);
    expect(error, `${sql} ${JSON.stringify(values)}`).toMatch(what);
  }

  /** What the protected side shows, undone. */
  async seen(sql: string, values?: readonly unknown[]): Promise<Seen> {
    return await this.see(this.secured, sql, values, values !== undefined);
  }

  /** The access type of the protected table's rows. */
  async access(sql: string): Promise<string> {
    const [rows] = await this.secured.query<never>(`EXPLAIN ${sql.replaceAll('#', 'things')}`);
    return JSON.stringify(rows);
  }

  private async see(
    connection: Connection,
    template: string,
    values: readonly unknown[] | undefined,
    prepared: boolean,
  ): Promise<Seen> {
    const isPlain = connection === this.plain;
    const sql = template.replaceAll('#', isPlain ? 'plain_things' : 'things');
    const isWrite = !/^\s*(?:SELECT|SHOW|DESCRIBE)/i.test(sql);
    let error: string | null = null;
    let rows: unknown[][] | null = null;
    let fields: unknown[] | null = null;
    let affectedRows: number | null = null;
    if (isWrite) await connection.query('START TRANSACTION');
    try {
      const options = { sql, rowsAsArray: true, values: [...(values ?? [])] };
      const [result, definitions] = prepared
        ? await connection.execute(options as never)
        : await connection.query(options as never);
      if (Array.isArray(result)) {
        rows = result as unknown[][];
        fields = (definitions as Field[]).map(describe);
      } else affectedRows = (result as ResultSetHeader).affectedRows;
    } catch (caught) {
      const { errno, sqlState, message } = caught as { errno?: number; sqlState?: string; message: string };
      if (errno === undefined || sqlState === undefined) throw caught;
      error = `${errno} ${sqlState} ${message.replaceAll('plain_things', 'things')}`;
    }
    const [shown] = await connection.query({ sql: 'SHOW WARNINGS', rowsAsArray: true });
    const warnings = (shown as unknown[][]).map((row) => row.join(' ').replaceAll('plain_things', 'things'));
    let contents: unknown[][] | null = null;
    let stored: unknown[][] | null = null;
    if (isWrite) {
      const table = isPlain ? 'plain_things' : 'things';
      const list = this.columns.join(', ');
      [contents] = (await connection.query({
        sql: `SELECT label, ${list} FROM ${table} ORDER BY id`,
        rowsAsArray: true,
      })) as unknown as [unknown[][]];
      if (!this.storesText) stored = await this.stored(isPlain);
      await connection.query('ROLLBACK');
    }
    return { error, rows, fields, affectedRows, warnings, contents, stored };
  }

  /** Straight from the database, uncommitted rows too. */
  private async stored(isPlain: boolean): Promise<unknown[][]> {
    const { admin } = this.proxy;
    await admin
      .query("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED, sql_mode = ''")
      .catch(async () => {
        await admin.query('SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED');
      });
    const values = this.columns.map((name) =>
      isPlain
        ? `CONVERT(${name} USING utf8mb4)`
        : `CONVERT(AES_DECRYPT(${name}, '${KEYS[TENANT]}') USING utf8mb4)`,
    );
    const [rows] = await admin.query({
      sql: `SELECT label, ${values.join(', ')} FROM ${isPlain ? 'plain_things' : 'things'} ORDER BY id`,
      rowsAsArray: true,
    });
    return rows as unknown as unknown[][];
  }
}

function isKept(warning: string): boolean {
  return !LOST_NOTES.test(warning);
}

/** The error of an UPDATE: its row is always 1, and that of a parameter does not show the value (docs/limits.md). */
function withoutValue(error: string | null): string | null {
  return error?.replace(/ at row \d+$/, '').replace(/(Incorrect \w+ value): '.*?' for /s, '$1 for ') ?? null;
}

function describe(field: Field): unknown {
  return {
    name: field.name,
    schema: field.schema ?? field.db,
    table: field.table.replace('plain_things', 'things'),
    orgTable: field.orgTable.replace('plain_things', 'things'),
    orgName: field.orgName,
    type: field.columnType,
    charset: field.characterSet,
    length: field.columnLength,
    flags: field.flags,
    decimals: field.decimals,
  };
}

/** Whether the result has columns of one table as they are: definitions of others have known differences. */
export function isBare(sql: string): boolean {
  return !/\b(?:GROUP|DISTINCT|JOIN|OVER|UNION|MIN|MAX)\b/i.test(sql);
}
