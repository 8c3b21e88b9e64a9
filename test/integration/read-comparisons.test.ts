import { describeReads, type ReadCase } from '../support/read-cases.js';

/** Constants that a column of the plain table equals, or not, by its type's and collation's own rules. */
const INTEGERS = [
  '30', "'30'", '30.0', '30.', '0x1E', "x'1e'", '030', "'030'", "' 30'", "'30 '", '+30', "'+30'", '3e1', "'3e1'",
  "'30.0'", "'30.5'", '30.5', '29.9999', "'30abc'", "''", "'abc'", 'NULL', 'TRUE', 'FALSE', '-30', "'-30'", '- 30', '-0', "'-0'", '0',
  'b\'11110\'', '2147483647', '2147483648', '-2147483648', '99999999999999999999', "N'30'", "_utf8mb4'30'", '(30)', '1', "0x3330",
]; // biome-ignore format: a list

const UNSIGNED = [
  '18446744073709551615', "'18446744073709551615'", '18446744073709551616', '-1', '9223372036854775808', '0', "'0'", '00', '5.0',
  '0xFFFFFFFFFFFFFFFF', '10', '1e1', '18446744073709551615.0', "'1e1'",
]; // biome-ignore format: a list

const STRINGS = [
  "'+1'", "'+1 '", "'30'", '30', '030', '30.0', "'030'", "''", 'NULL', "_latin1'+1'", "N'+1'", "x'2b31'", '0x2b31',
  "'+' '1'", '"+1"', "'\\+1'", "'+49 30'", "_utf8mb4'+1'", "'+1' COLLATE utf8mb4_general_ci", "BINARY '+1'", 'TRUE', '1',
]; // biome-ignore format: a list

const EMAILS = [
  "'anna@x.com'", "'ANNA@X.COM'", "'anna@x.com '", "'chloe@x.com'", "'chloé@x.com'", "'chloe\u0301@x.com'", "'strasse@y.org'",
  "'straße@y.org'", "'😀@x.com'", "''", "0", "x'616e6e6140782e636f6d'",
]; // biome-ignore format: a list

const BINARIES = ["''", "x''", "x'00'", "x'02'", "'\\0'", '0x00', '0', 'NULL', "x'01ff'", "'abc'", "b'0'"];

/**
 * MariaDB stores a constant into a base INT column before it compares, rounding as an INSERT would: `age = 30.5`
 * finds 31. An expression compares by value, and finds nothing.
 */
const ROUNDED_BY_MARIADB = new Set(["'30.5'", '30.5', '29.9999', "x'1e'"]);

function comparisons(column: string, constants: readonly string[]): ReadCase[] {
  return constants.flatMap((constant) => {
    const known = column === 'age' && ROUNDED_BY_MARIADB.has(constant);
    return [
      `SELECT id FROM users WHERE ${column} = ${constant}`,
      `SELECT id FROM users WHERE ${constant} <=> ${column}`,
      `SELECT id FROM users WHERE ${column} IN (${constant}, ${constants[0]})`,
    ].map((sql): ReadCase => (known ? { sql, differsOn: 'mariadb' } : { sql }));
  });
}

describeReads([
  ...comparisons('age', INTEGERS),
  ...comparisons('score', UNSIGNED),
  ...comparisons('phone', STRINGS),
  ...comparisons('email', EMAILS),
  ...comparisons('token', BINARIES),
  // Ranges and NULL.
  "SELECT id FROM users WHERE age > '9'",
  'SELECT id FROM users WHERE age < 9.5',
  'SELECT id FROM users WHERE score > 9223372036854775807',
  "SELECT id FROM users WHERE token > x'01'",
  'SELECT id FROM users WHERE age > NULL',
  'SELECT id FROM users WHERE age IN (NULL)',
  'SELECT id FROM users WHERE age NOT IN (30, NULL)',
  'SELECT id FROM users WHERE age <=> NULL AND phone <=> NULL',
  "SELECT id FROM users WHERE NOT phone <=> '+1'",
  // Collations: pads, accents, case; each as declared.
  ...[
    'anna',
    'anna ',
    'ANNA',
    'bob',
    'bob ',
    'Bob',
    'chloe',
    'chloé',
    'chloe\u0301',
    'zoe',
    'Zoë',
    'strasse',
    'straße',
    '',
    ' lead',
    '😀',
  ].flatMap((name) => [
    `SELECT id FROM users WHERE nick = '${name}'`,
    `SELECT id FROM users WHERE title = '${name}'`,
    `SELECT id FROM users WHERE title LIKE '${name}%'`,
    `SELECT id FROM users WHERE nick IN ('${name}', 'müller')`,
    { sql: `SELECT id FROM users WHERE label = '${name}'`, on: 'mysql' as const },
    { sql: `SELECT id FROM users WHERE label LIKE '${name}'`, on: 'mysql' as const },
  ]),
  'SELECT DISTINCT nick FROM users',
  'SELECT nick, COUNT(*) FROM users GROUP BY nick',
  'SELECT COUNT(DISTINCT nick), COUNT(DISTINCT title), COUNT(DISTINCT phone), COUNT(DISTINCT email) FROM users',
  { sql: 'SELECT COUNT(DISTINCT label) FROM users', on: 'mysql' },
  "SELECT id FROM users WHERE nick = 'ANNA' COLLATE utf8mb4_general_ci",
  "SELECT id FROM users WHERE title COLLATE utf8mb4_bin = 'anna'",
  'SELECT id FROM users WHERE email COLLATE utf8mb4_bin = phone',
  "SELECT id FROM users WHERE nick = CONCAT('an', 'na')",
  "SELECT id FROM users WHERE title = UPPER('anna')",
  'SELECT id FROM users WHERE nick = username OR email = username',
  { sql: 'SELECT id FROM users WHERE phone = nick', on: 'mariadb', errno: 1267 },
  { sql: 'SELECT id FROM users WHERE title = username', errno: 1267 },
  { sql: 'SELECT id FROM users WHERE title = email', errno: 1267 },
  'SELECT id FROM users WHERE nick = title',
  'SELECT CONCAT(nick, title) FROM users',
  { sql: "SELECT id FROM users WHERE CONCAT(title, email) = 'x'", on: 'mariadb', errno: 1267 },
  { sql: "SELECT id FROM users WHERE CONCAT(title, email) = 'x'", on: 'mysql' },
  'SELECT id FROM users WHERE email = token',
  'SELECT id FROM users WHERE age = phone',
  'SELECT id FROM users WHERE age = score',
  "SELECT id FROM users WHERE created_at > '2024-05-01' AND age = 30",
  "SELECT id FROM users WHERE username = 'USER3' AND phone = '+1'",
  // The same from parameters.
  { sql: 'SELECT id, email, age FROM users WHERE id = ?', values: [5] },
  { sql: 'SELECT id, email FROM users WHERE phone = ?', values: ['+1'] },
  { sql: 'SELECT id, email FROM users WHERE phone = ?', values: [null] },
  { sql: 'SELECT id FROM users WHERE phone <=> ?', values: [null] },
  { sql: 'SELECT id FROM users WHERE phone <=> ?', values: ['30'] },
  { sql: 'SELECT id FROM users WHERE age <=> ?', values: [null] },
  { sql: 'SELECT id FROM users WHERE age = ?', values: [30] },
  { sql: 'SELECT id FROM users WHERE age = ?', values: ['030'] },
  { sql: 'SELECT id FROM users WHERE age IN (?, ?, 30)', values: [9, -30] },
  {
    sql: 'SELECT id FROM users WHERE age > ? AND phone IN (?, ?) AND email LIKE ?',
    values: [8, '+1', '30', '%@x.com'],
  },
  {
    sql: 'SELECT id, CONCAT(?, email, ?) AS x FROM users WHERE email = ? OR id < ?',
    values: ['<', '>', 'anna@x.com', 9],
  },
  {
    sql: 'SELECT u.id, o.id, ? AS x FROM users u JOIN orders o ON o.user_id = u.id AND o.amount > ? WHERE u.phone = ? ORDER BY u.id, o.id LIMIT ?',
    values: ['x', 10, '+1', 5],
  },
  {
    sql: 'SELECT (SELECT COUNT(*) FROM accounts WHERE phone = ?) AS n, id FROM users WHERE token = ?',
    values: ['30', Buffer.from([1])],
  },
  { sql: 'SELECT (SELECT MAX(secret) FROM accounts WHERE grp = ?) FROM orders WHERE id < ?', values: [3, 3] },
  { sql: 'SELECT id FROM users WHERE email = ?', values: ['😀@x.com'] },
]);
