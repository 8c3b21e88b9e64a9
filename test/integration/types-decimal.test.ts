import { afterAll, beforeAll, describe, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { isBare, TypeTwin } from '../support/type-twin.js';

const LITERALS = [
  '1', '-1.5', '1.234', '1.235', '1.245', '-1.245', "'12.5'", "' 12.5'", "'12.5 '", "'12.5\\n'", "'1e2'", '1e2', '1.005e0', '12.345e0',
  "'12abc'", "'abc'", "''", "' '", "'.'", "'-'", "'+5'", '+5', "'.5'", "'5.'", "'1e'", "'1e+'", "'0x10'", '123456789.99', '99999999.994',
  '99999999.995', '-99999999.995', "'99999999.995'", '1e8', 'TRUE', 'FALSE', "'1,5'", "'1 2'", "'١'", "'x😀é'", 'NULL', '-0', '-0.001', "'-0'",
  "'12.5x '", "'12.345abc'", '1.2345678901234567890123456789e1', '(1.5)', '-(1.5)', '1.5 + 1', "CONCAT('1', '.5')", '2.5 * 2', 'IFNULL(NULL, 3)',
]; // biome-ignore format: a list

const PARAMETERS = [
  1.5,
  1.005,
  1e15,
  '12abc',
  'abc',
  '1.239',
  Buffer.from('12.5'),
  0.1 + 0.2,
  -0.001,
  true,
  '1e2 ',
  null,
  12n,
  12.345,
];

forEachServer((_name, getServer) => {
  describe.each(['backend', 'proxy'] as const)('DECIMAL, constants: %s', (constants) => {
    let twin: TypeTwin;
    beforeAll(async () => {
      twin = await TypeTwin.start(
        getServer(),
        'dec',
        {
          price: 'decimal(10,2)',
          ratio: 'decimal(5,5)',
          big: 'decimal(30,10) unsigned',
          whole: 'numeric',
        },
        { constants },
      );
      await twin.run(`INSERT INTO # (label, price, ratio, big, whole) VALUES
        ('a', 12.50, 0.12345, 1, 1), ('b', -3, -0.5, 99999999999999999999.9999999999, -7), ('c', 12.5, NULL, 0, 0),
        ('d', NULL, 0, NULL, NULL), ('e', 100, 0.99999, 12345678901234567890.5, 9999999999), ('f', 9.99, 0.00001, 2, 10)`);
    });
    afterAll(async () => await twin?.stop());

    it.each(LITERALS)('is written as on a plain table: %s', async (literal) => {
      await twin.same(`INSERT INTO # (label, price) VALUES ('x', 1), ('y', ${literal})`);
      await twin.same(`UPDATE # SET price = ${literal} WHERE label = 'a'`);
      await twin.same(`INSERT INTO # (label, whole) VALUES ('y', ${literal})`);
    });

    it.each(PARAMETERS)('is bound as on a plain table: %s', async (value) => {
      await twin.same("INSERT INTO # (label, price) VALUES ('y', ?)", [value]);
      await twin.same("UPDATE # SET price = ? WHERE label = 'b'", [value]);
      await twin.same('UPDATE # SET price = ? WHERE label = ?', [value, 'nobody']);
    });

    it('takes no negative number where it is unsigned', async () => {
      for (const literal of ['-1', '-0.00000000001', "'-0.00'", '-0.4e-20', '0.5', '1 - 2']) {
        await twin.same(`INSERT INTO # (label, big) VALUES ('x', ${literal})`);
      }
    });

    it.each([
      'SELECT price, ratio, big, whole FROM # ORDER BY id',
      'SELECT * FROM # ORDER BY price, id',
      'SELECT label, price FROM # ORDER BY price DESC, id DESC',
      'SELECT MIN(price), MAX(price), SUM(price), AVG(price), COUNT(price) FROM #',
      'SELECT MIN(big), MAX(big), SUM(big) FROM #',
      'SELECT price, COUNT(*) FROM # GROUP BY price ORDER BY price',
      'SELECT DISTINCT price FROM # ORDER BY price',
      'SELECT label FROM # WHERE price = 12.5 ORDER BY id',
      'SELECT label FROM # WHERE price = 12.50 ORDER BY id',
      "SELECT label FROM # WHERE price = '12.5' ORDER BY id",
      "SELECT label FROM # WHERE price = '012.500' ORDER BY id",
      "SELECT label FROM # WHERE price = ' 12.5' ORDER BY id",
      'SELECT label FROM # WHERE price = 125e-1 ORDER BY id',
      'SELECT label FROM # WHERE price = 12.501 ORDER BY id',
      'SELECT label FROM # WHERE price IN (12.5, -3, 7) ORDER BY id',
      "SELECT label FROM # WHERE price IN ('12.5', 100) ORDER BY id",
      'SELECT label FROM # WHERE price <=> NULL ORDER BY id',
      'SELECT label FROM # WHERE price <=> 12.5 ORDER BY id',
      'SELECT label FROM # WHERE price > 9.99 ORDER BY id',
      'SELECT label FROM # WHERE price BETWEEN -5 AND 12.5 ORDER BY id',
      'SELECT label FROM # WHERE whole = 10 ORDER BY id',
      'SELECT label FROM # WHERE whole = TRUE ORDER BY id',
      'SELECT label FROM # WHERE big = 12345678901234567890.5 ORDER BY id',
      "SELECT label FROM # WHERE big = '12345678901234567890.5' ORDER BY id",
      'SELECT label FROM # WHERE big = 99999999999999999999.9999999999 ORDER BY id',
      'SELECT label FROM # WHERE big = 0 ORDER BY id',
      'SELECT label FROM # WHERE ratio = 0 ORDER BY id',
      'SELECT label FROM # WHERE ratio = -0.5 ORDER BY id',
      'SELECT price * 2, price + 1, price / 3, -price, ROUND(price, 1), big - 100 FROM # ORDER BY id',
      "SELECT CONCAT(price, '!'), LENGTH(price), price LIKE '12%' FROM # ORDER BY id",
      'SELECT a.label, b.label FROM # a JOIN # b ON a.price = b.price ORDER BY a.id, b.id',
      'SELECT label, RANK() OVER (ORDER BY price) FROM # ORDER BY id',
    ])('is read as on a plain table: %s', async (sql) => {
      const without = isBare(sql) ? [] : (['fields'] as const);
      await twin.same(sql, undefined, { without });
      await twin.same(sql, undefined, { without, prepared: true });
    });

    it.each([12.5, '12.5', '12.50', 12, '012.5', 'x', 1.25e1, true, null])(
      'is compared with a parameter: %s',
      async (value) => {
        const without = value === 'x' ? (['warnings'] as const) : [];
        await twin.same('SELECT label FROM # WHERE price = ? ORDER BY id', [value], { without });
        await twin.same('SELECT label FROM # WHERE price IN (?, -3) ORDER BY id', [value], { without });
        await twin.same('SELECT label FROM # WHERE price > ? ORDER BY id', [value], { without });
      },
    );

    it.each([
      "UPDATE # SET price = price * 1.1 WHERE label = 'a'",
      'UPDATE # SET price = price + 1',
      "UPDATE # SET price = price * 1e9 WHERE label = 'a'",
      "UPDATE # SET price = ratio, ratio = 0 WHERE label = 'a'",
      'UPDATE # SET price = IF(price > 5, price - 5, 0)',
      'UPDATE # SET price = ROUND(price), whole = whole + 0.5',
      "UPDATE # SET big = big * 2 WHERE label = 'f'",
      "UPDATE # SET label = 'z' WHERE price = 12.5",
      'DELETE FROM # WHERE price < 10',
      'INSERT INTO # (label, price, whole) SELECT label, price * 2, whole FROM # WHERE price IS NOT NULL AND whole < 1000',
      "INSERT INTO # (id, label, price) VALUES (1, 'q', 5) ON DUPLICATE KEY UPDATE price = price + VALUES(price)",
      "INSERT INTO # (id, label, price) VALUES (1, 'q', 5.556) ON DUPLICATE KEY UPDATE price = VALUES(price)",
    ])('is computed as on a plain table: %s', async (sql) => {
      const without = sql.includes('VALUES(price)') ? (['warnings'] as const) : [];
      await twin.same(sql, undefined, { without });
    });
  });
});
