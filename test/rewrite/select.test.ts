import { describe, expect, it } from 'vitest';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { brief } from '../support/brief-views.js';
import {
  CATALOG,
  context,
  MARIADB,
  MYSQL,
  newRewriter,
  outcomeOf,
  protectedColumn,
  USERS,
} from '../support/rewrite.js';

const rewriter = newRewriter();

function rewritten(sql: string, dialect = MYSQL): string {
  const outcome = outcomeOf(rewriter, sql, context(dialect));
  return outcome.outcome === 'rewritten' ? brief(outcome.sql) : JSON.stringify(outcome);
}

const EMAIL = (k: string): string => `\`encrypted_email\`=AES_ENCRYPT(CONVERT(${k} USING utf8mb4))`;

describe('the whole text of a tenant view', () => {
  it('decrypts the tenant’s rows under the application’s names', () => {
    expect(outcomeOf(rewriter, 'SELECT email FROM users WHERE id = 5', context())).toEqual({
      outcome: 'rewritten',
      sql:
        'SELECT email FROM (SELECT `users`.`id` AS `id`,' +
        "LEFT(CONVERT(AES_DECRYPT(IF(CAST(`users`.`tenant_id` AS BINARY)='t1',`users`.`encrypted_email`,NULL),@__tc_key) USING utf8mb4),255) AS `email`" +
        " FROM `tenant_app`.`users` AS `users` WHERE `users`.`tenant_id`='t1' AND CAST(`users`.`tenant_id` AS BINARY)='t1') AS `users` WHERE id = 5",
    });
  });

  it.each([
    [MYSQL, '(CAST(', ' AS DECIMAL(10)) DIV 1)'],
    [MARIADB, 'CAST(CAST(', ' AS DECIMAL(10)) AS SIGNED)'],
  ])('gives integers and binary strings their declared length', (dialect, before, after) => {
    const outcome = outcomeOf(rewriter, 'SELECT * FROM vault', context(dialect));
    expect(outcome).toMatchObject({
      sql: expect.stringContaining(
        `${before}AES_DECRYPT(IF(CAST(\`vault\`.\`tenant_id\` AS BINARY)='t1',\`vault\`.\`age\`,NULL),@__tc_key)${after} AS \`age\`,` +
          "LEFT(CAST(AES_DECRYPT(IF(CAST(`vault`.`tenant_id` AS BINARY)='t1',`vault`.`blob`,NULL),@__tc_key) AS BINARY),8) AS `blob`",
      ),
    });
  });

  it.each([
    [MYSQL, 'LEFT(IF(0,@__tc_c_utf8mb4_bin,AES_DECRYPT(', ')),255) AS `email`'],
    [
      MARIADB,
      'LEFT(CAST(AES_DECRYPT(',
      ') AS CHAR CHARACTER SET utf8mb4 COLLATE utf8mb4_bin),255) AS `email`',
    ],
  ])('gives a declared collation its implicit form', (dialect, before, after) => {
    const type = {
      kind: 'string',
      base: 'varchar',
      length: 255,
      charset: 'utf8mb4',
      collation: 'utf8mb4_bin',
    } as const;
    const collated = new SqlRewriter({
      tables: [
        {
          ...USERS,
          columns: new Map([
            protectedColumn('email', 'encrypted_email', type),
            protectedColumn('phone', 'encrypted_phone'),
          ]),
        },
      ],
      tenantVariable: null,
      parseDepth: 500,
      planCacheBytes: 1 << 20,
      calls: [],
      inlineReads: false,
    });
    const outcome = outcomeOf(collated, 'SELECT email FROM users', context(dialect));
    const column = "IF(CAST(`users`.`tenant_id` AS BINARY)='t1',`users`.`encrypted_email`,NULL),@__tc_key";
    expect(outcome).toMatchObject({ sql: expect.stringContaining(before + column + after) });
  });

  it('has no tenant in it without a tenant column', () => {
    const shared = new SqlRewriter({
      tables: [{ ...USERS, tenantColumn: undefined }],
      tenantVariable: null,
      parseDepth: 500,
      planCacheBytes: 1 << 20,
      calls: [],
      inlineReads: false,
    });
    expect(outcomeOf(shared, 'SELECT email FROM users u', context())).toMatchObject({
      sql: expect.stringMatching(
        /AES_DECRYPT\(`u`\.`encrypted_email`,@__tc_key\).* FROM `tenant_app`\.`users` AS `u`\) AS `u`$/,
      ),
    });
  });

  it('quotes a tenant that holds a quote', () => {
    expect(outcomeOf(rewriter, 'SELECT 1 FROM users', context(), "t'1")).toMatchObject({
      sql: expect.stringContaining("WHERE `users`.`tenant_id`='t''1' AND"),
    });
  });
});

describe('references', () => {
  it.each([
    ['SELECT * FROM users', 'SELECT * FROM «users users»'],
    ['SELECT u.email FROM users u', 'SELECT u.email FROM «users(email) u»'],
    ['SELECT u.email FROM tenant_app.users AS u', 'SELECT u.email FROM «users(email) u»'],
    ['SELECT 1 FROM `tenant_app`.`users`', 'SELECT 1 FROM «users(tenant_id) users»'],
    ['SELECT tenant_app.users.email FROM tenant_app.users', 'SELECT users.email FROM «users(email) users»'],
    ['SELECT tenant_app . users . email FROM users', 'SELECT users . email FROM «users(email) users»'],
    ['SELECT tenant_app.users.* FROM users', 'SELECT users.* FROM «users users»'],
    ['SELECT EMAIL FROM users', 'SELECT EMAIL AS `EMAIL` FROM «users(email) users»'],
    ['SELECT email e FROM users', 'SELECT email e FROM «users(email) users»'],
    [
      'SELECT 1 FROM users PARTITION (p0) u USE INDEX (t)',
      'SELECT 1 FROM «users(tenant_id) u PARTITION (p0) USE INDEX (t)»',
    ],
    ['SELECT 1 FROM users u, vault v', 'SELECT 1 FROM «users(tenant_id) u», «vault(tenant_id) v»'],
    [
      'SELECT 1 FROM users u JOIN orders o USING (id)',
      'SELECT 1 FROM «users(id) u» JOIN orders o USING (id)',
    ],
    [
      'SELECT 1 FROM orders o LEFT JOIN users u ON u.id = o.id',
      'SELECT 1 FROM orders o LEFT JOIN «users(id) u» ON u.id = o.id',
    ],
    [
      'SELECT 1 FROM users u JOIN users v ON v.email = u.email',
      'SELECT 1 FROM «users(email) u barrier» JOIN «users(email) v barrier» ON v.email = u.email',
    ],
    ['SELECT (SELECT email FROM users) x', 'SELECT (SELECT email FROM «users(email) users») x'],
    [
      'SELECT (SELECT email FROM users)',
      'SELECT (SELECT email FROM «users(email) users») AS `(SELECT email FROM users)`',
    ],
    ['SELECT 1 FROM (SELECT id FROM users) d', 'SELECT 1 FROM (SELECT id FROM «users(id) users») d'],
    [
      'SELECT 1 FROM orders WHERE id IN (SELECT id FROM users)',
      'SELECT 1 FROM orders WHERE id IN (SELECT id FROM «users(id) users»)',
    ],
    [
      'SELECT id FROM users UNION SELECT id FROM vault ORDER BY 1',
      'SELECT id FROM «users(id) users» UNION SELECT id FROM «vault(id) vault» ORDER BY 1',
    ],
    ['TABLE users ORDER BY id', 'SELECT * FROM «users users» ORDER BY id'],
    [
      'WITH c AS (SELECT id FROM users) SELECT * FROM c',
      'WITH c AS (SELECT id FROM «users(id) users») SELECT * FROM c',
    ],
    [
      'WITH users AS (SELECT id FROM users) SELECT * FROM users',
      'WITH users AS (SELECT id FROM «users(id) users») SELECT * FROM users',
    ],
    ['EXPLAIN SELECT id FROM users', 'EXPLAIN SELECT id FROM «users(id) users»'],
    [
      'SELECT /* why */ email -- because\nFROM users',
      'SELECT /* why */ email -- because\nFROM «users(email) users»',
    ],
    ['SELECT 1 FROM users;', 'SELECT 1 FROM «users(tenant_id) users»;'],
  ])('%s', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected);
  });

  it('takes the words of an alias as they are quoted', () => {
    expect(rewritten('SELECT `a``b`.email FROM users `a``b`')).toMatch(/\) AS `a``b`$/);
  });
});

describe('the merge barrier', () => {
  it.each([
    [
      'SELECT email, COUNT(*) FROM users GROUP BY email',
      'SELECT email, COUNT(*) FROM «users(email) users» GROUP BY email',
    ],
    [
      'SELECT email FROM users GROUP BY email HAVING COUNT(*) > 1',
      'SELECT email FROM «users(email) users barrier» GROUP BY email HAVING COUNT(*) > 1',
    ],
    [
      'SELECT email FROM users GROUP BY email WITH ROLLUP',
      'SELECT email FROM «users(email) users barrier» GROUP BY email WITH ROLLUP',
    ],
    ['SELECT 1 FROM users NATURAL JOIN orders', 'SELECT 1 FROM «users users barrier» NATURAL JOIN orders'],
    [
      'SELECT 1 FROM users JOIN orders USING (email)',
      'SELECT 1 FROM «users(email) users barrier» JOIN orders USING (email)',
    ],
    [
      'SELECT 1 FROM users u WHERE u.email = u.username',
      'SELECT 1 FROM «users(username,email) u barrier» WHERE u.email = u.username',
    ],
    [
      'SELECT 1 FROM users u WHERE u.id = 3 AND u.email > 1',
      'SELECT 1 FROM «users(id,email) u» WHERE u.id = 3 AND u.email > 1',
    ],
    [
      "SELECT 1 FROM users u, JSON_TABLE(u.username, '$' COLUMNS (a INT PATH '$')) j",
      "SELECT 1 FROM «users(username) u barrier», JSON_TABLE(u.username, '$' COLUMNS (a INT PATH '$')) j",
    ],
    [
      "SELECT id FROM users u WHERE (SELECT 1 FROM JSON_TABLE(u.username, '$' COLUMNS (a INT PATH '$')) j)",
      "SELECT id FROM «users(id,username) u barrier» WHERE (SELECT 1 FROM JSON_TABLE(u.username, '$' COLUMNS (a INT PATH '$')) j)",
    ],
    [
      'SELECT 1 FROM orders WHERE e NOT IN (SELECT email FROM users)',
      'SELECT 1 FROM orders WHERE e NOT IN (SELECT email FROM «users(email) users barrier»)',
    ],
  ])('%s', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected);
  });
});

describe('equality by ciphertext', () => {
  it.each([
    ["WHERE email = 'a'", `| ${EMAIL("'a'")}`],
    ["WHERE 'a' = email AND id > 3", `| ${EMAIL("'a'")}`],
    ["WHERE ((email) = ('a'))", `| ${EMAIL("'a'")}`],
    ["WHERE email = 'a' 'b'", `| ${EMAIL("'a' 'b'")}`],
    [
      "WHERE email IN ('a', 'b')",
      "| `encrypted_email` IN (AES_ENCRYPT(CONVERT('a' USING utf8mb4)),AES_ENCRYPT(CONVERT('b' USING utf8mb4)))",
    ],
    ["WHERE email IN ('a', NULL)", `| ${EMAIL("'a'")}`],
    ["WHERE email <=> 'a'", "| `encrypted_email`<=>AES_ENCRYPT(CONVERT('a' USING utf8mb4))"],
    [
      "WHERE email = 'a' AND phone = 'b'",
      `| \`encrypted_phone\`=AES_ENCRYPT(CONVERT('b' USING utf8mb4)) & ${EMAIL("'a'")}`,
    ],
    ["WHERE email = 'a' OR id = 1", `| (${EMAIL("'a'")} OR \`id\`=1)`],
    ["WHERE email = 'a' OR id > 1", ''],
    ["WHERE email = 'a' OR (id = 1 AND id > 0)", `| (${EMAIL("'a'")} OR (\`id\`=1))`],
    [
      "WHERE (email, id) IN (('a', 1), ('b', 2))",
      `| ((${EMAIL("'a'")} & \`id\`=1) OR (${EMAIL("'b'")} & \`id\`=2))`,
    ],
    ["WHERE (email, id + 1) = ('a', 1)", `| (${EMAIL("'a'")})`],
    ["WHERE (email, id) = ('a', 1)", `| (${EMAIL("'a'")} & \`id\`=1)`],
    ['WHERE email = @v', `| (${EMAIL('@v')} OR CHARSET(@v)='binary')`],
    ["WHERE NOT email = 'a'", ''],
    ["WHERE email <> 'a'", ''],
    ["WHERE email LIKE 'a'", ''],
    ['WHERE email = 5', ''],
    ["WHERE email = _latin1'a'", ''],
    ["WHERE email = 'a' COLLATE utf8mb4_bin", ''],
    ['WHERE email = NULL', ''],
    ['WHERE email <=> NULL', ''],
    ["WHERE UPPER(email) = 'A'", ''],
    ["HAVING email = 'a'", 'barrier'],
  ])('SELECT id FROM users u %s', (tail, expected) => {
    const columns = tail.includes('phone') ? 'id,email,phone' : 'id,email';
    const view = `«users(${columns}) u${expected === '' ? '' : ` ${expected}`}»`;
    expect(rewritten(`SELECT id FROM users u ${tail}`)).toBe(`SELECT id FROM ${view} ${tail}`);
  });

  it.each([
    ['30', "'30'"],
    ["'030'", "'30'"],
    ['30.0', "'30'"],
    ['0x1E', "'30'"],
    ['-30', "'-30'"],
    ['-0', "'0'"],
    ["' 30 '", "'30'"],
  ])('brings %s to the stored form of an integer', (constant, stored) => {
    expect(rewritten(`SELECT id FROM vault WHERE age = ${constant}`)).toContain(
      `| \`age\`=AES_ENCRYPT(CONVERT(${stored.replaceAll("'", '')} USING utf8mb4))»`,
    );
  });

  it.each(['30.5', "'abc'", '3e1'])('lets the predicate decide alone on age = %s', (constant) => {
    expect(rewritten(`SELECT id FROM vault WHERE age = ${constant}`)).not.toContain('AES_ENCRYPT');
  });

  it('is not used where the declared collation must decide', () => {
    expect(rewritten("SELECT id FROM vault WHERE secret = 'a'")).toBe(
      "SELECT id FROM «vault(id,secret) vault» WHERE secret = 'a'",
    );
  });

  it('reaches into ON, but <=> never to a side that a join may extend', () => {
    expect(rewritten("SELECT 1 FROM o LEFT JOIN users u ON u.email = 'a'")).toContain(EMAIL("'a'"));
    expect(rewritten("SELECT 1 FROM o LEFT JOIN users u ON u.id = 1 WHERE u.email = 'a'")).toContain(
      EMAIL("'a'"),
    );
    expect(rewritten("SELECT 1 FROM o LEFT JOIN users u ON u.id = 1 WHERE u.email <=> 'a'")).not.toContain(
      'AES_ENCRYPT',
    );
    expect(rewritten("SELECT 1 FROM users u RIGHT JOIN o ON u.email = 'a'")).not.toContain('AES_ENCRYPT');
  });

  it('leaves merged columns of USING alone', () => {
    expect(rewritten("SELECT 1 FROM o LEFT JOIN users u USING (email) WHERE email = 'a'")).not.toContain(
      'AES_ENCRYPT',
    );
  });
});

describe('locking', () => {
  it.each([
    ['SELECT id FROM users FOR UPDATE', 'SELECT id FROM «users(id) users FOR UPDATE» FOR UPDATE'],
    [
      'SELECT id FROM users FOR SHARE SKIP LOCKED',
      'SELECT id FROM «users(id) users FOR SHARE SKIP LOCKED» FOR SHARE SKIP LOCKED',
    ],
    [
      'SELECT id FROM users LOCK IN SHARE MODE',
      'SELECT id FROM «users(id) users LOCK IN SHARE MODE» LOCK IN SHARE MODE',
    ],
    ['SELECT 1 FROM users u, o FOR UPDATE OF u', 'SELECT 1 FROM «users(tenant_id) u FOR UPDATE», o '],
    [
      'SELECT 1 FROM users u, o FOR UPDATE OF u, o NOWAIT',
      'SELECT 1 FROM «users(tenant_id) u FOR UPDATE NOWAIT», o FOR UPDATE OF o NOWAIT',
    ],
    ['SELECT 1 FROM users u, o FOR UPDATE OF o', 'SELECT 1 FROM «users(tenant_id) u», o FOR UPDATE OF o'],
    ['(SELECT id FROM users) FOR UPDATE', '(SELECT id FROM «users(id) users FOR UPDATE») FOR UPDATE'],
    [
      'SELECT 1 FROM (SELECT id FROM users) d FOR UPDATE',
      'SELECT 1 FROM (SELECT id FROM «users(id) users») d FOR UPDATE',
    ],
  ])('%s', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected);
  });
});

describe('MySQL’s semijoins in the ON of an outer join', () => {
  const sql = 'SELECT 1 FROM users u LEFT JOIN o ON o.id IN (SELECT id FROM p)';
  it('are hinted away on MySQL alone', () => {
    expect(rewritten(sql)).toBe(
      'SELECT 1 FROM «users(id) u» LEFT JOIN o ON o.id IN (SELECT /*+ NO_SEMIJOIN() */ id FROM p)',
    );
    expect(rewritten(sql, MARIADB)).toBe(
      'SELECT 1 FROM «users(id) u» LEFT JOIN o ON o.id IN (SELECT id FROM p)',
    );
  });
});

describe('refusals', () => {
  it.each([
    ['SELECT 1 FROM users, other.users', 'TC_UNSUPPORTED_SQL', 14],
    ["SELECT email FROM users INTO OUTFILE '/tmp/x'", 'TC_PLAINTEXT_ESCAPE', 24],
    ['SELECT email FROM users INTO @x', 'TC_PLAINTEXT_ESCAPE', 24],
    ['SELECT @x := email FROM users', 'TC_PLAINTEXT_ESCAPE', 0],
    ["SELECT 'a' /*!50000 FROM users */u", 'TC_UNSUPPORTED_SQL', 11],
    // A stored function may write what it is given.
    ['SELECT log_it(email) FROM users', 'TC_PLAINTEXT_ESCAPE', 7],
    ['SELECT app.log_it(e) FROM (SELECT email AS e FROM users) d', 'TC_PLAINTEXT_ESCAPE', 7],
    ['SELECT id FROM users UNION SELECT 1 FOR UPDATE', 'TC_UNSUPPORTED_SQL', 36],
    ["SELECT 1 FROM users WHERE MATCH (email) AGAINST ('x')", 'TC_UNSUPPORTED_SQL', 26],
    ['SELECT * FROM user_view', 'TC_UNSUPPORTED_SQL', 14],
    ['SELECT @__tc_key FROM users', 'TC_RESERVED_NAME', 7],
    ['WITH Users AS (SELECT 1) SELECT * FROM users', 'TC_UNSUPPORTED_SQL', 39],
  ])('%s', (sql, code, position) => {
    expect(outcomeOf(rewriter, sql, context())).toMatchObject({ outcome: 'refused', code, position });
  });

  it('a CHAR column under PAD_CHAR_TO_FULL_LENGTH, where it is read', () => {
    const type = {
      kind: 'string',
      base: 'char',
      length: 5,
      charset: 'utf8mb4',
      collation: undefined,
    } as const;
    const columns = new Map([
      protectedColumn('email', 'encrypted_email'),
      protectedColumn('phone', 'encrypted_phone', type),
    ]);
    const padded = new SqlRewriter({
      tables: [{ ...USERS, columns }],
      tenantVariable: null,
      parseDepth: 500,
      planCacheBytes: 1 << 20,
      calls: [],
      inlineReads: false,
    });
    const mode = { ...MYSQL, sqlMode: parseSqlMode('PAD_CHAR_TO_FULL_LENGTH') };
    const read = 'SELECT phone FROM users';
    expect(outcomeOf(padded, read, context(mode))).toMatchObject({ code: 'TC_UNSUPPORTED_SQL' });
    expect(outcomeOf(padded, 'SELECT email FROM users', context(mode))).toMatchObject({
      outcome: 'rewritten',
    });
    expect(outcomeOf(padded, read, context())).toMatchObject({ outcome: 'rewritten' });
  });

  it('says what is missing from the schema', () => {
    const empty = { ...CATALOG, generation: 2, tables: new Map() };
    expect(outcomeOf(rewriter, 'SELECT 1 FROM users', context(MYSQL, { catalog: empty }))).toMatchObject({
      outcome: 'refused',
      code: 'TC_SCHEMA',
    });
  });
});

describe('functions of the servers’ own', () => {
  it.each([
    ['LENGTH(email)', 'email'],
    ["INSTR(email, 'a')", 'email'],
    ['QUOTE(email)', 'email'],
    ['ROUND(id)', 'id'],
    ['MONTH(email)', 'email'],
    ['FORMAT(id, 1)', 'id'],
    ['SPACE(3)', 'tenant_id'],
    ['COS(id)', 'id'],
  ])('may read what is protected: %s', (call, column) => {
    expect(rewritten(`SELECT ${call} FROM users`)).toBe(`SELECT ${call} FROM «users(${column}) users»`);
  });
});

describe('forwarded', () => {
  it.each([
    'SELECT 1',
    'SELECT email FROM customers',
    'SELECT users FROM t',
    "SELECT 'users'",
    'SELECT * FROM other.users',
    'WITH users AS (SELECT 1) SELECT * FROM users',
    'SELECT users.x FROM t AS users',
  ])('%s', (sql) => {
    expect(outcomeOf(rewriter, sql, context())).toEqual({ outcome: 'forwarded' });
  });

  it('has no protected table without a schema', () => {
    expect(outcomeOf(rewriter, 'SELECT * FROM users', context(MYSQL, { database: null }))).toEqual({
      outcome: 'forwarded',
    });
  });
});
