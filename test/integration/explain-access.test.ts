import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import type { ProtectedTable } from '../../src/rewrite/protected-table.js';
import { setupStatements } from '../../src/rewrite/setup-statements.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import { noPadBinary } from '../support/read-data.js';
import { readCatalog } from '../support/read-judge.js';
import { forEachServer } from '../support/servers.js';

/** Rows of one tenant; the tables hold ten. */
const ROWS = 2_000;

interface Access {
  readonly table: string;
  readonly type: string;
  readonly key: string | null;
}

forEachServer((_name, getServer) => {
  const { kind } = getServer();
  let plainDb: TestDatabase;
  let protectedDb: TestDatabase;
  let plain: Connection;
  let ours: Connection;
  let rewrite: (sql: string) => string;

  beforeAll(async () => {
    plainDb = await createDatabase(getServer(), 'explain_plain');
    protectedDb = await createDatabase(getServer(), 'explain_ours');
    const admin = await adminConnection(getServer());
    const collation = noPadBinary(kind);
    const table = (email: string): string =>
      `(id int NOT NULL PRIMARY KEY, tenant_id varchar(64) NOT NULL, username varchar(100) NOT NULL, ${email}, n int, KEY t (tenant_id, id), KEY e (email), KEY u (username))`;
    try {
      await admin.query('SET SESSION cte_max_recursion_depth = 100000').catch(() => undefined);
      await admin.query('SET SESSION max_recursive_iterations = 100000').catch(() => undefined);
      await admin.query(
        `CREATE TABLE ${plainDb.name}.users ${table(`email varchar(255) COLLATE ${collation}`)}`,
      );
      await admin.query(
        `CREATE TABLE ${protectedDb.name}.users ${table('email varbinary(1040)').replace('KEY e (email)', 'KEY e (email(255))')}`,
      );
      const rows = (count: number, tenants: string): string =>
        `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i, ${tenants}, CONCAT('user', i), CONCAT('mail', i, '@x.com'), i % 100 FROM n`;
      await admin.query(`INSERT INTO ${plainDb.name}.users ${rows(ROWS, "'t1'")}`);
      await admin.query("SET @k = 'key'");
      await admin.query(
        `INSERT INTO ${protectedDb.name}.users ${rows(ROWS * 10, "CONCAT('t', (i - 1) DIV 2000 + 1)")}`.replace(
          "CONCAT('mail', i, '@x.com')",
          "AES_ENCRYPT(CONCAT('mail', i, '@x.com'), @k)",
        ),
      );
      for (const db of [plainDb.name, protectedDb.name]) {
        await admin.query(
          `CREATE TABLE ${db}.orders (id int NOT NULL PRIMARY KEY, user_id int NOT NULL, amount int, KEY u (user_id))`,
        );
        await admin.query(`INSERT INTO ${db}.orders SELECT id, id, id % 7 FROM ${plainDb.name}.users`);
        await admin.query(`ANALYZE TABLE ${db}.users, ${db}.orders`);
      }
    } finally {
      await admin.end();
    }
    const tables: ProtectedTable[] = [
      {
        schema: protectedDb.name,
        table: 'users',
        tenantColumn: 'tenant_id',
        columns: new Map([
          [
            'email',
            {
              logical: 'email',
              physical: 'email',
              equality: 'exact',
              type: { kind: 'string', base: 'varchar', length: 255, charset: 'utf8mb4', collation },
            },
          ],
        ]),
      },
    ];
    const [major = 0, minor = 0, patch = 0] = getServer().version.split(/[.-]/).map(Number);
    const server = { kind, version: major * 10_000 + minor * 100 + patch };
    const options = { charset: 'utf8mb4', rowsAsArray: false };
    plain = await adminConnection(getServer(), { ...options, database: plainDb.name });
    ours = await adminConnection(getServer(), { ...options, database: protectedDb.name });
    for (const connection of [plain, ours]) {
      await connection.query(`SET @mail = CONVERT('mail7@x.com' USING utf8mb4) COLLATE ${collation}`);
    }
    for (const sql of setupStatements(tables, server)) await ours.query(sql);
    await ours.execute('SET @__tc_key = ?', [Buffer.from('key')]);
    const reader = await adminConnection(getServer(), { rowsAsArray: true });
    const catalog = await readCatalog(reader, tables, server);
    await reader.end();
    const rewriter = new SqlRewriter({
      tables,
      tenantVariable: null,
      parseDepth: 500,
      planCacheBytes: 1 << 20,
      calls: [],
    });
    const dialect = {
      server,
      sqlMode: parseSqlMode('STRICT_TRANS_TABLES'),
      characterSetClient: 'utf8mb4',
      lowerCaseTableNames: 0,
    } as const;
    const context = { dialect, database: protectedDb.name, catalog, prepared: false, safeUpdates: false };
    rewrite = (sql) => {
      const bytes = Buffer.from(sql);
      const { plan } = rewriter.analyse(bytes, 0, bytes.length, context);
      if (plan.outcome !== 'rewrite') throw new Error(`${plan.outcome}: ${sql}`);
      return rewriter.fill({ tenant: 't1' }, 0).toString('utf8');
    };
  });
  afterAll(async () => {
    await plain?.end();
    await ours?.end();
    await plainDb?.drop();
    await protectedDb?.drop();
  });

  async function access(connection: Connection, sql: string): Promise<Access[]> {
    const explain = kind === 'mysql' ? 'EXPLAIN FORMAT=TRADITIONAL' : 'EXPLAIN';
    const [rows] = await connection.query(sql.replace(/^EXPLAIN/, explain));
    return (rows as Access[]).map(({ table, type, key }) => ({ table, type, key }));
  }

  describe('EXPLAIN shows the access type of the plain table', () => {
    it.each([
      ['point select', 'SELECT email FROM users WHERE id = 7'],
      ['point select with a star', 'SELECT * FROM users u WHERE u.id = 7'],
      ['IN over the primary key', 'SELECT id, email FROM users WHERE id IN (3, 5, 7)'],
      ['range', 'SELECT id, email FROM users WHERE id BETWEEN 10 AND 20'],
      ['equality on a protected column with an index', "SELECT id FROM users WHERE email = 'mail7@x.com'"],
      ['IN on a protected column', "SELECT id FROM users WHERE email IN ('mail7@x.com', 'mail8@x.com')"],
      ['a row of constants', "SELECT id FROM users WHERE (email, n) = ('mail7@x.com', 7)"],
      ['IN over rows', "SELECT id FROM users WHERE (email, n) IN (('mail7@x.com', 7), ('mail8@x.com', 8))"],
      [
        'OR over a protected column',
        "SELECT id FROM users WHERE email = 'mail7@x.com' OR email = 'mail8@x.com'",
      ],
      [
        'OR with another indexed column',
        "SELECT id FROM users WHERE email = 'mail7@x.com' OR username = 'user8'",
      ],
      [
        'AND inside OR',
        "SELECT id FROM users WHERE (email = 'mail7@x.com' AND n = 7) OR (username = 'user8' AND n = 8)",
      ],
      ['a user variable', 'SELECT id FROM users WHERE email = @mail'],
      ['a user variable inside OR', "SELECT id FROM users WHERE email = @mail OR username = 'user8'"],
      [
        'a derived table with the condition inside',
        "SELECT d.id FROM (SELECT id, email FROM users WHERE email = 'mail7@x.com') d",
      ],
      [
        'a CTE with the condition inside',
        "WITH d AS (SELECT id, email FROM users WHERE email = 'mail7@x.com') SELECT d.id FROM d",
      ],
      [
        'a join by a protected column',
        'SELECT u.id, o.id FROM users u JOIN users o ON o.email = u.email WHERE u.id < 5',
      ],
      [
        'a join by a protected column in WHERE',
        'SELECT u.id, o.id FROM users u, users o WHERE o.email = u.email AND u.id < 5',
      ],
      [
        'a left join by a protected column',
        'SELECT u.id, o.id FROM users u LEFT JOIN users o ON o.email = u.email AND o.n < 50 WHERE u.id < 5',
      ],
      [
        'a join by a row with a protected column',
        'SELECT u.id, o.id FROM users u JOIN users o ON (o.email, o.n) = (u.email, u.n) WHERE u.id < 5',
      ],
      [
        'a correlated subquery by a protected column',
        'SELECT u.id, (SELECT COUNT(*) FROM users o WHERE o.email = u.email) AS c FROM users u WHERE u.id < 5',
      ],
      ['UPDATE by OR', "UPDATE users SET n = 1 WHERE email = 'mail7@x.com' OR username = 'user8'"],
      ['UPDATE by a user variable', 'UPDATE users SET n = 1 WHERE email = @mail'],
      [
        'DELETE by IN over rows',
        "DELETE FROM users WHERE (email, n) IN (('mail7@x.com', 7), ('mail8@x.com', 8))",
      ],
      ['DELETE by OR', "DELETE FROM users WHERE email = 'mail7@x.com' OR username = 'user8'"],
      ['equality on another indexed column', "SELECT email FROM users WHERE username = 'user7'"],
      [
        'join by the primary key',
        'SELECT o.id, u.email FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id < 20',
      ],
      [
        'left join by the primary key',
        'SELECT o.id, u.email FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE o.id < 20',
      ],
      [
        'join from the protected table',
        'SELECT o.id, u.email FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 7',
      ],
      ['ORDER BY id DESC LIMIT', 'SELECT id, email FROM users IGNORE INDEX (t) ORDER BY id DESC LIMIT 10'],
      ['keyset pagination', 'SELECT id, email FROM users WHERE id > 1000 ORDER BY id LIMIT 10'],
      [
        'EXISTS',
        'SELECT o.id FROM orders o WHERE o.id < 9 AND EXISTS (SELECT 1 FROM users u WHERE u.id = o.user_id)',
      ],
    ])('%s', async (_what, sql) => {
      const [expected, actual] = [
        await access(plain, `EXPLAIN ${sql}`),
        await access(ours, rewrite(`EXPLAIN ${sql}`)),
      ];
      const types = (rows: readonly Access[]): string[] => rows.map(({ table, type }) => `${table}: ${type}`);
      expect(types(actual), rewrite(sql)).toEqual(types(expected));
    });
  });

  it('reads ORDER BY id DESC LIMIT backwards through the tenant’s index, without sorting', async () => {
    const [rows] = await ours.query(
      rewrite('EXPLAIN SELECT id, email FROM users ORDER BY id DESC LIMIT 10').replace(
        /^EXPLAIN/,
        kind === 'mysql' ? 'EXPLAIN FORMAT=TRADITIONAL' : 'EXPLAIN',
      ),
    );
    expect(rows).toMatchObject([{ type: 'ref', key: 't' }]);
    expect(JSON.stringify(rows)).not.toContain('filesort');
  });

  it('uses the ciphertext index for equality', async () => {
    const [row] = await access(ours, rewrite("EXPLAIN SELECT id FROM users WHERE email = 'mail7@x.com'"));
    expect(row).toMatchObject({ type: 'ref', key: 'e' });
  });

  it('uses it for an UPDATE by a row, too, where MariaDB reads a whole plain table', async () => {
    const [row] = await access(
      ours,
      rewrite("EXPLAIN UPDATE users SET n = 1 WHERE (email, n) = ('mail7@x.com', 7)"),
    );
    expect(row).toMatchObject({ type: 'range', key: 'e' });
  });

  it.each([
    'EXPLAIN UPDATE users u JOIN users o ON o.email = u.email SET u.n = 1 WHERE o.id < 5',
    'EXPLAIN DELETE u FROM users u JOIN users o ON o.email = u.email WHERE o.id < 5',
  ])('uses it to join a table that is written: %s', async (sql) => {
    // MariaDB makes a table of its own of any derived table there.
    const rows = await access(ours, rewrite(sql));
    expect(rows.find(({ table }) => table === 'u')).toMatchObject({ type: 'ref', key: 'e' });
    expect(rows.find(({ table }) => table === 'o')).toMatchObject({ type: 'range' });
  });

  it('answers what it explains', async () => {
    const [rows] = await ours.query(rewrite("SELECT id, email FROM users WHERE email = 'mail7@x.com'"));
    expect(rows).toEqual([{ id: 7, email: 'mail7@x.com' }]);
  });
});
