import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

describe.each([MYSQL, MARIADB])(
  'user variables that are given values of a protected table ($server.kind)',
  (dialect) => {
    const outcome = (sql: string): unknown => outcomeOf(newRewriter(), sql, context(dialect));

    it.each([
      'SELECT email, @n := @n + 1 FROM users, (SELECT @n := 0) i',
      'SELECT email, @n := IF(@p = id, @n + 1, 1), @p := id FROM users',
      'SELECT @n := t.id FROM (SELECT id, email e FROM users) t',
      'SELECT @n := id FROM (SELECT id, email e FROM users) t',
      'SELECT @n := t.a FROM (SELECT id, email FROM users) AS t (a, b)',
      'WITH t AS (SELECT id, email FROM users) SELECT @n := MAX(t.id) FROM t',
      'SELECT id, @n := IF(@p = email, @n + 1, 1) FROM users',
      'SELECT @n := t.id FROM (SELECT * FROM users) t',
      'SELECT @n := COUNT(email) FROM users',
      'SELECT @n := (SELECT COUNT(email) FROM users)',
      'SELECT email FROM users ORDER BY @n := users.id',
      'SELECT id INTO @i FROM users WHERE email IS NULL',
      "SELECT COUNT(DISTINCT email) FROM users WHERE email <> '' INTO @i",
      'SET @n = (SELECT COUNT(email) FROM users)',
      "SET @n = (SELECT id FROM users WHERE email = 'a'), @m = 1",
    ])('rewritten: %s', (sql) => {
      expect(outcome(sql)).toMatchObject({ outcome: 'rewritten' });
    });

    it.each([
      'SELECT @n := email FROM users',
      'SELECT @n := t.e FROM (SELECT id, email e FROM users) t',
      'SELECT @n := e FROM (SELECT id, email e FROM users) t',
      "SELECT @n := `concat(email,'')` FROM (SELECT concat(email,'') FROM users) t",
      'SELECT @n := t.b FROM (SELECT id, email FROM users) AS t (a, b)',
      'SELECT @n := t.email FROM (SELECT * FROM users) t',
      'SELECT id, @n := IF(@p = id, email, 1) FROM users',
      'SELECT * FROM (SELECT @n := email FROM users) t',
      'SELECT id FROM users WHERE (@n := email) IS NOT NULL',
      'SELECT id FROM users u JOIN orders o ON (@n := u.email) = o.id',
      'SELECT id FROM users GROUP BY @n := email',
      'SELECT email e FROM users ORDER BY @n := e',
      'SELECT email e FROM users HAVING @n := e',
      'SELECT (SELECT @n := u.email) FROM users u',
      'SELECT id, (SELECT @n := e) FROM (SELECT id, email e FROM users) t',
      'WITH t AS (SELECT id, email e FROM users) SELECT @n := e FROM t',
      'WITH t AS (SELECT @n := email e FROM users) SELECT 1 FROM t',
      'WITH RECURSIVE t (a, b) AS (SELECT 1, email FROM users UNION ALL SELECT b, a FROM t) SELECT @n := a FROM t',
      'SELECT 1 UNION SELECT @n := email FROM users',
      'SELECT email INTO @e FROM users',
      'SELECT MAX(e) FROM (SELECT email e FROM users) t INTO @e',
      'SET @e = (SELECT email FROM users)',
      'SET @n = 1, @e = (SELECT e FROM (SELECT email e FROM users) t)',
    ])('refused: %s', (sql) => {
      expect(outcome(sql)).toMatchObject({ outcome: 'refused', code: 'TC_PLAINTEXT_ESCAPE' });
    });

    it.each([
      "SET @n = (SELECT COUNT(*) FROM users), sql_mode = ''",
      "SET @n = (SELECT COUNT(*) FROM users), @tenant_id = 't2'",
    ])('refused as a whole: %s', (sql) => {
      expect(outcome(sql)).toMatchObject({ outcome: 'refused', code: 'TC_UNSUPPORTED_SQL' });
    });
  },
);
