import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const rewritten = (sql: string, dialect = MYSQL): string => {
  const outcome = outcomeOf(newRewriter(), sql, context(dialect));
  if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
  return outcome.sql;
};

describe('INSERT … SELECT into a protected table', () => {
  it.each([MYSQL, MARIADB])('encrypts what the query gives, by position, and adds the tenant', (dialect) => {
    const sql = rewritten('INSERT INTO users (username, email) SELECT id, note FROM orders /* c */', dialect);
    expect(sql).toMatch(
      /^INSERT INTO users \(username, `encrypted_email`, `tenant_id`\) WITH __tc_source\(__tc_1,__tc_2\) AS \(SELECT id, note FROM orders\) SELECT __tc_source\.__tc_1,IF\(.*AES_ENCRYPT\(CONVERT\(__tc_source\.__tc_2 USING utf8mb4\),.*\),'t1' FROM __tc_source \/\* c \*\/$/,
    );
  });

  it('writes the columns out where the statement names none', () => {
    const sql = rewritten('INSERT INTO users SELECT * FROM users');
    expect(sql).toContain('users (`id`,`tenant_id`,`username`,`encrypted_email`,`encrypted_phone`) WITH');
    expect(sql).toContain(
      "IF(CAST(CONVERT(__tc_source.__tc_2 USING utf8mb4) AS BINARY)<=>'t1','t1',EXP(9999+",
    );
  });

  it.each([
    ['ORDER BY id', 'ORDER BY id LIMIT 18446744073709551615)'],
    ['ORDER BY id LIMIT 3', 'ORDER BY id LIMIT 3)'],
    ['FOR UPDATE', 'FROM orders LIMIT 18446744073709551615 FOR UPDATE)', 'RAND()'],
    ['', 'FROM orders)'],
    ['', 'FROM orders LIMIT 18446744073709551615)', 'RAND()'],
    ['', 'FROM orders LIMIT 18446744073709551615)', '(SELECT 1)'],
    ['UNION SELECT 1, 2', 'UNION SELECT 1, 2 LIMIT 18446744073709551615)'],
  ])('keeps the order, and what must be evaluated once: %s', (clause, expected, item = 'note') => {
    const sql = rewritten(`INSERT INTO users (username, email) SELECT id, ${item} FROM orders ${clause}`);
    expect(sql).toContain(`${expected} SELECT __tc_source`);
  });

  it.each([
    ['SELECT id FROM orders', '1136'],
    ['SELECT email, id FROM users', 'TC_PLAINTEXT_ESCAPE'],
    ['SELECT CONCAT(u.email), 1 FROM users u', 'TC_PLAINTEXT_ESCAPE'],
    ['SELECT d.a, 1 FROM (SELECT email AS a FROM users) d', 'TC_PLAINTEXT_ESCAPE'],
    ['SELECT (SELECT e), email AS e FROM users', 'TC_PLAINTEXT_ESCAPE'],
    ['SELECT * FROM orders, users', 'TC_UNSUPPORTED_SQL'],
    ['SELECT * FROM users a NATURAL JOIN users b', 'TC_UNSUPPORTED_SQL'],
  ])('refuses %s', (query, code) => {
    const outcome = outcomeOf(newRewriter(), `INSERT INTO users (username, email) ${query}`, context());
    expect(outcome).toMatchObject({ outcome: 'refused', code });
  });

  it('knows a common table expression by its name in another case where the server does (MariaDB)', () => {
    const sql = 'INSERT INTO orders (note) WITH T AS (SELECT email AS x FROM users) SELECT x FROM t';
    const outcome = outcomeOf(newRewriter(), sql, context(MARIADB));
    expect(outcome).toMatchObject({ outcome: 'refused', code: 'TC_PLAINTEXT_ESCAPE' });
  });

  it('gives columns of the query that ON DUPLICATE KEY UPDATE reads names of their own', () => {
    const sql =
      'INSERT INTO vault (id, secret) SELECT o.id, o.note FROM orders o ON DUPLICATE KEY UPDATE secret = CONCAT(o.note, o.a), note = o.b';
    const outcome = outcomeOf(newRewriter(), sql, context());
    expect(outcome.outcome === 'rewritten' ? outcome.sql : outcome).toMatch(
      /WITH __tc_source\(__tc_1,__tc_2,__tc_3,__tc_4,__tc_5\) AS \(SELECT o\.id, o\.note, o\.a, o\.note, o\.b FROM orders o\) SELECT .* FROM __tc_source ON DUPLICATE KEY UPDATE `secret` = IF\(.*CONCAT\(__tc_source\.__tc_4, __tc_source\.__tc_3\).*, note = __tc_source\.__tc_5$/,
    );
  });

  it.each([
    [
      'SELECT o.id, o.note FROM orders o GROUP BY 1, 2 ON DUPLICATE KEY UPDATE secret = o.note',
      'TC_UNSUPPORTED_SQL',
    ],
    [
      'SELECT DISTINCT o.id, o.note FROM orders o ON DUPLICATE KEY UPDATE secret = o.note',
      'TC_UNSUPPORTED_SQL',
    ],
    [
      'SELECT MAX(o.id), MAX(o.note) FROM orders o ON DUPLICATE KEY UPDATE secret = o.note',
      'TC_UNSUPPORTED_SQL',
    ],
    [
      'SELECT id, note FROM orders UNION SELECT 1, 2 ON DUPLICATE KEY UPDATE secret = x',
      'TC_UNSUPPORTED_SQL',
    ],
    ['SELECT u.id, u.email FROM users u ON DUPLICATE KEY UPDATE note = u.email', 'TC_PLAINTEXT_ESCAPE'],
    [
      'SELECT d.id, 1 FROM (SELECT id, email AS e FROM users) d ON DUPLICATE KEY UPDATE note = d.e',
      'TC_PLAINTEXT_ESCAPE',
    ],
  ])('refuses %s', (query, code) => {
    const outcome = outcomeOf(newRewriter(), `INSERT INTO vault (id, secret) ${query}`, context());
    expect(outcome).toMatchObject({ outcome: 'refused', code });
  });

  it('takes a non-strict session: what does not fit raises there too', () => {
    expect(rewritten('INSERT IGNORE INTO users (email) SELECT note FROM orders')).toContain('>255,EXP(9999+');
  });
});

describe('INSERT … SELECT out of a protected table', () => {
  it.each([
    'SELECT username FROM users',
    "SELECT username FROM users WHERE email = 'a' ORDER BY phone",
    'SELECT o.email FROM orders o JOIN users u ON u.id = o.id',
    'SELECT 1 FROM DUAL WHERE EXISTS (SELECT * FROM users)',
    'WITH c AS (SELECT id FROM users) SELECT * FROM c',
  ])('allows %s', (query) => {
    expect(rewritten(`INSERT INTO orders (note) ${query}`)).toContain('`tenant_app`.`users`');
  });

  it.each([
    'SELECT email FROM users',
    'SELECT * FROM users',
    'SELECT u.* FROM users u',
    'SELECT o.*, u.phone FROM orders o, users u',
    'SELECT 1 UNION SELECT email FROM users',
    'SELECT x FROM (SELECT email AS x FROM users) d',
    'WITH c(x) AS (SELECT email FROM users) SELECT x FROM c',
    'WITH RECURSIVE a AS (SELECT x FROM b), b AS (SELECT email AS x FROM users) SELECT x FROM a',
    'SELECT (SELECT email FROM users LIMIT 1)',
    "SELECT j.x FROM users u, JSON_TABLE(u.email, '$' COLUMNS (x TEXT PATH '$')) j",
    'SELECT l.x FROM users u, LATERAL (SELECT u.email AS x) l',
    'SELECT l.x FROM (SELECT email AS y FROM users) u, LATERAL (SELECT u.y AS x) l',
    'TABLE users',
    '(VALUES ROW((SELECT email FROM users LIMIT 1)))',
    'SELECT 1 FROM (SELECT email AS x FROM users) d ON DUPLICATE KEY UPDATE note = d.x',
    'SELECT 1 FROM (SELECT email AS x FROM users) d ON DUPLICATE KEY UPDATE note = x',
    'SELECT 1 FROM users u ON DUPLICATE KEY UPDATE note = u.email',
  ])('refuses %s', (query) => {
    const outcome = outcomeOf(newRewriter(), `INSERT INTO orders (note) ${query}`, context());
    expect(outcome).toMatchObject({ outcome: 'refused', code: 'TC_PLAINTEXT_ESCAPE' });
  });
});
