import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/rewrite/dialect.js';
import { mergeIntegers } from '../../src/rewrite/integer-merge.js';
import type { ResultInteger, ResultType } from '../../src/rewrite/plan.js';
import { context, MARIADB, MYSQL, newRewriter } from '../support/rewrite.js';

/* `age` of `vault` is a protected INT, `id` and `note` are not protected; of `people` nothing is known. */

const rewriter = newRewriter({ inlineReads: true });

function planOf(sql: string, dialect: Dialect) {
  const bytes = Buffer.from(sql);
  const { plan, cacheHit } = rewriter.analyse(bytes, 0, bytes.length, context(dialect));
  if (plan.outcome !== 'rewrite') throw new Error(`not rewritten: ${JSON.stringify(plan)}`);
  return { plan, cacheHit };
}

/** `int 11`, `-` for a column of which nothing is known. */
function brief(type: ResultType | null): string {
  if (type === null) return '-';
  if (type.kind !== 'integer') return type.kind;
  return `${type.base}${type.unsigned ? ' unsigned' : ''} ${type.length ?? '?'}`;
}

function typesOf(sql: string, dialect = MYSQL): string {
  return planOf(sql, dialect).plan.columns?.types?.map(brief).join(', ') ?? 'none';
}

describe('types of expressions over protected columns', () => {
  it.each([
    ['SELECT MAX(age), MIN(age), COUNT(*) FROM vault', 'int 11, int 11, -'],
    ['SELECT IFNULL(age, id), COALESCE(age, NULL), NULLIF(age, note) FROM vault', 'int 11, int 11, int 11'],
    ['SELECT IF(id, age, id), CASE WHEN id THEN age END FROM vault', 'int 11, int 11'],
    ['SELECT CASE id WHEN 1 THEN age WHEN 2 THEN id ELSE age END FROM vault', 'int 11'],
    ['SELECT CASE id WHEN 1 THEN age ELSE note END FROM vault', 'none'],
    ['SELECT GREATEST(age, id), (age), +age FROM vault', 'int 11, int 11, int 11'],
    ['SELECT age + 1, -age, ABS(age), COALESCE(age, 1.5), IFNULL(age, @x) FROM vault', 'none'],
    ['SELECT (SELECT MAX(age) FROM vault) FROM users', 'int 11'],
    ['SELECT (SELECT v.age) FROM vault v', 'int 11'],
    ['SELECT EXISTS (SELECT age FROM vault)', 'none'],
    ['SELECT x FROM (SELECT MAX(age) AS x FROM vault) d', 'int 11'],
    ['SELECT d.* FROM (SELECT MAX(age) AS x, id FROM vault GROUP BY id) d', 'int 11, -'],
    ['WITH c (a) AS (SELECT MAX(age) FROM vault) SELECT a, a FROM c', 'int 11, int 11'],
    ['WITH RECURSIVE c (a) AS (SELECT age FROM vault UNION SELECT a FROM c) SELECT MAX(a) FROM c', 'none'],
    ['SELECT age FROM vault UNION SELECT id FROM vault UNION SELECT NULL', 'int 11'],
    ['SELECT age FROM vault UNION SELECT note FROM vault', 'none'],
    ['SELECT age FROM vault UNION SELECT 1', 'bigint ?'],
    ['TABLE vault UNION TABLE vault', '-, -, -, int 11, -, -'],
    ['SELECT MAX(v.age), MAX(p.age) FROM vault v JOIN people p', 'int 11, -'],
    ['SELECT MAX(other) FROM vault JOIN people', 'none'],
    ['SELECT MAX(age) FROM vault a JOIN vault b', 'none'],
    ['SELECT MAX(id), IFNULL(id, 1) FROM vault', 'none'],
    ['SELECT *, MAX(age) OVER () FROM vault', '-, -, -, int 11, -, -, -'],
    ['SELECT MAX(age), p.* FROM vault, people p', 'none'],
  ])('%s', (sql, expected) => {
    expect(typesOf(sql)).toBe(expected);
  });

  it('on MariaDB ROUND and window functions keep the type', () => {
    const sql = 'SELECT ROUND(age), FLOOR(age), MAX(age) OVER (), ROUND(age, 1) FROM vault';
    expect(typesOf(sql, MARIADB)).toBe('int 11, int 11, int 11, -');
    expect(typesOf(sql)).toBe('none');
  });

  it('on MariaDB a literal beside an INT binds the plan to it', () => {
    expect(typesOf('SELECT IFNULL(age, 5) FROM vault', MARIADB)).toBe('int 11');
    expect(planOf('SELECT IFNULL(age, 5) FROM vault', MARIADB).cacheHit).toBe(true);
    expect(typesOf('SELECT IFNULL(age, 1234567890) FROM vault', MARIADB)).toBe('bigint 11');
    expect(typesOf('SELECT IFNULL(age, 12345678901) FROM vault', MARIADB)).toBe('bigint 12');
    expect(typesOf('SELECT IFNULL(age, 5) FROM vault', MARIADB)).toBe('int 11');
    expect(typesOf('SELECT MAX(IFNULL(age, 5)) FROM vault', MARIADB)).toBe('none');
    // MySQL's literals are BIGINT, each of them.
    expect(typesOf('SELECT IFNULL(age, 5) FROM vault')).toBe('bigint ?');
    expect(planOf('SELECT IFNULL(age, 12345678901) FROM vault', MYSQL).cacheHit).toBe(true);
  });

  it('common table expressions are read once, however often they are named', () => {
    const chain = Array.from({ length: 30 }, (_, i) =>
      i === 0 ? 'c0 AS (SELECT age FROM vault)' : `c${i} AS (SELECT a.age FROM c${i - 1} a JOIN c${i - 1} b)`,
    );
    const before = performance.now();
    expect(typesOf(`WITH ${chain.join(', ')} SELECT MAX(age) FROM c29`)).toBe('int 11');
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe('the type of several integers', () => {
  const of = (text: string): ResultInteger => {
    const [base, unsigned] = text.split(' ');
    return {
      kind: 'integer',
      base: base as ResultInteger['base'],
      unsigned: unsigned !== undefined,
      length: 5,
      signedDigits: 0,
      unsignedDigits: 0,
      isComputed: false,
      isOfProtected: true,
    };
  };

  // As both servers, MariaDB where it is no DECIMAL, were seen to do with plain columns.
  it.each([
    [['tinyint', 'int'], 'int', 'int'],
    [['tinyint u', 'int u'], 'int u', 'int u'],
    [['tinyint', 'tinyint u'], 'smallint', null],
    [['tinyint', 'smallint u'], 'mediumint', null],
    [['tinyint', 'mediumint u'], 'int', null],
    [['mediumint', 'smallint u'], 'mediumint', null],
    [['int', 'int u'], 'bigint', null],
    [['bigint', 'int u'], 'bigint', null],
    [['tinyint', 'bigint u'], null, null],
    [['tinyint', 'int', 'int u'], 'bigint', null],
    [['smallint', 'tinyint', 'tinyint u'], 'smallint', null],
  ])('%s', (parts, mysql, mariadb) => {
    const text = (type: ResultInteger | null): string | null =>
      type === null ? null : `${type.base}${type.unsigned ? ' u' : ''}`;
    expect(text(mergeIntegers(parts.map(of), 'mysql'))).toBe(mysql);
    expect(text(mergeIntegers(parts.map(of), 'mariadb'))).toBe(mariadb);
  });

  it('is not known where one is not', () => {
    expect(mergeIntegers([of('int'), null], 'mysql')).toBeNull();
    expect(mergeIntegers([], 'mysql')).toBeNull();
  });
});
