import { describe, expect, test } from 'vitest';
import { type AstNode, forEachChild, walk } from '../../../src/rewrite/parser/walk.js';
import { mariadb, mysql } from '../lexing.js';
import { parse } from './parsing.js';

/** Names of all columns and tables below a statement, in the order of the visit. */
function namesWithin(sql: string, server = mysql()): string[] {
  const found: string[] = [];
  walk(parse(sql, server), (node) => {
    if (node.kind === 'column') found.push(node.column.name);
    if (node.kind === 'table') found.push(node.name.table.name.toUpperCase());
    if (node.kind === 'explicitTable') found.push(node.table.table.name.toUpperCase());
    return true;
  });
  return found;
}

/** Every clause that holds an expression: letters in the order of the text. */
const CASES: readonly (readonly [sql: string, names: string])[] = [
  [
    'WITH z AS (SELECT a) SELECT b, c + d FROM t JOIN u ON e WHERE f GROUP BY g HAVING h ORDER BY i LIMIT 1',
    'a b c d T U e f g h i',
  ],
  ['SELECT a UNION (SELECT b EXCEPT TABLE t) ORDER BY c', 'a b T c'],
  ['SELECT SUM(a) OVER (PARTITION BY b ORDER BY c) FROM t WINDOW w AS (ORDER BY d) QUALIFY e', 'a b c T d e'],
  ['SELECT GROUP_CONCAT(a ORDER BY b) FROM (SELECT c FROM (t, u)) x', 'a b c T U'],
  ['SELECT MATCH (a, b) AGAINST (c), CASE d WHEN e THEN f ELSE g END', 'a b c d e f g'],
  ['SELECT a IN (SELECT b FROM t), EXISTS (SELECT c), d = ANY (SELECT e)', 'a b T c d e'],
  ["SELECT 1 FROM JSON_TABLE(a, '$' COLUMNS (x INT PATH '$')) j, LATERAL (SELECT b) y", 'a b'],
  [
    'INSERT INTO t (a, b) VALUES (c, d), (DEFAULT, e) ON DUPLICATE KEY UPDATE f = g + VALUES(h)',
    'a b c d e f g h',
  ],
  ['INSERT INTO t SET a = b', 'a b'],
  ['INSERT INTO t (a) SELECT b FROM u', 'a b U'],
  ['UPDATE t JOIN u ON a SET b = c, d = DEFAULT WHERE e', 'T U a b c d e'],
  ['UPDATE t SET a = b WHERE c ORDER BY d LIMIT 1', 'T a b c d'],
  ['WITH z AS (SELECT a) DELETE t FROM t, u WHERE b', 'a T U b'],
  ['SET @a = (SELECT a FROM t), b = c, d = DEFAULT', 'a T c'],
  ['EXPLAIN SELECT a FROM t', 'a T'],
  ['VALUES ROW(a, DEFAULT), ROW(b)', 'a b'],
];

describe('walk visits all that a statement holds, in order', () => {
  test.each(CASES)('%s', (sql, names) => {
    expect(namesWithin(sql).join(' ')).toBe(names);
  });

  test('RETURNING', () => {
    expect(namesWithin('INSERT INTO t (a) VALUES (b) RETURNING c', mariadb())).toEqual(['a', 'b', 'c']);
    expect(namesWithin('DELETE FROM t WHERE a RETURNING b', mariadb())).toEqual(['T', 'a', 'b']);
  });
});

test('walk leaves out what visit returns false for', () => {
  const kinds: string[] = [];
  walk(parse('SELECT a, (SELECT b), c'), (node) => {
    kinds.push(node.kind);
    return node.kind !== 'subquery';
  });
  expect(kinds).toEqual(['select', 'query', 'specification', 'column', 'subquery', 'column']);
});

test('forEachChild stays one level deep', () => {
  const statement = parse('SELECT a + b * c');
  const kinds: AstNode['kind'][] = [];
  forEachChild(statement, (child) => kinds.push(child.kind));
  expect(kinds).toEqual(['query']);
});
