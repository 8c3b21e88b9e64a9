import { afterAll, beforeAll, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { type WriteCase, WriteLab } from '../support/write-lab.js';

const NO = 'TC_UNSUPPORTED_SQL';
const ESCAPE = 'TC_PLAINTEXT_ESCAPE';

/** UPDATE and DELETE: what the plain table does, the tenant's part of the protected one does. */
const CASES: readonly WriteCase[] = [
  { sql: "UPDATE users SET email = 'new@x.com' WHERE id = 1" },
  { sql: "UPDATE users SET email = 'new@x.com', phone = NULL WHERE id = 1" },
  { sql: "UPDATE users SET email = 'everyone'" },
  { sql: 'UPDATE users SET email = NULL' },
  { sql: "UPDATE users SET email = 'new' WHERE email = 'ann@x.com'" },
  { sql: "UPDATE users SET username = CONCAT('u-', id) WHERE email = 'ann@x.com'" },
  { sql: "UPDATE users SET visits = visits + 1 WHERE email IN ('ann@x.com', 'bob@x.com', NULL)" },
  { sql: 'UPDATE users SET visits = 9 WHERE email <=> NULL' },
  { sql: 'UPDATE users SET visits = 9 WHERE email IS NULL' },
  { sql: "UPDATE users SET visits = 9 WHERE email LIKE 'a%' OR phone = '222'" },
  { sql: "UPDATE users SET visits = 9 WHERE NOT email = 'ann@x.com'" },
  { sql: 'UPDATE users SET visits = 9 WHERE LENGTH(email) = 9 AND id > 1' },
  { sql: 'UPDATE users SET visits = 9 WHERE age > 35' },
  { sql: "UPDATE users SET visits = 9 WHERE age = 30 OR age = '40'" },
  { sql: 'UPDATE users SET visits = 9 WHERE age = 30.0' },
  { sql: 'UPDATE users SET visits = 9 WHERE score = 18446744073709551615' },
  { sql: "UPDATE users SET visits = 9 WHERE token = X'00ff'" },
  { sql: "UPDATE users SET visits = 9 WHERE pin = 'p1'" },
  { sql: "UPDATE users SET visits = 9 WHERE pin = 'p1\\0\\0'" },
  { sql: "UPDATE users SET visits = 9 WHERE code = 'aa'" },
  { sql: 'UPDATE users SET email = phone WHERE id = 2' },
  { sql: 'UPDATE users SET email = email' },
  { sql: 'UPDATE users SET tenant_id = tenant_id, visits = 3' },
  { sql: "UPDATE users SET tenant_id = 't1', visits = 3 WHERE id = 1" },
  { sql: "UPDATE users SET email = CONCAT(email, '!') WHERE email IS NOT NULL" },
  { sql: 'UPDATE users SET email = UPPER(email), phone = LEFT(phone, 2)' },
  { sql: "UPDATE users SET email = CASE WHEN id = 1 THEN 'one' WHEN id = 2 THEN email ELSE NULL END" },
  { sql: "UPDATE users SET email = CASE id WHEN 1 THEN 'one' ELSE username END" },
  { sql: "UPDATE users SET email = IF(email LIKE 'a%', 'A', 'B')" },
  { sql: "UPDATE users SET email = COALESCE(email, 'none'), phone = IFNULL(phone, '0')" },
  { sql: "UPDATE users SET email = REPLACE(email, '@x.com', '@y.org') WHERE id IN (1, 2)" },
  { sql: "UPDATE users SET email = 'a', phone = email" },
  { sql: 'UPDATE users SET email = visits' },
  { sql: 'UPDATE users SET email = username WHERE email IS NULL' },
  { sql: 'UPDATE users SET email = DEFAULT WHERE id = 1' },
  { sql: "UPDATE users SET visits = LENGTH('abc') WHERE id = 1" },
  { sql: "UPDATE users SET email = REPEAT('x', 60) WHERE id = 1", errno: 1406 },
  { sql: "UPDATE users SET email = REPEAT('x', 60) WHERE id = 999" },
  { sql: 'UPDATE users SET age = 300 WHERE id = 999' },
  { sql: "UPDATE users SET age = 300, level = 'x', token = 'ninebytes', code = 'toolong' LIMIT 0" },
  { sql: 'UPDATE users SET age = 300 WHERE id = 1', errno: 1264 },
  { sql: "UPDATE users SET level = '12abc' WHERE id = 1", errno: 1265 },
  { sql: "UPDATE users SET token = 'ninebytes' WHERE id = 1", errno: 1406 },
  { sql: "UPDATE users SET code = 'toolong' WHERE id = 1", errno: 1406 },
  { sql: 'UPDATE IGNORE users SET age = 300 WHERE id = 999', refused: 'TC_UNSUPPORTED_SQL' },
  { sql: `UPDATE users SET email = '${'x'.repeat(60)}' WHERE id = 1`, errno: 1406 },
  { sql: "UPDATE users SET email = 'x' ORDER BY id DESC LIMIT 2" },
  { sql: 'UPDATE users SET visits = 100 ORDER BY email DESC LIMIT 1' },
  { sql: 'UPDATE users SET visits = 100 WHERE id > 1 ORDER BY age LIMIT 1' },
  { sql: "UPDATE users AS u SET u.email = 'x' WHERE u.id = 1" },
  { sql: "UPDATE users u SET email = 'x', u.visits = 2 WHERE u.email = 'bob@x.com'" },
  { sql: "UPDATE users SET users.email = 'x' WHERE users.email = 'bob@x.com'" },
  { sql: "UPDATE LOW_PRIORITY users SET email = 'x' WHERE id = 1" },
  { sql: "UPDATE IGNORE users SET email = 'x', id = 2 WHERE id = 1" },
  { sql: 'UPDATE users SET id = 2 WHERE id = 1', errno: 1062 },
  { sql: 'UPDATE users SET nothing = 1', errno: 1054 },
  { sql: 'UPDATE users SET email = 1 WHERE nothing = 1', errno: 1054 },
  { sql: 'UPDATE users SET visits = 1 WHERE users.nothing = 1', errno: 1054 },
  { sql: 'UPDATE users SET age = 41 WHERE id = 1' },
  { sql: "UPDATE users SET age = '42', level = -7 WHERE id = 1" },
  { sql: 'UPDATE users SET age = NULL WHERE id = 1' },
  { sql: 'UPDATE users SET email = (NULL), age = (NULL) WHERE id = 1' },
  { sql: 'UPDATE users SET visits = 8 WHERE id IN (SELECT id FROM notes)' },
  { sql: 'UPDATE users SET visits = 8 WHERE email IN (SELECT text FROM notes)' },
  { sql: 'UPDATE users SET visits = 8 WHERE EXISTS (SELECT 1 FROM notes n WHERE n.text = users.email)' },
  { sql: 'UPDATE users u SET visits = (SELECT MAX(n) FROM notes) WHERE id = 1' },
  {
    sql: "UPDATE users SET email = 'x' WHERE visits = (SELECT MAX(v) FROM (SELECT visits AS v FROM users) d)",
  },
  {
    sql: "UPDATE users SET email = 'q' WHERE id = (SELECT m FROM (SELECT MAX(id) AS m FROM users WHERE email = 'ann@x.com') AS d)",
  },
  { sql: 'UPDATE users SET email = (SELECT text FROM notes LIMIT 1)', refused: NO },
  { sql: 'UPDATE users SET username = email', refused: ESCAPE },
  { sql: 'UPDATE users SET username = CONCAT(username, email)', refused: ESCAPE },
  { sql: 'UPDATE users SET visits = LENGTH(email)', refused: ESCAPE },
  {
    sql: 'UPDATE users SET username = (SELECT MAX(v) FROM (SELECT email AS v FROM users) d)',
    refused: ESCAPE,
  },
  { sql: "UPDATE users SET tenant_id = 't2' WHERE id = 1", refused: 'TC_TENANT_MISMATCH' },
  { sql: "UPDATE users SET tenant_id = CONCAT('t', 1) WHERE id = 1", refused: 'TC_TENANT_MISMATCH' },
  { sql: 'UPDATE users SET tenant_id = username WHERE id = 1', refused: 'TC_TENANT_MISMATCH' },
  { sql: 'UPDATE users SET age = age + 1', refused: NO },
  { sql: 'UPDATE users SET email = RAND()', refused: NO },
  { sql: "UPDATE users SET email = 'x' WHERE (@v := email) IS NOT NULL", refused: ESCAPE },
  { sql: 'UPDATE notes, users SET notes.text = users.email WHERE notes.id = users.id', refused: ESCAPE },
  { sql: 'UPDATE users AS u, (SELECT 1 AS a) AS d SET u.username = u.email', refused: ESCAPE },
  { sql: 'UPDATE notes SET text = (SELECT email FROM users LIMIT 1)', refused: ESCAPE },
  { sql: 'UPDATE notes n JOIN (SELECT email FROM users) d SET n.text = d.email', refused: ESCAPE },
  { sql: 'UPDATE notes SET n = 7 WHERE text IN (SELECT email FROM users)' },
  { sql: 'UPDATE notes SET n = 7 WHERE EXISTS (SELECT 1 FROM users WHERE users.email = notes.text)' },
  { sql: 'DELETE FROM users' },
  { sql: 'DELETE FROM users WHERE id = 1' },
  { sql: "DELETE FROM users WHERE email = 'ann@x.com'" },
  { sql: "DELETE FROM users WHERE email = 'ann@x.com' OR 1 = 1" },
  { sql: "DELETE FROM users WHERE email LIKE '%x.com' AND age > 35" },
  { sql: 'DELETE FROM users WHERE email IS NULL' },
  { sql: 'DELETE FROM users ORDER BY email, id LIMIT 2' },
  { sql: 'DELETE FROM users LIMIT 1' },
  { sql: "DELETE QUICK FROM users WHERE email = 'bob@x.com'" },
  { sql: "DELETE IGNORE FROM users WHERE email = 'bob@x.com'" },
  { sql: 'DELETE FROM users WHERE email IN (SELECT text FROM notes)' },
  { sql: "DELETE FROM users WHERE users.phone IN ('111', '444')" },
  { sql: "DELETE FROM users AS u WHERE u.email = 'bob@x.com'", only: 'mysql' },
  { sql: 'DELETE FROM notes WHERE text IN (SELECT email FROM users)' },
  { sql: 'DELETE FROM users WHERE nothing = 1', errno: 1054 },
  { sql: 'TRUNCATE TABLE users', refused: NO },
  { sql: 'DELETE FROM users WHERE id = 1 RETURNING email', only: 'mariadb', refused: NO },
];

forEachServer((name, getServer) => {
  let lab: WriteLab;
  beforeAll(async () => {
    lab = await WriteLab.open(getServer());
  });
  afterAll(async () => await lab.close());

  for (const test of CASES) {
    if (test.only !== undefined && !name.startsWith(test.only)) continue;
    it(test.sql.toString().slice(0, 140), async () => await lab.check(test));
  }
});
