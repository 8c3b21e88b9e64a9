import { afterAll, beforeAll, describe, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { isBare, TypeTwin } from '../support/type-twin.js';

const STRICT = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE';

/** As on a plain table. */
const DATES = [
  "'2024-01-31'", "'2024-1-5'", "'20240131'", '20240131', "'2024-02-30'", "'2023-02-29'", "'2024-02-29'", "'2024-13-01'", "'2024-00-10'",
  "'2024-01-00'", "'0000-00-00'", '20240230', "'abc'", "''", "' '", "'2024-01-31 10:00:00'", "'2024-01-31T10:00:00'",
  "'2024-01-31T10:00:00Z'", "'2024-01-31T10:00:00.123Z'", "'2024-01-31 23:59:59.9'", "'2024-01-31 24:00:00'", "'2024-01-31 10:00'",
  "DATE'2024-01-31'", "TIMESTAMP'2024-01-31 10:00:00'", "'2024-01-31 00:00:00'", "'2024-01-31 00:00:00.000'", "'2024-01-31x'",
  "'2024-02-31 10:00:00'", 'NULL', "'2024-01-31 10:00:00.4999999'", "'2024-12-31 23:59:59.9996'", "'2024-01-31 10:00:00.1234567'",
  "'2024-01-31 10:00:00.12345678'", "'2024-01-31 10:61:00'", "'2024-01-31 25:00:00'", "'2024-01-31 10:00:60'", "'2024-01-31 10:00:00.'",
  "'2024-01-31t10:00:00'", '20240131100000', "'20240131100000'", "'2024-1-5 1:2:3'", "TIMESTAMP'2024-01-31 10:00:00.5'",
  "'2024-01-31 10:00:00abc'", "'2024-01-31 10:00:00.5abc'", "'0000-00-00 00:00:00'", "'2024-00-00 10:00:00'", "'9999-12-31'",
  "'1000-01-01'", "'0001-01-01'", "'2024-01-31' + INTERVAL 1 DAY", "LAST_DAY('2024-02-01')", "CAST('2024-01-31' AS DATETIME(6))",
  "IFNULL(NULL, '2024-05-06')", '1e2', '5', '-5', '100', '1.5', '-20240131', '2.5e0', '99', '1e20', '0.0', '0', '20240131e0', '20240131.0', "'x😀é'",
]; // biome-ignore format: a list

/** What the plain table takes. */
const REFUSED = [
  "'2024/01/05'",
  "'240131'",
  '240131',
  "' 2024-01-31'",
  "'2024-01-31 '",
  "'2024-01'",
  "'0000-01-01'",
  "x'323032342d30312d3331'",
  "'24-01-31'",
];

const PARAMETERS = [
  new Date(0), new Date('2024-01-31T10:11:12.345Z'), '2024-01-31', '2024-02-30', '2024-01-31 10:00:00', '2024-01-31 10:00:00.123456', 20240131, null,
  'abc', Buffer.from('2024-01-31'),
]; // biome-ignore format: a list

forEachServer((name, getServer) => {
  describe('DATE and DATETIME', () => {
    let twin: TypeTwin;
    beforeAll(async () => {
      twin = await TypeTwin.start(getServer(), 'tmp', {
        d: 'date',
        dt: 'datetime',
        dt3: 'datetime(3)',
        dt6: 'datetime(6)',
      });
      await twin.run(`INSERT INTO # (label, d, dt, dt3, dt6) VALUES
        ('a', '2024-01-31', '2024-01-31 10:00:00', '2024-01-31 10:00:00.123', '2024-01-31 10:00:00.123456'),
        ('b', '2024-02-29', '2024-01-31', '2024-01-31', '2024-01-31'),
        ('c', '1999-12-31', '1999-12-31 23:59:59', '1999-12-31 23:59:59.999', '1999-12-31 23:59:59.999999'),
        ('d', NULL, NULL, NULL, NULL),
        ('e', '9999-12-31', '0001-01-01 00:00:00', '9999-12-31 00:00:00', '2024-01-31 10:00:00.1')`);
    });
    afterAll(async () => await twin?.stop());

    it.each(DATES)('dates are written as on a plain table: %s', async (literal) => {
      for (const column of ['d', 'dt', 'dt3', 'dt6']) {
        await twin.same(`INSERT INTO # (label, ${column}) VALUES ('x', '2000-01-01'), ('y', ${literal})`);
      }
      await twin.same(`UPDATE # SET dt3 = ${literal} WHERE label = 'a'`);
    });

    it.each(REFUSED)('is refused: %s', async (literal) => {
      for (const column of ['d', 'dt'])
        await twin.refused(`INSERT INTO # (label, ${column}) VALUES ('y', ${literal})`);
    });

    it.each(PARAMETERS)('is bound as on a plain table: %s', async (value) => {
      for (const column of ['d', 'dt', 'dt3', 'dt6']) {
        await twin.same(`INSERT INTO # (label, ${column}) VALUES ('y', ?)`, [value]);
        await twin.same(`UPDATE # SET ${column} = ? WHERE label = 'b'`, [value]);
        await twin.same(`UPDATE # SET ${column} = ? WHERE label = ?`, [value, 'nobody']);
      }
    });

    it('rounds and cuts fractions as the sql_mode has it', async () => {
      const mode = name.startsWith('mysql') ? 'TIME_TRUNCATE_FRACTIONAL' : 'TIME_ROUND_FRACTIONAL';
      await twin.run(`SET SESSION sql_mode = '${STRICT},${mode}'`);
      for (const literal of [
        "'2024-01-31 10:00:00.1239'",
        "'2024-01-31 23:59:59.9999'",
        "'2024-01-31 10:00:00.1234999'",
        "TIMESTAMP'2024-01-31 10:00:00.9999'",
      ]) {
        for (const column of ['d', 'dt', 'dt3', 'dt6'])
          await twin.same(`INSERT INTO # (label, ${column}) VALUES ('y', ${literal})`);
      }
      await twin.run(`SET SESSION sql_mode = '${STRICT}'`);
    });

    it('refuses zero dates and dates of no calendar where the sql_mode has the server take them', async () => {
      await twin.run("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'");
      for (const literal of ["'0000-00-00'", "'2024-00-10'", '0']) {
        await twin.refused(`INSERT INTO # (label, d) VALUES ('y', ${literal})`);
        await twin.refused("INSERT INTO # (label, d) VALUES ('y', ?)", [literal.replaceAll("'", '')]);
      }
      await twin.same("INSERT INTO # (label, d) VALUES ('y', '2024-02-30')");
      await twin.run(`SET SESSION sql_mode = '${STRICT},ALLOW_INVALID_DATES'`);
      await twin.refused("INSERT INTO # (label, d) VALUES ('y', '2024-02-31')");
      await twin.run("SET SESSION sql_mode = ''");
      for (const literal of ["'2024-02-30'", "'abc'", "'0000-00-00'"]) {
        await twin.refused(`INSERT INTO # (label, d) VALUES ('y', ${literal})`);
      }
      await twin.run(`SET SESSION sql_mode = '${STRICT}'`);
    });

    it.each([
      'SELECT d, dt, dt3, dt6 FROM # ORDER BY id',
      'SELECT * FROM # ORDER BY d, id',
      'SELECT label FROM # ORDER BY dt6, id',
      'SELECT MIN(d), MAX(d), MIN(dt), MAX(dt3) FROM #',
      'SELECT d, COUNT(*) FROM # GROUP BY d ORDER BY d',
      'SELECT YEAR(d), MONTH(dt), HOUR(dt), DATE(dt3), DATE_FORMAT(dt, "%d.%m.%Y"), UNIX_TIMESTAMP(dt) FROM # ORDER BY id',
      'SELECT d + INTERVAL 1 MONTH, DATEDIFF(d, dt), TIMESTAMPDIFF(HOUR, dt, dt3) FROM # WHERE d < "9999-01-01" ORDER BY id',
      "SELECT label FROM # WHERE d = '2024-01-31' ORDER BY id",
      "SELECT label FROM # WHERE d = '2024-1-31' ORDER BY id",
      "SELECT label FROM # WHERE d = '20240131' ORDER BY id",
      'SELECT label FROM # WHERE d = 20240131 ORDER BY id',
      "SELECT label FROM # WHERE d = DATE'2024-01-31' ORDER BY id",
      "SELECT label FROM # WHERE d = '2024-01-31 00:00:00' ORDER BY id",
      "SELECT label FROM # WHERE d = '2024-01-31 10:00:00' ORDER BY id",
      "SELECT label FROM # WHERE d = TIMESTAMP'2024-01-31 00:00:00' ORDER BY id",
      "SELECT label FROM # WHERE d IN ('2024-01-31', '2024-02-29') ORDER BY id",
      "SELECT label FROM # WHERE d BETWEEN '2024-01-01' AND '2024-12-31' ORDER BY id",
      "SELECT label FROM # WHERE dt = '2024-01-31' ORDER BY id",
      "SELECT label FROM # WHERE dt = DATE'2024-01-31' ORDER BY id",
      "SELECT label FROM # WHERE dt = '2024-01-31 10:00:00' ORDER BY id",
      "SELECT label FROM # WHERE dt = '2024-01-31 10:00:00.000' ORDER BY id",
      "SELECT label FROM # WHERE dt = '2024-01-31T10:00:00' ORDER BY id",
      "SELECT label FROM # WHERE dt3 = '2024-01-31 10:00:00.123' ORDER BY id",
      "SELECT label FROM # WHERE dt3 = '2024-01-31 10:00:00.1230' ORDER BY id",
      "SELECT label FROM # WHERE dt3 = '2024-01-31 10:00:00.1234' ORDER BY id",
      "SELECT label FROM # WHERE dt6 = '2024-01-31 10:00:00.1' ORDER BY id",
      "SELECT label FROM # WHERE dt6 > '2024-01-31' AND dt6 <= '2024-01-31 10:00:00.1' ORDER BY id",
      "SELECT label FROM # WHERE dt6 = TIMESTAMP'2024-01-31 10:00:00.123456' ORDER BY id",
      'SELECT label FROM # WHERE d <=> NULL ORDER BY id',
      "SELECT label FROM # WHERE YEAR(d) = 2024 AND d > '2024-02-01' ORDER BY id",
      "SELECT CONCAT(d, '!'), LENGTH(dt3), d LIKE '2024%' FROM # ORDER BY id",
      'SELECT a.label, b.label FROM # a JOIN # b ON a.d = b.d ORDER BY a.id, b.id',
    ])('is read as on a plain table: %s', async (sql) => {
      const without = isBare(sql) ? [] : (['fields'] as const);
      await twin.same(sql, undefined, { without });
      await twin.same(sql, undefined, { without, prepared: true });
    });

    it('fails on what is no date where the plain table does', async () => {
      for (const sql of [
        "SELECT label FROM # WHERE d = 'abc'",
        "SELECT label FROM # WHERE d = DATE'2024-02-31'",
      ]) {
        await twin.same(sql, undefined, { without: ['warnings'] });
      }
    });

    it.each([
      new Date('2024-01-31T00:00:00Z'),
      '2024-01-31',
      '2024-1-31',
      '2024-01-31 00:00:00',
      '2024-01-31 10:00:00',
      20240131,
      null,
    ])('is compared with a parameter: %s', async (value) => {
      for (const column of ['d', 'dt', 'dt6']) {
        await twin.same(`SELECT label FROM # WHERE ${column} = ? ORDER BY id`, [value]);
        await twin.same(`SELECT label FROM # WHERE ${column} >= ? ORDER BY id`, [value]);
        await twin.same(`SELECT label FROM # WHERE ${column} IN (?, '2024-02-29') ORDER BY id`, [value]);
      }
    });

    it.each([
      "UPDATE # SET d = d + INTERVAL 1 DAY WHERE d < '9999-01-01'",
      "UPDATE # SET d = DATE_ADD(d, INTERVAL 1 YEAR) WHERE d < '9999-01-01'",
      "UPDATE # SET dt = DATE_SUB(dt, INTERVAL 90 MINUTE) WHERE label = 'a'",
      "UPDATE # SET d = dt3, dt = d WHERE label IN ('a', 'b')",
      "UPDATE # SET d = '2024-12-31 23:59:59.6' + INTERVAL 0 SECOND",
      'UPDATE # SET dt = dt6, dt3 = dt6',
      'UPDATE # SET d = CURDATE() WHERE label = "a"',
      'UPDATE # SET d = NULL',
      "UPDATE # SET d = STR_TO_DATE('31.01.2024', '%d.%m.%Y')",
      "DELETE FROM # WHERE d < '2024-02-01'",
      'INSERT INTO # (label, d, dt, dt3) SELECT label, dt, dt3, dt6 FROM #',
      "INSERT INTO # (id, label, d) VALUES (1, 'q', '2020-01-01') ON DUPLICATE KEY UPDATE d = d + INTERVAL 1 DAY",
    ])('is computed as on a plain table: %s', async (sql) => {
      await twin.same(sql);
    });
  });
});
