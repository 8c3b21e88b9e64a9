import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { TypeTwin } from '../support/type-twin.js';

/** As on a plain table, in a session whose time zone is UTC. */
const TIMES = [
  "'2024-01-31'", "'2024-1-5'", "'20240131'", '20240131', "'2024-02-30'", "'2023-02-29'", "'2024-02-29 10:11:12.3456789'", "'2024-13-01'",
  "'abc'", "''", "'2024-01-31 10:00:00'", "'2024-01-31T10:00:00'", "'2024-01-31T10:00:00Z'", "'2024-01-31 25:00:00'", "DATE'2024-01-31'",
  "TIMESTAMP'2024-01-31 10:00:00.5'", "'2024-12-31 23:59:59.9996'", 'NULL', "'1969-01-01'", "'2039-01-01 00:00:00'", "'9999-12-31'", "'1000-01-01'",
  "CAST('1970-01-01 00:00:01' AS DATETIME)", "CAST('2038-01-19 03:14:07' AS DATETIME)", "CONCAT('2024-05-', '06 07:08:09')",
  'FROM_UNIXTIME(1700000000)', '5', '1e20',
]; // biome-ignore format: a list

/** Beside the ends of the range: the error of an expression does not show its value, on a plain table it does. */
const ENDS = [
  "CAST('1970-01-01 00:00:00' AS DATETIME)",
  "CAST('2038-01-19 03:14:08' AS DATETIME)",
  "CAST('2038-01-19 03:14:07.9999' AS DATETIME(6))",
  "CONCAT('2050', '-01-01')",
];

/** Within a day of the ends: whether the plain table takes them depends on the time zone. */
const REFUSED = [
  "'1970-01-01 00:00:00'",
  "'1970-01-01 00:00:01'",
  "'2038-01-19 03:14:07'",
  "'2024-01-31 10:00:00+02:00'",
];

const PARAMETERS = [new Date('2024-01-31T10:11:12.345Z'), '2024-01-31', '2024-02-30', '2024-01-31 10:00:00', 20240131, null, 'abc']; // biome-ignore format: a list

forEachServer((_name, getServer) => {
  describe('TIMESTAMP', () => {
    let twin: TypeTwin;
    beforeAll(async () => {
      twin = await TypeTwin.start(getServer(), 'tst', {
        ts: 'timestamp',
        ts3: 'timestamp(3)',
        ts6: 'timestamp(6)',
      });
      await twin.run("SET time_zone = '+00:00'");
      await twin.run(`INSERT INTO # (label, ts, ts3, ts6) VALUES
        ('a', '2024-01-31 10:00:00', '2024-01-31 10:00:00.123', '2024-01-31 10:00:00.123456'),
        ('b', '2024-01-31', '2024-01-31', '2024-01-31'),
        ('c', '1999-12-31 23:59:59', '1999-12-31 23:59:59.999', '1999-12-31 23:59:59.999999'),
        ('d', NULL, NULL, NULL)`);
    });
    afterAll(async () => await twin?.stop());

    it.each(TIMES)('times are written as on a plain table: %s', async (literal) => {
      for (const column of ['ts', 'ts3', 'ts6']) {
        await twin.same(`INSERT INTO # (label, ${column}) VALUES ('x', '2000-01-01'), ('y', ${literal})`);
      }
      await twin.same(`UPDATE # SET ts3 = ${literal} WHERE label = 'a'`);
    });

    it.each(ENDS)('the ends of the range are those of a plain table: %s', async (value) => {
      for (const column of ['ts', 'ts3', 'ts6'])
        await twin.same(`UPDATE # SET ${column} = ${value} WHERE label = 'a'`);
    });

    it.each(REFUSED)('is refused: %s', async (literal) => {
      for (const column of ['ts', 'ts6'])
        await twin.refused(`INSERT INTO # (label, ${column}) VALUES ('y', ${literal})`);
    });

    it.each(PARAMETERS)('is bound as on a plain table: %s', async (value) => {
      for (const column of ['ts', 'ts3', 'ts6']) {
        await twin.same(`INSERT INTO # (label, ${column}) VALUES ('y', ?)`, [value]);
        await twin.same(`UPDATE # SET ${column} = ? WHERE label = 'b'`, [value]);
        await twin.same(`SELECT label FROM # WHERE ${column} = ? ORDER BY label`, [value], {
          without: ['warnings'],
        });
      }
    });

    it('is read in both protocols', async () => {
      await twin.same('SELECT ts, ts3, ts6 FROM # ORDER BY label');
      await twin.same('SELECT ts, ts3, ts6 FROM # ORDER BY label', []);
      await twin.same('SELECT * FROM # WHERE ts3 > ? ORDER BY ts6', ['2000-01-01']);
    });

    it('is found by an index', async () => {
      await twin.run('CREATE INDEX by_ts ON # (ts)');
      const sql = "SELECT label FROM # WHERE ts = '2024-01-31 10:00:00'";
      expect(await twin.access(sql)).toContain('by_ts');
      expect((await twin.same(sql)).rows).toEqual([['a']]);
    });

    it('is shown in the time zone that the session has now, prepared statements too', async () => {
      for (const zone of ['+05:30', '-08:00', '+13:00', 'SYSTEM', '+00:00']) {
        await twin.run(`SET time_zone = '${zone}'`);
        await twin.same('SELECT ts, ts3, ts6, UNIX_TIMESTAMP(ts3) FROM # ORDER BY label');
        await twin.same('SELECT ts, ts3, ts6 FROM # WHERE ts > ? ORDER BY label', ['2024-01-31 04:30:00']);
        await twin.same('SELECT label FROM # WHERE ts = ?', ['2024-01-31 15:30:00']);
        await twin.same("SELECT label FROM # WHERE ts = '2024-01-31 15:30:00'");
        await twin.same("INSERT INTO # (label, ts3) VALUES ('z', '2024-06-30 10:00:00.5')");
        await twin.same('INSERT INTO # (label, ts3) VALUES (?, ?)', ['z', '2024-06-30 10:00:00.5']);
        await twin.same("UPDATE # SET ts = ts + INTERVAL 1 HOUR, ts6 = '2024-06-30' WHERE label = 'a'");
      }
    });

    it('is refused where the session has summer time, and works again without', async () => {
      await addSummerTime(twin.proxy.admin);
      await twin.run("SET time_zone = 'Test/Summer'");
      for (const sql of [
        'SELECT ts FROM #',
        "SELECT label FROM # WHERE ts = '2024-01-31 10:00:00'",
        "INSERT INTO # (label, ts) VALUES ('x', '2024-01-31 10:00:00')",
        "INSERT INTO # (label, ts) VALUES ('x', NOW())",
        "UPDATE # SET ts = '2024-01-31 10:00:00' WHERE label = 'a'",
        'UPDATE # SET ts = ts3',
        "DELETE FROM # WHERE ts = '2024-01-31 10:00:00'",
      ]) {
        await expect(twin.run(sql), sql).rejects.toThrow(/TC_UNSUPPORTED_SQL.*summer time/);
      }
      await twin.same('SELECT label FROM # ORDER BY label');
      await twin.run("SET time_zone = '+00:00'");
      await twin.same('SELECT ts FROM # ORDER BY label');
    });

    it('is made and shown by DDL', async () => {
      await twin.run('ALTER TABLE # DROP COLUMN ts3');
      await twin.run('ALTER TABLE # ADD COLUMN ts3 TIMESTAMP(3) NULL AFTER ts');
      await twin.same('SHOW COLUMNS FROM #', undefined, { without: ['fields'] });
      const shown = await twin.seen('SHOW CREATE TABLE #');
      expect(String(shown.rows?.[0]?.[1])).toContain('`ts3` timestamp(3) NULL DEFAULT NULL');
      await twin.refused('ALTER TABLE # MODIFY COLUMN ts3 TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3)');
    });
  });

  describe('TIMESTAMP with constants: proxy', () => {
    let twin: TypeTwin;
    beforeAll(async () => {
      twin = await TypeTwin.start(getServer(), 'tsp', { ts: 'timestamp' }, { constants: 'proxy' });
    });
    afterAll(async () => await twin?.stop());

    it('is encrypted by the server, which knows the time zone', async () => {
      await twin.run("SET time_zone = '+02:00'");
      await twin.same("INSERT INTO # (label, ts) VALUES ('a', '2024-01-31 10:00:00')");
      await twin.same('INSERT INTO # (label, ts) VALUES (?, ?)', ['a', '2024-01-31 10:00:00']);
      await twin.run("INSERT INTO # (label, ts) VALUES ('a', '2024-01-31 10:00:00')");
      await twin.same("SELECT label FROM # WHERE ts = '2024-01-31 10:00:00'");
      await twin.same('SELECT label FROM # WHERE ts = ?', ['2024-01-31 10:00:00']);
      await twin.same('UPDATE # SET ts = ? WHERE ts = ?', ['2024-02-01', '2024-01-31 10:00:00']);
    });
  });
});

/** Half of the year an hour ahead. */
async function addSummerTime(admin: Connection): Promise<void> {
  for (const sql of [
    "INSERT INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (77, 'N')",
    "INSERT INTO mysql.time_zone_name (Name, Time_zone_id) VALUES ('Test/Summer', 77)",
    "INSERT INTO mysql.time_zone_transition_type VALUES (77, 0, 3600, 0, 'WIN'), (77, 1, 7200, 1, 'SUM')",
    'INSERT INTO mysql.time_zone_transition VALUES (77, 1711846800, 1), (77, 1729990800, 0)',
  ]) {
    await admin.query(sql);
  }
}
