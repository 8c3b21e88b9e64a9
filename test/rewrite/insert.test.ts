import { describe, expect, it } from 'vitest';
import { ServerError } from '../../src/errors.js';
import { raising } from '../../src/rewrite/raised-error.js';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const KEY = 'IFNULL(@__tc_key,EXP(9999*ISNULL(@__tc_key)))';
const encrypted = (value: string): string => `AES_ENCRYPT(CONVERT(${value} USING utf8mb4),${KEY})`;
const checked = (value: string, length: number): string =>
  `IF(IFNULL(CHAR_LENGTH(CONVERT(${value} USING utf8mb4)),IF(ISNULL(${value}),0,${length + 1}))>${length},${raised(1406, '22001', "Data too long for column 'email' at row 1")},${encrypted(value)})`;
const raised = (errno: number, sqlState: string, message: string): string =>
  raising(new ServerError(errno, sqlState, message));

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
    sql: 'INSERT INTO users (email) VALUES ((SELECT note FROM orders WHERE id = 1))',
    rewritten: `INSERT INTO users (\`encrypted_email\`, \`tenant_id\`) VALUES (${checked('(SELECT note FROM orders WHERE id = 1)', 255)}, 't1')`,
  },
  {
    sql: 'INSERT INTO users (tenant_id, email) VALUES (@tenant_id, TRUE)',
    rewritten: `INSERT INTO users (tenant_id, \`encrypted_email\`) VALUES ('t1', ${encrypted('1')})`,
  },
];

const REFUSED: readonly { sql: string; code: string; position?: number }[] = [
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
  { sql: "INSERT INTO users (email) VALUES ('a', 'b')", code: '1136' },
  { sql: "INSERT INTO users (email) VALUES ('a'), ()", code: '1136' },
  {
    sql: 'INSERT INTO users (email) VALUES ((SELECT RAND() FROM orders))',
    code: 'TC_UNSUPPORTED_SQL',
    position: 42,
  },
  {
    sql: 'INSERT INTO users (email) VALUES ((SELECT email FROM orders))',
    code: 'TC_UNSUPPORTED_SQL',
    position: 42,
  },
  {
    sql: 'INSERT INTO users (username) VALUES ((SELECT u.email FROM users u))',
    code: 'TC_PLAINTEXT_ESCAPE',
    position: 37,
  },
  {
    sql: "INSERT INTO users (username, email) VALUES (email, 'a')",
    code: 'TC_PLAINTEXT_ESCAPE',
    position: 44,
  },
  { sql: 'INSERT INTO orders (note) SELECT email FROM users', code: 'TC_PLAINTEXT_ESCAPE' },
  { sql: 'INSERT INTO vault (id, age) VALUES (1, 1 + 0x31)', code: 'TC_UNSUPPORTED_SQL', position: 43 },
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

  it.each([
    ['secret', "'elevenchars'", 1406, '22001', "Data too long for column 'secret' at row 3"],
    ['age', '2147483648', 1264, '22003', "Out of range value for column 'age' at row 3"],
    ['age', "'1x'", 1265, '01000', "Data truncated for column 'age' at row 3"],
    ['age', "'x'", 1366, 'HY000', "Incorrect integer value: 'x' for column 'age' at row 3"],
    ['secret', "X'61ff'", 1366, 'HY000', "Incorrect string value: '\\xFF' for column 'secret' at row 3"],
  ])('%s cannot hold %s: the server raises it, at its row', (name, value, errno, sqlState, message) => {
    const sql = `INSERT INTO vault (id, ${name}) VALUES (1, '1'), (2, '2'), (3, ${value}), (4, '4')`;
    const outcome = outcomeOf(newRewriter(), sql, context());
    if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
    expect(outcome.sql).toContain(encrypted(raised(errno, sqlState, message)));
    expect(outcome.sql).not.toContain(value);
  });

  it('MariaDB has its own words for 1366 and for unknown columns', () => {
    const outcome = outcomeOf(newRewriter(), "INSERT INTO vault (age) VALUES ('x')", context(MARIADB));
    const message = "Incorrect integer value: 'x' for column `tenant_app`.`vault`.`age` at row 1";
    expect(outcome).toMatchObject({ sql: expect.stringContaining(raised(1366, '22007', message)) });
    for (const [statement, clause] of [
      ['INSERT INTO vault (nope) VALUES (1)', 'INSERT INTO'],
      ['REPLACE INTO vault SET nope = 1', 'INSERT INTO'],
      ['UPDATE vault SET nope = 1', 'SET'],
      ['INSERT INTO vault (id) VALUES (1) ON DUPLICATE KEY UPDATE nope = 1', 'UPDATE'],
    ] as const) {
      expect(outcomeOf(newRewriter(), statement, context(MARIADB))).toMatchObject({
        code: '1054',
        message: `Unknown column 'nope' in '${clause}'`,
      });
    }
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
