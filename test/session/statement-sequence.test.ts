import { describe, expect, it } from 'vitest';
import { type Dialect, parseSqlMode } from '../../src/rewrite/dialect.js';
import { StatementSequence } from '../../src/session/statement-sequence.js';
import { MARIADB, MYSQL } from '../support/rewrite.js';

const START = 3;

function sequence(sql: string, dialect: Dialect = MYSQL): { of: StatementSequence; text: () => string } {
  const payload = Buffer.from(`${' '.repeat(START)}${sql}`);
  const of = new StatementSequence(payload, START, dialect);
  return { of, text: () => payload.toString('utf8', of.span.start, of.span.end) };
}

describe('StatementSequence', () => {
  it('gives one statement after the other, with its place in the text', () => {
    const { of, text } = sequence(' SELECT 1;\n /* a */ SELECT 2 ;;');
    expect([text(), of.offset, of.isLast]).toEqual(['SELECT 1', 1, false]);
    of.advance();
    of.read(MYSQL);
    expect([text(), of.offset, of.isLast]).toEqual(['/* a */ SELECT 2', 12, true]);
  });

  it('reads a statement under what the one before has set, again when it has to wait', () => {
    const { of, text } = sequence(`SET sql_mode = 'ANSI_QUOTES'; SELECT "a\\"; SELECT "2" -- "`);
    of.advance();
    of.read(MYSQL);
    expect([text(), of.isLast]).toEqual([`SELECT "a\\"; SELECT "2" -- "`, true]);
    of.read({ ...MYSQL, sqlMode: parseSqlMode('ANSI_QUOTES') });
    expect([text(), of.isLast]).toEqual(['SELECT "a\\"', false]);
    of.stop();
    expect(of.isLast).toBe(true);
  });

  it('says what the server says of a missing statement', () => {
    const { of } = sequence('SELECT 1;\n\n/* a\n */ ; SELECT 2;');
    expect(of.isMissing).toBe(false);
    of.advance();
    of.read(MYSQL);
    expect(of.isMissing).toBe(true);
    expect(of.missing(MYSQL)).toMatchObject({ errno: 1064, sqlState: '42000' });
    expect(of.missing(MYSQL).message).toMatch(/MySQL server version .* near '; SELECT 2' at line 2$/);
    expect(sequence(';').of.isMissing).toBe(false);
    expect(sequence('-- x').of.isMissing).toBe(false);
  });

  it.each([
    ['SELECT 1; SELECT 2;', 'SELECT 2', 1],
    ['\nSELECT 1;\n\n  -- b\nSELECT 2', 'SELECT 2', 4],
    ['SELECT 1;; SELECT 2', '; SELECT 2', 1],
    [`SELECT 1; SELECT '${'x'.repeat(100)}'`, `SELECT '${'x'.repeat(69)}...`, 1],
    ['; SELECT 1', '; SELECT 1', 1],
  ])('says what the server says of a second statement that is not allowed: %s', (sql, near, line) => {
    expect(sequence(sql).of.unexpected(MARIADB).message).toMatch(
      /^You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version/,
    );
    expect(sequence(sql).of.unexpected(MARIADB).message.endsWith(` near '${near}' at line ${line}`)).toBe(
      true,
    );
  });
});
