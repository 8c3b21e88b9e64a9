import { afterAll, beforeAll, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { type WriteCase, WriteLab } from '../support/write-lab.js';

const LONG = 'x'.repeat(60);

/** INSERT in its forms: what the plain table does, the protected one does. */
const CASES: readonly WriteCase[] = [
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 'eve@x.com')" },
  { sql: "INSERT INTO users (tenant_id, username, email) VALUES ('t1', 'eve', 'eve@x.com')" },
  { sql: "INSERT INTO users (username, tenant_id, email) VALUES ('eve', ('t1'), 'eve@x.com')" },
  { sql: "INSERT users (username, email) VALUE ('eve', 'eve@x.com')" },
  { sql: "insert into `users` (`username`, `email`) values ('eve', 'eve@x.com');" },
  { sql: "INSERT INTO users (users.username, users.email) VALUES ('eve', 'eve@x.com')" },
  { sql: "INSERT INTO users SET username = 'eve', email = 'eve@x.com'" },
  { sql: "INSERT INTO users SET tenant_id = 't1', username = 'eve', email = 'eve@x.com', age = 7" },
  { sql: "INSERT INTO users SET email := 'eve@x.com'" },
  { sql: "INSERT INTO users (username, email) VALUES ('e1', 'a'), ('e2', 'b'), ('e3', 'c')" },
  {
    sql: "INSERT INTO users (username, email) VALUES ('e1', 'a'), ('e2', NULL), ('e3', DEFAULT), ('e4', CONCAT('a', 'b'))",
  },
  {
    sql: "INSERT INTO users (username, email, age) VALUES ('e1', 'a', 1), ('e2', 'b', -2), ('e3', 'c', '3')",
  },
  {
    sql: "INSERT INTO users VALUES (50, 't1', 'eve', 'e@x', '1', 'c', 'b', 1, 2, 3, 'tok', 'pin', 4, DEFAULT)",
  },
  {
    sql: "INSERT INTO users VALUES (NULL, 't1', 'eve', 'e@x', '1', 'c', 'b', 1, 2, 3, 'tok', 'pin', 4, DEFAULT)",
  },
  {
    sql: "INSERT INTO users VALUES (51, 't1', 'eve', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 4, DEFAULT), (52, 't1', 'eva', '', '', '', '', 0, 0, 0, '', '', 4, DEFAULT)",
  },
  { sql: "INSERT INTO users (username, email, hidden) VALUES ('eve', 'e', 'h')" },
  { sql: "INSERT INTO users (username, doubled) VALUES ('eve', DEFAULT)" },
  { sql: "INSERT INTO users (username, doubled) VALUES ('eve', 4)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', DEFAULT)" },
  { sql: "INSERT INTO users (id, username, email) VALUES (DEFAULT, 'eve', 'e')" },
  { sql: "INSERT INTO users (id, username, email) VALUES (0, 'eve', 'e')" },
  { sql: "INSERT INTO users (id, username, email) VALUES (77, 'eve', 'e')" },
  { sql: "INSERT INTO users (tenant_id, username) VALUES (DEFAULT, 'eve')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', NULL)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', (NULL))" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', '')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 'it''s')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 'a\\'b\\\\c\\n\\t\\0\\Z\\%\\_')" },
  { sql: 'INSERT INTO users (username, email) VALUES ("eve", "double \\" quoted "" twice")' },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 'a' 'b' 'c')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 'a' /* comment */ 'b'\n'c')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 'emoji 😀 ünï 日本')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', N'national')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', _utf8mb4'introduced ü')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', _latin1 X'e9')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', _binary'abc')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', _latin1'abc' COLLATE latin1_bin)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', X'616263')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 0x616263)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', b'1100001')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 0xff)", errno: 1366 },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', UNHEX('ff'))", errno: 1366, otherError: true },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', _binary X'ff')", errno: 1366, otherError: true },
  {
    sql: Buffer.from("INSERT INTO users (username, email) VALUES ('eve', 'bad \xff\xfe')", 'latin1'),
    errno: 1366,
  },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 123)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', -123)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', +123)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 1.50)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', -0.50)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', .5)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 1e3)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 1.5e-7)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 00123)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 123456789012345678901234567890)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', TRUE), ('eva', FALSE)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', DATE '2024-01-02')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', TIMESTAMP '2024-01-02 03:04:05.5')" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', CONCAT('a', 1, 'é'))" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', LOWER('ABC'))" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 1 + 1)" },
  // MariaDB stores nine decimals in the plain column, and four from CONVERT.
  { sql: "INSERT INTO users (username, email) VALUES ('eve', 7 / 2)", only: 'mysql' },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', IF(1, 'yes', 'no'))" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', CASE WHEN 1 THEN 'yes' END)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', NULLIF('a', 'a'))" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', CONCAT('a', NULL))" },
  {
    sql: `INSERT INTO users (username, email) VALUES ('eve', REPEAT('x', 51))`,
    errno: 1406,
    otherError: true,
  },
  { sql: `INSERT INTO users (username, email) VALUES ('eve', '${LONG}')`, errno: 1406 },
  { sql: `INSERT INTO users (username, email) VALUES ('ok', 'short'), ('eve', '${LONG}')`, errno: 1406 },
  { sql: `INSERT INTO users (username, email) VALUES ('eve', '${'é'.repeat(50)}')` },
  { sql: `INSERT INTO users (username, email) VALUES ('eve', '${'😀'.repeat(50)}')` },
  { sql: `INSERT INTO users (username, email) VALUES ('eve', '${'é'.repeat(51)}')`, errno: 1406 },
  { sql: `INSERT INTO users (username, email) VALUES ('eve', '${'y'.repeat(50)}   ')` },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', '  spaces  ')" },
  { sql: "INSERT INTO users (username, code) VALUES ('eve', 'ab   ')" },
  { sql: "INSERT INTO users (username, code) VALUES ('eve', 'ab      ')" },
  { sql: "INSERT INTO users (username, code) VALUES ('eve', 'toolong')", errno: 1406 },
  { sql: `INSERT INTO users (username, bio) VALUES ('eve', '${'é'.repeat(127)}')` },
  { sql: `INSERT INTO users (username, bio) VALUES ('eve', '${'é'.repeat(128)}')`, otherError: true },
  { sql: "INSERT IGNORE INTO users (id, username, email) VALUES (1, 'eve', 'e')" },
  { sql: "INSERT IGNORE INTO users (username, email) VALUES ('ann', 'e'), ('new', 'f')" },
  { sql: "INSERT LOW_PRIORITY INTO users (username, email) VALUES ('eve', 'e')" },
  { sql: "INSERT HIGH_PRIORITY INTO users (username, email) VALUES ('eve', 'e')" },
  { sql: 'INSERT INTO users () VALUES ()' },
  { sql: 'INSERT INTO users VALUES ()' },
  { sql: 'INSERT INTO users () VALUES (), ()' },
  { sql: "INSERT INTO users (id, username) VALUES (1, 'dup')", errno: 1062 },
  { sql: "INSERT INTO users (username, email) VALUES ('ann', 'dup')", errno: 1062 },
  { sql: "INSERT INTO users (username, nothing) VALUES ('eve', 1)", errno: 1054 },
  { sql: "INSERT INTO users (username, email, email) VALUES ('eve', 'a', 'b')", errno: 1110 },
  { sql: "INSERT INTO users (username, email) VALUES ('eve')", errno: 1136, otherError: true },
  { sql: "INSERT INTO users (username, email, visits) VALUES ('eve', 'a', (SELECT COUNT(*) FROM notes))" },
  { sql: "INSERT INTO users (username, email, visits) VALUES ('eve', 'a', 1 + 2 * 3)" },
  { sql: "INSERT INTO users (username, email) VALUES (UPPER('eve'), UPPER('e'))" },
  { sql: 'INSERT INTO users (visits, email) VALUES (3, visits + 1)' },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', @unset)" },
  { sql: "INSERT INTO users (username, email) VALUES ('eve', @named)", setup: ["SET @named = 'value'"] },
  {
    sql: "INSERT INTO users (username, tenant_id, email) VALUES ('eve', @tenant_id, 'e')",
    setup: ["SET @tenant_id = 't1'"],
  },
  { sql: "INSERT /* hint */ INTO /*!40000 users */ (username, email) VALUES ('eve', 'e') -- tail" },
  { sql: "INSERT INTO users (username, token, pin) VALUES ('eve', 'abc', 'ab')" },
  { sql: "INSERT INTO users (username, token, pin) VALUES ('eve', X'00ff00', X'01')" },
  { sql: "INSERT INTO users (username, token) VALUES ('eve', 'ninebytes')", errno: 1406 },
  { sql: "INSERT INTO users (username, pin) VALUES ('eve', 'fiveb')", errno: 1406 },
  { sql: "INSERT INTO users (username, token) VALUES ('eve', 12345)" },
  { sql: "INSERT INTO users (username, token) VALUES ('eve', 'é')" },
  { sql: "INSERT INTO users (username, token) VALUES ('eve', UNHEX('00ff'))" },
  { sql: "INSERT INTO users (username, token) VALUES ('eve', CONCAT('ab', 'cd'))" },
];

forEachServer((_name, getServer) => {
  let lab: WriteLab;
  beforeAll(async () => {
    lab = await WriteLab.open(getServer());
  });
  afterAll(async () => await lab.close());

  for (const test of CASES) {
    if (test.only !== undefined && !_name.startsWith(test.only)) continue;
    it(test.sql.toString().slice(0, 140), async () => await lab.check(test));
  }
});
