import { describe, expect, it } from 'vitest';
import { context, MARIADB, newRewriter, outcomeOf } from '../support/rewrite.js';

const decrypted = (column: string, table = 'users'): string =>
  `LEFT(CONVERT(AES_DECRYPT(IF(CAST(\`${table}\`.\`tenant_id\` AS BINARY)='t1',\`${table}\`.\`${column}\`,NULL),@__tc_key) USING utf8mb4),${column.endsWith('phone') ? 32 : 255})`;
const ours = "`users`.`tenant_id`='t1' AND CAST(`users`.`tenant_id` AS BINARY)='t1'";

const REWRITTEN: readonly { sql: string; returning: string }[] = [
  { sql: 'DELETE FROM users RETURNING id, username', returning: 'id, username' },
  { sql: 'DELETE FROM users RETURNING email', returning: `${decrypted('encrypted_email')} AS \`email\`` },
  {
    sql: 'DELETE FROM users RETURNING users.Email, `phone` AS p',
    returning: `${decrypted('encrypted_email')} AS \`Email\`, ${decrypted('encrypted_phone')} AS p`,
  },
  {
    sql: "DELETE FROM users RETURNING CONCAT(email, '!')",
    returning: `CONCAT(${decrypted('encrypted_email')}, '!') AS \`CONCAT(email, '!')\``,
  },
  {
    sql: 'DELETE FROM users RETURNING *',
    returning: `\`users\`.\`id\`,\`users\`.\`tenant_id\`,\`users\`.\`username\`,${decrypted('encrypted_email')} AS \`email\`,${decrypted('encrypted_phone')} AS \`phone\``,
  },
  {
    sql: 'DELETE FROM users RETURNING (SELECT note FROM orders WHERE orders.id = users.id)',
    returning: '(SELECT note FROM orders WHERE orders.id = users.id)',
  },
];

describe('RETURNING', () => {
  const rewriter = newRewriter();

  it.each(REWRITTEN)('$sql', ({ sql, returning }) => {
    expect(outcomeOf(rewriter, sql, context(MARIADB))).toEqual({
      outcome: 'rewritten',
      sql: `DELETE FROM users WHERE ${ours} RETURNING ${returning}`,
    });
  });

  it.each([
    "INSERT INTO vault (id, secret) VALUES (1, 'x') RETURNING secret",
    "REPLACE INTO vault (id, secret) VALUES (1, 'x') RETURNING secret",
    "INSERT INTO vault SET id = 1, secret = 'x' RETURNING secret",
    'INSERT INTO vault (id, secret) SELECT id, note FROM orders RETURNING secret',
    "INSERT INTO vault (id, secret) VALUES (1, 'x') ON DUPLICATE KEY UPDATE secret = 'y' RETURNING secret",
  ])('%s', (sql) => {
    const outcome = outcomeOf(rewriter, sql, context(MARIADB));
    expect(outcome.outcome === 'rewritten' ? outcome.sql : outcome).toMatch(
      / RETURNING LEFT\(CONVERT\(AES_DECRYPT\(IF\(CAST\(`vault`\.`tenant_id` AS BINARY\)='t1',`vault`\.`secret`,NULL\),@__tc_key\) USING utf8mb4\),10\) AS `secret`$/,
    );
  });

  it('returns a row of ON DUPLICATE KEY UPDATE where one of another tenant raises', () => {
    const sql =
      "INSERT INTO users (username) VALUES ('x') ON DUPLICATE KEY UPDATE tenant_id = VALUES(tenant_id), username = 'y' RETURNING id";
    const outcome = outcomeOf(rewriter, sql, context(MARIADB));
    expect(outcome.outcome === 'rewritten' ? outcome.sql : outcome).toMatch(
      /UPDATE tenant_id = `tenant_id`, username = IF\(.*,'y',\(SELECT 1 UNION ALL SELECT 2\)\) RETURNING id$/,
    );
  });

  it('says which columns of the result are protected', () => {
    const sql = Buffer.from('DELETE FROM users RETURNING *, email, UPPER(email)');
    const { plan } = rewriter.analyse(sql, 0, sql.length, context(MARIADB));
    const columns = plan.outcome === 'rewrite' ? plan.columns?.inline?.columns : null;
    expect(columns?.map((column) => column?.logical ?? null)).toEqual([
      null,
      null,
      null,
      'email',
      'phone',
      'email',
      null,
    ]);
  });

  it.each<[string, string, number?]>([
    // The row that was hit may be another tenant's.
    [
      "INSERT IGNORE INTO users (username) VALUES ('x') ON DUPLICATE KEY UPDATE username = 'y' RETURNING *",
      'TC_UNSUPPORTED_SQL',
      88,
    ],
    [
      "INSERT INTO users (username) VALUES ('x') ON DUPLICATE KEY UPDATE tenant_id = VALUES(tenant_id) RETURNING *",
      'TC_UNSUPPORTED_SQL',
    ],
    ['DELETE FROM users RETURNING (SELECT secret FROM vault LIMIT 1)', 'TC_UNSUPPORTED_SQL', 18],
    ['DELETE FROM users RETURNING encrypted_email', '1054'],
    ['DELETE FROM users RETURNING @a := email', 'TC_PLAINTEXT_ESCAPE'],
    ['DELETE FROM users RETURNING LAST_INSERT_ID(email)', 'TC_PLAINTEXT_ESCAPE'],
    ['DELETE FROM users RETURNING stored(email)', 'TC_PLAINTEXT_ESCAPE'],
    ['INSERT INTO orders (id) VALUES (1) RETURNING (SELECT email FROM users)', 'TC_UNSUPPORTED_SQL'],
  ])('refuses %s', (sql, code, position) => {
    expect(outcomeOf(rewriter, sql, context(MARIADB))).toMatchObject({
      outcome: 'refused',
      code,
      ...(position === undefined ? {} : { position }),
    });
  });
});

describe('EXPLAIN', () => {
  it.each([
    'EXPLAIN SELECT email FROM users WHERE id = 1',
    'EXPLAIN SELECT UPPER(email) FROM users GROUP BY email',
    'ANALYZE FORMAT=JSON DELETE FROM users RETURNING email',
  ])('shows a plan, whose columns are not made to look like ours: %s', (statement) => {
    const sql = Buffer.from(statement);
    const { plan } = newRewriter().analyse(sql, 0, sql.length, context(MARIADB));
    expect(plan).toMatchObject({ outcome: 'rewrite', columns: null });
  });
});
