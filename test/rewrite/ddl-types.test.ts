import { describe, expect, it } from 'vitest';
import { parseColumnType } from '../../src/config/column-type.js';
import type { ProtectedTable } from '../../src/rewrite/protected-table.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { CATALOG, context, MARIADB, MYSQL, outcomeOf } from '../support/rewrite.js';

interface Declared {
  readonly type: string;
  readonly charset?: string;
  readonly collation?: string;
}

/** A rewriter of one table `t`, whose columns are called `c0`, `c1` … */
function rewriterOf(...declared: readonly Declared[]): SqlRewriter {
  const columns: ProtectedTable['columns'] = new Map(
    declared.map(({ type, ...options }, index) => {
      const parsed = parseColumnType(type, options);
      if (!parsed.ok) throw new Error(parsed.problem.message);
      const logical = `c${index}`;
      return [logical, { logical, physical: logical, type: parsed.type, equality: 'exact' }];
    }),
  );
  return new SqlRewriter({
    tables: [{ schema: 'tenant_app', table: 't', tenantColumn: undefined, columns }],
    tenantVariable: null,
    parseDepth: 500,
    planCacheBytes: 1 << 20,
    calls: [],
  });
}

/** What becomes of a column `c0` of some type, or the refusal. */
function physical(declared: Declared, sql: string, dialect = MYSQL): string {
  const outcome = outcomeOf(rewriterOf(declared), `CREATE TABLE t (c0 ${sql})`, context(dialect));
  if (outcome.outcome === 'rewritten') return outcome.sql.slice('CREATE TABLE t (c0 '.length, -1);
  return outcome.outcome === 'refused' ? `${outcome.code}: ${outcome.message}` : outcome.outcome;
}

describe('types of a definition and of the configuration', () => {
  it.each([
    ['varchar(255)', 'VARCHAR(255)', 'VARBINARY(1024)'],
    ['varchar(255)', 'CHAR VARYING (255)', 'VARBINARY(1024)'],
    ['varchar(255)', 'NATIONAL VARCHAR(255) CHARACTER SET utf8mb4', 'VARBINARY(1024)'],
    ['varchar(4000)', 'varchar(4000)', 'VARBINARY(16016)'],
    ['varchar(5000)', 'varchar(5000)', 'BLOB'],
    ['char(1)', 'CHAR', 'VARBINARY(16)'],
    ['char(36)', 'CHARACTER(36)', 'VARBINARY(160)'],
    ['tinytext', 'TINYTEXT', 'VARBINARY(256)'],
    ['text', 'TEXT', 'MEDIUMBLOB'],
    ['text', 'TEXT(5000)', 'MEDIUMBLOB'],
    ['mediumtext', 'LONG VARCHAR', 'LONGBLOB'],
    ['longtext', 'LONGTEXT', 'LONGBLOB'],
    ['binary(1)', 'BINARY', 'VARBINARY(16)'],
    ['varbinary(8)', 'VARCHAR(8) CHARACTER SET binary', 'VARBINARY(16)'],
    ['blob', 'BLOB', 'MEDIUMBLOB'],
    ['tinyint', 'INT1', 'VARBINARY(16)'],
    ['int', 'INTEGER(11)', 'VARBINARY(16)'],
    ['int unsigned', 'int(10) unsigned', 'VARBINARY(16)'],
    ['bigint', 'BIGINT', 'VARBINARY(32)'],
    ['boolean', 'BOOLEAN', 'VARBINARY(16)'],
    ['boolean', 'TINYINT(1)', 'VARBINARY(16)'],
    ['decimal(10,2)', 'NUMERIC(10, 2)', 'VARBINARY(16)'],
    ['decimal(10,0)', 'DEC', 'VARBINARY(16)'],
    ['date', 'DATE', 'VARBINARY(16)'],
    ['datetime', 'DATETIME(0)', 'VARBINARY(32)'],
    ['datetime(6)', 'DATETIME(6)', 'VARBINARY(32)'],
  ])('%s is %s', (type, sql, expected) => {
    for (const dialect of [MYSQL, MARIADB]) expect(physical({ type }, sql, dialect)).toBe(expected);
  });

  it.each([
    ['double', 'DOUBLE PRECISION'],
    ['double', 'REAL'],
  ])('%s agrees with %s', (type, sql) => {
    for (const dialect of [MYSQL, MARIADB]) expect(physical({ type }, sql, dialect)).toMatch(/^VARBINARY/);
  });

  it.each([
    ['varchar(255)', 'VARCHAR(254)'],
    ['varchar(255)', 'CHAR(255)'],
    ['varchar(255)', 'VARBINARY(255)'],
    ['varchar(255)', 'TINYTEXT'],
    ['text', 'MEDIUMTEXT'],
    ['text', 'TEXT(60000)'],
    ['int', 'INT UNSIGNED'],
    ['int unsigned', 'INT ZEROFILL'],
    ['int', 'BIGINT'],
    ['decimal(10,2)', 'DECIMAL(10)'],
    ['double', 'FLOAT'],
    ['datetime', 'DATETIME(3)'],
    ['datetime', 'TIMESTAMP'],
    ['varchar(9)', "ENUM('a', 'b')"],
  ])('%s is not %s', (type, sql) => {
    for (const dialect of [MYSQL, MARIADB]) {
      expect(physical({ type }, sql, dialect)).toMatch(
        /^TC_SCHEMA: c0 is .+ in this statement and .+ in the conf/,
      );
    }
  });

  it.each([
    [{ type: 'varchar(9)' }, 'VARCHAR(9) COLLATE utf8mb4_0900_ai_ci', true],
    [{ type: 'varchar(9)' }, 'VARCHAR(9) COLLATE utf8mb4_bin', false],
    [{ type: 'varchar(9)' }, 'VARCHAR(9) BINARY', false],
    [{ type: 'varchar(9)' }, 'VARCHAR(9) CHARSET latin1', false],
    [{ type: 'varchar(9)' }, 'NVARCHAR(9)', false],
    [{ type: 'varchar(9)', charset: 'latin1' }, 'VARCHAR(9) CHARSET latin1', true],
    [{ type: 'varchar(9)', charset: 'utf8mb3' }, 'VARCHAR(9) CHARSET utf8', true],
    [{ type: 'varchar(9)', charset: 'latin1' }, 'VARCHAR(9) COLLATE utf8mb4_bin', false],
    [{ type: 'varchar(9)', collation: 'utf8mb4_bin' }, 'VARCHAR(9)', true],
    [{ type: 'varchar(9)', collation: 'utf8mb4_bin' }, 'VARCHAR(9) BINARY', true],
    [{ type: 'varchar(9)', collation: 'utf8mb4_bin' }, 'VARCHAR(9) NULL COLLATE "utf8mb4_bin"', true],
    [{ type: 'varchar(9)', collation: 'utf8mb4_bin' }, 'VARCHAR(9) COLLATE utf8mb4_general_ci', false],
  ] as const)('%o and %s: %s', (declared, sql, agrees) => {
    expect(physical(declared, sql).startsWith('VARBINARY')).toBe(agrees);
  });

  it('JSON is a type of MySQL alone: on MariaDB a column of it checks its values', () => {
    expect(physical({ type: 'json' }, 'JSON')).toBe('LONGBLOB');
    const longtext = { type: 'longtext', collation: 'utf8mb4_bin' };
    expect(physical(longtext, 'JSON', MARIADB)).toMatch(/^TC_SCHEMA: c0 is json in this statement/);
  });

  it('the longest columns of a table that would be too long for a row are BLOBs', () => {
    const rewriter = rewriterOf(
      { type: 'varchar(4000)' },
      { type: 'varchar(4000)' },
      { type: 'varchar(4000)' },
      { type: 'int' },
    );
    const sql =
      'CREATE TABLE t (c0 VARCHAR(4000), c1 VARCHAR(4000), c2 VARCHAR(4000), c3 INT, KEY k (c0, c2(9)))';
    expect(outcomeOf(rewriter, sql, context())).toEqual({
      outcome: 'rewritten',
      sql: 'CREATE TABLE t (c0 VARBINARY(16016), c1 VARBINARY(16016), c2 BLOB, c3 VARBINARY(16), KEY k (`c0`(3072), `c2`(768)))',
    });
    expect(outcomeOf(rewriter, 'CREATE UNIQUE INDEX i ON t (c2)', context())).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('longer than a key may be'),
    });
    expect(CATALOG.tables.has('tenant_app.t')).toBe(false);
  });
});
