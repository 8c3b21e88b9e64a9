import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { writeLab } from '../support/write-cases.js';

/*
 * A text that the server reads later, or again, under another sql_mode or character set than the one we read it under
 * (bypasses.md 5, 20, 23). What is refused here is what the servers were measured to do.
 */
forEachServer((name, getServer) => {
  const lab = writeLab(getServer);

  it('the server reads a prepared statement again under the sql_mode or character set of the moment', async () => {
    const { plain } = lab();
    await plain.query('CREATE TABLE again (id INT); INSERT INTO again VALUES (1)');
    const text = Buffer.from(`PREPARE s FROM 'SELECT "中\\\\" FROM again -- " AS c FROM again'`).toString(
      'latin1',
    );
    await plain.query(text);
    const columns = async (): Promise<string[]> =>
      Object.keys((await plain.query<RowDataPacket[]>('EXECUTE s'))[0][0]!);
    expect(await columns()).toEqual(['c']);
    await plain.query('SET NAMES gbk');
    await plain.query('ALTER TABLE again ADD COLUMN more INT');
    expect(await columns()).not.toEqual(['c']);
    await plain.query('DEALLOCATE PREPARE s; SET NAMES utf8mb4');
  });

  const HIDDEN = [
    `SELECT "a\\" , (SELECT username FROM users LIMIT 1) -- " FROM notes`,
    `SELECT '中\\' , (SELECT username FROM users LIMIT 1) -- ' FROM notes`,
    `SELECT 'a\\', (SELECT @__tc_key) -- ' FROM notes`,
    "SELECT `中`, 'users', `d` FROM notes",
  ];

  // COM_STMT_PREPARE takes them: prepared-two-readings.test.ts.
  it.each(HIDDEN)('PREPARE of a statement that could turn out to read a protected table: %s', async (sql) => {
    const quoted = sql.replaceAll('\\', '\\\\').replaceAll("'", "''");
    expect(await lab().outcome(`PREPARE s FROM '${quoted}'`)).toMatchObject({ outcome: 'refused' });
  });

  it('PREPARE of a statement whose tenant predicate could be read away', async () => {
    const sql = "DELETE FROM users WHERE username = 'a\\' OR 1 = 1 -- ' AND id = 1";
    const quoted = sql.replaceAll('\\', '\\\\').replaceAll("'", "''");
    expect(await lab().outcome(`PREPARE s FROM '${quoted}'`)).toMatchObject({
      outcome: 'refused',
      code: 'TC_UNSUPPORTED_SQL',
    });
    expect(await lab().outcome(sql)).toMatchObject({ outcome: 'rewritten' });
  });

  it('whatever else a prepared statement holds passes', async () => {
    for (const sql of [
      "SELECT * FROM notes WHERE text = 'users'",
      "SELECT * FROM notes WHERE text = 'it\\'s' AND id = ?",
      "SELECT * FROM notes WHERE text LIKE 'a\\_b' AND n = 'C:\\\\dir\\n'",
    ]) {
      expect(await lab().outcome(sql, true), sql).toEqual({ outcome: 'forwarded' });
    }
    expect(
      await lab().outcome("SELECT * FROM users WHERE email LIKE 'a\\_%' AND id = ?", true),
    ).toMatchObject({
      outcome: 'rewritten',
    });
    expect(await lab().outcome("SELECT 'it\\'s' FROM users")).toMatchObject({ outcome: 'rewritten' });
  });

  it('a cached plan of a harmless text does not let a harmful one of the same shape pass', async () => {
    expect(await lab().outcome("PREPARE s FROM 'SELECT 1'")).toEqual({ outcome: 'forwarded' });
    expect(await lab().outcome("PREPARE s FROM 'SELECT * FROM users'")).toMatchObject({ outcome: 'refused' });
    expect(await lab().outcome("PREPARE s FROM 'SELECT 1'")).toEqual({ outcome: 'forwarded' });
  });

  describe('multi-statements', () => {
    it.each([
      `SET sql_mode = 'ANSI_QUOTES'; SELECT * FROM "users"`,
      `SET SESSION sql_mode = 'ANSI_QUOTES'; SELECT * FROM "users"`,
      `SET @@sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES'); SELECT * FROM "users"`,
      `SET @x = 1, sql_modé = 'ANSI_QUOTES'; DELETE FROM "users"`,
      `SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\' , username FROM users -- '`,
      `SET NAMES gbk; SELECT '中\\' , username FROM users -- '`,
      `SET character_set_client = gbk; SELECT 'users'`,
      `SELECT 1; SET CHARACTER SET gbk; SELECT '中\\' , username FROM users -- '`,
      `/*!50000 SET */ sql_mode = 'ANSI_QUOTES'; SELECT * FROM "users"`,
      `PREPARE s FROM 'SET sql_mode = ''ANSI_QUOTES'''; EXECUTE s; SELECT * FROM "users"`,
      'USE {db}; SELECT * FROM users',
      'SELECT 1; TRUNCATE users',
      `SET @__tc_key = 1; SELECT 1`,
      "SELECT 1; SET @tenant_id = 't2'",
    ])('%s', async (sql) => {
      expect(await lab().outcome(sql.replaceAll('{db}', lab().database))).toMatchObject({
        outcome: 'refused',
      });
    });

    it('without a protected table they pass', async () => {
      for (const sql of [
        "SET NAMES utf8mb4; SET sql_mode = ''; SET time_zone = '+00:00'",
        "INSERT INTO notes (text) VALUES ('users'); SELECT 1",
        'SET @a = 1; SELECT @a',
        "SET autocommit = 0; SELECT '\\'', 1",
        'SET NAMES utf8mb4;',
      ]) {
        expect(await lab().outcome(sql), sql).toEqual({ outcome: 'forwarded' });
      }
    });
  });

  describe('sql_mode flags and character sets that we do not read', () => {
    const flags = name.startsWith('mariadb') ? ['ORACLE', 'MSSQL', 'EMPTY_STRING_IS_NULL'] : [];
    it.each([
      ...flags.map((flag) => `SET sql_mode = '${flag}'`),
      'SET NAMES gbk',
      'SET NAMES sjis',
      'SET NAMES cp932',
      'SET NAMES big5',
    ])('%s', async (setup) => {
      await lab().secure.query(setup);
      try {
        for (const sql of [
          'SELECT * FROM users',
          'SELECT * FROM [users]',
          "SELECT '\xbf\\' FROM users -- '",
          "SET @tenant_id = 't2'",
          'SELECT @__tc_key',
          'SELECT @`__tç_key`',
          'CALL p()',
          'EXECUTE IMMEDIATE @v',
          'SELECT * FROM performance_schema.user_variables_by_thread',
        ]) {
          expect(await lab().outcome(sql), sql).toMatchObject({
            outcome: 'refused',
            code: 'TC_UNSUPPORTED_SQL',
          });
        }
        expect(await lab().outcome("SELECT 'a@b.c', text FROM notes")).toEqual({ outcome: 'forwarded' });
      } finally {
        await lab().secure.query('SET sql_mode = DEFAULT; SET NAMES utf8mb4');
      }
    });
  });
});
