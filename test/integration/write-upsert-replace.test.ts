import { it } from 'vitest';
import { forEachSetting, itWrites, writeLab } from '../support/write-cases.js';
import type { WriteCase } from '../support/write-lab.js';

const NO = 'TC_UNSUPPORTED_SQL';
const ODKU = 'ON DUPLICATE KEY UPDATE';
const NEW = "INSERT INTO users (id, username, email, phone) VALUES (1, 'ann', 'n@x', '9')";

/** ON DUPLICATE KEY UPDATE and REPLACE; `shared` has keys without the tenant column, `users` has none. */
const CASES: readonly WriteCase[] = [
  { sql: `${NEW} ${ODKU} email = VALUES(email)` },
  { sql: `${NEW} ${ODKU} email = VALUES(email), phone = VALUES(phone), visits = visits + 1` },
  { sql: `${NEW} ${ODKU} email = (VALUES(email))` },
  { sql: `${NEW} ${ODKU} email = VALUES(phone)` },
  { sql: `${NEW} ${ODKU} email = COALESCE(VALUES(email), email), phone = COALESCE(phone, VALUES(phone))` },
  { sql: `${NEW} ${ODKU} email = IF(VALUES(email) = email, email, CONCAT(email, '/', VALUES(email)))` },
  { sql: `${NEW} ${ODKU} phone = CONCAT(VALUES(email), REPEAT('x', 10))`, errno: 1406 },
  {
    sql: `INSERT INTO users (id, username, age, level) VALUES (2, 'bob', 50, 7) ${ODKU} age = age + VALUES(age), level = VALUES(level) * level`,
  },
  {
    sql: `INSERT INTO users (id, username, age) VALUES (2, 'bob', 100) ${ODKU} age = VALUES(age) + age`,
    errno: 1264,
  },
  {
    sql: `INSERT INTO users (id, username, email) VALUES (1, 'ann', 'i') AS new ${ODKU} email = CONCAT(new.email, users.email)`,
    only: 'mysql',
  },
  {
    sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') ${ODKU} email = CONCAT(email, VALUES(email))`,
  },
  { sql: `${NEW} ${ODKU} email = 'literal'` },
  { sql: `${NEW} ${ODKU} email = NULL` },
  { sql: `${NEW} ${ODKU} email = DEFAULT` },
  { sql: `${NEW} ${ODKU} email = CONCAT(email, '+')` },
  { sql: `${NEW} ${ODKU} email = CONCAT(username, '+')` },
  { sql: `${NEW} ${ODKU} email = IF(email IS NULL, 'a', email)` },
  { sql: `${NEW} ${ODKU} users.email = users.phone` },
  { sql: `${NEW} ${ODKU} username = VALUES(username)` },
  { sql: `${NEW} ${ODKU} visits = visits + VALUES(id)` },
  { sql: `${NEW} ${ODKU} id = LAST_INSERT_ID(id), email = VALUES(email)` },
  { sql: `${NEW} ${ODKU} tenant_id = VALUES(tenant_id), email = VALUES(email)` },
  { sql: `${NEW} ${ODKU} tenant_id = 't1', email = 'x'`, refused: 'TC_TENANT_MISMATCH' },
  { sql: `${NEW} ${ODKU} tenant_id = 't2'`, refused: 'TC_TENANT_MISMATCH' },
  { sql: `${NEW} ${ODKU} username = VALUES(email)`, refused: 'TC_PLAINTEXT_ESCAPE' },
  { sql: `${NEW} ${ODKU} username = email`, refused: 'TC_PLAINTEXT_ESCAPE' },
  { sql: `${NEW} ${ODKU} username = CONCAT(VALUES(email))`, refused: 'TC_PLAINTEXT_ESCAPE' },
  { sql: `${NEW} ${ODKU} email = CONCAT(VALUES(email), 'x')` },
  { sql: `${NEW} ${ODKU} email = VALUES(username)` },
  { sql: `${NEW} ${ODKU} username = (SELECT VALUES(email))`, refused: NO },
  { sql: `${NEW} ${ODKU} email = VALUES(nothing)`, errno: 1054 },
  {
    sql: `INSERT INTO users (id, username, age, token) VALUES (2, 'bob', 50, 'x') ${ODKU} age = VALUES(age), token = VALUES(token)`,
  },
  { sql: `INSERT INTO users (id, username, age) VALUES (2, 'bob', 50) ${ODKU} age = 51` },
  { sql: `INSERT INTO users (id, username, age) VALUES (2, 'bob', 50) ${ODKU} age = 300`, errno: 1264 },
  // The arm does not run, or the row before fails first.
  { sql: `INSERT INTO users (id, username, age) VALUES (77, 'nel', 50) ${ODKU} age = 300` },
  { sql: `INSERT INTO users (id, username) VALUES (77, 'nel'), (78, 'nora') ${ODKU} phone = '12345678901'` },
  { sql: `INSERT INTO users (id, username) VALUES (77, 'nel'), (2, 'bob') ${ODKU} age = 'x'`, errno: 1366 },
  { sql: "INSERT INTO users (username, age) VALUES ('ann', 5), ('n1', 300)", errno: 1062 },
  { sql: "INSERT INTO users (username, age) VALUES ('n1', 300), ('ann', 5)", errno: 1264 },
  {
    sql: `INSERT INTO users (username, email) VALUES ('ann', 'a1'), ('bob', 'b1'), ('new', 'c1') ${ODKU} email = VALUES(email)`,
  },
  {
    sql: `INSERT INTO users VALUES (1, 't1', 'ann', 'e@x', '1', 'c', 'b', 1, 2, 3, 'tok', 'pin', 4, DEFAULT) ${ODKU} email = VALUES(email), age = VALUES(age), pin = VALUES(pin)`,
  },
  { sql: `INSERT INTO users SET id = 1, username = 'ann', email = 'set' ${ODKU} email = VALUES(email)` },
  {
    sql: `INSERT IGNORE INTO users (id, username, email) VALUES (1, 'ann', 'i') ${ODKU} email = VALUES(email)`,
  },
  {
    sql: `INSERT INTO users (id, username, email) VALUES (1, 'ann', 'i') AS new ${ODKU} email = new.email`,
    only: 'mysql',
  },
  {
    sql: `INSERT INTO users (id, username, email) VALUES (1, 'ann', 'i') AS new ${ODKU} email = new.email, visits = users.visits + new.id`,
    only: 'mysql',
  },
  {
    sql: `INSERT INTO users (id, username, email) VALUES (1, 'ann', 'i') AS new ${ODKU} username = new.email`,
    only: 'mysql',
    refused: 'TC_PLAINTEXT_ESCAPE',
  },
  {
    sql: `INSERT INTO users (id, username, email) VALUES (1, 'ann', 'i') AS new ${ODKU} username = CONCAT(new.email)`,
    only: 'mysql',
    refused: 'TC_PLAINTEXT_ESCAPE',
  },
  {
    sql: `INSERT INTO users (id, username, email) VALUES (1, 'ann', 'i') AS new(a, b, c) ${ODKU} username = c`,
    only: 'mysql',
    refused: 'TC_PLAINTEXT_ESCAPE',
  },
  {
    sql: `INSERT INTO users (id, username, email) VALUES (1, 'ann', 'i') AS \`NEW\` ${ODKU} email = \`NEW\`.email`,
    only: 'mysql',
  },

  { sql: "REPLACE INTO users (id, username, email) VALUES (1, 'ann', 'r@x')" },
  { sql: "REPLACE INTO users (username, email) VALUES ('ann', 'r@x'), ('new', 's@x')" },
  { sql: "REPLACE users SET id = 1, username = 'zed', email = 'r@x'" },
  {
    sql: "REPLACE INTO users VALUES (2, 't1', 'ann', 'e@x', '1', 'c', 'b', 1, 2, 3, 'tok', 'pin', 4, DEFAULT)",
  },
  { sql: "REPLACE LOW_PRIORITY INTO users (id, username, email) VALUES (77, 'x', NULL)" },
  {
    sql: "REPLACE INTO users (tenant_id, id, username) VALUES ('t2', 1, 'ann')",
    refused: 'TC_TENANT_MISMATCH',
  },

  // Keys that another tenant's row may hold.
  { sql: "REPLACE INTO shared (id, username, email) VALUES (1, 'ann', 'r@x')", refused: NO },
  { sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') ${ODKU} email = VALUES(email)` },
  { sql: `INSERT INTO shared (id, username, email) VALUES (50, 'q', 'n@x') ${ODKU} email = VALUES(email)` },
  { sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') ${ODKU} email = NULL, visits = 3` },
  {
    sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') ${ODKU} visits = visits + 1, email = CONCAT(email, 'x')`,
  },
  {
    sql: `INSERT IGNORE INTO shared (id, username, email) VALUES (1, 'q', 'n@x') ${ODKU} email = VALUES(email), visits = 4`,
  },
  {
    sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') ${ODKU} tenant_id = VALUES(tenant_id)`,
  },
  {
    sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') ${ODKU} tenant_id = VALUES(tenant_id), email = 'x'`,
  },
  {
    sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') AS new ${ODKU} email = new.email`,
    only: 'mysql',
  },
  {
    sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') AS excluded(id, username, email) ${ODKU} email = excluded.email, username = excluded.username`,
    only: 'mysql',
  },
  {
    sql: `INSERT INTO shared (id, username, email) VALUES (1, 'q', 'n@x') AS new(a, b, c) ${ODKU} email = c`,
    only: 'mysql',
  },
];

forEachSetting((_name, getServer, constants) => {
  const lab = writeLab(getServer, constants);

  itWrites(CASES, getServer, lab);

  it.each([
    `INSERT INTO shared (id, username, email) VALUES (101, 'q', 'taken') ${ODKU} email = VALUES(email)`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} email = VALUES(email), visits = 1`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} email = NULL`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} visits = visits + 1, email = 'x'`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} id = 500`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} tenant_id = VALUES(tenant_id)`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} tenant_id = VALUES(tenant_id), email = 'x', visits = 9`,
    `INSERT IGNORE INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} tenant_id = VALUES(tenant_id), visits = 1, email = 'x'`,
    `INSERT IGNORE INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} email = VALUES(email), visits = 1`,
    `INSERT IGNORE INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} visits = 1, username = 'mine', id = 900`,
    `INSERT INTO shared (id, username, email) VALUES (60, 'fine', 'a'), (101, 'q', 'taken') ${ODKU} email = VALUES(email)`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} email = CONCAT(email, VALUES(email))`,
    `INSERT INTO shared (username, age) VALUES ('other-ann', 1) ${ODKU} age = age + VALUES(age)`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} tenant_id = VALUES(tenant_id), email = 'x' RETURNING *`,
    `INSERT IGNORE INTO shared (username, email) VALUES ('other-ann', 'taken') ${ODKU} email = 'x' RETURNING *`,
    `INSERT INTO shared (username, email) VALUES ('other-ann', 'taken')`,
    `INSERT IGNORE INTO shared (username, email) VALUES ('other-ann', 'taken')`,
  ])('does not reach another tenant’s row: %s', async (sql) => {
    await lab().attack(sql);
  });
});
