import { describe, expect, test } from 'vitest';
import { mariadb, mysql } from '../lexing.js';
import { dumpExpression } from './parsing.js';

/** Read alike by both servers, or by MySQL alone. */
const MYSQL: readonly (readonly [sql: string, tree: string])[] = [
  ['CAST(a AS CHAR(10) CHARACTER SET utf8mb4)', 'cast(a)'],
  ['CAST(a + 1 AS DECIMAL(10, 2))', 'cast((+ a 1))'],
  ['CAST(a AS UNSIGNED INTEGER)', 'cast(a)'],
  ['CAST(a AS UNSIGNED ARRAY)', 'cast(a)'],
  [`CAST(a AT TIME ZONE '+00:00' AS DATETIME(6))`, 'cast(a)'],
  ['CONVERT(a, SIGNED)', 'convert(a)'],
  ['CONVERT(a USING utf8mb4)', 'convert(a)'],
  ['CONVERT(a USING binary)', 'convert(a)'],
  ['EXTRACT(DAY_HOUR FROM a)', 'extract(a)'],
  ['TRIM(a)', 'trim(a)'],
  ['TRIM(BOTH FROM a)', 'trim(a)'],
  [`TRIM(LEADING 'x' FROM a)`, `trim('x' a)`],
  [`TRIM('x' FROM a)`, `trim('x' a)`],
  ['SUBSTRING(a FROM 2 FOR 3)', 'substring(a 2 3)'],
  ['SUBSTRING(a, 2)', 'substring(a 2)'],
  [`POSITION('x' IN a)`, `position('x' a)`],
  ['CHAR(65, 66 USING latin1)', 'char(65 66)'],
  ['WEIGHT_STRING(a AS CHAR(3))', 'weight_string(a)'],
  [`GET_FORMAT(DATE, 'EUR')`, `get_format('EUR')`],
  ['TIMESTAMPADD(SQL_TSI_DAY, 1, a)', 'timestampadd(1 a)'],
  ['TIMESTAMPDIFF(HOUR, a, b)', 'timestampdiff(a b)'],
  ['DATE_ADD(a, INTERVAL b + 1 DAY)', 'date_add(a (interval:day (+ b 1)))'],
  ['ADDDATE(a, 1)', 'adddate(a 1)'],
  ['ADDDATE(a, INTERVAL 1 DAY)', 'adddate(a (interval:day 1))'],
  ['COUNT(*)', 'count()'],
  ['COUNT(DISTINCT a, b)', 'count(DISTINCT a b)'],
  ['SUM(ALL a)', 'sum(a)'],
  ['AVG(DISTINCTROW a)', 'avg(DISTINCT a)'],
  [`GROUP_CONCAT(DISTINCT a, b ORDER BY c DESC, d SEPARATOR ';')`, 'group_concat(DISTINCT a b){c d}'],
  ['JSON_ARRAYAGG(a) OVER (PARTITION BY b)', 'json_arrayagg(a){b}over'],
  ['JSON_OBJECTAGG(a, b)', 'json_objectagg(a b)'],
  [`JSON_VALUE(a, '$.x' RETURNING SIGNED DEFAULT 1 ON EMPTY NULL ON ERROR)`, `json_value(a '$.x' 1)`],
  ['SUM(a) OVER w', 'sum(a)over'],
  [
    'SUM(a) OVER (w PARTITION BY b ORDER BY c DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)',
    'sum(a){b c 1}over',
  ],
  [
    'SUM(a) OVER (ORDER BY b RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES)',
    'sum(a){b 1}over',
  ],
  ['ROW_NUMBER() OVER ()', 'row_number()over'],
  ['NTH_VALUE(a, 2) FROM FIRST RESPECT NULLS OVER (ORDER BY b)', 'nth_value(a 2){b}over'],
  ['LAG(a, 1, 0) OVER (ORDER BY b)', 'lag(a 1 0){b}over'],
  ['CURRENT_TIMESTAMP', 'current_timestamp()'],
  ['CURRENT_TIMESTAMP(6)', 'current_timestamp(6)'],
  ['CURRENT_USER()', 'current_user()'],
  ['IF(a, b, c)', 'if(a b c)'],
  ['LEFT(a, 1)', 'left(a 1)'],
  ['MOD(a, 2)', 'mod(a 2)'],
  ['DATABASE()', 'database()'],
  ['db.f(a, b)', 'db.f(a b)'],
  ['`db`.`f`(1)', 'db.f(1)'],
  ['f()', 'f()'],
  ['`my func`(1)', 'my func(1)'],
  ["f(a AS b, c d, 1 'e')", 'f(a c 1)'],
  ['GROUPING(a)', 'grouping(a)'],
  [`CONCAT ('a', NULL)`, `concat('a' NULL)`],
  [`REPLACE(a, 'b', 'c')`, `replace(a 'b' 'c')`],
  ['VALUES(t.a)', 'values(t.a)'],
  ['LAST_INSERT_ID(id + 1)', 'last_insert_id((+ id 1))'],
];

/** What MariaDB reads, and MySQL reads otherwise or not at all. */
const MARIADB: readonly (readonly [sql: string, tree: string])[] = [
  ['GROUP_CONCAT(a ORDER BY b LIMIT 1 OFFSET 2)', 'group_concat(a){b 1 2}'],
  ['JSON_ARRAYAGG(DISTINCT a ORDER BY b LIMIT 1)', 'json_arrayagg(DISTINCT a){b 1}'],
  [`COLUMN_CREATE('a', 1 AS INT, 'b', c)`, `column_create('a' 1 'b' c)`],
  [`COLUMN_GET(a, 'b' AS CHAR(3))`, `column_get(a 'b')`],
  ['PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a) OVER (PARTITION BY b)', 'percentile_cont(0.5){a b}over'],
  ['WEIGHT_STRING(a LEVEL 1)', 'weight_string(a)'],
  ['LAST_VALUE(a, b)', 'last_value(a b)'],
  ['CAST(a AS INTERVAL DAY_SECOND(6))', 'cast(a)'],
  ['ROW_NUMBER() OVER (ORDER BY a)', 'row_number(){a}over'],
];

describe('functions', () => {
  test.each(MYSQL)('mysql: %s', (sql, tree) => {
    expect(dumpExpression(sql, mysql())).toBe(tree);
  });
  test.each(MARIADB)('mariadb: %s', (sql, tree) => {
    expect(dumpExpression(sql, mariadb())).toBe(tree);
  });
});
