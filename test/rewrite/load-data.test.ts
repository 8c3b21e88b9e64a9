import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const rewriter = newRewriter();
const load = (sql: string): string => {
  const outcome = outcomeOf(rewriter, sql, context());
  expect(outcome.outcome, JSON.stringify(outcome)).toBe('rewritten');
  return outcome.outcome === 'rewritten' ? outcome.sql : '';
};
/** Expressions of ours are in forms.ts's tests: here only what they are of. */
const brief = (sql: string): string =>
  load(sql)
    .replace(
      /IF\(IFNULL\(CHAR_LENGTH\(CONVERT\((@__tc_l\d+) .*?AES_ENCRYPT\(CONVERT\(\1 USING utf8mb4\),.*?ISNULL\(@__tc_key\)\)\)\)\)/g,
      'sealed($1)',
    )
    .replace(
      /IF\(CAST\(CONVERT\((@__tc_l\d+) USING utf8mb4\) AS BINARY\)<=>'t1','t1',EXP\([^)]*\)\)\)/g,
      'checked($1)',
    );

describe('LOAD DATA into a protected table', () => {
  it.each<[string, string]>([
    [
      "LOAD DATA INFILE 'f' INTO TABLE users (username, email, phone)",
      "LOAD DATA INFILE 'f' INTO TABLE users (username, @__tc_l2, @__tc_l3) SET `encrypted_email`=sealed(@__tc_l2), `encrypted_phone`=sealed(@__tc_l3), `tenant_id`='t1'",
    ],
    [
      "LOAD DATA LOCAL INFILE 'f' REPLACE INTO TABLE vault CHARACTER SET latin1 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' LINES STARTING BY '>' TERMINATED BY '\\r\\n' IGNORE 2 LINES (id, @x, secret) SET note = UPPER(@x);",
      "LOAD DATA LOCAL INFILE 'f' REPLACE INTO TABLE vault CHARACTER SET latin1 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' LINES STARTING BY '>' TERMINATED BY '\\r\\n' IGNORE 2 LINES (id, @x, @__tc_l3) SET `secret`=sealed(@__tc_l3), `tenant_id`='t1', note = UPPER(@x);",
    ],
    [
      "LOAD DATA INFILE 'f' INTO TABLE users",
      "LOAD DATA INFILE 'f' INTO TABLE users (`id`,@__tc_l2,`username`,@__tc_l4,@__tc_l5) SET `tenant_id`=checked(@__tc_l2), `encrypted_email`=sealed(@__tc_l4), `encrypted_phone`=sealed(@__tc_l5)",
    ],
    [
      "LOAD DATA CONCURRENT INFILE 'f' INTO TABLE tenant_app.users PARTITION (p0) COLUMNS TERMINATED BY 0x09 (id, tenant_id)",
      "LOAD DATA CONCURRENT INFILE 'f' INTO TABLE tenant_app.users PARTITION (p0) COLUMNS TERMINATED BY 0x09 (id, @__tc_l2) SET `tenant_id`=checked(@__tc_l2)",
    ],
    [
      "LOAD DATA INFILE 'f' INTO TABLE users (id, username) SET tenant_id = 't1'",
      "LOAD DATA INFILE 'f' INTO TABLE users (id, username) SET tenant_id = 't1'",
    ],
  ])('%s', (sql, rewritten) => {
    expect(brief(sql)).toBe(rewritten);
  });

  it('raises what the plain table raises; with IGNORE or LOCAL, where that would cut, that it can’t be', () => {
    const errorOf = (sql: string): string => {
      const [, encoded = ''] = /CHAR_LENGTH.*?EXP\(9999\+\(@__tc_key<=>'([^']*)'/.exec(load(sql)) ?? [];
      return Buffer.from(encoded, 'base64').toString();
    };
    expect(errorOf("LOAD DATA INFILE 'f' INTO TABLE users (email)")).toBe(
      "1406 22001 Data too long for column 'email' at row 1",
    );
    for (const sql of [
      "LOAD DATA INFILE 'f' IGNORE INTO TABLE users (email)",
      "LOAD DATA LOCAL INFILE 'f' INTO TABLE users (email)",
    ]) {
      expect(errorOf(sql)).toMatch(/^1235 42000 tenantcrypt\[TC_UNSUPPORTED_SQL\]: a value does not fit/);
    }
    expect(errorOf("LOAD DATA LOCAL INFILE 'f' REPLACE INTO TABLE vault (secret)")).toMatch(/^1406/);
  });

  it.each<[string, string]>([
    ["LOAD DATA INFILE 'f' INTO TABLE users (encrypted_email)", 'TC_PLAINTEXT_ESCAPE'],
    ["LOAD DATA INFILE 'f' INTO TABLE users (nothing)", '1054'],
    ["LOAD DATA INFILE 'f' REPLACE INTO TABLE users (email)", 'TC_UNSUPPORTED_SQL'],
    ["LOAD DATA INFILE 'f' INTO TABLE users (@__tc_key)", 'TC_RESERVED_NAME'],
    ["LOAD DATA INFILE 'f' INTO TABLE users (@tenant_id)", 'TC_BAD_TENANT'],
    ["LOAD DATA INFILE 'f' INTO TABLE orders (@tenant_id)", 'TC_BAD_TENANT'],
    ["LOAD DATA INFILE 'f' INTO TABLE users (email) SET email = 'x'", 'TC_UNSUPPORTED_SQL'],
    ["LOAD DATA INFILE 'f' INTO TABLE users (email, email)", 'TC_UNSUPPORTED_SQL'],
    ["LOAD DATA INFILE 'f' INTO TABLE users (email) SET username = email", 'TC_PLAINTEXT_ESCAPE'],
    [
      "LOAD DATA INFILE 'f' INTO TABLE users (email) SET username = (SELECT email FROM users LIMIT 1)",
      'TC_PLAINTEXT_ESCAPE',
    ],
    ["LOAD DATA INFILE 'f' INTO TABLE users (email) SET tenant_id = 't2'", 'TC_TENANT_MISMATCH'],
    ["LOAD DATA INFILE 'f' INTO TABLE users (@t) SET tenant_id = @t", 'TC_TENANT_MISMATCH'],
    ["LOAD DATA INFILE 'f' INTO TABLE users ()", 'TC_UNSUPPORTED_SQL'],
    ["LOAD DATA INFILE 'f' INTO TABLE orders (a) SET note = (SELECT email FROM users)", 'TC_UNSUPPORTED_SQL'],
    ["LOAD XML INFILE 'f' INTO TABLE users", 'TC_UNSUPPORTED_SQL'],
    ["LOAD DATA FROM S3 's3://x' INTO TABLE users", 'TC_UNSUPPORTED_SQL'],
  ])('refuses %s', (sql, code) => {
    for (const dialect of [MYSQL, MARIADB]) {
      expect(outcomeOf(rewriter, sql, context(dialect))).toMatchObject({ outcome: 'refused', code });
    }
  });

  it('takes expressions for columns from the client’s own variables', () => {
    expect(load("LOAD DATA INFILE 'f' INTO TABLE users (@e) SET email = LOWER(@e)")).toContain(
      "SET `tenant_id`='t1', `encrypted_email` = IF(IFNULL(CHAR_LENGTH(CONVERT(LOWER(@e) USING utf8mb4))",
    );
  });

  it.each([
    "LOAD DATA INFILE 'f' INTO TABLE orders",
    "LOAD DATA LOCAL INFILE 'users' INTO TABLE orders (@a)",
  ])('forwards %s', (sql) => {
    expect(outcomeOf(rewriter, sql, context())).toEqual({ outcome: 'forwarded' });
  });
});
