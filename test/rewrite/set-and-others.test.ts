import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const values = (sql: string): readonly (string | null)[] => {
  const rewriter = newRewriter();
  const bytes = Buffer.from(sql);
  expect(rewriter.analyse(bytes, 0, bytes.length, context()).plan.outcome).toBe('forward');
  return rewriter.tenantValues();
};

describe('SET of the tenant', () => {
  it.each([
    ["SET @tenant_id = 't1'", ['t1']],
    ["SET @tenant_id := 't1'", ['t1']],
    ['SET @`tenant_id` = "t1"', ['t1']],
    ["SET @'tenant_id' = 't' '1'", ['t1']],
    ["SET @TENANT_ID = ('t1')", ['t1']],
    ["SET @a = 1, @tenant_id = 't1', @b = 2", ['t1']],
    ["SET @tenant_id = 't1', @tenant_id = 't2'", ['t1', 't2']],
    ["/* c */ SET /* d */ @tenant_id = 't1' -- e", ['t1']],
    ['SET @tenant_id = 42', ['42']],
    ['SET @tenant_id = NULL', [null]],
    ["SET NAMES utf8mb4, @tenant_id = 't1'", ['t1']],
    ["SET @tenant = 't1'", []],
  ])('%s', (sql, expected) => {
    expect(values(sql)).toEqual(expected);
  });

  it.each([
    "SET @tenant_id = CONCAT('t', '1')",
    'SET @tenant_id = @other',
    "SET @tenant_id = (SELECT 't1')",
    "SET @tenant_id = _latin1't1'",
    'SET @tenant_id = -1',
    "SELECT @tenant_id := 't2'",
    "SELECT 't2' INTO @tenant_id",
    "SET @a = (@tenant_id := 't2')",
    'CALL tenant_app.harmless(@tenant_id)',
    'GET DIAGNOSTICS @tenant_id = NUMBER',
    "SELECT 1; SET @tenant_id = 't2'",
    "LOAD DATA INFILE 'x' INTO TABLE orders (@tenant_id)",
    'EXPLAIN FORMAT=JSON INTO @tenant_id SELECT 1',
    "SET @`tenant_id ` = CONCAT('t2')",
    "DO @tenant_id := 't2'",
  ])('refused: %s', (sql) => {
    expect(outcomeOf(newRewriter(), sql, context())).toMatchObject({
      outcome: 'refused',
      code: 'TC_BAD_TENANT',
    });
  });

  it('reading it is no assignment', () => {
    for (const sql of ['SELECT @tenant_id', 'SET @a = @tenant_id', 'EXECUTE s USING @tenant_id']) {
      expect(outcomeOf(newRewriter(), sql, context()), sql).toEqual({ outcome: 'forwarded' });
    }
  });
});

describe('SET of what tenantcrypt relies on', () => {
  it.each([
    "SET block_encryption_mode = 'aes-256-cbc'",
    "SET @@SESSION.block_encryption_mode = 'x'",
    'SET LOCAL `Block_Encryption_Mode` = 1',
    'SET autocommit = 1, block_encryption_mode = 1',
    'SET blöck_encryption_mode = 1',
  ])('refused: %s', (sql) => {
    expect(outcomeOf(newRewriter(), sql, context())).toMatchObject({
      outcome: 'refused',
      code: 'TC_RESERVED_NAME',
    });
  });

  it.each([
    'SET GLOBAL block_encryption_mode = 1',
    'SET sql_mode = DEFAULT',
    'SET @@autocommit = 0',
    'SET TRANSACTION READ ONLY',
    "SET PASSWORD = 'x'",
  ])('forwarded: %s', (sql) => {
    expect(outcomeOf(newRewriter(), sql, context())).toEqual({ outcome: 'forwarded' });
  });
});

describe('statements that are not taken apart', () => {
  it.each([
    ['TRUNCATE users', 9],
    ['CHECKSUM TABLE orders, users', 23],
    ['CREATE VIEW v AS SELECT * FROM .users', 32],
    ['SELECT * FROM user_view', 14],
    ['CALL other.routine()', 0],
    ['EXECUTE IMMEDIATE @v', 18],
    ['CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO CALL p()', 42],
  ])('refused: %s', (sql, position) => {
    expect(outcomeOf(newRewriter(), sql, context(MARIADB))).toMatchObject({
      outcome: 'refused',
      code: 'TC_UNSUPPORTED_SQL',
      position,
    });
  });

  it.each([
    'TRUNCATE other.users',
    'SHOW TABLES',
    "SHOW TABLES LIKE 'users'",
    'CALL tenant_app.harmless()',
    'CALL harmless(1)',
    'CREATE TABLE t (`call` INT, execute INT)',
    "PREPARE s FROM 'SELECT 1'",
    'EXECUTE s',
    'DEALLOCATE PREPARE s',
    'DROP PREPARE s',
    "XA PREPARE 'x'",
    'GRANT EXECUTE ON *.* TO a',
    'SHOW BINLOG EVENTS',
    'SELECT * FROM other.users',
    'SELECT users FROM orders',
    "SELECT 'users'",
    'COMMIT',
    'BEGIN',
    'DROP DATABASE IF EXISTS other',
  ])('forwarded: %s', (sql) => {
    for (const dialect of [MYSQL, MARIADB]) {
      expect(outcomeOf(newRewriter(), sql, context(dialect))).toEqual({ outcome: 'forwarded' });
    }
  });

  it('without a current schema only qualified names are protected', () => {
    const none = context(MYSQL, { database: null });
    expect(outcomeOf(newRewriter(), 'TRUNCATE tenant_app.users', none)).toMatchObject({ outcome: 'refused' });
    expect(outcomeOf(newRewriter(), 'SHOW INDEX FROM users IN tenant_app', none)).toMatchObject({
      outcome: 'rewritten',
    });
    expect(outcomeOf(newRewriter(), 'SELECT * FROM tenant_app.users', none)).toMatchObject({
      outcome: 'rewritten',
    });
    expect(outcomeOf(newRewriter(), 'SELECT * FROM users', none)).toEqual({ outcome: 'forwarded' });
  });

  it('DDL is noted', () => {
    const rewriter = newRewriter();
    for (const [sql, changes] of [
      ['ALTER TABLE users_backup ADD a INT', true],
      ['SELECT 1 FROM users_backup', false],
    ] as const) {
      const bytes = Buffer.from(sql);
      expect(rewriter.analyse(bytes, 0, bytes.length, context()).plan.effects.changesSchema).toBe(changes);
    }
  });
});

describe('text behind what can not be lexed', () => {
  const rewriter = newRewriter();
  const outcome = (sql: string) => {
    const bytes = Buffer.from(sql);
    return rewriter.analyse(bytes, 0, bytes.length, context(MARIADB)).plan;
  };

  it("passes a dump's trigger in an executable comment, and looks up what has been set", () => {
    const plan = outcome(
      "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER t BEFORE INSERT ON orders FOR EACH ROW BEGIN SET @a = 1; SET @b = 'x'; END */",
    );
    expect(plan).toMatchObject({ outcome: 'forward', effects: { runsUnseenSql: true } });
  });

  it.each([
    '/*!50003 SET @a = 1; SELECT * FROM users */',
    '/*!50003 SET @a = 1; SET @__tc_key = 1 */',
    '/*!50003 SET @a = 1; SET @`__t\u00e7_key` = 1 */',
    "/*!50003 SET @a = 1; SET @tenant_id = 't2' */",
    "/*!50003 SET @a = 1; SELECT ExtractValue('<a/>', @b) */",
    '/*!50003 SET @a = 1; CALL p() */',
    '/*!50003 SET @a = 1; PREPARE s FROM @b */',
  ])('refuses %s', (sql) => {
    expect(outcome(sql).outcome).toBe('refuse');
  });
});
