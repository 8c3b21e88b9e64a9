import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/rewrite/plan.js';
import { context, MARIADB, MYSQL, newRewriter } from '../support/rewrite.js';

const rewriter = newRewriter();

function plan(sql: string, prepared = false, dialect = MYSQL): Plan {
  const bytes = Buffer.from(sql);
  return rewriter.analyse(bytes, 0, bytes.length, context(dialect, { prepared })).plan;
}

describe('a text of several statements', () => {
  it.each([
    'SELECT 1; SELECT * FROM users',
    'SELECT * FROM users; SELECT 1',
    'SELECT * FROM users;; ',
    "SET @tenant_id = 't2'; SELECT 1",
    `SET sql_mode = 'ANSI_QUOTES'; SELECT * FROM "users"`,
    'CALL p(); SELECT 1',
    'USE tenant_app; SELECT * FROM users',
    'CREATE PROCEDURE p() BEGIN SELECT 1; END; SELECT * FROM users',
    'SELECT 1; /*!50000 SELECT * FROM users */',
    "SELECT * FROM users; SELECT 'open",
    'SELECT @__tc_key; SELECT 1',
  ])('that is refused says so: %s', (sql) => {
    expect(plan(sql)).toMatchObject({ outcome: 'refuse', isSeveral: true });
    // Once more, from the cache.
    expect(plan(sql)).toMatchObject({ outcome: 'refuse', isSeveral: true });
    expect(plan(sql, false, MARIADB)).toMatchObject({ outcome: 'refuse', isSeveral: true });
  });

  it.each([
    'SELECT @__tc_key',
    'TRUNCATE users; -- one',
    'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT * FROM users; END',
    "CALL p('; SELECT 1')",
    "SELECT * FROM users WHERE email = '; SELECT 1",
    'DELETE FROM users WHERE /* ; ',
    'TRUNCATE users /*! ; SELECT 1 */',
  ])('is not one statement that is refused: %s', (sql) => {
    const refused = plan(sql);
    expect(refused.outcome).toBe('refuse');
    expect(refused).not.toHaveProperty('isSeveral');
  });

  it('of any length is found out in little time', () => {
    const insert = (i: number): string => `INSERT INTO users (tenant_id, username) VALUES ('t1', 'u;${i}')`;
    const batch = Array.from({ length: 50_000 }, (_, i) => insert(i)).join(';');
    const before = performance.now();
    expect(plan(batch)).toMatchObject({ outcome: 'refuse', isSeveral: true });
    expect(performance.now() - before).toBeLessThan(1_000);
    const one = `INSERT INTO users (tenant_id, username) VALUES ${Array.from({ length: 1_000 }, () => "('t1', ';')").join()};`;
    expect(plan(one).outcome).toBe('rewrite');
    expect(plan(`${"INSERT INTO notes (text) VALUES ('é');".repeat(1_000)}`).outcome).toBe('forward');
    expect(plan(batch.slice(0, 8_000), true)).toMatchObject({ outcome: 'refuse' });
  });

  it.each([
    'SELECT 1; SELECT 2',
    "SET NAMES utf8mb4; SET sql_mode = ''; SET time_zone = '+00:00'",
    "INSERT INTO notes (text) VALUES ('users; é'); SELECT 1",
    'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END; SELECT 1',
  ])('passes in one piece where nothing in it is protected: %s', (sql) => {
    expect(plan(sql).outcome).toBe('forward');
  });
});
