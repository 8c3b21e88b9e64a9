import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const FORWARDED = [
  'LOCK TABLES users READ',
  'LOCK TABLE users WRITE',
  'lock tables `users` as u read, users read local, tenant_app.vault v low_priority write;',
  'LOCK TABLES users AS u READ, orders WRITE',
  'UNLOCK TABLES',
  'ANALYZE TABLE users',
  'ANALYZE NO_WRITE_TO_BINLOG TABLE users, orders',
  'CHECK TABLE users QUICK EXTENDED',
  'CHECK TABLE users FOR UPGRADE',
  'OPTIMIZE LOCAL TABLE tenant_app.users',
  'REPAIR TABLE users',
  'FLUSH TABLES users',
  'FLUSH TABLES users WITH READ LOCK',
  'FLUSH TABLES users, vault FOR EXPORT',
];

const REFUSED = [
  'CHECKSUM TABLE users',
  'LOCK TABLES users',
  'LOCK TABLES users READ; DROP TABLE users',
  'LOCK TABLES users READ, (SELECT 1) WRITE',
  'LOCK TABLES users READ users',
  'ANALYZE TABLE users UPDATE HISTOGRAM ON email',
  'ANALYZE TABLE users PERSISTENT FOR COLUMNS (email) INDEXES ()',
  'CHECK TABLE users, users QUICK, users',
  'OPTIMIZE TABLE users PARTITION',
  'CACHE INDEX users IN hot',
  'HANDLER users OPEN',
  'LOAD INDEX INTO CACHE users',
];

describe.each([
  ['mysql', MYSQL],
  ['mariadb', MARIADB],
] as const)('statements on whole tables, %s', (_, dialect) => {
  const rewriter = newRewriter();

  it.each(FORWARDED)('forwards %s', (sql) => {
    expect(outcomeOf(rewriter, sql, context(dialect))).toEqual({ outcome: 'forwarded' });
  });

  it.each(REFUSED)('refuses %s', (sql) => {
    expect(outcomeOf(rewriter, sql, context(dialect))).toMatchObject({
      outcome: 'refused',
      code: 'TC_UNSUPPORTED_SQL',
    });
  });
});
