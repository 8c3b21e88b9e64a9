import { describe, expect, it } from 'vitest';
import type { ResultOrigins } from '../../src/rewrite/plan.js';
import { context, MARIADB, MYSQL, newRewriter } from '../support/rewrite.js';

const rewriter = newRewriter();

function originsOf(sql: string, dialect = MYSQL): ResultOrigins | undefined {
  const bytes = Buffer.from(sql);
  const { plan } = rewriter.analyse(bytes, 0, bytes.length, context(dialect));
  if (plan.outcome !== 'rewrite') throw new Error(`not rewritten: ${JSON.stringify(plan)}`);
  return plan.columns?.origins;
}

/** `relation.column=table.column` for each column known, with ! where a copy stands between. */
function brief(sql: string, dialect = MYSQL): string[] {
  return (originsOf(sql, dialect)?.relations ?? []).flatMap(({ alias, kind, columns }) =>
    kind === 'table'
      ? [`${alias}`]
      : [...columns.values()].map(
          ({ name, physical, shownTable, isMerged }) =>
            `${alias}.${name}=${shownTable}.${physical}${isMerged ? '' : '!'}`,
        ),
  );
}

describe('where the columns of a result come from', () => {
  it.each([
    ['SELECT u.email, v.note FROM users u JOIN vault v ON v.id = u.id', ['u', 'v']],
    ['SELECT * FROM (SELECT email AS e, id FROM users u) d', ['d.e=u.encrypted_email', 'd.id=u.id']],
    ['SELECT * FROM (SELECT email FROM users LIMIT 3) d', ['d.email=users.encrypted_email!']],
    [
      'SELECT * FROM (SELECT email, COUNT(*) FROM users GROUP BY email) d',
      ['d.email=users.encrypted_email!'],
    ],
    ['SELECT * FROM (SELECT MAX(email), id FROM users u) d', ['d.id=users.id!']],
    ['SELECT * FROM (SELECT DISTINCT id FROM users) d', ['d.id=users.id!']],
    [
      'WITH c (a, b) AS (SELECT id, email FROM users) SELECT * FROM c x',
      ['x.a=users.id', 'x.b=users.encrypted_email'],
    ],
    ['SELECT * FROM (SELECT * FROM (SELECT email e FROM users u LIMIT 1) d) f', ['f.e=d.encrypted_email!']],
    ['SELECT * FROM (SELECT d.e FROM (SELECT email e FROM users u) d) f', ['f.e=u.encrypted_email']],
    ['SELECT * FROM (SELECT id FROM users UNION SELECT 1) d', []],
    ['SELECT UPPER(x) FROM (SELECT UPPER(email) x FROM users) d', []],
    ['SELECT email FROM users UNION SELECT note FROM vault', []],
  ])('%s', (sql, expected) => {
    expect(brief(sql)).toEqual(expected);
  });

  it('is told by position where there is no star', () => {
    const items = originsOf(
      'SELECT u.email, UPPER(u.email), v.id FROM users u JOIN vault v ON v.id = u.id',
    )?.items;
    expect(items?.map((item) => item?.physical ?? null)).toEqual(['encrypted_email', null, 'id']);
    expect(originsOf('SELECT u.*, 1 FROM users u JOIN vault v ON v.id = u.id')?.items).toBeNull();
  });

  it('a subquery in the select list makes a copy of a derived table on MySQL', () => {
    const sql = 'SELECT * FROM (SELECT id, (SELECT 1) FROM users u) d';
    expect([brief(sql, MYSQL), brief(sql, MARIADB)]).toEqual([['d.id=users.id!'], ['d.id=u.id']]);
  });
});
