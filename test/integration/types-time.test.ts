import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { TypeTwin } from '../support/type-twin.js';

/** As on a plain table. */
const TIMES = [
  "'10:00:00'", "'1:2:3'", "'10:5'", "'-10:00:00.0009'", "'-0:0:0'", "'838:59:59'", "'-838:59:59'", "'839:00:00'", "'838:59:60'", "'10:61:00'", "'abc'",
  "'10:59:59.9996'", "'10:00:00.1234567'", 'NULL', '101112', '-101112', '5', '99', '8390000', 'CURTIME()', "TIME('2024-01-31 10:11:12')", "ADDTIME('23:00:00', '2:0:0')",
  'SEC_TO_TIME(3600)', "CONCAT('12', ':00:00')", "TIME'10:00:00'",
]; // biome-ignore format: a list

const REFUSED = ["'1 10:00:00'", "'2024-01-31 10:00:00'", "''", "'101112'", "'838:59:59.6'", "x'31'", '10.5'];

forEachServer((name, getServer) => {
  describe('TIME', () => {
    let twin: TypeTwin;
    beforeAll(async () => {
      twin = await TypeTwin.start(getServer(), 'tim', { t: 'time', t3: 'time(3)', t6: 'time(6)' });
      await twin.run(`INSERT INTO # (label, t, t3, t6) VALUES
        ('a', '10:00:00', '10:00:00.123', '10:00:00.123456'), ('b', '9:00', '9:00', '9:00'), ('c', '-1:00', '100:00:00', '0:0'), ('d', NULL, NULL, NULL)`);
    });
    afterAll(async () => await twin?.stop());

    it.each(TIMES)('times are written as on a plain table: %s', async (literal) => {
      for (const column of ['t', 't3', 't6']) {
        await twin.same(`INSERT INTO # (label, ${column}) VALUES ('x', '0:0'), ('y', ${literal})`);
      }
      await twin.same(`UPDATE # SET t3 = ${literal} WHERE label = 'a'`);
    });

    it.each(REFUSED)('is refused: %s', async (literal) => {
      for (const column of ['t', 't6'])
        await twin.refused(`INSERT INTO # (label, ${column}) VALUES ('y', ${literal})`);
    });

    it.each(['9:00', '10:00:00', '-01:00:00', '100:00:00', null])(
      'is compared with a parameter: %s',
      async (value) => {
        for (const column of ['t', 't3', 't6']) {
          for (const operator of ['=', '>', '<=>']) {
            await twin.same(`SELECT label FROM # WHERE ${column} ${operator} ? ORDER BY label`, [value]);
          }
          await twin.same(`INSERT INTO # (label, ${column}) VALUES ('y', ?)`, [value]);
          await twin.same(`UPDATE # SET ${column} = ? WHERE label = 'b'`, [value]);
        }
      },
    );

    it('is read in both protocols', async () => {
      await twin.same('SELECT t, t3, t6 FROM # ORDER BY label');
      await twin.same('SELECT t, t3, t6 FROM # ORDER BY label', []);
    });

    it('is found by an index, and what is not written in full too', async () => {
      await twin.run('CREATE INDEX by_t ON # (t)');
      const sql = "SELECT label FROM # WHERE t = '09:00:00'";
      expect(await twin.access(sql)).toContain('by_t');
      expect((await twin.same(sql)).rows).toEqual([['b']]);
      expect((await twin.same("SELECT label FROM # WHERE t = '9:0'")).rows).toEqual([['b']]);
    });

    it('in the table that is written it is read on MariaDB only', async () => {
      const sql = "UPDATE # SET label = 'z' WHERE t = '9:00'";
      if (name.startsWith('mysql')) await twin.refused(sql, undefined, /TC_UNSUPPORTED_SQL.*TIME/);
      else await twin.same(sql);
    });

    it('is made and shown by DDL', async () => {
      await twin.run('ALTER TABLE # DROP COLUMN t3');
      await twin.run('ALTER TABLE # ADD COLUMN t3 TIME(3) AFTER t');
      await twin.same('SHOW COLUMNS FROM #', undefined, { without: ['fields'] });
    });
  });

  describe('TIME with constants: proxy', () => {
    let twin: TypeTwin;
    beforeAll(async () => {
      twin = await TypeTwin.start(getServer(), 'tip', { t: 'time' }, { constants: 'proxy' });
    });
    afterAll(async () => await twin?.stop());

    it('is written and found', async () => {
      await twin.same('INSERT INTO # (label, t) VALUES (?, ?)', ['a', '9:00']);
      await twin.run("INSERT INTO # (label, t) VALUES ('a', '9:00')");
      await twin.same("SELECT label FROM # WHERE t = '09:00:00'");
      await twin.same('SELECT label FROM # WHERE t = ?', ['9:00']);
    });
  });
});
