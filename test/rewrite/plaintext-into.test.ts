import { describe, expect, it } from 'vitest';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { context, MARIADB, MYSQL, outcomeOf, USERS, VAULT } from '../support/rewrite.js';

const rewriter = new SqlRewriter({
  tables: [USERS, VAULT],
  tenantVariable: 'tenant_id',
  parseDepth: 500,
  planCacheBytes: 1 << 20,
  calls: [],
  plaintextInto: ['reports.Mailing', 'tenant_app.copies'],
});

describe('policy.plaintextInto', () => {
  it.each([
    'INSERT INTO reports.Mailing (address) SELECT email FROM users',
    'REPLACE INTO reports.Mailing (address) SELECT email FROM users',
    'INSERT INTO copies SELECT * FROM users',
    'INSERT INTO `copies` (id, note) VALUES (1, (SELECT email FROM users LIMIT 1)) ON DUPLICATE KEY UPDATE note = (SELECT MAX(phone) FROM users)',
    'INSERT INTO copies SET note = (SELECT email FROM users LIMIT 1)',
    'CREATE TABLE reports.Mailing AS SELECT email FROM users',
    'CREATE TABLE IF NOT EXISTS copies (id INT) SELECT id, email FROM users',
  ])('lets the tenant’s rows into %s', (sql) => {
    for (const dialect of [MYSQL, MARIADB]) {
      const outcome = outcomeOf(rewriter, sql, context(dialect));
      expect(outcome).toMatchObject({ outcome: 'rewritten' });
      expect(outcome.outcome === 'rewritten' && outcome.sql).toContain("`tenant_id`='t1'");
    }
  });

  it.each([
    'INSERT INTO orders (note) SELECT email FROM users',
    'INSERT INTO other.copies (note) SELECT email FROM users',
    'INSERT INTO reports.mailing (address) SELECT email FROM users',
    'CREATE TABLE orders2 AS SELECT email FROM users',
    'UPDATE copies SET note = (SELECT MAX(email) FROM users)',
    'UPDATE copies c JOIN users u ON u.id = c.id SET c.note = u.email',
    "SELECT email FROM users INTO OUTFILE 'f'",
    'SELECT email INTO @v FROM users',
  ])('refuses %s', (sql) => {
    expect(outcomeOf(rewriter, sql, context())).toMatchObject({
      outcome: 'refused',
      code: 'TC_PLAINTEXT_ESCAPE',
    });
  });

  it('folds names where the server does', () => {
    const sql = 'INSERT INTO Reports.MAILING (address) SELECT email FROM users';
    const folds = context({ ...MYSQL, lowerCaseTableNames: 1 });
    expect(outcomeOf(rewriter, sql, folds)).toMatchObject({ outcome: 'rewritten' });
    expect(outcomeOf(rewriter, sql, context())).toMatchObject({ outcome: 'refused' });
  });
});
