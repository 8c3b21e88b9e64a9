import { describe, expect, it } from 'vitest';
import type { CatalogColumn, CatalogKey } from '../../src/rewrite/catalog.js';
import { type Dialect, parseSqlMode } from '../../src/rewrite/dialect.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { brief } from '../support/brief-views.js';
import {
  CATALOG,
  column,
  context,
  MARIADB,
  MYSQL,
  newRewriter,
  outcomeOf,
  protectedColumn,
  USERS,
} from '../support/rewrite.js';

const rewriter = newRewriter();

/** The tenant views of a rewritten statement as test/support/brief-views.ts shows them, in order. */
function views(sql: string, dialect: Dialect = MYSQL): string {
  const outcome = outcomeOf(rewriter, sql, context(dialect));
  if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
  return (brief(outcome.sql).match(/«[^»|]*/g) ?? []).map((view) => view.slice(1).trim()).join('; ');
}

describe('a view lists the columns that the statement names', () => {
  it.each([
    ['SELECT email FROM users', 'users(email) users'],
    ['SELECT `email`, USERNAME FROM users', 'users(username,email) users'],
    ['SELECT phone, id FROM users', 'users(id,phone) users'],
    ['SELECT id FROM users ORDER BY phone', 'users(id,phone) users'],
    [
      'SELECT MAX(id) FROM users GROUP BY username HAVING MIN(email) > 1',
      'users(id,username,email) users barrier',
    ],
    ['SELECT id, RANK() OVER w FROM users WINDOW w AS (ORDER BY phone)', 'users(id,phone) users'],
    ['SELECT DEFAULT(username) FROM users', 'users(username) users'],
    ['SELECT 1 FROM users WHERE (id, email) = (1, 2)', 'users(id,email) users'],
    ["SELECT u.username->'$.a' FROM users u", 'users(username) u'],
    [
      "SELECT 1 FROM users u, JSON_TABLE(u.username, '$[*]' COLUMNS (phone INT PATH '$')) j",
      'users(username,phone) u barrier',
    ],
    ['SELECT 1 FROM users u JOIN o USING (id, username)', 'users(id,username) u'],
    ['SELECT MAX(id), GROUP_CONCAT(username ORDER BY email) FROM users', 'users(id,username,email) users'],
    ['SELECT CASE id WHEN 1 THEN username END FROM users', 'users(id,username) users'],
    ['SELECT id FROM users UNION SELECT id FROM vault ORDER BY id', 'users(id) users; vault(id) vault'],
    ['SELECT /*!50000 username, */ id FROM users', 'users(id,username) users'],
    ['EXPLAIN SELECT id FROM users', 'users(id) users'],
  ])('%s', (sql, expected) => {
    expect(views(sql)).toBe(expected);
  });

  it.each([
    // A name that may be meant for the view is listed, whatever else could have it.
    ['SELECT 1 AS email FROM users ORDER BY email', 'users(email) users'],
    ['SELECT (SELECT email FROM users LIMIT 1) FROM o', 'users(email) users'],
    ['SELECT o.x FROM o WHERE EXISTS (SELECT 1 FROM users WHERE username = 1)', 'users(username) users'],
    ['SELECT d.phone FROM (SELECT id AS phone FROM users u) d', 'users(id,phone) u'],
    ['WITH c (phone) AS (SELECT id FROM users) SELECT phone FROM c', 'users(id,phone) users'],
    ['SELECT 1 FROM users u JOIN o ON id = o.username', 'users(id) u'],
    ['SELECT 1 FROM users USE INDEX (phone)', 'users(phone) users USE INDEX (phone)'],
  ])('over-lists where a name is not certain: %s', (sql, expected) => {
    expect(views(sql)).toBe(expected);
  });

  it.each([
    ['SELECT u.email, v.phone FROM users u, users v', 'users(email) u; users(phone) v'],
    ['SELECT u.email, phone FROM users u, users v', 'users(email,phone) u; users(phone) v'],
    ['SELECT U.email, u . id FROM users u, users v', 'users(id,email) u; users(id) v'],
    ['SELECT tenant_app.users.id, v.email FROM users, users v', 'users(id) users; users(email) v'],
    ['SELECT `u`.`id`, `v`.email FROM users u, users `v`', 'users(id) u; users(email) v'],
    [
      'SELECT u.id FROM users u WHERE u.id IN (SELECT u.phone FROM vault u)',
      'users(id,phone) u; vault(id) u',
    ],
    ['SELECT u.id, (SELECT u.email FROM o) FROM users u', 'users(id,email) u'],
  ])('keeps the names of several tables apart by their qualifiers: %s', (sql, expected) => {
    const folding = { ...MYSQL, lowerCaseTableNames: 1 } as const;
    expect(views(sql, sql.includes('U.') ? folding : MYSQL)).toBe(expected);
  });

  it.each([
    ["SELECT 'email' FROM users", 'users(tenant_id) users'],
    ['SELECT "email", id FROM users', 'users(id) users'],
    ['SELECT @email, id FROM users', 'users(id) users'],
    ['SELECT /* email */ id FROM users -- phone', 'users(id) users'],
    ['SELECT id * 2 FROM users', 'users(id) users'],
  ])('takes no string, variable or comment for a name: %s', (sql, expected) => {
    expect(views(sql)).toBe(expected);
  });

  it('takes "…" for a name under ANSI_QUOTES', () => {
    const ansi = { ...MYSQL, sqlMode: parseSqlMode('ANSI_QUOTES') };
    expect(views('SELECT "email" FROM users', ansi)).toBe('users(email) users');
  });

  it.each([
    [
      'UPDATE users SET username = 1 WHERE id IN (SELECT d.id FROM (SELECT id FROM users x) d)',
      'users(id,username) x',
    ],
    ['DELETE FROM o WHERE id IN (SELECT u.id FROM users u WHERE u.phone = 1)', 'users(id,phone) u'],
    ['DELETE FROM users WHERE EXISTS (SELECT * FROM vault v WHERE v.id = users.id)', 'vault v'],
  ])('does so in statements that write: %s', (sql, expected) => {
    expect(views(sql)).toBe(expected);
  });

  it('asks for no more parameters than it needs', () => {
    const parameters = (sql: string): number => {
      const bytes = Buffer.from(sql);
      rewriter.analyse(bytes, 0, bytes.length, context(MYSQL, { prepared: true }));
      rewriter.fill({ tenant: 't1' }, 0);
      return rewriter.parameters().length;
    };
    // Two of the tenant predicate; one each of email and phone.
    expect(parameters('SELECT id FROM users WHERE id = ?')).toBe(3);
    expect(parameters('SELECT email FROM users WHERE id = ?')).toBe(4);
    expect(parameters('SELECT * FROM users WHERE id = ?')).toBe(5);
  });
});

describe('a view lists all columns', () => {
  it.each([
    ['SELECT * FROM users', 'users users'],
    ['SELECT *, id FROM users', 'users users'],
    ['SELECT DISTINCT * FROM users, o', 'users users'],
    ['SELECT id FROM o WHERE EXISTS (SELECT * FROM users)', 'users users'],
    ['SELECT id FROM (SELECT * FROM users) d', 'users users'],
    ['TABLE users', 'users users'],
    ['SELECT 1 FROM o WHERE id IN (TABLE users)', 'users users'],
    ['WITH c AS (TABLE users) SELECT 1 FROM c', 'users users'],
    ['SELECT u.*, v.id FROM users u, users v', 'users u; users(id) v'],
    ['SELECT v.id, tenant_app.users.* FROM users, users v', 'users users; users(id) v'],
    ['SELECT u . * FROM users u, users v', 'users u; users v'],
    ['SELECT * FROM (SELECT id FROM users) d, vault', 'users(id) users; vault vault'],
    ['SELECT * FROM (SELECT id FROM users) d', 'users(id) users'],
  ])('for a star or TABLE over it: %s', (sql, expected) => {
    expect(views(sql)).toBe(expected);
  });

  it.each([
    ['SELECT id FROM users NATURAL JOIN o', 'users users barrier'],
    ['SELECT id FROM o natural left join users', 'users users barrier'],
    ['SELECT id FROM (o, (users u /*!NATURAL*/ JOIN p))', 'users u barrier'],
    ['SELECT u.id FROM users u, o NATURAL JOIN p', 'users u barrier'],
  ])('for NATURAL JOIN anywhere: %s', (sql, expected) => {
    expect(views(sql)).toBe(expected);
  });

  it.each([
    'SELECT emaİl FROM users',
    'SELECT `phonE\u0301` FROM users',
    'SELECT id AS é FROM users',
    'SELECT id FROM users ORDER BY `\u017fecret`',
    'SELECT `a\tb` FROM users',
  ])('for a name with more than ASCII letters, which servers fold in their own ways: %s', (sql) => {
    for (const dialect of [MYSQL, MARIADB]) expect(views(sql, dialect)).toBe('users users');
  });

  it('and folds trailing spaces of a name, as no server may', () => {
    expect(views('SELECT `email ` FROM users')).toBe('users(email) users');
  });
});

describe('a view of which nothing is named', () => {
  /** The select list of the view in a query that names no column. */
  function listFor(columns: readonly CatalogColumn[], keys: readonly CatalogKey[], sql: string): string {
    const table = {
      ...USERS,
      tenantColumn: undefined,
      columns: new Map([protectedColumn('email', 'sealed')]),
    };
    const own = new SqlRewriter({
      tables: [table],
      tenantVariable: null,
      parseDepth: 500,
      planCacheBytes: 1 << 20,
      calls: [],
      inlineReads: false,
    });
    const live = { schema: 'tenant_app', name: 'users', columns, keys };
    const catalog = { ...CATALOG, tables: new Map([['tenant_app.users', live]]) };
    const outcome = outcomeOf(own, sql, context(MYSQL, { catalog }));
    if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
    return /\(SELECT (.*?) FROM `tenant_app`/.exec(outcome.sql)?.[1] ?? '';
  }

  const SEALED = column('sealed', 'varbinary(300)');
  const PRIMARY = { name: 'PRIMARY', unique: true, columns: ['id'] };

  it('has the tenant column, which is read in any case', () => {
    for (const sql of [
      'SELECT COUNT(*) FROM users',
      'SELECT 1 FROM users',
      'SELECT NOW() FROM users LIMIT 1',
    ]) {
      expect(views(sql)).toBe('users(tenant_id) users');
    }
  });

  it.each([
    ['the primary key', [SEALED, column('a', 'int'), column('id', 'int')], [PRIMARY], '`users`.`id` AS `id`'],
    ['any unprotected column', [SEALED, column('a', 'int')], [], '`users`.`a` AS `a`'],
    [
      'no invisible one',
      [SEALED, column('id', 'int', { invisible: true }), column('a', 'int')],
      [PRIMARY],
      '`users`.`a` AS `a`',
    ],
    [
      'the protected one if there is no other',
      [SEALED],
      [],
      'LEFT(CONVERT(AES_DECRYPT(`users`.`sealed`,@__tc_key) USING utf8mb4),255) AS `email`',
    ],
  ])('without a tenant column has %s', (_what, columns, keys, expected) => {
    expect(listFor(columns, keys, 'SELECT COUNT(*) FROM users')).toBe(expected);
  });

  it('keeps columns whose names are not plain words', () => {
    const odd = ['a b', '1e5', '_utf8mb4', 'a$', 'größe', 'a-b'].map((name) => column(name, 'int'));
    const list = listFor([SEALED, ...odd, column('plain', 'int')], [], 'SELECT 1 FROM users');
    expect(list.match(/AS `[^`]+`/g)).toEqual(odd.map(({ name }) => `AS \`${name}\``));
  });

  it('has an invisible column only where an expression names it', () => {
    const columns = [column('a', 'int'), SEALED, column('h', 'int', { invisible: true })];
    expect(listFor(columns, [], 'SELECT a, h FROM users')).toContain('AS `h`');
    expect(listFor(columns, [], 'SELECT *, 1 AS h FROM users')).not.toContain('AS `h`');
  });
});
