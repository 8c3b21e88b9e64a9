import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import { readCases, updateExpectations } from './statement-file.js';
import { endsTransaction, isExplain, isOrdered, isRead } from './statement-text.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tc-statements-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const FILE = `-- # First
SELECT 1;
-- only: mysql
-- expect: refused TC_LIMIT
-- expect: mariadb text differs ok, rows: a reason
-- params: ["a", 2, null, {"hex": "00ff"}]
SELECT
  ';' -- still the same
;

-- # Second
-- {
SET @a = 1;
SELECT @a;
-- }
`;

function read(text: string) {
  writeFileSync(join(folder, 'kind.sql'), text);
  return readCases(folder);
}

it('reads cases, headings and directives', () => {
  const [first, second, third, ...more] = read(FILE);
  expect(more).toEqual([]);
  expect(first).toMatchObject({ kind: 'kind', construct: 'First', statements: ['SELECT 1'], only: null });
  expect(second).toMatchObject({
    only: 'mysql',
    params: ['a', 2, null, Buffer.from([0, 255])],
    statements: ["SELECT\n  ';' -- still the same\n"],
    expectations: [
      { server: null, protocol: null, refused: 'TC_LIMIT', differs: [] },
      { server: 'mariadb', protocol: 'text', refused: null, differs: ['ok', 'rows'] },
    ],
  });
  expect(third).toMatchObject({
    construct: 'Second',
    statements: ['SET @a = 1', 'SELECT @a'],
    expectations: [],
  });
});

it.each([
  ['-- expect: perhaps\nSELECT 1;\n', 'no expectation'],
  ['-- only: oracle\nSELECT 1;\n', 'no server'],
  ['-- {\nSELECT 1;\n', 'not complete'],
  ['SELECT 1', 'not complete'],
  ['-- }\n', 'nothing to close'],
])('refuses %j', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

it('writes what is refused, and leaves documented differences', () => {
  const [first, second, third] = read(FILE);
  updateExpectations(
    new Map([
      [first!, ['refused TC_SCHEMA']],
      [second!, []],
      [third!, ['mysql refused TC_LIMIT']],
    ]),
  );
  const text = readFileSync(join(folder, 'kind.sql'), 'utf8');
  expect(text).toBe(
    FILE.replace('SELECT 1;', '-- expect: refused TC_SCHEMA\nSELECT 1;')
      .replace('-- expect: refused TC_LIMIT\n', '')
      .replace('-- {', '-- expect: mysql refused TC_LIMIT\n-- {'),
  );
});

it('has 600 statements and more', () => {
  expect(readCases(join(repositoryRoot(), 'test/differential/statements')).length).toBeGreaterThan(600);
});

it.each([
  ['SELECT 1', true, false],
  ['/* c */ (SELECT 1)', true, false],
  ['WITH c AS (SELECT 1) SELECT * FROM c FOR UPDATE', true, false],
  ['WITH c AS (SELECT 1) DELETE FROM t', false, false],
  ['SELECT 1; DELETE FROM t', false, true],
  ['INSERT INTO t VALUES (1)', false, false],
  ['EXPLAIN DELETE FROM t', true, false],
  ['TRUNCATE t', false, true],
  ['EXECUTE s', false, true],
  ['SET autocommit = 0', true, true],
])('%s: read %s, ends a transaction %s', (sql, read, ends) => {
  expect([isRead(sql), endsTransaction(sql)]).toEqual([read, ends]);
});

it('knows ordered statements and EXPLAIN', () => {
  expect(isOrdered('SELECT a FROM t ORDER BY a')).toBe(true);
  expect(isOrdered('SELECT a FROM (SELECT a FROM t ORDER BY a LIMIT 3) d')).toBe(false);
  expect(isOrdered("SELECT ') ORDER BY' FROM t")).toBe(false);
  expect(isExplain('DESC SELECT 1')).toBe(true);
  expect(isExplain('DESC users')).toBe(false);
});
