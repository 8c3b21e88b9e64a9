import { describe, expect, it } from 'vitest';
import { forEachSetting, itWrites, writeLab } from '../support/write-cases.js';
import type { WriteCase } from '../support/write-lab.js';

const NO = 'TC_UNSUPPORTED_SQL';
const ESCAPE = 'TC_PLAINTEXT_ESCAPE';
const MISMATCH = 'TC_TENANT_MISMATCH';

const UPDATES: readonly WriteCase[] = [
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.email = 'new@x.com', n.n = 10" },
  { sql: 'UPDATE users u, notes n SET u.email = n.text, u.visits = n.n WHERE n.id = u.id' },
  { sql: "UPDATE notes n INNER JOIN users u ON u.email = n.text SET u.phone = '999', n.n = n.n + 1" },
  { sql: 'UPDATE users CROSS JOIN notes SET users.email = notes.text WHERE users.id = notes.id' },
  {
    sql: "UPDATE users u STRAIGHT_JOIN notes n ON n.id = u.id SET u.email = 'x' WHERE u.email = 'bob@x.com'",
  },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id AND u.email = 'ann@x.com' SET u.visits = 40" },
  {
    sql: "UPDATE users u JOIN notes n USING (id) SET u.email = 'x', n.text = 'y' WHERE u.phone IN ('111', '222')",
  },
  { sql: 'UPDATE users u JOIN shared s ON s.id = u.id SET u.email = s.phone, s.email = u.phone' },
  { sql: 'UPDATE users u JOIN shared s ON s.email = u.email SET u.visits = 1, s.visits = 2' },
  { sql: 'UPDATE users u JOIN shared s ON s.id = u.id SET u.email = UPPER(s.email) WHERE s.age = 30' },
  { sql: 'UPDATE users a JOIN users b ON b.id = a.id + 1 SET a.email = b.email' },
  { sql: 'UPDATE users a JOIN users b ON b.email = a.email SET a.visits = a.visits + 1 WHERE a.id <> b.id' },
  { sql: 'UPDATE notes n JOIN users u ON u.email = n.text SET n.n = n.n + 100' },
  { sql: "UPDATE notes n JOIN users u ON u.id = n.id SET n.n = u.visits WHERE u.email LIKE 'a%'" },
  { sql: 'UPDATE notes n JOIN users u ON u.id = n.id SET n.text = u.username' },
  { sql: 'UPDATE notes n LEFT JOIN users u ON u.email = n.text SET n.n = 50 WHERE u.id IS NULL' },
  { sql: 'UPDATE notes n LEFT JOIN users u ON u.email = n.text SET n.n = 50 WHERE u.email <=> NULL' },
  { sql: "UPDATE notes n LEFT JOIN users u ON u.email = n.text SET u.email = 'left', n.n = 3" },
  { sql: 'UPDATE notes n LEFT JOIN users u ON u.email = n.text SET u.visits = 9 WHERE u.email <=> NULL' },
  {
    sql: "UPDATE notes n LEFT JOIN users u ON u.id = n.id AND u.email = 'bob@x.com' SET u.phone = '5', n.n = 8",
  },
  { sql: "UPDATE users u LEFT JOIN notes n ON n.text = u.email SET u.email = 'none' WHERE n.id IS NULL" },
  { sql: "UPDATE users u RIGHT JOIN notes n ON n.text = u.email SET u.email = 'right', n.n = 4" },
  { sql: "UPDATE notes n RIGHT JOIN users u ON n.text = u.email SET u.email = 'right', n.n = 4" },
  {
    sql: "UPDATE notes n LEFT JOIN (users u JOIN shared s ON s.id = u.id) ON u.id = n.id SET u.email = 'nest', s.email = 'nest', n.n = 1",
  },
  {
    sql: "UPDATE notes n LEFT JOIN (users u LEFT JOIN shared s ON s.id = u.id + 1) ON u.id = n.id SET u.email = 'nest', s.email = 'nest', n.n = 1",
  },
  {
    sql: 'UPDATE users u LEFT JOIN notes n ON n.id = u.id RIGHT JOIN shared s ON s.id = u.id + 1 SET u.visits = 31, s.visits = 32, n.n = 33',
  },
  {
    sql: 'UPDATE notes n RIGHT JOIN users u ON n.id = u.id LEFT JOIN shared s ON s.id = n.id + 1 SET u.visits = 31, s.visits = 32, n.n = 33',
  },
  {
    sql: "UPDATE notes n LEFT JOIN shared s ON s.id = n.id LEFT JOIN users u ON u.email = s.email SET s.email = 'chain', u.phone = '77'",
  },
  {
    sql: 'UPDATE notes n LEFT JOIN (shared s RIGHT JOIN users u ON u.id = s.id + 2) ON u.id = n.id SET s.visits = 41, u.visits = 42',
  },
  {
    sql: 'UPDATE users u JOIN notes n ON n.id = u.id LEFT JOIN shared s ON s.id = u.id AND s.email IS NULL SET u.visits = 51, s.visits = 52 WHERE s.email IS NULL',
  },
  {
    sql: 'UPDATE notes n LEFT JOIN users u ON u.id = n.id LEFT JOIN users v ON v.email = u.email AND v.id > u.id SET v.visits = u.visits + 60',
  },
  {
    sql: 'UPDATE notes n LEFT JOIN (users u, shared s) ON u.id = n.id AND s.id = u.id SET u.visits = 71, s.email = u.email',
  },
  { sql: "UPDATE (users u, notes n) SET u.email = 'p' WHERE u.id = n.id" },
  { sql: "UPDATE (users) SET email = 'x'" },
  { sql: "UPDATE users, (SELECT 2 AS k) d SET users.email = 'd' WHERE users.id = d.k" },
  {
    sql: 'UPDATE users u JOIN (SELECT email AS e, COUNT(*) AS c FROM users GROUP BY email) d ON d.e = u.email SET u.visits = d.c',
  },
  {
    sql: 'UPDATE users u JOIN (SELECT visits AS v, COUNT(*) AS c FROM users GROUP BY visits) d ON d.v = u.visits SET u.visits = d.c + 10',
  },
  {
    sql: 'UPDATE users u JOIN (SELECT MAX(id) AS m, MAX(email) AS e FROM users) d ON d.m = u.id SET u.email = d.e',
  },
  { sql: 'UPDATE users u JOIN (SELECT text FROM notes) d ON d.text = u.email SET u.email = UPPER(d.text)' },
  {
    sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.email = CASE n.n WHEN 1 THEN 'one' ELSE u.email END",
  },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.email = CONCAT(u.email, '-', n.text)" },
  {
    sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.email = NULL, u.age = 7, u.token = X'00ff', u.score = NULL",
  },
  { sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.email = DEFAULT' },
  { sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.email = u.email' },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET visits = 6, n = 6, text = 'z'" },
  { sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.tenant_id = u.tenant_id, u.visits = 6' },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.tenant_id = 't1', u.visits = 6" },
  {
    sql: "UPDATE LOW_PRIORITY IGNORE users u JOIN notes n ON n.id = u.id SET u.email = 'x', u.username = 'dee'",
  },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.username = 'dee'", errno: 1062 },
  { sql: `UPDATE users u JOIN notes n ON n.id = u.id SET u.email = '${'x'.repeat(60)}'`, otherError: true },
  {
    sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.email = 'x' WHERE u.id IN (SELECT s.id FROM shared s WHERE s.email = u.email)",
  },
  {
    sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.visits = 3 WHERE EXISTS (SELECT 1 FROM notes m WHERE m.text = u.email)',
  },
  { sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.email = 1 WHERE u.nothing = 1', errno: 1054 },
  { sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.nothing = 1', errno: 1054 },
  { sql: 'UPDATE users u JOIN shared s ON s.id = u.id SET nothing = 1', errno: 1054 },
  {
    sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.visits = 5 ORDER BY u.email DESC LIMIT 1',
    only: 'mariadb',
  },
  {
    sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.visits = 5 ORDER BY u.id LIMIT 1',
    only: 'mysql',
    errno: 1221,
  },
  { sql: "WITH c AS (SELECT 1 AS k) UPDATE users u JOIN c ON c.k = u.id SET u.email = 'cte'", only: 'mysql' },
  {
    sql: 'WITH c AS (SELECT MAX(email) AS e FROM users) UPDATE users u JOIN c SET u.email = c.e',
    only: 'mysql',
  },
  {
    sql: "WITH c AS (SELECT id FROM users WHERE email = 'ann@x.com') UPDATE users SET email = 'cte' WHERE id IN (SELECT id FROM c)",
    only: 'mysql',
  },
  {
    sql: 'WITH c AS (SELECT email FROM users) UPDATE notes SET n = 9 WHERE text IN (SELECT email FROM c)',
    only: 'mysql',
  },
  { sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET email = 1', refused: NO },
  { sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.visits = 1 WHERE email = 1', refused: NO },
  { sql: "UPDATE users u JOIN shared s ON s.id = u.id SET email = 'x'", refused: NO },
  { sql: 'UPDATE users NATURAL JOIN notes SET users.email = 1', refused: NO },
  { sql: 'UPDATE users u JOIN shared s USING (email) SET u.visits = 1', refused: NO },
  { sql: 'UPDATE users u LEFT JOIN notes n USING (id) SET u.visits = 1, n.n = 2' },
  { sql: 'UPDATE notes SET n = (SELECT COUNT(*) FROM users u WHERE u.email = notes.text)' },
  {
    sql: 'UPDATE notes n JOIN users u ON u.id = n.id SET n.n = (SELECT SUM(s.visits) FROM shared s WHERE s.username = u.username), u.email = n.text',
  },
  {
    sql: "UPDATE notes SET text = (SELECT MAX(username) FROM users WHERE age > 10), n = EXISTS (SELECT email FROM users WHERE phone = '111')",
  },
  { sql: 'UPDATE notes SET text = (SELECT MAX(email) FROM users)', refused: ESCAPE },
  {
    sql: 'UPDATE notes SET text = (SELECT d.x FROM (SELECT email AS x FROM users) d LIMIT 1)',
    refused: ESCAPE,
  },
  { sql: 'UPDATE notes SET text = (SELECT (SELECT u.email) FROM users u LIMIT 1)', refused: ESCAPE },
  {
    sql: 'UPDATE notes SET text = (WITH c AS (SELECT * FROM users) SELECT username FROM c LIMIT 1)',
  },
  {
    sql: 'UPDATE notes n JOIN (SELECT id, email AS e FROM users) d ON d.id = n.id SET n.text = (SELECT d.e)',
    refused: ESCAPE,
  },
  {
    sql: 'UPDATE notes n JOIN (SELECT id, email AS e FROM users) d ON d.id = n.id SET n.text = (SELECT e FROM users LIMIT 1)',
    refused: ESCAPE,
  },
  { sql: 'UPDATE notes n LEFT JOIN users u USING (id) SET u.visits = 1', refused: NO },
  { sql: 'UPDATE notes n JOIN users u ON n.id = u.id SET n.text = u.email', refused: ESCAPE },
  { sql: 'UPDATE notes n JOIN users u ON n.id = u.id SET n.text = email', refused: ESCAPE },
  { sql: "UPDATE notes n JOIN users u ON n.id = u.id SET n.text = CONCAT('', u.email)", refused: ESCAPE },
  { sql: 'UPDATE notes n JOIN users u ON n.id = u.id SET n.n = LENGTH(u.email)', refused: ESCAPE },
  { sql: "UPDATE notes n JOIN users u ON n.id = u.id SET n.text = u.email, u.email = 'x'", refused: ESCAPE },
  {
    sql: "UPDATE users u JOIN shared s ON s.id = u.id SET u.username = s.email, s.email = 'x'",
    refused: ESCAPE,
  },
  { sql: 'UPDATE users u JOIN shared s ON s.id = u.id SET u.username = s.email', refused: ESCAPE },
  {
    sql: 'UPDATE notes n JOIN (SELECT id, email AS e FROM users) d ON d.id = n.id SET n.text = d.e',
    refused: ESCAPE,
  },
  {
    sql: 'UPDATE notes n JOIN (SELECT id, email AS e FROM users) d ON d.id = n.id SET n.text = e',
    refused: ESCAPE,
  },
  {
    sql: 'UPDATE notes n JOIN (SELECT * FROM users) d ON d.id = n.id SET n.text = d.username',
  },
  { sql: 'UPDATE notes n JOIN (SELECT id, username AS e FROM users) d ON d.id = n.id SET n.text = d.e' },
  {
    sql: 'UPDATE notes n JOIN users u ON n.id = u.id JOIN LATERAL (SELECT u.email AS e) d SET n.text = d.e',
    only: 'mysql',
    refused: ESCAPE,
  },
  {
    sql: 'WITH c AS (SELECT id, email AS e FROM users) UPDATE notes n JOIN c ON c.id = n.id SET n.text = c.e',
    only: 'mysql',
    refused: ESCAPE,
  },
  {
    sql: 'WITH c AS (SELECT id, email AS e FROM users) UPDATE notes n SET n.text = (SELECT MAX(e) FROM c)',
    only: 'mysql',
    refused: ESCAPE,
  },
  {
    sql: 'WITH c AS (SELECT id, email AS e FROM users) UPDATE users SET username = (SELECT MAX(e) FROM c)',
    only: 'mysql',
    refused: ESCAPE,
  },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.encrypted_email = 'x'", refused: ESCAPE },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET encrypted_email = 'x'", refused: ESCAPE },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET u.tenant_id = 't2'", refused: MISMATCH },
  { sql: "UPDATE users u JOIN notes n ON n.id = u.id SET tenant_id = 't2'", refused: MISMATCH },
  { sql: 'UPDATE users u JOIN shared s ON s.id = u.id SET u.tenant_id = s.tenant_id', refused: MISMATCH },
  { sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.age = n.n' },
  {
    sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.email = (SELECT text FROM notes ORDER BY id LIMIT 1)',
  },
  {
    sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.email = (SELECT CONCAT(m.text, n.n) FROM notes m WHERE m.id = n.id + 1)',
  },
  {
    sql: 'UPDATE users u JOIN notes n ON n.id = u.id SET u.visits = 1 WHERE (@v := u.email) IS NOT NULL',
    refused: ESCAPE,
  },
  { sql: 'UPDATE users SET visits = 1 WHERE email' },
  { sql: 'UPDATE users u JOIN notes n ON u.email SET u.visits = 1 WHERE u.phone' },
];

const DELETES: readonly WriteCase[] = [
  { sql: "DELETE u FROM users u WHERE u.email = 'bob@x.com'" },
  { sql: 'DELETE u FROM users u' },
  { sql: 'DELETE users FROM users' },
  { sql: 'DELETE users.* FROM users WHERE users.id = 1' },
  { sql: "DELETE FROM u USING users u WHERE u.phone = '111'" },
  { sql: 'DELETE FROM users USING users JOIN notes ON notes.id = users.id' },
  { sql: 'DELETE u FROM users u JOIN notes n ON n.text = u.email' },
  { sql: 'DELETE u, n FROM users u JOIN notes n ON n.text = u.email' },
  { sql: 'DELETE FROM u, n USING users AS u, notes AS n WHERE n.id = u.id' },
  { sql: 'DELETE notes FROM notes JOIN users ON notes.text = users.email' },
  { sql: 'DELETE n FROM notes n LEFT JOIN users u ON n.text = u.email WHERE u.id IS NULL' },
  { sql: 'DELETE n, u FROM notes n LEFT JOIN users u ON n.text = u.email' },
  {
    sql: 'DELETE u FROM notes n RIGHT JOIN users u ON n.text = u.email WHERE n.id IS NULL AND u.email IS NOT NULL',
  },
  { sql: 'DELETE u, s FROM users u JOIN shared s ON s.email = u.email WHERE u.age > 20' },
  { sql: 'DELETE u FROM users u JOIN shared s ON s.email = u.email' },
  {
    sql: 'DELETE u, s, n FROM users u LEFT JOIN notes n ON n.id = u.id RIGHT JOIN shared s ON s.id = u.id + 1 WHERE n.id IS NOT NULL OR u.id IS NULL',
  },
  {
    sql: 'DELETE s, u FROM notes n LEFT JOIN (shared s RIGHT JOIN users u ON u.id = s.id + 2) ON u.id = n.id',
  },
  { sql: 'DELETE a FROM users a JOIN users b ON b.email = a.email AND b.id < a.id' },
  { sql: 'DELETE a, b FROM users a JOIN users b ON b.email = a.email AND b.id < a.id' },
  { sql: 'DELETE u FROM users u JOIN (SELECT MAX(email) AS e FROM users) d ON d.e = u.email' },
  {
    sql: 'DELETE u FROM users u JOIN (SELECT email FROM users GROUP BY email HAVING COUNT(*) > 1) d ON d.email = u.email',
  },
  { sql: 'DELETE QUICK IGNORE u FROM users u JOIN notes n ON n.id = u.id WHERE u.email IS NOT NULL' },
  { sql: 'DELETE u FROM users u WHERE u.email IN (SELECT text FROM notes) OR u.age < 0' },
  {
    sql: 'WITH c AS (SELECT MAX(email) AS e FROM users) DELETE u FROM users u JOIN c ON c.e = u.email',
    only: 'mysql',
  },
  {
    sql: "WITH c AS (SELECT 'ann@x.com' AS e) DELETE FROM users WHERE email IN (SELECT e FROM c)",
    only: 'mysql',
  },
  { sql: 'DELETE users FROM users u', errno: 1109 },
  { sql: 'DELETE users FROM notes', errno: 1109 },
  { sql: 'DELETE x FROM users u JOIN notes n', errno: 1109 },
  { sql: 'DELETE u FROM users u WHERE u.nothing = 1', errno: 1054 },
  { sql: 'DELETE u FROM users u JOIN notes n ON email = text', refused: NO },
  { sql: 'DELETE FROM users WHERE email' },
];

/** Statements that would reach other tenants' rows if a condition could outdo the tenant's predicate. */
const HOSTILE: readonly string[] = [
  "UPDATE users u JOIN notes n ON 1 = 1 OR u.tenant_id = 't2' SET u.email = 'x', u.visits = 99 WHERE 1 = 1 OR u.tenant_id <> 't1'",
  'UPDATE notes n LEFT JOIN users u ON 1 = 1 OR u.id = n.id SET u.visits = 99, n.n = 1 WHERE u.id IS NOT NULL OR 1 = 1',
  "UPDATE notes n LEFT JOIN users u ON u.id = n.id OR 1 SET u.visits = 99 WHERE NOT (u.tenant_id <=> 't1')",
  "UPDATE users u RIGHT JOIN notes n ON u.tenant_id <=> 't2' OR TRUE SET u.visits = 99",
  "UPDATE users a JOIN users b ON a.id = b.id OR 1 = 1 SET a.visits = 99 WHERE b.tenant_id = 't2' OR 1",
  'UPDATE users a, users b SET a.visits = 98, b.visits = 99 WHERE a.tenant_id <> b.tenant_id OR 1 = 1',
  "UPDATE users u JOIN notes n ON EXP(IF(u.username LIKE 'other-%', 9999, 1)) > 0 SET u.visits = 99",
  "UPDATE notes n LEFT JOIN (users u JOIN shared s ON EXP(IF(u.username LIKE 'other-%', 9999, 1)) > 0 OR 1) ON 1 = 1 SET u.visits = 99, s.visits = 99",
  "UPDATE notes n LEFT JOIN users u ON EXP(IF(u.username LIKE 'other-%', 9999, 1)) > 0 SET u.visits = 99",
  "UPDATE users u JOIN (SELECT 't2' AS t) d ON u.tenant_id = d.t OR 1 = 1 SET u.visits = 99",
  "DELETE u FROM users u WHERE 1 = 1 OR u.tenant_id = 't2'",
  'DELETE u, s FROM users u JOIN shared s ON 1 = 1 OR s.tenant_id <=> u.tenant_id',
  "DELETE u FROM notes n LEFT JOIN users u ON 1 = 1 OR u.id = n.id WHERE u.tenant_id <> 't1' OR 1 = 1",
  "DELETE a, b FROM users a JOIN users b WHERE a.tenant_id <> 't1' OR b.tenant_id <> 't1' OR 1",
  "DELETE FROM users USING users, shared WHERE shared.tenant_id = 't2' OR users.tenant_id = 't2' OR 1",
  "DELETE u FROM users u JOIN notes n ON EXP(IF(u.username LIKE 'other-%', 9999, 1)) > 0",
  'UPDATE users SET visits = 99 WHERE email OR 1',
];

forEachSetting((_name, getServer, constants) => {
  const lab = writeLab(getServer, constants);

  itWrites([...UPDATES, ...DELETES], getServer, lab);

  it('qualified with the schema', async () => {
    const { database } = lab();
    const { outcome } = await lab().attack(
      `DELETE ${database}.users FROM ${database}.users JOIN ${database}.notes ON ${database}.notes.text = ${database}.users.email`,
    );
    expect(outcome).toBe('rewritten');
    const updated = await lab().attack(
      `UPDATE ${database}.users JOIN ${database}.notes ON notes.id = users.id SET ${database}.users.email = 'x' WHERE ${database}.users.email IS NOT NULL`,
    );
    expect(updated).toMatchObject({ outcome: 'rewritten' });
    expect(updated.errno).toBeUndefined();
  });

  it('an index on the ciphertext serves equality in WHERE and ON', async () => {
    await lab().secure.query('CREATE INDEX by_email ON users (encrypted_email(64))');
    try {
      for (const sql of [
        "UPDATE users u FORCE INDEX (by_email) JOIN notes n ON n.id = u.id SET u.visits = 1 WHERE u.email = 'bob@x.com'",
        "UPDATE notes n JOIN users u FORCE INDEX (by_email) ON u.email = 'bob@x.com' SET u.visits = 1",
        "UPDATE notes n LEFT JOIN users u FORCE INDEX (by_email) ON u.email = 'bob@x.com' SET u.visits = 1",
        "DELETE u FROM users u FORCE INDEX (by_email) JOIN notes n ON n.id = u.id WHERE u.email = 'bob@x.com'",
      ]) {
        const { rows } = await lab().attack(`EXPLAIN FORMAT=TRADITIONAL ${sql}`);
        const users = (JSON.parse(rows ?? '[]') as Record<string, unknown>[]).find(
          (row) => row['table'] === 'u',
        );
        expect(users, sql).toMatchObject({ type: 'ref', key: 'by_email' });
      }
    } finally {
      await lab().secure.query('DROP INDEX by_email ON users');
    }
  });

  describe('hostile conditions leave other tenants alone', () => {
    for (const sql of HOSTILE) {
      it(sql, async () => {
        const result = await lab().attack(sql);
        expect(result.outcome, 'message' in result ? String(result.message) : '').toBe('rewritten');
        // An error, as of EXP(9999), would tell that another tenant's row was looked at.
        expect(result.errno).toBeUndefined();
      });
    }
  });
});
