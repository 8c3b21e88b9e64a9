import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doubleText } from '../../src/rewrite/types/number-text.js';
import { forEachServer } from '../support/servers.js';
import { isBare, TypeTwin } from '../support/type-twin.js';

const LITERALS = [
  '1', '1.5', "'1.5'", "' 1.5'", "'1.5 '", "'1.5\\n'", "'12abc'", "'abc'", "''", "' '", "'.'", "'1e'", '1e308', "'1e309'", "'-1e309'", '1e15', '1e14',
  '123456789012345', '1234567890123456', '1234567890123456789', '0.1', '1e-5', '1e-14', '1e-15', '1e-16', '0.00001234567890123456',
  '1.7976931348623157e308', '2.2250738585072014e-308', '5e-324', '-0.0', "'-0'", '0.1e0 + 0.2e0', '123456.789e3', '100000e10',
  '12345678901234567e0', '1e22', 'TRUE', 'FALSE', "'inf'", "'nan'", "'+5'", '+5', "'0x10'", "'1e-400'", 'NULL', '1.5 * 2', '1 / 3', "CONCAT('1', 'e3')", '-2.5e-7',
]; // biome-ignore format: a list

const PARAMETERS = [
  1.5,
  0.1 + 0.2,
  1e21,
  '1.5',
  '12abc',
  'abc',
  1e-7,
  5e-324,
  Number.MAX_VALUE,
  true,
  Buffer.from('1.5'),
  null,
  42,
  -1234567890123456,
];

forEachServer((name, getServer) => {
  describe.each(['backend', 'proxy'] as const)('DOUBLE, constants: %s', (constants) => {
    let twin: TypeTwin;
    beforeAll(async () => {
      twin = await TypeTwin.start(getServer(), 'dbl', { x: 'double', y: 'double precision' }, { constants });
      await twin.run(`INSERT INTO # (label, x, y) VALUES ('a', 1.5, 1e300), ('b', -2.25, 1e-300), ('c', 0, 0.1),
        ('d', NULL, NULL), ('e', 30, 12345678901234567890), ('f', 0.30000000000000004, 0.3), ('g', 9, 10), ('h', 10, 9)`);
    });
    afterAll(async () => await twin?.stop());

    it.each(LITERALS)('is written as on a plain table: %s', async (literal) => {
      await twin.same(`INSERT INTO # (label, x) VALUES ('x', 1), ('y', ${literal})`);
      await twin.same(`UPDATE # SET x = ${literal} WHERE label = 'a'`);
    });

    it.each(PARAMETERS)('is bound as on a plain table: %s', async (value) => {
      await twin.same("INSERT INTO # (label, x) VALUES ('y', ?)", [value]);
      await twin.same("UPDATE # SET x = ? WHERE label = 'b'", [value]);
      await twin.same('UPDATE # SET x = ? WHERE label = ?', [value, 'nobody']);
    });

    it.each([
      'SELECT x, y FROM # ORDER BY id',
      'SELECT label, x FROM # ORDER BY x, id',
      'SELECT MIN(x), MAX(x), SUM(x), AVG(y) FROM #',
      'SELECT x, COUNT(*) FROM # GROUP BY x ORDER BY x',
      'SELECT label FROM # WHERE x = 1.5 ORDER BY id',
      "SELECT label FROM # WHERE x = '1.5' ORDER BY id",
      "SELECT label FROM # WHERE x = '01.50' ORDER BY id",
      'SELECT label FROM # WHERE x = 15e-1 ORDER BY id',
      'SELECT label FROM # WHERE x = 0 ORDER BY id',
      "SELECT label FROM # WHERE x = '-0' ORDER BY id",
      'SELECT label FROM # WHERE x = 30 ORDER BY id',
      'SELECT label FROM # WHERE x = 0.3 ORDER BY id',
      'SELECT label FROM # WHERE x = 0.1e0 + 0.2e0 ORDER BY id',
      'SELECT label FROM # WHERE x IN (30, 1.5) ORDER BY id',
      'SELECT label FROM # WHERE x > 1 ORDER BY id',
      'SELECT label FROM # WHERE y = 12345678901234567890 ORDER BY id',
      'SELECT label FROM # WHERE y = 1e300 ORDER BY id',
      'SELECT x * 2, x + 1, y / 3, ROUND(x, 1) FROM # ORDER BY id',
      "SELECT CONCAT(x, '!'), LENGTH(y) FROM # ORDER BY id",
      'SELECT a.label, b.label FROM # a JOIN # b ON a.x = b.y ORDER BY a.id, b.id',
    ])('is read as on a plain table: %s', async (sql) => {
      const without = isBare(sql) ? [] : (['fields'] as const);
      await twin.same(sql, undefined, { without });
      await twin.same(sql, undefined, { without, prepared: true });
    });

    it.each([1.5, '1.5', 30, 0, 'x', 0.3, null])('is compared with a parameter: %s', async (value) => {
      const without = value === 'x' ? (['warnings'] as const) : [];
      await twin.same('SELECT label FROM # WHERE x = ? ORDER BY id', [value], { without });
      await twin.same('SELECT label FROM # WHERE x IN (?, -2.25) ORDER BY id', [value], { without });
    });

    it.each([
      'UPDATE # SET x = x * 1.1',
      'UPDATE # SET x = y, y = x',
      "UPDATE # SET x = x / 3 WHERE label = 'a'",
      'UPDATE # SET x = POW(x, 2) WHERE x > 1',
      'UPDATE # SET x = -x * 1.2345678901234567e-40, y = y / -7',
      'INSERT INTO # (label, x) SELECT label, y FROM #',
      'DELETE FROM # WHERE x < 10',
    ])('is computed as on a plain table: %s', async (sql) => {
      await twin.same(sql);
    });

    it('has the text that the server gives it', async () => {
      const bytes = Buffer.alloc(8);
      const numbers: number[] = [];
      let seed = 12_345;
      while (numbers.length < 4_000) {
        for (let index = 0; index < 8; index++) {
          seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
          bytes[index] = seed >>> 16;
        }
        const number =
          numbers.length % 2 === 0
            ? bytes.readDoubleLE()
            : bytes.readInt32LE() * 2 ** ((bytes[5]! % 100) - 70) * 1.1;
        if (Number.isFinite(number)) numbers.push(number);
      }
      const { admin } = twin.proxy;
      await admin.query('CREATE TABLE numbers (id INT PRIMARY KEY AUTO_INCREMENT, x DOUBLE)');
      await admin.query(
        `INSERT INTO numbers (x) VALUES ${numbers.map((x) => `(${x.toExponential()})`).join()}`,
      );
      const [rows] = await admin.query({
        sql: name.startsWith('mysql')
          ? "SELECT TRIM(TRAILING '.0' FROM CAST(CAST(x AS JSON) AS CHAR)) FROM numbers ORDER BY id"
          : 'SELECT CONVERT(x USING utf8mb4) FROM numbers ORDER BY id',
        rowsAsArray: true,
      });
      expect(numbers.map(doubleText)).toEqual((rows as unknown as string[][]).flat());
    });
  });
});
