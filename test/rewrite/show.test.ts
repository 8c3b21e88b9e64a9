import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/rewrite/dialect.js';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import { readable } from '../support/readable-sql.js';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const FIELD =
  "(CASE `Field` WHEN 'encrypted_email' THEN 'email' WHEN 'encrypted_phone' THEN 'phone' ELSE `field` END)";
const TYPE =
  "(CASE `Field` WHEN 'encrypted_email' THEN 'varchar(255)' WHEN 'encrypted_phone' THEN 'varchar(32)' ELSE `type` END)";
const COLUMN =
  "(CASE `Column_name` WHEN 'encrypted_email' THEN 'email' WHEN 'encrypted_phone' THEN 'phone' ELSE `column_name` END)";

function rewritten(sql: string, dialect: Dialect = MYSQL): unknown {
  const outcome = outcomeOf(newRewriter(), sql, context(dialect));
  return outcome.outcome === 'rewritten' ? readable(outcome.sql) : outcome;
}

describe('SHOW and DESCRIBE of a protected table', () => {
  it.each([
    'SHOW COLUMNS FROM users',
    'SHOW FULL COLUMNS FROM tenant_app.users',
    'show fields in users in tenant_app',
    'SHOW INDEX FROM users',
    'SHOW CREATE TABLE users',
    'SHOW CREATE TABLE `tenant_app`.`users`;',
    'DESCRIBE users',
    'EXPLAIN tenant_app.users',
  ])('goes to the server as it is: %s', (sql) => {
    expect(rewritten(sql)).toBe(sql);
  });

  it.each([
    ["SHOW COLUMNS FROM users LIKE 'e%'", `SHOW COLUMNS FROM users WHERE ${FIELD} LIKE 'e%'`],
    [
      "SHOW FULL COLUMNS FROM users WHERE field = 'email'",
      `SHOW FULL COLUMNS FROM users WHERE ${FIELD} = 'email'`,
    ],
    [
      "SHOW COLUMNS FROM users WHERE `Type` LIKE 'v%' AND `Null` = 'YES' OR Field IN ('a', 'b')",
      `SHOW COLUMNS FROM users WHERE ${TYPE} LIKE 'v%' AND \`Null\` = 'YES' OR ${FIELD} IN ('a', 'b')`,
    ],
    ["SHOW KEYS FROM users WHERE Column_name = 'email'", `SHOW KEYS FROM users WHERE ${COLUMN} = 'email'`],
    ["DESCRIBE users 'e%'", `SHOW COLUMNS FROM users WHERE ${FIELD} LIKE 'e%'`],
    ['DESC tenant_app.users email', `SHOW COLUMNS FROM tenant_app.users WHERE ${FIELD} LIKE 'email'`],
  ])('is filtered by what the application knows: %s', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected);
  });

  it('keeps the escape character of SHOW … LIKE where the session has none', () => {
    const sqlMode = parseSqlMode('NO_BACKSLASH_ESCAPES');
    expect(rewritten("SHOW COLUMNS FROM users LIKE 'e\\_%'", { ...MARIADB, sqlMode })).toBe(
      `SHOW COLUMNS FROM users WHERE ${FIELD} LIKE 'e\\_%' ESCAPE '\\'`,
    );
  });

  it('needs neither key nor tenant, and has its rows restored', () => {
    const rewriter = newRewriter();
    const sql = Buffer.from('SHOW FULL COLUMNS FROM users');
    const { plan } = rewriter.analyse(sql, 0, sql.length, context());
    expect(plan).toMatchObject({
      outcome: 'rewrite',
      needsTenant: false,
      needsKey: false,
      columns: { rows: { subject: 'columns', full: true, table: { table: 'users' } } },
    });
  });

  it('a subquery in WHERE is refused', () => {
    expect(rewritten('SHOW COLUMNS FROM users WHERE Field = (SELECT email FROM users)')).toMatchObject({
      outcome: 'refused',
      code: 'TC_UNSUPPORTED_SQL',
      position: 38,
    });
  });

  it('a view over a protected table is refused', () => {
    expect(rewritten('SHOW CREATE TABLE user_view')).toMatchObject({ outcome: 'refused', position: 18 });
  });

  it.each([
    'SHOW COLUMNS FROM orders',
    'SHOW COLUMNS FROM users FROM other',
    'SHOW COLUMNS FROM tenant_app.users FROM other',
    "SHOW INDEX FROM orders WHERE Column_name = 'users'",
    'DESCRIBE orders',
    'SHOW CREATE TABLE other.users',
  ])('other tables pass: %s', (sql) => {
    expect(rewritten(sql)).toEqual({ outcome: 'forwarded' });
  });

  it('a protected table that the WHERE of another one’s SHOW reads is read through its view', () => {
    const outcome = rewritten('SHOW COLUMNS FROM orders WHERE Field = (SELECT MAX(username) FROM users)');
    expect(outcome).toContain('FROM `tenant_app`.`users` AS `users` WHERE `users`.`tenant_id`=');
  });
});
