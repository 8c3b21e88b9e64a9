import { describe, expect, test } from 'vitest';
import { mariadb, mysql } from '../lexing.js';
import { dump } from './parsing.js';

/** Read alike by both servers, or by MySQL alone. */
const MYSQL: readonly (readonly [sql: string, tree: string])[] = [
  [
    'UPDATE t SET a = 1, b = DEFAULT WHERE c ORDER BY d DESC LIMIT 1',
    '(update t (set a=1 b=DEFAULT) (where c) (order-by d desc) (limit 1))',
  ],
  [
    'UPDATE t SET balance=balance--1 WHERE id=5',
    '(update t (set balance=(- balance (- 1))) (where (= id 5)))',
  ],
  [
    'UPDATE LOW_PRIORITY IGNORE db.t AS x SET x.a := x.a + 1',
    '(update LOW_PRIORITY IGNORE db.t:x (set x.a=(+ x.a 1)))',
  ],
  ['UPDATE t, u x SET t.a = x.b', '(update t u:x (set t.a=x.b))'],
  [
    'UPDATE t JOIN u USING (a) LEFT JOIN v ON w SET t.a = 1, u.b = 2 WHERE x',
    '(update (left (inner t u (using a)) v (on w)) (set t.a=1 u.b=2) (where x))',
  ],
  ['UPDATE t PARTITION (p0) SET a = 1', '(update t <PARTITION (p0)> (set a=1))'],
  ['UPDATE (t, u) SET t.a = 1', '(update (tables t u) (set t.a=1))'],
  ['UPDATE t, (SELECT 1 AS a) x SET t.a = x.a', '(update t (derived (select 1:a) :x) (set t.a=x.a))'],
  ['WITH c AS (SELECT 1) UPDATE t, c SET t.a = 1', '(update (with (c (select 1))) t c (set t.a=1))'],
  [
    'UPDATE t USE INDEX (i) SET a = CASE WHEN b THEN 1 END',
    '(update t <USE INDEX (i)> (set a=(case:searched b 1)))',
  ],
  ['DELETE FROM t', '(delete t)'],
  [
    'DELETE LOW_PRIORITY QUICK IGNORE FROM db.t AS x PARTITION (p0) WHERE a ORDER BY b LIMIT 1',
    '(delete LOW_PRIORITY QUICK IGNORE db.t:x <PARTITION (p0)> (where a) (order-by b) (limit 1))',
  ],
  [
    'DELETE t, db.u.* FROM t JOIN db.u ON a WHERE b',
    '(delete (targets t db.u) (inner t db.u (on a)) (where b))',
  ],
  ['DELETE FROM t.*, u USING t, u WHERE a', '(delete (targets t u) t u (where a))'],
  ['DELETE x FROM t AS x', '(delete (targets x) t:x)'],
  ['DELETE FROM x USING t AS x WHERE a', '(delete (targets x) t:x (where a))'],
  [
    'WITH c AS (SELECT 1) DELETE FROM t WHERE a IN (SELECT * FROM c)',
    '(delete (with (c (select 1))) t (where (in a (subquery (select * (from c))))))',
  ],
];

/** What MariaDB reads, and MySQL reads otherwise or not at all. */
const MARIADB: readonly (readonly [sql: string, tree: string])[] = [
  ['DELETE FROM t WHERE a RETURNING b, c AS d', '(delete t (where a) (returning b c:d))'],
];

describe('UPDATE and DELETE', () => {
  test.each(MYSQL)('mysql: %s', (sql, tree) => {
    expect(dump(sql, mysql())).toBe(tree);
  });
  test.each(MARIADB)('mariadb: %s', (sql, tree) => {
    expect(dump(sql, mariadb())).toBe(tree);
  });
});
