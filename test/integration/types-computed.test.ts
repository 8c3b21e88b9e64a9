import { afterAll, beforeAll, describe, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { TypeTwin } from '../support/type-twin.js';

/* What hands on a protected value has the type, length and flags that it has on a plain table, in both protocols. */

const COLUMNS = {
  t: 'tinyint',
  tu: 'tinyint unsigned',
  s: 'smallint',
  su: 'smallint unsigned',
  m: 'mediumint',
  mu: 'mediumint unsigned',
  i: 'int',
  iu: 'int unsigned',
  b: 'bigint',
  bu: 'bigint unsigned',
  word: 'varchar(40)',
  code: 'char(5)',
  price: 'decimal(10,2) unsigned',
};
const INTEGERS = ['t', 'tu', 's', 'su', 'm', 'mu', 'i', 'iu', 'b', 'bu'];

/** `?` stands for a column. */
const OF_ONE = [
  'MAX(?)',
  'MIN(?)',
  'COALESCE(?)',
  'IF(id, ?, NULL)',
  'CASE WHEN id = 1 THEN ? END',
  'NULLIF(?, 0)',
  'IFNULL(?, 0)',
  'COALESCE(MAX(?), 0)',
  'LEAST(?, 5)',
  '(SELECT MAX(?) FROM #) AS x',
  'MAX(?) OVER ()',
  'LAG(?) OVER (ORDER BY id)',
  '? + 1',
  '? DIV 2',
  'ROUND(?)',
];

const WHOLE = [
  'SELECT ? FROM # UNION SELECT ? FROM # ORDER BY 1',
  'SELECT ? FROM # UNION ALL SELECT i FROM #',
  'SELECT ? FROM # UNION ALL SELECT iu FROM #',
  'SELECT x FROM (SELECT ? AS x FROM # UNION ALL SELECT ? FROM #) d',
  'SELECT MAX(x) FROM (SELECT ? AS x FROM #) d',
  'SELECT MAX(?) FROM # GROUP BY id ORDER BY id',
  'SELECT MAX(?) AS x FROM # GROUP BY id WITH ROLLUP',
  'SELECT MAX(a.?) FROM # a JOIN # b ON a.id = b.id',
];

forEachServer((name, getServer) => {
  const isMysql = name.startsWith('mysql');
  let twin: TypeTwin;
  beforeAll(async () => {
    twin = await TypeTwin.start(getServer(), 'comp', COLUMNS);
    await twin.run(`INSERT INTO # (label, ${Object.keys(COLUMNS).join(', ')}) VALUES
      ('a', -128, 255, -32768, 65535, -8388608, 16777215, -2147483648, 4294967295, -9, 18446744073709551615, 'w', 'c', 9.5),
      ('b', 127, 1, 32767, 1, 8388607, 1, 2147483647, 1, 9, 1, 'v', 'd', 1),
      ('n', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`);
  });
  afterAll(async () => await twin?.stop());

  const both = async (sql: string): Promise<void> => {
    await twin.same(sql);
    await twin.same(sql, [], { prepared: true });
  };

  it.each(OF_ONE)('%s', async (form) => {
    for (const column of INTEGERS) {
      if (column === 'bu' && form === '? + 1') continue;
      await both(`SELECT ${form.replaceAll('?', column)} FROM #`);
    }
  });

  it.each([
    'IFNULL(?, !)',
    'IF(id = 1, ?, !)',
    'CASE id WHEN 1 THEN ? ELSE ! END',
    'LEAST(?, !)',
    'COALESCE(?, !, id)',
  ])('%s', async (form) => {
    for (const one of INTEGERS) {
      const list = INTEGERS.map((other) => form.replaceAll('?', one).replaceAll('!', other));
      await both(`SELECT ${list.join(', ')} FROM # ORDER BY id`);
    }
  });

  it.each(WHOLE)('%s', async (form) => {
    for (const column of ['t', 'tu', 'm', 'i', 'iu', 'b']) {
      await both(form.replaceAll('?', column));
    }
  });

  it.each(['MAX(code)', 'COALESCE(code)', 'IF(id, code, code)', 'NULLIF(code, word)', 'LEAST(code, code)'])(
    'a CHAR: %s',
    async (form) => {
      await both(`SELECT ${form} FROM #`);
    },
  );

  it.each(['MIN(price)', 'MAX(price)', 'COALESCE(price, price)', 'SUM(price)', 'price + 1'])(
    'a DECIMAL UNSIGNED: %s',
    async (form) => {
      await both(`SELECT ${form} FROM #`);
    },
  );

  describe('beside literals', () => {
    it.each([
      'IFNULL(i, 123456789)',
      'IFNULL(i, 1234567890)',
      'IFNULL(i, 12345678901)',
      'IFNULL(s, 123456789)',
      'IFNULL(s, 1234567890)',
      'COALESCE(MAX(i), MIN(t), 7)',
      'MAX(IFNULL(i, 0))',
      'MAX(IFNULL(t, 0))',
      'LEAST(i, 1, iu)',
      'COALESCE(tu, 1000)',
      'COALESCE(i, NULL)',
    ])('%s', async (form) => {
      await both(`SELECT ${form} FROM #`);
    });

    it.runIf(isMysql)('LEAD with another value, on MySQL', async () => {
      for (const column of ['t', 'tu', 'iu']) {
        await both(`SELECT LEAD(${column}, 1, 0) OVER (ORDER BY id) FROM #`);
      }
    });
  });

  it('what is no integer stays what it is', async () => {
    for (const form of ["COALESCE(i, 'a')", 'COALESCE(i, price)', 'IF(id, t, 1.5)', 'CONCAT(i)', 'i / 2']) {
      await both(`SELECT ${form} FROM #`);
    }
  });
});
