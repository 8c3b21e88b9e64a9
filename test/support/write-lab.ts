import type { Connection, ResultSetHeader } from 'mysql2/promise';
import { expect } from 'vitest';
import { ConstantCipher } from '../../src/keys/constant-cipher.js';
import { TenantKey } from '../../src/keys/key-provider.js';
import type { Catalog } from '../../src/rewrite/catalog.js';
import { type Dialect, parseSqlMode } from '../../src/rewrite/dialect.js';
import type { ProtectedTable } from '../../src/rewrite/protected-table.js';
import { raisedError } from '../../src/rewrite/raised-error.js';
import type { RewriteContext } from '../../src/rewrite/rewriter.js';
import { setupStatements } from '../../src/rewrite/setup-statements.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { readSchema } from '../../src/session/catalog-queries.js';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { type Outcome, outcomeOf } from './rewrite.js';
import { CANARY, COLUMNS, KEYS, OTHER_TENANT, protectedTable, ROWS, TABLES, TENANT } from './write-data.js';
import { differences, type Effect } from './write-effect.js';

/** One statement beside its expectation. */
export interface WriteCase {
  readonly sql: string | Buffer;
  /** Statements for both sessions before it, e.g. `SET sql_mode = ''`. */
  readonly setup?: readonly string[];
  /** Set when tenantcrypt refuses what the plain table takes: the code. */
  readonly refused?: string;
  /** The plain table raises an error and so does the protected one, with another number. */
  readonly otherError?: true;
  readonly only?: 'mysql' | 'mariadb';
  /** The plain table's error, where it has one: so that two sides that fail for the wrong reason show. */
  readonly errno?: number;
}

/** Where constants are encrypted. */
export type Constants = 'backend' | 'proxy';

/** The same tables plain and protected, in two schemas, each with a session of its own. */
export class WriteLab {
  readonly server: SqlServerAddress;
  readonly rewriter: SqlRewriter;
  readonly plain: Connection;
  readonly secure: Connection;
  readonly database: string;
  private catalog: Catalog;
  private baseline: string | null = null;
  private readonly databases: readonly TestDatabase[];
  private readonly tables: readonly ProtectedTable[];
  private readonly constants: Constants;

  private constructor(parts: {
    server: SqlServerAddress;
    rewriter: SqlRewriter;
    plain: Connection;
    secure: Connection;
    database: string;
    catalog: Catalog;
    databases: readonly TestDatabase[];
    tables: readonly ProtectedTable[];
    constants: Constants;
  }) {
    this.server = parts.server;
    this.rewriter = parts.rewriter;
    this.plain = parts.plain;
    this.secure = parts.secure;
    this.database = parts.database;
    this.catalog = parts.catalog;
    this.databases = parts.databases;
    this.tables = parts.tables;
    this.constants = parts.constants;
  }

  static async open(
    server: SqlServerAddress,
    more: readonly ProtectedTable[] = [],
    constants: Constants = 'backend',
  ): Promise<WriteLab> {
    const plainDatabase = await createDatabase(server, 'plain');
    const secureDatabase = await createDatabase(server, 'secure');
    // The connection's encoding is latin1, so that a string of bytes passes as it is; SET NAMES says what they are.
    const options = { charset: 'LATIN1_SWEDISH_CI', multipleStatements: true } as const;
    const plain = await adminConnection(server, { ...options, database: plainDatabase.name });
    const secure = await adminConnection(server, { ...options, database: secureDatabase.name });
    for (const connection of [plain, secure]) {
      // mysql2 would follow what the server reports, and encode again.
      await connection.query("SET session_track_system_variables = ''; SET NAMES utf8mb4");
    }
    const tables = [
      ...Object.keys(TABLES).map((table) => protectedTable(secureDatabase.name, table)),
      ...more,
    ];
    const lab = new WriteLab({
      server,
      rewriter: new SqlRewriter({
        tables,
        tenantVariable: 'tenant_id',
        parseDepth: 500,
        planCacheBytes: 16 << 20,
        calls: [],
      }),
      plain,
      secure,
      database: secureDatabase.name,
      catalog: { generation: 0, tables: new Map(), dependents: [] },
      databases: [plainDatabase, secureDatabase],
      tables,
      constants,
    });
    await lab.fill();
    return lab;
  }

  async close(): Promise<void> {
    await this.plain.end();
    await this.secure.end();
    for (const database of this.databases) await database.drop();
  }

  get dialect(): Dialect {
    const [major = 0, minor = 0, patch = 0] = this.server.version.split('.').map(Number);
    return {
      server: { kind: this.server.kind, version: major * 10_000 + minor * 100 + patch },
      sqlMode: parseSqlMode(''),
      characterSetClient: 'utf8mb4',
      lowerCaseTableNames: 0,
    };
  }

  /** What the protected session's rewriter knows now, read from the server. */
  async context(prepared = false): Promise<RewriteContext> {
    const [rows] = await this.secure.query(
      'SELECT @@sql_mode AS sqlMode, @@character_set_client AS charset, @@character_set_connection AS connection, DATABASE() AS db, @@lower_case_table_names AS folding',
    );
    const [state] = rows as {
      sqlMode: string;
      charset: string;
      connection: string;
      db: string | null;
      folding: 0 | 1 | 2;
    }[];
    return {
      dialect: {
        ...this.dialect,
        sqlMode: parseSqlMode(state!.sqlMode),
        characterSetClient: state!.charset,
        lowerCaseTableNames: state!.folding,
      },
      database: state!.db,
      catalog: this.catalog,
      prepared,
      safeUpdates: false,
      characterSetConnection: state!.connection,
    };
  }

  /** Reads the schema again, as after DDL. */
  async refresh(): Promise<void> {
    const run = async (sql: string): Promise<(Buffer | null)[][]> => {
      const [rows] = await this.secure.query({ sql, rowsAsArray: true, typeCast: (field) => field.buffer() });
      return rows as unknown as (Buffer | null)[][];
    };
    const reading = await readSchema(run, this.tables, 0, this.dialect.server);
    this.catalog = { generation: this.catalog.generation + 1, ...reading };
  }

  private async fill(): Promise<void> {
    for (const [table, keys] of Object.entries(TABLES)) {
      // The plain application has one tenant; the protected one's sessions bring theirs.
      const columns = COLUMNS.map(({ name, plain }) => `\`${name}\` ${plain}`)
        .join(', ')
        .replace("DEFAULT ''", `DEFAULT '${TENANT}'`);
      await this.plain.query(`CREATE TABLE ${table} (${columns}, ${keys}) DEFAULT CHARSET utf8mb4`);
      const physical = COLUMNS.map((column) =>
        column.type === undefined
          ? `\`${column.name}\` ${column.plain}`
          : `\`${column.physical ?? column.name}\` varbinary(2000)`,
      ).join(', ');
      await this.secure.query(`CREATE TABLE ${table} (${physical}, ${keys}) DEFAULT CHARSET utf8mb4`);
      const rows = Buffer.from(ROWS).toString('latin1');
      await this.plain.query(`INSERT INTO ${table} ${rows.replaceAll("'T'", `'${TENANT}'`)}`);
      await this.plain.query(`CREATE TABLE source_${table} LIKE ${table}`);
      await this.plain.query(`INSERT INTO source_${table} ${rows.replaceAll("'T'", `'${OTHER_TENANT}'`)}`);
      for (const tenant of [TENANT, OTHER_TENANT]) {
        const source = tenant === TENANT ? table : `source_${table}`;
        const shift = table === 'shared' && tenant === OTHER_TENANT ? 100 : 0;
        const names = COLUMNS.filter(({ plain }) => !plain.includes('GENERATED'));
        const values = names.map(({ name, type }) => {
          if (name === 'id') return `id + ${shift}`;
          if (name === 'username' && tenant === OTHER_TENANT) return `CONCAT('${CANARY}', username)`;
          if (type === undefined) return `\`${name}\``;
          const bytes = type.kind === 'binary' ? `\`${name}\`` : `CONVERT(\`${name}\` USING utf8mb4)`;
          return `AES_ENCRYPT(${bytes}, X'${KEYS[tenant]!.toString('hex')}')`;
        });
        const list = names.map(({ name, physical: p }) => `\`${p ?? name}\``).join(', ');
        await this.secure.query(
          `INSERT INTO ${table} (${list}) SELECT ${values.join(', ')} FROM \`${this.databases[0]!.name}\`.${source}`,
        );
      }
    }
    for (const connection of [this.plain, this.secure]) {
      await connection.query(
        'CREATE TABLE notes (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200), n INT)',
      );
      await connection.query("INSERT INTO notes VALUES (1, 'ann@x.com', 1), (2, 'nobody', 2)");
    }
    await this.secure.execute('SET @__tc_key = ?', [KEYS[TENANT]!]);
    for (const sql of setupStatements(this.tables, this.dialect.server)) await this.secure.query(sql);
    await this.refresh();
    this.baseline = await this.otherTenants();
  }

  private async hexRows(connection: Connection, sql: string): Promise<string> {
    const [rows] = await connection.query({ sql, rowsAsArray: true, typeCast: (field) => field.buffer() });
    return (rows as unknown as (Buffer | null)[][])
      .map((row) => row.map((value) => (value === null ? 'NULL' : value.toString('latin1'))).join('|'))
      .join('\n');
  }

  /** Every column of every row of the tenant, decrypted, as hexadecimal digits. */
  async contents(side: 'plain' | 'secure', table: string): Promise<string> {
    const columns = COLUMNS.map(({ name, type, physical }) => {
      if (type === undefined) return `HEX(CONVERT(\`${name}\` USING utf8mb4))`;
      if (side === 'plain')
        return type.kind === 'binary' ? `HEX(\`${name}\`)` : `HEX(CONVERT(\`${name}\` USING utf8mb4))`;
      return `HEX(AES_DECRYPT(\`${physical ?? name}\`, @__tc_key))`;
    });
    return await this.hexRows(
      side === 'plain' ? this.plain : this.secure,
      `SELECT ${columns.join(', ')} FROM ${table} WHERE CAST(tenant_id AS BINARY) = '${TENANT}' ORDER BY id, username`,
    );
  }

  /** Rows of all others than the tenant, as they lie in the tables. */
  private async otherTenants(): Promise<string> {
    const tables = Object.keys(TABLES).map(
      async (table) =>
        await this.hexRows(
          this.secure,
          `SELECT ${COLUMNS.map(({ name, physical }) => `HEX(\`${physical ?? name}\`)`).join(', ')} FROM ${table} WHERE CAST(tenant_id AS BINARY) <> '${TENANT}' ORDER BY id, tenant_id`,
        ),
    );
    return (await Promise.all(tables)).join('\n--\n');
  }

  /** What lies in the table is ciphertext under the tenant's key or NULL; all other tenants' rows are as before. */
  async expectIntact(): Promise<void> {
    for (const table of Object.keys(TABLES)) {
      const conditions = COLUMNS.filter(({ type }) => type !== undefined).map(({ name, physical }) => {
        const column = `\`${physical ?? name}\``;
        return `NOT (${column} IS NULL OR IFNULL(AES_ENCRYPT(AES_DECRYPT(${column}, @__tc_key), @__tc_key) = ${column}, 0))`;
      });
      const broken = await this.hexRows(
        this.secure,
        `SELECT id FROM ${table} WHERE CAST(tenant_id AS BINARY) = '${TENANT}' AND (${conditions.join(' OR ')})`,
      );
      expect(broken, `rows of ${table} whose physical columns are no ciphertext`).toBe('');
    }
    expect(await this.otherTenants(), 'rows of the other tenant').toBe(this.baseline);
  }

  /** The protected table that a statement names first, for what is compared afterwards. */
  private static tableOf(sql: string | Buffer): string {
    return /\b(users|shared)\b/.exec(sql.toString())?.[0] ?? 'users';
  }

  /** The rows of all tables. */
  private async everything(side: 'plain' | 'secure'): Promise<string> {
    const protectedTables = Object.keys(TABLES).map(
      async (table) => `${table}:\n${await this.contents(side, table)}`,
    );
    const notes = this.hexRows(
      side === 'plain' ? this.plain : this.secure,
      "SELECT 'notes', id, text, n FROM notes ORDER BY id",
    );
    return [...(await Promise.all(protectedTables)), await notes].join('\n');
  }

  private async effect(connection: Connection, sql: string): Promise<Effect> {
    const side = connection === this.plain ? 'plain' : 'secure';
    let errno: number | null = null;
    let header: ResultSetHeader | null = null;
    try {
      const [result] = await connection.query(sql);
      header = Array.isArray(result) ? null : (result as ResultSetHeader);
    } catch (error) {
      const { errno: number, sqlMessage } = error as { errno?: number; sqlMessage?: string };
      if (number === undefined) throw error;
      // As the session says it.
      errno = (number === 1690 ? raisedError(sqlMessage ?? '')?.errno : undefined) ?? number;
    }
    return {
      errno,
      affectedRows: header?.affectedRows ?? null,
      insertId: header?.insertId ?? null,
      // The session counts the warnings of values that are cut (value-warnings.test.ts).
      info: header?.info?.replace(/ {2}Warnings: \d+$/, '') ?? null,
      contents: await this.everything(side),
    };
  }

  /** What the rewriter makes of a statement in the session's present state. */
  async outcome(sql: string | Buffer, prepared = false): Promise<Outcome> {
    return outcomeOf(this.rewriter, sql, await this.context(prepared), TENANT);
  }

  /** Takes what lies in the tables now for what has to stay. */
  async rebase(): Promise<void> {
    this.baseline = await this.otherTenants();
  }

  /** The bytes of the statement that `outcome` has just rewritten, one a character. */
  private rewritten(): string {
    const key = new TenantKey(Buffer.from(KEYS[TENANT]!), '1');
    const cipher = new ConstantCipher(key);
    try {
      const constants = this.constants === 'proxy' ? { constants: cipher } : {};
      return this.rewriter.fill({ tenant: TENANT, ...constants }, 0).toString('latin1');
    } finally {
      cipher.dispose();
      key.dispose();
    }
  }

  /**
   * Runs a statement, as the rewriter has it, that must not harm: whether it fails or not, what lies in the table is
   * ciphertext and the other tenant's rows are as they were.
   */
  async attack(sql: string | Buffer): Promise<Outcome & { errno?: number; rows?: string }> {
    const outcome = await this.outcome(sql);
    if (outcome.outcome === 'refused') return outcome;
    const statement =
      outcome.outcome === 'rewritten' ? this.rewritten() : Buffer.from(sql).toString('latin1');
    await this.secure.query('START TRANSACTION');
    try {
      const [result] = await this.secure.query(statement);
      const rows = JSON.stringify(result);
      expect(rows, 'what the statement returns').not.toContain(CANARY);
      expect(rows, 'what the statement returns').not.toContain(KEYS[TENANT]!.toString('latin1'));
      return { ...outcome, rows };
    } catch (error) {
      const { errno } = error as { errno?: number };
      if (errno === undefined) throw error;
      return { ...outcome, errno };
    } finally {
      await this.expectIntact();
      await this.secure.query('ROLLBACK');
    }
  }

  /** Runs a statement on the plain table and, rewritten, on the protected one; expects the same, and intact rows. */
  async check(test: WriteCase): Promise<void> {
    const table = WriteLab.tableOf(test.sql);
    const bytes = Buffer.from(test.sql).toString('latin1');
    const both = [this.plain, this.secure];
    try {
      for (const connection of both) {
        for (const sql of test.setup ?? []) await connection.query(sql);
        await connection.query('START TRANSACTION');
      }
      const expected = await this.effect(this.plain, bytes);
      if (test.errno !== undefined) expect(expected.errno, 'the plain table').toBe(test.errno);
      const outcome = await this.outcome(test.sql);
      const before = await this.everything('secure');
      let actual: Effect;
      if (outcome.outcome === 'rewritten') {
        actual = await this.effect(this.secure, this.rewritten());
      } else if (outcome.outcome === 'forwarded') {
        actual = await this.effect(this.secure, bytes);
      } else if (test.refused !== undefined) {
        expect(outcome.code).toBe(test.refused);
        return;
      } else if (test.otherError === true) {
        expect(expected.errno).not.toBeNull();
        return;
      } else {
        const errno = Number(outcome.code);
        if (Number.isNaN(errno)) expect.fail(`refused: ${outcome.code} ${outcome.message}`);
        actual = { errno, affectedRows: null, insertId: null, info: null, contents: before };
      }
      await this.expectIntact();
      if (test.refused !== undefined)
        expect(outcome).toMatchObject({ outcome: 'refused', code: test.refused });
      if (test.otherError === true) {
        expect(expected.errno).not.toBeNull();
        expect(actual.errno).not.toBeNull();
        expect(actual.contents).toBe(expected.contents);
        return;
      }
      expect(differences(expected, actual).join('\n'), describeOutcome(outcome)).toBe('');
    } finally {
      for (const connection of both) {
        await connection.query('ROLLBACK');
        if (/^\s*(insert|replace)/i.test(bytes))
          await connection.query(`ALTER TABLE ${table} AUTO_INCREMENT = 200`);
        if (test.setup !== undefined) {
          await connection.query('SET sql_mode = DEFAULT, @@SESSION.sql_safe_updates = 0, NAMES utf8mb4');
        }
      }
    }
  }
}

function describeOutcome(outcome: Outcome): string {
  return outcome.outcome === 'rewritten' ? outcome.sql : JSON.stringify(outcome);
}
