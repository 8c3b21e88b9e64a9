import { describe, expect, it } from 'vitest';
import { context, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const KEY = 'IFNULL(@__tc_key,EXP(9999*ISNULL(@__tc_key)))';
const RAISE = '(SELECT 1 UNION ALL SELECT 2)';
const encrypted = (value: string): string => `AES_ENCRYPT(CONVERT(${value} USING utf8mb4),${KEY})`;
const OURS = "`users`.`tenant_id`='t1' AND CAST(`users`.`tenant_id` AS BINARY)='t1'";
/** `users` has a primary key without the tenant: the first assignment that changes something raises on another tenant's row. */
const guarded = (value: string, otherwise = RAISE): string => `IF(${OURS},${value},${otherwise})`;
const VAULT = "INSERT INTO vault (id, secret) VALUES (1, 's') ON DUPLICATE KEY UPDATE";
const VAULT_REWRITTEN = `INSERT INTO vault (id, \`secret\`, \`tenant_id\`) VALUES (1, ${encrypted("'s'")}, 't1') ON DUPLICATE KEY UPDATE`;
const USERS = "INSERT INTO users (id, email) VALUES (1, 'e') ON DUPLICATE KEY UPDATE";
const USERS_REWRITTEN = `INSERT INTO users (id, \`encrypted_email\`, \`tenant_id\`) VALUES (1, ${encrypted("'e'")}, 't1') ON DUPLICATE KEY UPDATE`;

const REWRITTEN: readonly { sql: string; rewritten: string }[] = [
  {
    sql: `${VAULT} secret = VALUES(secret)`,
    rewritten: `${VAULT_REWRITTEN} \`secret\` = VALUES(\`secret\`)`,
  },
  {
    sql: `${VAULT} secret = 'x', note = 'n'`,
    rewritten: `${VAULT_REWRITTEN} \`secret\` = ${encrypted("'x'")}, note = 'n'`,
  },
  { sql: `${VAULT} secret = NULL`, rewritten: `${VAULT_REWRITTEN} \`secret\` = NULL` },
  {
    sql: `${VAULT} tenant_id = VALUES(tenant_id)`,
    rewritten: `${VAULT_REWRITTEN} tenant_id = \`tenant_id\``,
  },
  {
    sql: `${USERS} email = VALUES(email), username = 'u'`,
    rewritten: `${USERS_REWRITTEN} \`encrypted_email\` = ${guarded('VALUES(`encrypted_email`)')}, username = 'u'`,
  },
  {
    sql: `${USERS} tenant_id = VALUES(tenant_id), email = VALUES(email), username = 'u'`,
    rewritten: `${USERS_REWRITTEN} tenant_id = \`tenant_id\`, \`encrypted_email\` = ${guarded('VALUES(`encrypted_email`)')}, username = 'u'`,
  },
  { sql: `${USERS} username = 'u'`, rewritten: `${USERS_REWRITTEN} username = ${guarded("'u'")}` },
  {
    sql: `${USERS.replace('INSERT', 'INSERT IGNORE')} email = VALUES(email), username = 'u'`,
    rewritten: `${USERS_REWRITTEN.replace('INSERT', 'INSERT IGNORE')} \`encrypted_email\` = ${guarded('VALUES(`encrypted_email`)', '`users`.`encrypted_email`')}, username = ${guarded("'u'", '`users`.`username`')}`,
  },
  {
    sql: "INSERT INTO vault (id, secret) VALUES (1, 's') AS new ON DUPLICATE KEY UPDATE secret = new.secret",
    rewritten: `INSERT INTO vault (id, \`secret\`, \`tenant_id\`) VALUES (1, ${encrypted("'s'")}, 't1') AS new ON DUPLICATE KEY UPDATE \`secret\` = new.\`secret\``,
  },
  {
    sql: "INSERT INTO vault (id, secret) VALUES (1, 's') AS new(id, Secret) ON DUPLICATE KEY UPDATE secret = new.secret",
    rewritten: `INSERT INTO vault (id, \`secret\`, \`tenant_id\`) VALUES (1, ${encrypted("'s'")}, 't1') AS new ON DUPLICATE KEY UPDATE \`secret\` = new.\`secret\``,
  },
  {
    sql: "REPLACE INTO vault (id, secret) VALUES (1, 's')",
    rewritten: `REPLACE INTO vault (id, \`secret\`, \`tenant_id\`) VALUES (1, ${encrypted("'s'")}, 't1')`,
  },
  {
    sql: 'REPLACE vault SET id = 1, secret = NULL',
    rewritten: "REPLACE vault SET id = 1, `secret` = NULL, `tenant_id`='t1'",
  },
];

const REFUSED: readonly { sql: string; code: string }[] = [
  { sql: "REPLACE INTO users (id, email) VALUES (1, 'e')", code: 'TC_UNSUPPORTED_SQL' },
  { sql: `${VAULT} note = VALUES(secret)`, code: 'TC_PLAINTEXT_ESCAPE' },
  { sql: `${VAULT} note = secret`, code: 'TC_PLAINTEXT_ESCAPE' },
  { sql: `${VAULT} note = CONCAT(VALUES(secret))`, code: 'TC_PLAINTEXT_ESCAPE' },
  { sql: `${VAULT} secret = (SELECT CONCAT(VALUES(secret), 'x'))`, code: 'TC_UNSUPPORTED_SQL' },
  { sql: `${VAULT} age = VALUES(age) / 2`, code: 'TC_UNSUPPORTED_SQL' },
  { sql: `${VAULT} tenant_id = 't2'`, code: 'TC_TENANT_MISMATCH' },
  { sql: `${VAULT} tenant_id = VALUES(note)`, code: 'TC_TENANT_MISMATCH' },
  { sql: `${VAULT} nothing = 1`, code: '1054' },
  { sql: `${USERS} encrypted_email = 'x'`, code: 'TC_PLAINTEXT_ESCAPE' },
  {
    sql: "INSERT INTO vault (id, secret) VALUES (1, 's') AS new(a, b) ON DUPLICATE KEY UPDATE note = b",
    code: 'TC_PLAINTEXT_ESCAPE',
  },
  {
    sql: "INSERT INTO vault (id, secret) VALUES (1, 's') AS new(secret, id) ON DUPLICATE KEY UPDATE secret = new.secret",
    code: 'TC_UNSUPPORTED_SQL',
  },
  {
    sql: 'INSERT INTO orders (id) VALUES (1) ON DUPLICATE KEY UPDATE note = (SELECT secret FROM vault LIMIT 1)',
    code: 'TC_PLAINTEXT_ESCAPE',
  },
];

describe('ON DUPLICATE KEY UPDATE and REPLACE', () => {
  it.each(REWRITTEN)('$sql', ({ sql, rewritten }) => {
    expect(outcomeOf(newRewriter(), sql, context(MYSQL))).toEqual({ outcome: 'rewritten', sql: rewritten });
  });

  it('decrypts a new value inside an expression', () => {
    const outcome = outcomeOf(newRewriter(), `${VAULT} secret = CONCAT(VALUES(secret), secret)`, context());
    if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
    const read = 'LEFT(CONVERT(AES_DECRYPT(VALUES(`secret`),@__tc_key) USING utf8mb4),10)';
    expect(outcome.sql).toContain(`AES_ENCRYPT(CONVERT(CONCAT(${read}, LEFT(CONVERT(AES_DECRYPT(IF(`);
  });

  it.each(REFUSED)('$code: $sql', ({ sql, code }) => {
    expect(outcomeOf(newRewriter(), sql, context(MYSQL))).toMatchObject({ outcome: 'refused', code });
  });
});
