import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const KEY = 'IFNULL(@__tc_key,EXP(9999*ISNULL(@__tc_key)))';
const encrypted = (value: string): string => `AES_ENCRYPT(CONVERT(${value} USING utf8mb4),${KEY})`;
const ours = (alias: string): string =>
  `\`${alias}\`.\`tenant_id\`='t1' AND CAST(\`${alias}\`.\`tenant_id\` AS BINARY)='t1'`;
const decrypted = (alias: string, column: string): string =>
  `LEFT(CONVERT(AES_DECRYPT(IF(CAST(\`${alias}\`.\`tenant_id\` AS BINARY)='t1',\`${alias}\`.\`${column}\`,NULL),@__tc_key) USING utf8mb4),${column.endsWith('phone') ? 32 : 255})`;
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
  {
    sql: 'UPDATE users SET username = 1 WHERE email',
    rewritten: `UPDATE users SET username = 1 WHERE ${ours('users')} AND (${decrypted('users', 'encrypted_email')})`,
  },
  {
    sql: "UPDATE users u JOIN orders o ON o.id = u.id SET u.email = 'x', o.note = 'y' WHERE u.phone = '1'",
    rewritten: `UPDATE users u JOIN orders o ON o.id = u.id SET u.\`encrypted_email\` = ${encrypted("'x'")}, o.note = 'y' WHERE ${ours('u')} AND ${equals('u', 'encrypted_phone', "'1'")} AND (${decrypted('u', 'encrypted_phone')} = '1')`,
  },
  {
    sql: 'UPDATE orders o LEFT JOIN users u ON u.id = o.id SET u.username = 1',
    rewritten: `UPDATE orders o LEFT JOIN users u ON ${ours('u')} AND (u.id = o.id) SET u.username = 1`,
  },
  {
    sql: 'UPDATE users a, users b SET a.email = NULL WHERE a.id = b.id',
    rewritten: `UPDATE users a, (SELECT \`b\`.\`id\` AS \`id\` FROM \`tenant_app\`.\`users\` AS \`b\` WHERE ${ours('b')}) AS \`b\` SET a.\`encrypted_email\` = NULL WHERE ${ours('a')} AND (a.id = b.id)`,
  },
  {
    sql: 'UPDATE users u JOIN vault v USING (id) SET email = NULL',
    rewritten: `UPDATE users u JOIN (SELECT \`v\`.\`id\` AS \`id\` FROM \`tenant_app\`.\`vault\` AS \`v\` WHERE ${ours('v')}) AS \`v\` USING (id) SET \`u\`.\`encrypted_email\` = NULL WHERE ${ours('u')}`,
  },
  {
    sql: 'DELETE u FROM users u',
    rewritten: `DELETE u FROM users u WHERE ${ours('u')}`,
  },
  {
    sql: 'DELETE orders FROM orders JOIN users ON note = username',
    rewritten: `DELETE orders FROM orders JOIN (SELECT \`users\`.\`username\` AS \`username\` FROM \`tenant_app\`.\`users\` AS \`users\` WHERE ${ours('users')}) AS \`users\` ON note = username`,
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
  { sql: 'UPDATE users SET email = (SELECT UUID() FROM orders)', code: 'TC_UNSUPPORTED_SQL', position: 33 },
  {
    sql: 'UPDATE users SET username = (SELECT secret FROM vault)',
    code: 'TC_PLAINTEXT_ESCAPE',
    position: 28,
  },
  { sql: 'UPDATE users SET nothing = 1', code: '1054' },
  { sql: 'UPDATE users SET username = 1 WHERE encrypted_email IS NULL', code: '1054' },
  { sql: 'UPDATE users NATURAL JOIN orders SET users.email = 1', code: 'TC_UNSUPPORTED_SQL', position: 7 },
  { sql: 'UPDATE users u JOIN orders o SET email = 1', code: 'TC_UNSUPPORTED_SQL', position: 33 },
  { sql: 'UPDATE users u JOIN orders o SET o.note = email', code: 'TC_PLAINTEXT_ESCAPE', position: 42 },
  { sql: 'UPDATE users u JOIN orders o SET o.note = u.email', code: 'TC_PLAINTEXT_ESCAPE', position: 42 },
  { sql: "UPDATE users u JOIN orders o SET o.note = u.email, u.email = ''", code: 'TC_PLAINTEXT_ESCAPE' },
  { sql: "UPDATE users u JOIN orders o SET u.tenant_id = 't2'", code: 'TC_TENANT_MISMATCH', position: 47 },
  {
    sql: 'UPDATE users u JOIN vault v SET u.tenant_id = v.tenant_id',
    code: 'TC_TENANT_MISMATCH',
    position: 46,
  },
  {
    sql: "UPDATE users u JOIN orders o SET u.encrypted_email = ''",
    code: 'TC_PLAINTEXT_ESCAPE',
    position: 33,
  },
  { sql: "UPDATE users u JOIN orders o SET encrypted_email = ''", code: 'TC_PLAINTEXT_ESCAPE', position: 33 },
  { sql: 'UPDATE users u JOIN orders o SET u.id = 1 WHERE encrypted_email = 1', code: 'TC_UNSUPPORTED_SQL' },
  { sql: 'UPDATE user_view v JOIN users u SET u.email = 1', code: 'TC_UNSUPPORTED_SQL', position: 7 },
  {
    sql: 'UPDATE orders o LEFT JOIN users u USING (id) SET u.username = 1',
    code: 'TC_UNSUPPORTED_SQL',
    position: 26,
  },
  {
    sql: 'UPDATE orders o JOIN (SELECT email AS e FROM users) d SET o.note = d.e',
    code: 'TC_PLAINTEXT_ESCAPE',
    position: 67,
  },
  {
    sql: 'UPDATE orders SET note = (SELECT email FROM users LIMIT 1)',
    code: 'TC_PLAINTEXT_ESCAPE',
    position: 25,
  },
  {
    sql: 'UPDATE users SET username = LAST_INSERT_ID() WHERE LAST_INSERT_ID(email) > 0',
    code: 'TC_PLAINTEXT_ESCAPE',
  },
  { sql: 'UPDATE vault SET age = age / 2', code: 'TC_UNSUPPORTED_SQL', position: 23 },
  { sql: 'DELETE users FROM users u', code: '1109' },
  { sql: 'DELETE user_view FROM user_view JOIN users', code: 'TC_UNSUPPORTED_SQL', position: 22 },
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
    const joined = 'UPDATE users u JOIN orders o ON o.id = u.id SET u.username = 1 WHERE u.id = 1';
    expect(outcomeOf(newRewriter(), joined, safe)).toMatchObject({ outcome: 'refused' });
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
      parameter.source !== 'client' ? 't' : `${parameter.ordinal}${parameter.role.kind[0]}`,
    );
    expect(sources).toEqual(['0v', '0v', '1p', 't', 't', '2c', '2p', 't', '2p', '3p']);
    expect(rewriter.fill({ tenant: 'x' }, 0).toString()).not.toContain("'x'");
  });
});
