import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/rewrite/dialect.js';
import {
  CATALOG,
  column,
  context,
  MARIADB,
  MYSQL,
  newRewriter,
  outcomeOf,
  protectedColumn,
} from '../support/rewrite.js';

/* Numbers beside a protected DATE or DATETIME: on MySQL they become the date that they are. */

const TRIPS = {
  schema: 'tenant_app',
  table: 'trips',
  tenantColumn: undefined,
  columns: new Map([
    protectedColumn('day', 'day', { kind: 'temporal', base: 'date', decimals: 0 }),
    protectedColumn('at', 'at', { kind: 'temporal', base: 'datetime', decimals: 0 }),
  ]),
};

const tables = new Map(CATALOG.tables).set('tenant_app.trips', {
  schema: 'tenant_app',
  name: 'trips',
  columns: [column('id', 'int'), column('day', 'varbinary(48)'), column('at', 'varbinary(48)')],
  keys: [],
});

/** What stands behind WHERE. */
function condition(sql: string, dialect: Dialect = MYSQL): string {
  const rewriter = newRewriter({ tables: [TRIPS] });
  const outcome = outcomeOf(
    rewriter,
    `SELECT id FROM trips t WHERE ${sql}`,
    context(dialect, { catalog: { ...CATALOG, generation: 11, tables } }),
  );
  if (outcome.outcome !== 'rewritten') throw new Error(JSON.stringify(outcome));
  return outcome.sql.slice(outcome.sql.lastIndexOf(' WHERE ') + ' WHERE '.length);
}

const dated = (number: string): string =>
  `IF(${number}=0,TIMESTAMP'0001-01-01 00:00:00',CAST(${number} AS DATETIME(6)))`;

describe('numbers beside a protected date', () => {
  it.each([
    ['at > 20240131', `at > ${dated('20240131')}`],
    ['(20240131) <= t.at', `(${dated('20240131')}) <= t.at`],
    ["day BETWEEN '2024-01-01' AND 20241231", `day BETWEEN '2024-01-01' AND ${dated('20241231')}`],
    ['at NOT BETWEEN 240101.5 AND now()', `at NOT BETWEEN ${dated('240101.5')} AND now()`],
    ["day IN (20240131, '2024-02-01')", `day IN (${dated('20240131')}, '2024-02-01')`],
    ['day <=> 0', `day <=> ${dated('0')}`],
  ])('%s', (sql, expected) => {
    expect(condition(sql)).toBe(expected);
    expect(condition(sql, MARIADB)).toBe(sql);
  });

  it.each([
    "at > '2024-01-31'",
    'id > 20240131',
    'day + 1 > 20240131',
    '(day, id) = (20240131, 1)',
    "'2024-01-31' BETWEEN day AND 20240131",
    'id IN (20240131, day)',
  ])('as it is: %s', (sql) => {
    expect(condition(sql)).toBe(sql);
  });
});

describe('a time zone offset in a string beside a protected date (MySQL reads it beside a column only)', () => {
  it.each([
    "at > '2024-01-31 08:00:00+00:00'",
    "'2024-01-31T08:00:00.5-11:30' = at",
    "at BETWEEN '2024-01-31' AND '2024-02-01 08:00:00+14:00'",
    "at IN ('2024-01-31', ('2024-02-01 08:00:00 +1:00'))",
  ])('is refused: %s', (sql) => {
    expect(() => condition(sql)).toThrow('TC_UNSUPPORTED_SQL');
    expect(condition(sql, MARIADB)).toBe(sql);
  });

  it.each([
    "at > '2024-01-31 08:00:00'",
    "at > '2024-01-31'",
    "at > '2024-01-31 08:00:00-'",
    "id > '2024-01-31 08:00:00+00:00'",
  ])('is none: %s', (sql) => {
    expect(condition(sql)).toBe(sql);
  });

  it('is looked for in each execution of a plan', () => {
    const rewriter = newRewriter({ tables: [TRIPS] });
    const at = (time: string): string =>
      outcomeOf(
        rewriter,
        `SELECT id FROM trips WHERE at > '${time}'`,
        context(MYSQL, { catalog: { ...CATALOG, generation: 11, tables } }),
      ).outcome;
    expect(at('2024-01-31 08:00:00')).toBe('rewritten');
    expect(at('2024-01-31 08:00:00+00:00')).toBe('refused');
  });
});
