import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/rewrite/dialect.js';
import type { Effects } from '../../src/rewrite/plan.js';
import { context, MARIADB, MYSQL, newRewriter } from '../support/rewrite.js';

function effectsOf(sql: string, dialect: Dialect = MYSQL): Partial<Effects> {
  const bytes = Buffer.from(sql);
  const { plan, skipped } = newRewriter().analyse(bytes, 0, bytes.length, context(dialect));
  expect(skipped).toBe(false);
  if (plan.outcome === 'refuse') throw new Error('refused');
  const {
    tenantAssignments: _assignments,
    changesSchema: _schema,
    tables: _tables,
    ...others
  } = plan.effects;
  return others;
}

describe('a SET that the server has to report', () => {
  it.each([
    "SET sql_mode = 'ANSI_QUOTES'",
    "SET @@session.`SQL_Mode` := 'ANSI_QUOTES'",
    "SET LOCAL sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES')",
    'SET NAMES latin1',
    'SET @a = 1, NAMES latin1 COLLATE latin1_bin',
    'SET CHARACTER SET latin1',
    'SET CHARSET DEFAULT',
    'SET CHAR SET latin1',
    'SET character_set_client = 8',
    "SET @@character_set_client = (SELECT 'latin1')",
    'SET collation_connection = utf8mb4_bin',
    'SET sql_safe_updates = 1',
    'SET SQL_SAFE_UPDATES = ON',
    "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */",
    "set/**/sql_mode/* x */=/**/'ANSI_QUOTES'",
    "\n\t SET\r\n\tsql_mode\f=\v'ANSI_QUOTES'\n;\n",
  ])('%j', (sql) => {
    expect(effectsOf(sql)).toEqual({ changesReading: true });
  });

  it.each([
    'SET autocommit = 1',
    "SET time_zone = 'SYSTEM', @a = 'sql_mode'",
    'SET TRANSACTION READ ONLY',
    'SET @names_of_something = 1',
  ])('none: %j', (sql) => {
    expect(effectsOf(sql)).toEqual({});
  });
});

describe('SET STATEMENT of MariaDB', () => {
  it('is undone without a report', () => {
    expect(effectsOf("SET STATEMENT sql_mode = 'ANSI_QUOTES' FOR SELECT 1", MARIADB)).toEqual({
      runsUnseenSql: true,
    });
    expect(effectsOf("SET STATEMENT sql_safe_updates = 1 FOR SET @a = 'x'", MARIADB)).toEqual({
      runsUnseenSql: true,
    });
  });

  it('of other variables is none', () => {
    expect(effectsOf('SET STATEMENT max_statement_time = 1 FOR SELECT 1', MARIADB)).toEqual({});
  });
});

describe('what the server is to report', () => {
  it.each([
    [
      "SET SESSION session_track_system_variables = ''",
      { changesTracking: true, changesTrackedVariables: true },
    ],
    ['SET session_track_schema = 1', { changesTracking: true }],
    ["SET session_track_schema=1, sql_mode='ANSI'", { changesTracking: true, changesReading: true }],
    [
      "SET session_track_schema=1, session_track_system_variables='*'",
      { changesTracking: true, changesTrackedVariables: true },
    ],
  ])('%j', (sql, effects) => {
    expect(effectsOf(sql)).toEqual(effects);
  });

  it('a SET in a string that EXECUTE IMMEDIATE runs', () => {
    const sql = `EXECUTE IMMEDIATE "SET character_set_client = (SELECT 'latin1')"`;
    expect(effectsOf(sql, MARIADB)).toMatchObject({ runsUnseenSql: true });
  });
});
