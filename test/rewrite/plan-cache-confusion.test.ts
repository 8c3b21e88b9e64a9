import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/rewrite/dialect.js';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

/*
 * Two statements must never share a plan that is wrong for one of them (bypasses.md 24, 25): a rewriter that has seen
 * thousands of mutated statements says of each what a new rewriter says.
 */

const SEEDS: readonly string[] = [
  "SELECT id, email FROM users WHERE email = 'a' AND id = 5 -- tail",
  "SELECT * FROM users u LEFT JOIN orders o ON o.u = u.id AND u.email IN ('a', \"b\", 'c') ORDER BY 1 LIMIT 3",
  "INSERT INTO users (username, email) VALUES ('a', 'b'), ('c', 'd'), (/* x */ 'e', NULL)",
  "INSERT INTO vault (id, secret, age, `blob`) VALUES (1, 'a', -5, X'00ff'), (2, 'b', '6', 0x41) ON DUPLICATE KEY UPDATE secret = VALUES(secret)",
  "UPDATE users SET email = 'x' 'y', username = @v WHERE id = 1 AND phone <=> 'q' LIMIT 2",
  'DELETE FROM users WHERE email = "a" OR id BETWEEN 1 AND 2 ORDER BY id LIMIT 1',
  "PREPARE s FROM 'SELECT 1'",
  "PREPARE s FROM 'SELECT * FROM users'",
  "SET @tenant_id = 't1', @a := 'users'",
  "SET @x = 1; SELECT * FROM orders WHERE a = 'users'",
  "SELECT 'a' /*!50000 FROM users */ # c\n",
  "EXECUTE IMMEDIATE 'SELECT 1'",
  "INSERT INTO orders (note) VALUES ('users'), ('it''s'), (@__tc), (N'x')",
  "SELECT @'a', @`b`, @\"c\", 'users' AS users, _utf8mb4'x', b'1', 1.5, 1e5 FROM orders",
];

const PIECES: readonly string[] = [
  "'", '"', '`', '\\', '--', '-- ', '#', '/*', '*/', '/*!', '/*!99999', '/*M!', ';', ',', '(', ')', '@', '@@', '.', '?', ' ', '\n', '\u0001', '\u0008', '0x41',
  "x'41'", '1', '1.5', '1e5', 'users', 'USERS', '`users`', '"users"', "'users'", 'email', 'encrypted_email', 'tenant_app.', 'FROM ', 'SELECT ', 'VALUES', 'NULL', 'é', '\u00a0', '😀',
  '@__tc_key', '@tenant_id', ':=', 'INTO ', 'SET ', 'N', '_utf8mb4', "''", '""', '\u0000', 'OR 1=1', 'UNION SELECT * FROM users',
]; // biome-ignore format: a list

const edit = fc.record({
  at: fc.nat(200),
  remove: fc.nat(6),
  insert: fc.constantFrom('', ...PIECES),
});
const mutated = fc.tuple(fc.constantFrom(...SEEDS), fc.array(edit, { maxLength: 4 })).map(([seed, edits]) =>
  edits.reduce((sql, { at, remove, insert }) => {
    const place = at % (sql.length + 1);
    return sql.slice(0, place) + insert + sql.slice(place + remove);
  }, seed),
);

const DIALECTS: readonly Dialect[] = [
  MYSQL,
  MARIADB,
  { ...MYSQL, sqlMode: parseSqlMode('ANSI_QUOTES') },
  { ...MARIADB, sqlMode: parseSqlMode('NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES') },
  { ...MYSQL, characterSetClient: 'latin1' },
  { ...MYSQL, lowerCaseTableNames: 1 },
  { ...MYSQL, characterSetClient: 'gbk' },
];

describe('plan cache', () => {
  it('a full cache says of every statement what an empty one says', () => {
    const seasoned = newRewriter();
    const contexts = DIALECTS.flatMap((dialect) => [
      context(dialect),
      context(dialect, { prepared: true }),
      context(dialect, { database: null }),
      context(dialect, { database: 'other' }),
    ]);
    fc.assert(
      fc.property(mutated, fc.nat(contexts.length - 1), (sql, index) => {
        // Two related texts first, which may leave a plan under the same key.
        for (const other of [sql.replaceAll('users', 'usors'), sql.replaceAll("'a'", "'users'")]) {
          outcomeOf(seasoned, other, contexts[index]!);
        }
        const cached = outcomeOf(seasoned, sql, contexts[index]!);
        const fresh = outcomeOf(newRewriter(), sql, contexts[index]!);
        expect(cached).toEqual(fresh);
        expect(cached).not.toMatchObject({ code: 'TC_INTERNAL' });
      }),
      { numRuns: 3_000 },
    );
  }, 60_000);

  it('neither sql_mode, character set, schema, preparation nor generation share plans', () => {
    const rewriter = newRewriter();
    const sql = 'SELECT "x" , email FROM users WHERE id = 1';
    const seen = new Set<string>();
    for (const other of [
      context(MYSQL),
      context({ ...MYSQL, sqlMode: parseSqlMode('ANSI_QUOTES') }),
      context({ ...MYSQL, characterSetClient: 'gbk' }),
      context(MYSQL, { database: 'other' }),
      context(MYSQL, { prepared: true }),
    ]) {
      seen.add(JSON.stringify(outcomeOf(rewriter, sql, other)));
    }
    // The string that is a name under ANSI_QUOTES is rewritten alike.
    expect(seen.size).toBe(4);
    expect(rewriter.stats.entries).toBe(4);
  });

  it('a control character in the text is never taken for the mark of a literal', () => {
    for (let code = 0; code < 9; code++) {
      const rewriter = newRewriter();
      const mark = String.fromCharCode(code);
      outcomeOf(rewriter, "SELECT 'x' FROM orders WHERE @a = 1", context());
      const sql = `SELECT ${mark} FROM orders WHERE @a = 1`;
      expect(outcomeOf(rewriter, sql, context())).toEqual(outcomeOf(newRewriter(), sql, context()));
    }
  });

  it('literals that decide what a statement means are compared whole', () => {
    const rewriter = newRewriter();
    for (let round = 0; round < 3; round++) {
      expect(outcomeOf(rewriter, "PREPARE s FROM 'SELECT 1 FROM orders'", context())).toEqual({
        outcome: 'forwarded',
      });
      expect(outcomeOf(rewriter, "PREPARE s FROM 'SELECT 1 FROM users '", context())).toMatchObject({
        outcome: 'refused',
      });
      expect(outcomeOf(rewriter, "PREPARE s FROM 'SELECT 1 FROM users'", context())).toMatchObject({
        outcome: 'refused',
      });
    }
  });
});
