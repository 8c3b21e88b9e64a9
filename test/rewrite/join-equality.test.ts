import { describe, expect, it } from 'vitest';
import type { Catalog, CatalogKey } from '../../src/rewrite/catalog.js';
import { CATALOG, context, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

/* Equality of two protected columns by ciphertext: conditions as they are rewritten, and what the views then give. */

function catalogWith(key: CatalogKey | null): Catalog {
  const tables = new Map(CATALOG.tables);
  const users = tables.get('tenant_app.users')!;
  tables.set('tenant_app.users', { ...users, keys: key === null ? users.keys : [...users.keys, key] });
  return { ...CATALOG, generation: 7, tables };
}

const BY_EMAIL: CatalogKey = { name: 'e', unique: false, columns: ['tenant_id', 'encrypted_email(200)'] };

function rewritten(sql: string, key: CatalogKey | null = BY_EMAIL): string {
  const catalog = catalogWith(key);
  const outcome = outcomeOf(newRewriter(), sql, context(MYSQL, { catalog }));
  if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
  return outcome.sql;
}

describe('the ciphertext is compared in front of the values, and no view is kept from being merged', () => {
  it.each([
    [
      'SELECT u.id FROM users u JOIN users o ON o.email = u.email',
      'ON (`o`.__tc_eq_3=`u`.__tc_eq_3 AND (o.email = u.email))',
    ],
    [
      'SELECT u.id FROM users u JOIN users o ON u.id < o.id AND o.email = u.email',
      'ON u.id < o.id AND (`o`.__tc_eq_3=`u`.__tc_eq_3 AND (o.email = u.email))',
    ],
    [
      'SELECT u.id FROM users u, users o WHERE (o.email <=> u.email)',
      'WHERE ((`o`.__tc_eq_3<=>`u`.__tc_eq_3 AND (o.email <=> u.email)))',
    ],
    [
      'SELECT u.id FROM users u LEFT JOIN users o ON (o.email, o.id) = (u.email, u.id)',
      'ON (`o`.__tc_eq_3=`u`.__tc_eq_3 AND ((o.email, o.id) = (u.email, u.id)))',
    ],
    [
      'SELECT u.id FROM users u WHERE EXISTS (SELECT 1 FROM users o WHERE o.email = u.email)',
      'WHERE (`o`.__tc_eq_3=`u`.__tc_eq_3 AND (o.email = u.email))',
    ],
  ])('%s', (sql, expected) => {
    const text = rewritten(sql);
    expect(text).toContain(expected);
    expect(text.match(/`encrypted_email` AS __tc_eq_3 FROM/g)).toHaveLength(2);
    expect(text).not.toContain('HAVING 1');
  });

  it('of a table that is written, its own column', () => {
    const text = rewritten('UPDATE users u JOIN users o ON o.email = u.email SET u.username = 1');
    expect(text).toContain('ON (`o`.__tc_eq_3=`u`.`encrypted_email` AND (o.email = ');
  });
});

describe('the values alone are compared', () => {
  it.each([
    ['where no index would serve', 'SELECT u.id FROM users u JOIN users o ON o.phone = u.phone'],
    ['beside a star, which would take it', 'SELECT u.* FROM users u JOIN users o ON o.email = u.email'],
    ['beside a bare star', 'SELECT * FROM users u JOIN users o ON o.email = u.email'],
    ['inside OR', 'SELECT u.id FROM users u JOIN users o ON o.email = u.email OR o.id = u.id'],
    ['inside NOT', 'SELECT u.id FROM users u JOIN users o ON NOT o.email = u.email'],
    ['by another comparison', 'SELECT u.id FROM users u JOIN users o ON o.email > u.email'],
    ['where the types differ', 'SELECT u.id FROM users u JOIN vault v ON v.age = u.email'],
    [
      'of a block that groups its rows',
      'SELECT email FROM users u GROUP BY email HAVING EXISTS (SELECT 1 FROM users o WHERE o.email = u.email)',
    ],
    ['of one view', 'SELECT u.id FROM users u WHERE u.email = u.email'],
    ['with USING', 'SELECT u.id FROM users u JOIN users o USING (email)'],
    ['with an expression', "SELECT u.id FROM users u JOIN users o ON o.email = CONCAT(u.email, '')"],
  ])('%s', (_what, sql) => {
    expect(rewritten(sql)).not.toContain('__tc_eq_');
  });

  it('where the index begins with something else', () => {
    const sql = 'SELECT u.id FROM users u JOIN users o ON o.email = u.email';
    const key = { name: 'e', unique: false, columns: ['username', 'encrypted_email'] };
    expect(rewritten(sql, key)).not.toContain('__tc_eq_');
    expect(rewritten(sql, null)).toContain('HAVING 1');
  });
});

it.each(['SELECT u.__tc_eq_3 FROM users u', 'SELECT 1 AS `__TC_EQ_0` FROM users'])(
  'its name is reserved: %s',
  (sql) => {
    expect(outcomeOf(newRewriter(), sql, context())).toMatchObject({
      outcome: 'refused',
      code: 'TC_RESERVED_NAME',
    });
  },
);
