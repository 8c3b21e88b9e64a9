import { describe, expect, it } from 'vitest';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import { encodeSqlLiteral } from '../../src/rewrite/dynamic-sql.js';
import { decodeString } from '../../src/rewrite/literal.js';
import type { DynamicSql, Plan } from '../../src/rewrite/plan.js';
import { context, MARIADB, MYSQL, newRewriter } from '../support/rewrite.js';

function planOf(sql: string, dialect = MARIADB): Plan {
  const bytes = Buffer.from(sql);
  return newRewriter().analyse(bytes, 0, bytes.length, context(dialect)).plan;
}

/** What the plan says, without the effects. */
function dynamicOf(sql: string, dialect = MARIADB): unknown {
  const { dynamic } = planOf(sql, dialect);
  if (dynamic === undefined) return undefined;
  const sqlOf = (one: DynamicSql): object =>
    'sql' in one ? { sql: one.sql === null ? null : one.sql.toString() } : {};
  const { effects: _effects, ...rest } = { effects: null, ...dynamic };
  return { ...rest, ...sqlOf(dynamic) };
}

describe('statements about prepared statements', () => {
  it.each([
    ["PREPARE s FROM 'SELECT 1'", { kind: 'prepare', name: 's', sql: 'SELECT 1' }],
    ["prepare `a``b` from 'SELECT ''x\\''; ", { kind: 'prepare', name: 'a`b', sql: "SELECT 'x'" }],
    ['EXECUTE s', { kind: 'execute', name: 's', using: [] }],
    ["EXECUTE S USING @a, @`b`,@'c'", { kind: 'execute', name: 'S', using: ['@a', '@`b`', "@'c'"] }],
    [
      "EXECUTE s USING 'x', -5, NULL, 1.5e3;",
      { kind: 'execute', name: 's', using: ["'x'", '-5', 'NULL', '1.5e3'] },
    ],
    ['EXECUTE s USING @a + 1', { kind: 'execute', name: 's', using: null }],
    ['EXECUTE s USING @a,', { kind: 'execute', name: 's', using: null }],
    ['EXECUTE s USING', { kind: 'execute', name: 's', using: null }],
    ['EXECUTE immediate', { kind: 'execute', name: 'immediate', using: [] }],
    ['EXECUTE immediate USING @a', { kind: 'execute', name: 'immediate', using: ['@a'] }],
    ["EXECUTE IMMEDIATE 'SELECT ?' USING @a", { kind: 'immediate', sql: 'SELECT ?', using: ['@a'] }],
    ['DEALLOCATE PREPARE s', { kind: 'deallocate', name: 's' }],
    ['DROP PREPARE s;', { kind: 'deallocate', name: 's' }],
    ['/*!50000 DEALLOCATE */ PREPARE s', { kind: 'deallocate', name: 's' }],
  ])('%s', (sql, expected) => {
    expect(planOf(sql).outcome).toBe('forward');
    expect(dynamicOf(sql)).toEqual(expected);
  });

  it.each([
    [
      "PREPARE s FROM 'SELECT email FROM users'",
      { kind: 'prepare', name: 's', sql: 'SELECT email FROM users' },
    ],
    ['PREPARE s FROM @v', { kind: 'prepare', name: 's', sql: null }],
    ["PREPARE s FROM 'a' 'b'", { kind: 'prepare', name: 's', sql: null }],
    ["EXECUTE IMMEDIATE 'DELETE FROM users'", { kind: 'immediate', sql: 'DELETE FROM users', using: [] }],
    ["EXECUTE IMMEDIATE CONCAT('a')", { kind: 'immediate', sql: null, using: null }],
    ["PREPARE s FROM 'SET @tenant_id = ?'", { kind: 'prepare', name: 's', sql: 'SET @tenant_id = ?' }],
  ])('refused, but for who follows them: %s', (sql, expected) => {
    expect(planOf(sql).outcome).toBe('refuse');
    expect(dynamicOf(sql)).toEqual(expected);
  });

  it.each([
    "PREPARE FROM 'SELECT email FROM users'",
    'EXECUTE s USING @__tc_key',
    'DEALLOCATE PREPARE s; SELECT email FROM users',
    'BEGIN NOT ATOMIC EXECUTE s; END',
    'SET STATEMENT max_statement_time = 5 FOR EXECUTE s',
  ])('refused for everybody: %s', (sql) => {
    expect(planOf(sql)).toMatchObject({ outcome: 'refuse' });
    expect(dynamicOf(sql)).toBeUndefined();
  });

  it('a cached plan holds for its own string, arguments and name only', () => {
    const rewriter = newRewriter();
    const dynamic = (sql: string): DynamicSql | undefined => {
      const bytes = Buffer.from(sql);
      return rewriter.analyse(bytes, 0, bytes.length, context(MARIADB)).plan.dynamic;
    };
    for (let round = 0; round < 2; round++) {
      for (const one of ['SELECT 1', 'SELECT 2', 'DELETE FROM users', 'DELETE FROM users -- ']) {
        expect(dynamic(`PREPARE s FROM '${one}'`)).toMatchObject({ sql: Buffer.from(one) });
      }
      for (const one of ["'a'", "'b'", '5', '6']) {
        expect(dynamic(`EXECUTE s USING ${one}, @a`)).toMatchObject({ using: [one, '@a'] });
      }
      for (const one of ['s', 't', '`S`']) {
        expect(dynamic(`EXECUTE ${one}`)).toMatchObject({ name: one.replaceAll('`', '') });
      }
    }
  });

  it('what a prepared statement changes is known by its string', () => {
    const ddl = planOf("PREPARE s FROM 'ALTER TABLE orders ADD x INT'");
    expect(ddl.effects.changesSchema).toBe(false);
    expect(ddl.dynamic).toMatchObject({ effects: { changesSchema: true } });
    expect(planOf("EXECUTE IMMEDIATE 'ALTER TABLE orders ADD x INT'").effects.changesSchema).toBe(true);
    expect(planOf('DROP PREPARE s').effects.changesSchema).toBe(false);
    expect(planOf('DROP TABLE prepare_s, `prepare`').effects.changesSchema).toBe(true);
  });

  it.each([
    ['', "SELECT 'it''s \\'\\\\', `a`\n -- é"],
    ['NO_BACKSLASH_ESCAPES', "SELECT 'it''s \\', `a`\n -- é"],
    ['ANSI_QUOTES,NO_BACKSLASH_ESCAPES', `SELECT "a""b", '\\'`],
  ])('writes a statement as a literal under sql_mode %j', (sqlMode, sql) => {
    const dialect = { ...MYSQL, sqlMode: parseSqlMode(sqlMode) };
    const literal = encodeSqlLiteral(Buffer.from(sql), dialect);
    expect(decodeString(literal, 0, literal.length, dialect).toString()).toBe(sql);
  });
});
