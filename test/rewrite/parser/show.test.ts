import { describe, expect, it } from 'vitest';
import { mysql } from '../lexing.js';
import { dump } from './parsing.js';

describe('SHOW that describes a table', () => {
  it.each([
    ['SHOW COLUMNS FROM t', '(show columns t)'],
    ['show full fields in db.t', '(show full columns db.t)'],
    ['SHOW EXTENDED FULL COLUMNS FROM t IN db', '(show full columns db.t)'],
    ['SHOW COLUMNS FROM a.t FROM b', '(show columns b.t)'],
    ["SHOW COLUMNS FROM t LIKE 'a%'", "(show columns t (like <'a%'>))"],
    ['SHOW COLUMNS FROM `where` WHERE Field = 1', '(show columns where (where (= Field 1)))'],
    ['SHOW INDEX FROM t', '(show index t)'],
    ['SHOW EXTENDED INDEXES IN t IN db', '(show index db.t)'],
    ['SHOW KEYS FROM t WHERE 1', '(show index t (where 1))'],
    ['SHOW CREATE TABLE db.t', '(show createTable db.t)'],
    ['SHOW CREATE VIEW t', '(other SHOW)'],
    ['SHOW FULL TABLES', '(other SHOW)'],
    ['SHOW FULL PROCESSLIST', '(other SHOW)'],
    ['SHOW ENGINES', '(other SHOW)'],
  ])('%s', (sql, tree) => {
    expect(dump(sql, mysql())).toBe(tree);
  });

  it.each([
    "SHOW INDEX FROM t LIKE 'a'",
    'SHOW COLUMNS t',
    'SHOW COLUMNS FROM t LIKE a',
    'SHOW CREATE TABLE',
  ])('no statement: %s', (sql) => {
    expect(() => dump(sql, mysql())).toThrow();
  });
});
