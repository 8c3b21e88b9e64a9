import { describe, expect, test } from 'vitest';
import { mariadb, mysql } from '../lexing.js';
import { dump } from './parsing.js';

/** Read alike by both servers, or by MySQL alone. */
const MYSQL: readonly (readonly [sql: string, tree: string])[] = [
  ['EXPLAIN SELECT 1', '(explain (select 1))'],
  ['EXPLAIN FORMAT=JSON UPDATE t SET a = 1', '(explain (update t (set a=1)))'],
  ['EXPLAIN ANALYZE SELECT 1', '(explain analyze (select 1))'],
  ['EXPLAIN FORMAT=JSON INTO @v DELETE FROM t', '(explain (delete t))'],
  ['EXPLAIN FOR CONNECTION 5', '(explain)'],
  ['EXPLAIN (SELECT 1)', '(explain (paren-query (select 1)))'],
  ['DESCRIBE t', '(explain t)'],
  ['DESC db.t a', '(explain db.t (column <a>))'],
  [`EXPLAIN t 'a%'`, `(explain t (column <'a%'>))`],
  ['DESCRIBE partitions', '(explain partitions)'],
  ['EXPLAIN TABLE t', '(explain (table t))'],
  ['ANALYZE TABLE t', '(other ANALYZE)'],
  ['CALL p(1)', '(other CALL)'],
  ['CREATE TABLE t (a INT)', '(other CREATE)'],
  [`CREATE DEFINER = 'u'@'h' PROCEDURE p() BEGIN SELECT 1; SELECT 2; END`, '(other CREATE)'],
  ['BEGIN', '(other BEGIN)'],
  ['COMMIT;', '(other COMMIT)'],
  [`PREPARE s FROM 'SELECT 1'`, '(other PREPARE)'],
  ['SHOW TABLES', '(other SHOW)'],
  ['/* x */ DROP TABLE t', '(other DROP)'],
];

/** What MariaDB reads, and MySQL reads otherwise or not at all. */
const MARIADB: readonly (readonly [sql: string, tree: string])[] = [
  ['ANALYZE SELECT 1', '(explain analyze (select 1))'],
  ['ANALYZE FORMAT=JSON DELETE FROM t', '(explain analyze (delete t))'],
  ['EXPLAIN EXTENDED SELECT 1', '(explain (select 1))'],
  ['ANALYZE LOCAL TABLE t', '(other ANALYZE)'],
  ['SET STATEMENT max_statement_time = 1 FOR SELECT 1', '(other SET)'],
  ['BEGIN NOT ATOMIC SELECT 1; SELECT 2; END', '(other BEGIN)'],
  ['IF 1 THEN SELECT 1; END IF', '(other IF)'],
  ['TABLE t', '(other TABLE)'],
];

describe('EXPLAIN and statements that are not parsed', () => {
  test.each(MYSQL)('mysql: %s', (sql, tree) => {
    expect(dump(sql, mysql())).toBe(tree);
  });
  test.each(MARIADB)('mariadb: %s', (sql, tree) => {
    expect(dump(sql, mariadb())).toBe(tree);
  });
});
