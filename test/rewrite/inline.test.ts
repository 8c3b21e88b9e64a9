import { describe, expect, it } from 'vitest';
import type { RewritePlan } from '../../src/rewrite/plan.js';
import { context, MARIADB, newRewriter, outcomeOf } from '../support/rewrite.js';

const rewriter = newRewriter({ inlineReads: true });

/** The tenant predicate of an alias, and a column of it decrypted, as the inline form has them. */
const own = (alias: string): string =>
  `\`${alias}\`.\`tenant_id\`='t1' AND CAST(\`${alias}\`.\`tenant_id\` AS BINARY)='t1'`;
const decrypted = (alias: string, physical: string): string =>
  `CONVERT(AES_DECRYPT(IF(CAST(\`${alias}\`.\`tenant_id\` AS BINARY)='t1',\`${alias}\`.\`${physical}\`,NULL),@__tc_key) USING utf8mb4)`;
/** As a column of the result, however long; as an operand, of its declared length. */
const EMAIL = decrypted('u', 'encrypted_email');
const OPERAND = `LEFT(${EMAIL},255)`;

function inline(sql: string): string {
  const outcome = outcomeOf(rewriter, sql, context());
  if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
  return outcome.sql;
}

describe('the inline form of plain reads', () => {
  const cases: readonly (readonly [sql: string, rewritten: string])[] = [
    ['SELECT id FROM users u', `SELECT id FROM users u WHERE ${own('u')}`],
    ['SELECT email FROM users u', `SELECT ${EMAIL} AS \`email\` FROM users u WHERE ${own('u')}`],
    ['SELECT u.EMAIL FROM users u', `SELECT ${EMAIL} AS \`EMAIL\` FROM users u WHERE ${own('u')}`],
    [
      "SELECT`email`FROM users u WHERE`email`LIKE'a%'",
      `SELECT ${EMAIL} AS \`email\`FROM users u WHERE${own('u')} AND ( ${OPERAND}LIKE'a%')`,
    ],
    ['SELECT email AS e FROM users u', `SELECT ${EMAIL} AS e FROM users u WHERE ${own('u')}`],
    [
      'SELECT id, email FROM tenant_app.users AS `u` WHERE id = 3 OR id = 4 LIMIT 2',
      `SELECT id, ${EMAIL} AS \`email\` FROM tenant_app.users AS \`u\` WHERE ${own('u')} AND (id = 3 OR id = 4) LIMIT 2`,
    ],
    [
      "SELECT id FROM users u WHERE email = 'a'",
      `SELECT id FROM users u WHERE ${own('u')} AND \`u\`.\`encrypted_email\`=AES_ENCRYPT(CONVERT('a' USING utf8mb4),@__tc_key) AND (${OPERAND} = 'a')`,
    ],
    [
      "SELECT id FROM users u WHERE email LIKE 'a%' ORDER BY id DESC FOR UPDATE",
      `SELECT id FROM users u WHERE ${own('u')} AND (${OPERAND} LIKE 'a%') ORDER BY id DESC FOR UPDATE`,
    ],
    [
      'SELECT * FROM users u',
      `SELECT \`u\`.\`id\`,\`u\`.\`tenant_id\`,\`u\`.\`username\`,${EMAIL} AS \`email\`,${decrypted('u', 'encrypted_phone')} AS \`phone\` FROM users u WHERE ${own('u')}`,
    ],
    ['SELECT COUNT(*) FROM users u', `SELECT COUNT(*) FROM users u WHERE ${own('u')}`],
    [
      'SELECT email FROM users u ORDER BY email',
      `SELECT ${OPERAND} AS \`email\` FROM users u WHERE ${own('u')} ORDER BY email`,
    ],
    [
      'SELECT id FROM users u ORDER BY email, LOWER(email)',
      `SELECT id FROM users u WHERE ${own('u')} ORDER BY ${OPERAND}, LOWER(${OPERAND})`,
    ],
    [
      'SELECT username AS email FROM users u ORDER BY email',
      `SELECT username AS email FROM users u WHERE ${own('u')} ORDER BY email`,
    ],
    [
      'EXPLAIN SELECT id FROM users PARTITION (p0) u USE INDEX (t)',
      `EXPLAIN SELECT id FROM users PARTITION (p0) u USE INDEX (t) WHERE ${own('u')}`,
    ],
  ];
  it.each(cases)('%s', (sql, rewritten) => {
    expect(inline(sql)).toBe(rewritten);
  });
});

describe('reads that are left to the tenant view', () => {
  it.each([
    'SELECT u.email FROM users u JOIN orders o',
    'SELECT email FROM users u WHERE id IN (SELECT 1)',
    'SELECT (SELECT 1) FROM users u',
    'WITH c AS (SELECT 1) SELECT email FROM users u',
    'SELECT email FROM users u GROUP BY email',
    'SELECT COUNT(*) FROM users u HAVING COUNT(*) > 1',
    'SELECT DISTINCT email FROM users u',
    'SELECT UPPER(email) FROM users u',
    'SELECT MAX(email) FROM users u',
    'SELECT id, ROW_NUMBER() OVER (ORDER BY email) FROM users u',
    "SELECT id FROM users u WHERE email->'$.a' = 1",
    'SELECT 1 FROM users u UNION SELECT 2',
    'SELECT * FROM (SELECT email FROM users u) d',
    'TABLE users',
    'SELECT encrypted_email FROM users u',
    'SELECT nothing FROM users u',
    'SELECT o.email FROM users u',
    'SELECT other.u.email FROM users u',
    'SELECT emaİl FROM users u',
    // An expression in ORDER BY may mean the result's column or the table's.
    'SELECT username AS email FROM users u ORDER BY LOWER(email)',
    'SELECT email, email FROM users u ORDER BY email',
    'SELECT COUNT(*) FROM users u ORDER BY email',
    'SELECT DEFAULT(email) FROM users u',
  ])('%s', (sql) => {
    const outcome = outcomeOf(rewriter, sql, context());
    const views = outcomeOf(newRewriter(), sql, context());
    expect(outcome).toEqual(views);
    expect(outcome).toMatchObject({ outcome: 'rewritten', sql: expect.stringContaining('(SELECT ') });
  });
});

describe('what comes back of the inline form', () => {
  function planOf(sql: string): RewritePlan {
    const bytes = Buffer.from(sql);
    const { plan } = rewriter.analyse(bytes, 0, bytes.length, context(MARIADB));
    if (plan.outcome !== 'rewrite') throw new Error(plan.outcome);
    return plan;
  }

  it('knows the protected columns of the result by position', () => {
    const names = (sql: string): unknown =>
      planOf(sql).columns?.inline?.columns.map((column) => column?.logical ?? null);
    expect(names('SELECT id, email e, 1, u.phone FROM users u')).toEqual([null, 'email', null, 'phone']);
    expect(names('SELECT 2, u.* FROM users u')).toEqual([null, null, null, null, 'email', 'phone']);
  });

  it('restores nothing where no protected column is read', () => {
    expect(planOf("SELECT id FROM users u WHERE email = 'a'").columns).toBeNull();
  });
});
