import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const KEY = 'IFNULL(@__tc_key,EXP(9999*ISNULL(@__tc_key)))';
const encrypted = (value: string): string => `AES_ENCRYPT(CONVERT(${value} USING utf8mb4),${KEY})`;
const ours = (alias: string): string =>
  `\`${alias}\`.\`tenant_id\`='t1' AND CAST(\`${alias}\`.\`tenant_id\` AS BINARY)='t1'`;
const decrypted = (alias: string, column: string): string =>
  `CONVERT(AES_DECRYPT(IF(CAST(\`${alias}\`.\`tenant_id\` AS BINARY)='t1',\`${alias}\`.\`${column}\`,NULL),@__tc_key) USING utf8mb4)`;
const equals = (alias: string, column: string, value: string): string =>
  `\`${alias}\`.\`${column}\`=AES_ENCRYPT(CONVERT(${value} USING utf8mb4),@__tc_key)`;

const REWRITTEN: readonly { sql: string; rewritten: string }[] = [
  {
    sql: "UPDATE users SET email = 'x'",
    rewritten: `UPDATE users SET \`encrypted_email\` = ${encrypted("'x'")} WHERE ${ours('users')}`,
  },
  {
    sql: "UPDATE users SET username = 'x' WHERE id = 1 OR 1 = 1",
    rewritten: `UPDATE users SET username = 'x' WHERE ${ours('users')} AND (id = 1 OR 1 = 1)`,
  },
  {
    sql: "UPDATE users AS u SET u.email = NULL WHERE u.email = 'a' LIMIT 2",
    rewritten: `UPDATE users AS u SET u.\`encrypted_email\` = NULL WHERE ${ours('u')} AND ${equals('u', 'encrypted_email', "'a'")} AND (${decrypted('u', 'encrypted_email')} = 'a') LIMIT 2`,
  },
  {
    sql: 'UPDATE users SET username = username ORDER BY email',
    rewritten: `UPDATE users SET username = username WHERE ${ours('users')} ORDER BY ${decrypted('users', 'encrypted_email')}`,
  },
  {
    sql: 'UPDATE users SET tenant_id = tenant_id, username = 1',
    rewritten: `UPDATE users SET tenant_id = tenant_id, username = 1 WHERE ${ours('users')}`,
  },
  { sql: 'DELETE FROM users', rewritten: `DELETE FROM users WHERE ${ours('users')}` },
  {
    sql: "DELETE FROM users WHERE phone IN ('1', '2') ORDER BY id LIMIT 1",
    rewritten: `DELETE FROM users WHERE ${ours('users')} AND \`users\`.\`encrypted_phone\` IN (AES_ENCRYPT(CONVERT('1' USING utf8mb4),@__tc_key),AES_ENCRYPT(CONVERT('2' USING utf8mb4),@__tc_key)) AND (${decrypted('users', 'encrypted_phone')} IN ('1', '2')) ORDER BY id LIMIT 1`,
  },
];

const REFUSED: readonly { sql: string; code: string; position?: number }[] = [
  { sql: 'UPDATE users SET username = email', code: 'TC_PLAINTEXT_ESCAPE', position: 28 },
  { sql: "UPDATE users SET encrypted_email = 'x'", code: 'TC_PLAINTEXT_ESCAPE', position: 17 },
  { sql: "UPDATE users SET tenant_id = 't2'", code: 'TC_TENANT_MISMATCH', position: 29 },
  { sql: 'UPDATE users SET tenant_id = username', code: 'TC_TENANT_MISMATCH', position: 29 },
  { sql: 'UPDATE users SET email = (SELECT note FROM orders)', code: 'TC_UNSUPPORTED_SQL', position: 25 },
  { sql: 'UPDATE users SET nothing = 1', code: '1054' },
  { sql: 'UPDATE users SET username = 1 WHERE encrypted_email IS NULL', code: '1054' },
  { sql: 'UPDATE users JOIN orders SET users.email = 1', code: 'TC_UNSUPPORTED_SQL', position: 7 },
  {
    sql: 'UPDATE orders SET note = (SELECT email FROM users LIMIT 1)',
    code: 'TC_PLAINTEXT_ESCAPE',
    position: 25,
  },
  {
    sql: 'UPDATE users SET username = LAST_INSERT_ID() WHERE LAST_INSERT_ID(email) > 0',
    code: 'TC_PLAINTEXT_ESCAPE',
  },
  { sql: 'UPDATE vault SET age = age + 1', code: 'TC_UNSUPPORTED_SQL', position: 23 },
  { sql: 'DELETE u FROM users u', code: 'TC_UNSUPPORTED_SQL', position: 14 },
  { sql: 'DELETE orders FROM orders JOIN users', code: 'TC_UNSUPPORTED_SQL', position: 31 },
];

describe('UPDATE and DELETE', () => {
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

  it('our predicate does not satisfy sql_safe_updates in the place of the client’s', () => {
    const safe = context(MYSQL, { safeUpdates: true });
    for (const sql of ["UPDATE users SET username = 'x'", 'DELETE FROM users']) {
      expect(outcomeOf(newRewriter(), sql, safe)).toMatchObject({ outcome: 'refused' });
      expect(outcomeOf(newRewriter(), `${sql} WHERE id = 1`, safe)).toMatchObject({ outcome: 'rewritten' });
    }
  });

  it('prepared, the tenant is a parameter and parameters keep their places', () => {
    const rewriter = newRewriter();
    const sql = Buffer.from('UPDATE users SET email = ?, username = ? WHERE phone = ? AND id = ?');
    const { plan } = rewriter.analyse(sql, 0, sql.length, context(MYSQL, { prepared: true }));
    if (plan.outcome !== 'rewrite') throw new Error(plan.outcome);
    const sources = plan.parameters.map((parameter) =>
      parameter.source === 'tenant' ? 't' : `${parameter.ordinal}${parameter.role.kind[0]}`,
    );
    expect(sources).toEqual(['0v', '1p', 't', 't', '2c', 't', '2p', '3p']);
    expect(rewriter.fill({ tenant: 'x' }, 0).toString()).not.toContain("'x'");
  });
});
