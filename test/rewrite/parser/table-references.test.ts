import { describe, expect, test } from 'vitest';
import { mysql } from '../lexing.js';
import { dump } from './parsing.js';

/** Read alike by both servers, or by MySQL alone. */
const MYSQL: readonly (readonly [sql: string, tree: string])[] = [
  ['t, db.u AS x, v y', 't db.u:x v:y'],
  ['t JOIN u ON t.a = u.a JOIN v USING (b, c)', '(inner (inner t u (on (= t.a u.a))) v (using b c))'],
  ['a JOIN b JOIN c ON x ON y', '(inner a (inner b c (on x)) (on y))'],
  ['a JOIN b JOIN c ON x', '(inner (inner a b) c (on x))'],
  ['a JOIN b JOIN c', '(inner (inner a b) c)'],
  ['a JOIN b LEFT JOIN c ON x JOIN d', '(inner (left (inner a b) c (on x)) d)'],
  ['a LEFT OUTER JOIN b INNER JOIN c ON x ON y', '(left a (inner b c (on x)) (on y))'],
  ['a CROSS JOIN b ON x STRAIGHT_JOIN c', '(straight (inner a b (on x)) c)'],
  ['a NATURAL JOIN b NATURAL LEFT OUTER JOIN c', '(natural-left (natural-inner a b) c)'],
  ['a JOIN b NATURAL JOIN c', '(natural-inner (inner a b) c)'],
  ['a RIGHT JOIN (b, c) ON x', '(right a (tables b c) (on x))'],
  ['a JOIN (b JOIN c ON x) ON y', '(inner a (tables (inner b c (on x))) (on y))'],
  ['(a)', '(tables a)'],
  ['((a), b)', '(tables (tables a) b)'],
  ['(a JOIN b ON x) JOIN c', '(inner (tables (inner a b (on x))) c)'],
  ['{OJ a LEFT OUTER JOIN b ON x} JOIN c', '(inner (tables (left a b (on x))) c)'],
  ['(SELECT 1) AS x', '(derived (select 1) :x)'],
  ['(SELECT 1) x (a, b)', '(derived (select 1) :x (columns a b))'],
  [
    '((SELECT 1) UNION (SELECT 2)) x',
    '(derived (union (paren-query (select 1)) (paren-query (select 2))) :x)',
  ],
  ['((SELECT 1)) x', '(derived (paren-query (select 1)) :x)'],
  ['((SELECT 1) x, t)', '(tables (derived (select 1) :x) t)'],
  ['((SELECT 1) x JOIN t ON y)', '(tables (inner (derived (select 1) :x) t (on y)))'],
  ['t, LATERAL (SELECT t.a) x', 't (lateral (select t.a) :x)'],
  ['(VALUES ROW(1, 2)) x', '(derived (values (row 1 2)) :x)'],
  ['(TABLE t) x', '(derived (table t) :x)'],
  ['.t', 't'],
  [
    `JSON_TABLE(t.j, '$[*]' COLUMNS (id FOR ORDINALITY, a INT PATH '$.a' DEFAULT '1' ON EMPTY ERROR ON ERROR, b CHAR(3) EXISTS PATH '$.b', NESTED PATH '$.c[*]' COLUMNS (d INT PATH '$'))) AS x, u`,
    `(table-function t.j '$[*]' '$.a' '1' '$.b' '$.c[*]' '$' :x) u`,
  ],
  ['t USE INDEX () IGNORE INDEX FOR JOIN (i)', 't <USE INDEX () IGNORE INDEX FOR JOIN (i)>'],
  ['a JOIN b ON x, c', '(inner a b (on x)) c'],
  [
    '(WITH c AS (SELECT 1) SELECT * FROM c) x',
    '(derived (query (with (c (select 1))) (select * (from c))) :x)',
  ],
];

describe('table references', () => {
  test.each(MYSQL)('mysql: %s', (sql, tree) => {
    expect(dump(`SELECT 1 FROM ${sql}`, mysql())).toBe(`(select 1 (from ${tree}))`);
  });
});
