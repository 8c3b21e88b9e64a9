import { describe, expect, test } from 'vitest';
import { mariadb, mysql } from '../lexing.js';
import { dump } from './parsing.js';

/** Read alike by both servers, or by MySQL alone. */
const MYSQL: readonly (readonly [sql: string, tree: string])[] = [
  [
    'INSERT INTO t VALUES (1, ?, DEFAULT), (DEFAULT(a), NULL, (SELECT 1))',
    '(insert t (row 1 ?0 DEFAULT) (row default(a) NULL (subquery (select 1))))',
  ],
  ['INSERT t (a, `b`, t.c) VALUE (1, 2, 3)', '(insert t (columns a b t.c) (row 1 2 3))'],
  ['INSERT LOW_PRIORITY IGNORE INTO db.t () VALUES ()', '(insert LOW_PRIORITY IGNORE db.t (columns) (row))'],
  ['INSERT INTO t VALUES ROW(1), ROW(2)', '(insert t (row 1) (row 2))'],
  ['INSERT INTO t PARTITION (p0) (a) VALUES (1)', '(insert t <PARTITION (p0)> (columns a) (row 1))'],
  ['INSERT INTO t SET a = 1, t.b := DEFAULT', '(insert t (set a=1 t.b=DEFAULT))'],
  ['INSERT INTO t (a) SELECT b FROM u WHERE c', '(insert t (columns a) (select b (from u) (where c)))'],
  ['INSERT INTO t (SELECT 1)', '(insert t (paren-query (select 1)))'],
  [
    'INSERT INTO t (a) (SELECT 1) UNION (SELECT 2)',
    '(insert t (columns a) (union (paren-query (select 1)) (paren-query (select 2))))',
  ],
  ['INSERT INTO t (a) ((SELECT 1))', '(insert t (columns a) (paren-query (paren-query (select 1))))'],
  ['INSERT INTO t TABLE u', '(insert t (table u))'],
  [
    'INSERT INTO t WITH c AS (SELECT 1) SELECT * FROM c',
    '(insert t (query (with (c (select 1))) (select * (from c))))',
  ],
  [
    'INSERT INTO t (a) VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a',
    '(insert t (columns a) (row 1) (as new) (on-duplicate a=new.a))',
  ],
  [
    'INSERT INTO t (a, b) VALUES (1, 2) AS new(x, y) ON DUPLICATE KEY UPDATE a = x + y, b = DEFAULT',
    '(insert t (columns a b) (row 1 2) (as new x y) (on-duplicate a=(+ x y) b=DEFAULT))',
  ],
  [
    'INSERT INTO t SET a = 1 AS n ON DUPLICATE KEY UPDATE a = n.a',
    '(insert t (set a=1) (as n) (on-duplicate a=n.a))',
  ],
  [
    'INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a), b = b + 1',
    '(insert t (columns a) (row 1) (on-duplicate a=values(a) b=(+ b 1)))',
  ],
  [
    'INSERT INTO t SELECT * FROM u JOIN v ON u.a = v.a ON DUPLICATE KEY UPDATE a = VALUES(a)',
    '(insert t (select * (from (inner u v (on (= u.a v.a))))) (on-duplicate a=values(a)))',
  ],
  [
    'INSERT INTO t SELECT * FROM u ON DUPLICATE KEY UPDATE a = 1',
    '(insert t (select * (from u)) (on-duplicate a=1))',
  ],
  ['REPLACE INTO t (a) VALUES (1)', '(replace t (columns a) (row 1))'],
  ['REPLACE LOW_PRIORITY t SET a = 1', '(replace LOW_PRIORITY t (set a=1))'],
  ['REPLACE DELAYED t SELECT 1', '(replace DELAYED t (select 1))'],
  ['INSERT INTO t VALUES (1);', '(insert t (row 1))'],
];

/** What MariaDB reads, and MySQL reads otherwise or not at all. */
const MARIADB: readonly (readonly [sql: string, tree: string])[] = [
  ['INSERT INTO t VALUES (1) RETURNING *', '(insert t (row 1) (returning *))'],
  [
    'INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUE(a) RETURNING a, b AS c',
    '(insert t (columns a) (row 1) (on-duplicate a=values(a)) (returning a b:c))',
  ],
  ['REPLACE INTO t SET a = 1 RETURNING t.*', '(replace t (set a=1) (returning t.*))'],
  ['INSERT INTO t SELECT 1 RETURNING id', '(insert t (select 1) (returning id))'],
  [
    'INSERT INTO t WITH c AS (SELECT 1) SELECT * FROM c',
    '(insert t (query (with (c (select 1))) (select * (from c))))',
  ],
  [
    'INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = (VALUES(a))',
    '(insert t (columns a) (row 1) (on-duplicate a=(paren values(a))))',
  ],
];

describe('INSERT and REPLACE', () => {
  test.each(MYSQL)('mysql: %s', (sql, tree) => {
    expect(dump(sql, mysql())).toBe(tree);
  });
  test.each(MARIADB)('mariadb: %s', (sql, tree) => {
    expect(dump(sql, mariadb())).toBe(tree);
  });
});
