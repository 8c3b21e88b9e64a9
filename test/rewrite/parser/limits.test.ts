import { describe, expect, test } from 'vitest';
import type { AstNode } from '../../../src/rewrite/parser/walk.js';
import { walk } from '../../../src/rewrite/parser/walk.js';
import { mariadb } from '../lexing.js';
import { parse, syntaxError } from './parsing.js';

function countNodes(root: AstNode): number {
  let nodes = 0;
  walk(root, () => {
    nodes++;
    return true;
  });
  return nodes;
}

const TERMS = 10_000;

/** Chains that nest to the left, or not at all: any length is fine. */
const CHAINS: readonly (readonly [name: string, sql: string, nodes: number])[] = [
  ['AND', `SELECT 1 WHERE ${chain('a = 1', ' AND ')}`, 3 * TERMS],
  ['OR of strings', `SELECT 1 WHERE ${chain("b = 'x'", ' OR ')}`, 3 * TERMS],
  ['+', `SELECT ${chain('a', ' + ')}`, 2 * TERMS],
  ['=', `SELECT ${chain('a', ' = ')}`, 2 * TERMS],
  ['XOR', `SELECT ${chain('a', ' XOR ')}`, 2 * TERMS],
  ['IS NULL', `SELECT a ${' IS NULL'.repeat(TERMS)}`, TERMS],
  ['COLLATE', `SELECT a ${' COLLATE utf8mb4_bin'.repeat(TERMS)}`, TERMS],
  ['UNION', chain('SELECT 1', ' UNION '), 3 * TERMS],
  ['INTERSECT', chain('SELECT 1', ' INTERSECT '), 3 * TERMS],
  ['rows', `INSERT INTO t VALUES ${chain('(1, ?)', ', ')}`, 2 * TERMS],
  ['list', `SELECT a IN (${chain('1', ', ')})`, TERMS],
  ['items', `SELECT ${chain('a', ', ')}`, TERMS],
  ['tables', `SELECT 1 FROM ${chain('t', ', ')}`, TERMS],
  ['joins with ON', `SELECT 1 FROM t ${'JOIN t ON 1 '.repeat(TERMS)}`, 3 * TERMS],
  ['joins without ON', `SELECT 1 FROM ${chain('t', ' JOIN ')}`, 2 * TERMS],
  ['joins with trailing ON', `SELECT 1 FROM ${chain('t', ' JOIN ')} ${'ON 1 '.repeat(TERMS - 1)}`, 3 * TERMS],
  ['CASE', `SELECT CASE ${'WHEN a THEN b '.repeat(TERMS)} END`, 2 * TERMS],
  ['CTEs', `WITH ${chain('c AS (SELECT 1)', ', ')} SELECT 1`, 3 * TERMS],
  ['comments', `SELECT ${chain('a /* x */', ', ')}`, TERMS],
];

function chain(term: string, separator: string): string {
  return Array.from({ length: TERMS }, () => term).join(separator);
}

describe('length', () => {
  test.each(CHAINS)(`${TERMS} terms: %s`, (_name, sql, nodes) => {
    const statement = parse(sql);
    expect(countNodes(statement)).toBeGreaterThanOrEqual(nodes);
  });

  test('time is linear', () => {
    const measure = (terms: number): number => {
      const sql = `INSERT INTO t VALUES ${Array.from({ length: terms }, () => "(1, 'a', NULL, ?)").join(',')}`;
      const bytes = Buffer.from(sql);
      let best = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 5; i++) {
        const started = performance.now();
        parse(bytes);
        best = Math.min(best, performance.now() - started);
      }
      return best;
    };
    measure(2000);
    // 8 times the rows: quadratic time would be 64 times.
    expect(measure(16_000)).toBeLessThan(24 * Math.max(measure(2000), 1));
  });
});

/** Constructs that contain themselves: a prefix, what stands in the middle, a suffix. */
const NESTED: readonly (readonly [name: string, open: string, core: string, close: string])[] = [
  ['parentheses', '(', '1', ')'],
  ['subqueries', '(SELECT ', '1', ')'],
  ['parenthesised queries', '(', '(SELECT 1)', ')'],
  ['NOT', 'NOT ', 'a', ''],
  ['minus', '- ', 'a', ''],
  ['calls', 'f(', '1', ')'],
  ['CASE', 'CASE WHEN ', 'a', ' THEN 1 END'],
  ['assignments', '@a := ', '1', ''],
  ['BETWEEN', 'a BETWEEN b AND ', 'c', ''],
  ['INTERVAL', 'INTERVAL 1 DAY + ', 'a', ''],
  ['ODBC escapes', '{x ', 'a', '}'],
  ['EXISTS', 'EXISTS (SELECT ', '1', ')'],
  ['IN', 'a IN (', '1', ')'],
];

describe('depth', () => {
  test.each(NESTED)('%s', (_name, open, core, close) => {
    const nest = (depth: number): string => `SELECT ${open.repeat(depth)}${core}${close.repeat(depth)}`;
    expect(countNodes(parse(nest(50)))).toBeGreaterThan(2);
    expect(syntaxError(nest(600))).toMatch(/^\d+: nested too deeply$/);
    expect(syntaxError(nest(100_000))).toMatch(/^\d+: nested too deeply$/);
  });

  test('tables, derived tables, CTEs', () => {
    const deep = 100_000;
    expect(syntaxError(`SELECT 1 FROM ${'('.repeat(deep)}t${')'.repeat(deep)}`)).toMatch(/nested too deeply/);
    expect(syntaxError(`${'SELECT 1 FROM ('.repeat(600)}SELECT 1${') x'.repeat(600)}`)).toMatch(
      /nested too deeply/,
    );
    expect(syntaxError(`${'WITH c AS ('.repeat(600)}SELECT 1`)).toMatch(/nested too deeply/);
    expect(syntaxError(`${'('.repeat(deep)}SELECT 1${')'.repeat(deep)}`)).toMatch(/nested too deeply/);
    expect(syntaxError(`${'EXPLAIN '.repeat(deep)}SELECT 1`)).toMatch(/./);
    expect(syntaxError(`SELECT ${'('.repeat(deep)}`, mariadb())).toMatch(/nested too deeply/);
  });

  test('a limit beyond the stack is a refusal all the same', () => {
    const deep = 200_000;
    const sql = `SELECT ${'('.repeat(deep)}1${')'.repeat(deep)}`;
    expect(() => parse(sql, undefined, Number.MAX_SAFE_INTEGER)).toThrow('nested too deeply');
  });

  test('the limit is configurable', () => {
    expect(() => parse('SELECT ((((1))))', undefined, 5)).toThrow('nested too deeply');
    expect(parse('SELECT ((((1))))', undefined, 50).kind).toBe('select');
  });
});
