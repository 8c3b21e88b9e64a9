import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const KEY = 'IFNULL(@__tc_key,EXP(9999*ISNULL(@__tc_key)))';
const encrypted = (value: string): string => `AES_ENCRYPT(CONVERT(${value} USING utf8mb4),${KEY})`;
const checked = (value: string, length: number): string =>
  `IF(IFNULL(CHAR_LENGTH(CONVERT(${value} USING utf8mb4)),IF(ISNULL(${value}),0,${length + 1}))>${length},(SELECT 1 UNION ALL SELECT 2),${encrypted(value)})`;

/** The statement, and what goes to the server for tenant t1. */
const REWRITTEN: readonly { sql: string; rewritten: string }[] = [
  {
    sql: "INSERT INTO users (username, email) VALUES ('ann', 'a@x')",
    rewritten: `INSERT INTO users (username, \`encrypted_email\`, \`tenant_id\`) VALUES ('ann', ${encrypted("'a@x'")}, 't1')`,
  },
  {
    sql: "INSERT INTO users SET email = 'a@x'",
    rewritten: `INSERT INTO users SET \`encrypted_email\` = ${encrypted("'a@x'")}, \`tenant_id\`='t1'`,
  },
  {
    sql: "insert ignore users(email)value('a'),(NULL),(DEFAULT)",
    rewritten: `insert ignore users(\`encrypted_email\`, \`tenant_id\`)value(${encrypted("'a'")}, 't1'),(NULL, 't1'),(DEFAULT, 't1')`,
  },
  {
    sql: "INSERT INTO users VALUES (1, 't1', 'ann', 'a', NULL)",
    rewritten: `INSERT INTO users (\`id\`,\`tenant_id\`,\`username\`,\`encrypted_email\`,\`encrypted_phone\`) VALUES (1, 't1', 'ann', ${encrypted("'a'")}, NULL)`,
  },
  { sql: 'INSERT INTO users () VALUES ()', rewritten: "INSERT INTO users (`tenant_id`) VALUES ('t1')" },
  { sql: 'INSERT INTO users VALUES ()', rewritten: "INSERT INTO users (`tenant_id`) VALUES ('t1')" },
  {
    sql: "INSERT INTO tenant_app.users (email) VALUES (LOWER('A'))",
    rewritten: `INSERT INTO tenant_app.users (\`encrypted_email\`, \`tenant_id\`) VALUES (${checked("LOWER('A')", 255)}, 't1')`,
  },
  {
    sql: "INSERT INTO users (email) VALUES ('a' /* c */ 'b')",
    rewritten: `INSERT INTO users (\`encrypted_email\`, \`tenant_id\`) VALUES (${encrypted("'a' 'b'")}, 't1')`,
  },
  {
    sql: "INSERT INTO vault (id, age, `blob`) VALUES (1, 3.7, X'41')",
    rewritten: `INSERT INTO vault (id, \`age\`, \`blob\`, \`tenant_id\`) VALUES (1, ${encrypted('4')}, AES_ENCRYPT(CAST(X'41' AS BINARY),${KEY}), 't1')`,
  },
  {
    sql: 'INSERT INTO users (tenant_id, email) VALUES (@tenant_id, TRUE)',
    rewritten: `INSERT INTO users (tenant_id, \`encrypted_email\`) VALUES ('t1', ${encrypted('1')})`,
  },
];

const REFUSED: readonly { sql: string; code: string; position?: number }[] = [
  { sql: 'INSERT INTO users (email) SELECT note FROM orders', code: 'TC_UNSUPPORTED_SQL', position: 26 },
  { sql: "INSERT INTO users (encrypted_email) VALUES ('a')", code: 'TC_PLAINTEXT_ESCAPE', position: 19 },
  { sql: "INSERT INTO users (nothing) VALUES ('a')", code: '1054' },
  {
    sql: "INSERT INTO users (tenant_id, email) VALUES ('t2', 'a')",
    code: 'TC_TENANT_MISMATCH',
    position: 45,
  },
  {
    sql: "INSERT INTO users (email, tenant_id) VALUES ('a', 't1'), ('b', 't2')",
    code: 'TC_TENANT_MISMATCH',
    position: 63,
  },
  {
    sql: "INSERT INTO users (tenant_id, email) VALUES (CONCAT('t', 1), 'a')",
    code: 'TC_TENANT_MISMATCH',
    position: 45,
  },
  { sql: 'INSERT INTO users (email) VALUES (RAND())', code: 'TC_UNSUPPORTED_SQL', position: 34 },
  { sql: "INSERT INTO users (email) VALUES ('a', 'b')", code: 'TC_UNSUPPORTED_SQL' },
  {
    sql: 'INSERT INTO users (email) VALUES ((SELECT note FROM orders))',
    code: 'TC_UNSUPPORTED_SQL',
    position: 34,
  },
  {
    sql: "INSERT INTO users (username, email) VALUES (email, 'a')",
    code: 'TC_UNSUPPORTED_SQL',
    position: 44,
  },
  { sql: 'INSERT INTO orders (note) SELECT email FROM users', code: 'TC_PLAINTEXT_ESCAPE' },
  { sql: "INSERT IGNORE INTO users (email) VALUES (CONCAT('a'))", code: 'TC_UNSUPPORTED_SQL', position: 41 },
  { sql: "INSERT INTO vault (id, secret) VALUES (1, 'elevenchars')", code: '1406' },
  { sql: 'INSERT INTO vault (id, age) VALUES (1, 2147483648)', code: '1264' },
  { sql: "INSERT INTO vault (id, age) VALUES (1, 'x')", code: '1366' },
  { sql: "INSERT INTO vault (id, age) VALUES (1, '1x')", code: '1265' },
  { sql: 'INSERT INTO vault (id, age) VALUES (1, 1 + 1)', code: 'TC_UNSUPPORTED_SQL', position: 39 },
];

describe('INSERT', () => {
  it.each(REWRITTEN)('$sql', ({ sql, rewritten }) => {
    for (const dialect of [MYSQL, MARIADB]) {
      expect(outcomeOf(newRewriter(), sql, context(dialect))).toEqual({
        outcome: 'rewritten',
        sql: rewritten,
      });
    }
  });

  it.each(REFUSED)('$code: $sql', ({ sql, code, position }) => {
    const outcome = outcomeOf(newRewriter(), sql, context());
    expect(outcome).toMatchObject({ outcome: 'refused', code });
    if (position !== undefined) expect(outcome).toMatchObject({ position });
  });

  it('any number of rows shares one plan', () => {
    const rewriter = newRewriter();
    for (const count of [2, 3, 50, 1000]) {
      const rows = Array.from({ length: count }, (_, index) => `('u${index}', 'e${index}')`).join(', ');
      const outcome = outcomeOf(rewriter, `INSERT INTO users (username, email) VALUES ${rows}`, context());
      if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
      expect(outcome.sql.match(/AES_ENCRYPT/g)).toHaveLength(count);
      expect(outcome.sql.match(/'t1'/g)).toHaveLength(count);
      expect(outcome.sql).toContain(`('u${count - 1}', ${encrypted(`'e${count - 1}'`)}, 't1')`);
    }
    expect(rewriter.stats.misses).toBe(1);
  });

  it('a value that does not fit is named with its row', () => {
    const sql = "INSERT INTO vault (id, secret) VALUES (1, 'a'), (2, 'b'), (3, 'elevenchars'), (4, 'c')";
    expect(outcomeOf(newRewriter(), sql, context())).toMatchObject({
      code: '1406',
      message: "Data too long for column 'secret' at row 3",
    });
  });

  it.each(['constructor', '__proto__', 'toString', "o'hara", 'a\\b', '😀'])(
    'the tenant %s is a value like any other',
    (tenant) => {
      const rewriter = newRewriter();
      const outcome = outcomeOf(rewriter, "INSERT INTO users (email) VALUES ('a')", context(), tenant);
      const literal = /^[ -[\]-~]+$/.test(tenant)
        ? `'${tenant.replaceAll("'", "''")}'`
        : `_utf8mb4 X'${Buffer.from(tenant).toString('hex')}'`;
      expect(outcome).toMatchObject({
        outcome: 'rewritten',
        sql: expect.stringContaining(`, ${literal})`) as string,
      });
    },
  );
});
