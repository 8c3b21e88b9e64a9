import { describe, expect, test } from 'vitest';
import { mariadb, mysql } from '../lexing.js';
import { dump } from './parsing.js';

/** Read alike by both servers, or by MySQL alone. */
const MYSQL: readonly (readonly [sql: string, tree: string])[] = [
  ['SELECT 1', '(select 1)'],
  [`SELECT a, b AS c, d e, f 'g h', 2 AS "i"`, '(select a b:c d:e f:g h 2:i)'],
  ['SELECT DISTINCT SQL_CALC_FOUND_ROWS ssn FROM t', '(select DISTINCT SQL_CALC_FOUND_ROWS ssn (from t))'],
  ['SELECT SQL_CACHE a', '(select SQL_CACHE:a)'],
  ['SELECT *, t.*, db.t.*, t.a FROM db.t', '(select * t.* db.t.* t.a (from db.t))'],
  ['SELECT 1.FROM items', '(select 1. (from items))'],
  ['SELECT a FROM DUAL WHERE 1', '(select a (where 1))'],
  [
    'SELECT a FROM t WHERE b GROUP BY c, d WITH ROLLUP HAVING e ORDER BY f DESC, g LIMIT 1, 2',
    '(query (select a (from t) (where b) (group-by-rollup c d) (having e)) (order-by f desc g) (limit 1 2))',
  ],
  ['SELECT a FROM t GROUP BY ROLLUP (a, b)', '(select a (from t) (group-by-rollup a b))'],
  ['SELECT a FROM t GROUP BY GROUPING SETS ((a), (b, c), ())', '(select a (from t) (group-by-rollup a b c))'],
  ['SELECT a FROM t LIMIT 2 OFFSET ?', '(query (select a (from t)) (limit 2 ?0))'],
  [
    'SELECT a, RANK() OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c), v AS (w) QUALIFY d > 1',
    '(select a rank()over (from t) (window <w AS (PARTITION BY b ORDER BY c)>) (window <v AS (w)>) (window-expressions b c (> d 1)))',
  ],
  ['SELECT a FROM t FOR UPDATE', '(query (select a (from t)) (for-update))'],
  [
    'SELECT a FROM t, u FOR UPDATE OF t, db.u NOWAIT FOR SHARE OF v SKIP LOCKED',
    '(query (select a (from t u)) (for-update (of t db.u) <NOWAIT>) (for-share (of v) <SKIP LOCKED>))',
  ],
  ['SELECT a FROM t LOCK IN SHARE MODE', '(query (select a (from t)) (lock-in-share-mode))'],
  ['SELECT a INTO @x FROM t', '(query (select a (from t)) (into-variables @x))'],
  [
    'SELECT a, b FROM t LIMIT 1 INTO @x, @`y z` FOR UPDATE',
    '(query (select a b (from t)) (limit 1) (for-update) (into-variables @x @y z))',
  ],
  [
    "SELECT a FROM t INTO OUTFILE '/x' CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' LINES TERMINATED BY '\\n'",
    '(query (select a (from t)) (into-outfile))',
  ],
  [`SELECT a FROM t INTO DUMPFILE '/x'`, '(query (select a (from t)) (into-dumpfile))'],
  [
    'SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 ORDER BY 1 LIMIT 1',
    '(query (union-all (union (select 1) (select 2)) (select 3)) (order-by 1) (limit 1))',
  ],
  [
    'SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4',
    '(except-all (union (select 1) (intersect (select 2) (select 3))) (select 4))',
  ],
  [
    '(SELECT 1 LIMIT 1) UNION (SELECT 2) ORDER BY 1 LIMIT 2',
    '(query (union (paren-query (query (select 1) (limit 1))) (paren-query (select 2))) (order-by 1) (limit 2))',
  ],
  ['(SELECT 1) LIMIT 1', '(query (paren-query (select 1)) (limit 1))'],
  ['((SELECT 1) UNION SELECT 2)', '(paren-query (union (paren-query (select 1)) (select 2)))'],
  [
    'SELECT 1 UNION (SELECT 2 UNION SELECT 3)',
    '(union (select 1) (paren-query (union (select 2) (select 3))))',
  ],
  [
    'WITH c (a, b) AS (SELECT 1, 2), d AS (SELECT * FROM c) SELECT * FROM d',
    '(query (with (c (columns a b) (select 1 2)) (d (select * (from c)))) (select * (from d)))',
  ],
  [
    'WITH RECURSIVE c AS (SELECT 1 UNION ALL SELECT a FROM c) SELECT * FROM c',
    '(query (with-recursive (c (union-all (select 1) (select a (from c))))) (select * (from c)))',
  ],
  [
    'SELECT (WITH c AS (SELECT 1) SELECT * FROM c)',
    '(select (subquery (query (with (c (select 1))) (select * (from c)))))',
  ],
  [
    'WITH c AS (SELECT 1) (SELECT 2) UNION SELECT 3',
    '(query (with (c (select 1))) (union (paren-query (select 2)) (select 3)))',
  ],
  [
    'VALUES ROW(1, DEFAULT), ROW(a) ORDER BY 1 LIMIT 1',
    '(query (values (row 1 DEFAULT) (row a)) (order-by 1) (limit 1))',
  ],
  ['TABLE db.t ORDER BY a LIMIT 1', '(query (table db.t) (order-by a) (limit 1))'],
  ['TABLE t UNION TABLE u', '(union (table t) (table u))'],
  ['SELECT /*+ MERGE(u) */ a /*! , b */ FROM /* x */ t -- y', '(select a b (from t))'],
  ['SELECT 1 AS value, `select` FROM `from` `where`', '(select 1:value select (from from:where))'],
  ['SELECT a FROM t;', '(select a (from t))'],
  [
    'SELECT 1 FROM t PARTITION (p0, p1) AS x USE INDEX (a, PRIMARY) IGNORE KEY FOR ORDER BY (b)',
    '(select 1 (from t:x <PARTITION (p0, p1)> <USE INDEX (a, PRIMARY) IGNORE KEY FOR ORDER BY (b)>))',
  ],
  ['SELECT 1 FROM t TABLESAMPLE SYSTEM (10)', '(select 1 (from t <TABLESAMPLE SYSTEM (10)>))'],
];

/** What MariaDB reads, and MySQL reads otherwise or not at all. */
const MARIADB: readonly (readonly [sql: string, tree: string])[] = [
  ['SELECT a FROM t LIMIT 1 ROWS EXAMINED 10', '(query (select a (from t)) (limit 1 10))'],
  [
    'SELECT a FROM t ORDER BY a OFFSET 1 ROW FETCH NEXT 2 ROWS WITH TIES',
    '(query (select a (from t)) (order-by a) (limit 1 2))',
  ],
  ['SELECT a FROM t FETCH FIRST ROW ONLY', '(select a (from t))'],
  ['SELECT a FROM t FOR UPDATE WAIT 5', '(query (select a (from t)) (for-update <WAIT 5>))'],
  [
    'SELECT a FROM t LOCK IN SHARE MODE SKIP LOCKED',
    '(query (select a (from t)) (lock-in-share-mode <SKIP LOCKED>))',
  ],
  ['SELECT a FROM t PROCEDURE ANALYSE(1, 2)', '(query (select a (from t)) <PROCEDURE ANALYSE(1, 2)>)'],
  [
    'WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n FROM c) CYCLE n RESTRICT SELECT * FROM c',
    '(query (with-recursive (c (union-all (select 1:n) (select n (from c))))) (select * (from c)))',
  ],
  ['VALUES (1, 2), (3, 4)', '(values (row 1 2) (row 3 4))'],
  ['SELECT * FROM (VALUES (1), (2)) x', '(select * (from (derived (values (row 1) (row 2)) :x)))'],
  [
    `SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '2020-01-01' AS x`,
    `(select * (from t:x <FOR SYSTEM_TIME AS OF TIMESTAMP '2020-01-01'>))`,
  ],
  [
    `SELECT * FROM t FOR SYSTEM_TIME BETWEEN '2020-01-01' AND NOW() x`,
    `(select * (from t:x <FOR SYSTEM_TIME BETWEEN '2020-01-01' AND NOW()>))`,
  ],
  ['SELECT SQL_CACHE a', '(select SQL_CACHE a)'],
  ['SELECT 1 LEAD', '(select 1:LEAD)'],
];

describe('SELECT', () => {
  test.each(MYSQL)('mysql: %s', (sql, tree) => {
    expect(dump(sql, mysql())).toBe(tree);
  });
  test.each(MARIADB)('mariadb: %s', (sql, tree) => {
    expect(dump(sql, mariadb())).toBe(tree);
  });
});
