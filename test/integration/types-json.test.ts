import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, rowsOf } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';
import { isBare, TypeTwin } from '../support/type-twin.js';

/** As strings of SQL. */
const TEXTS = [
  '{"b": 1, "a":[1,2.50,1e3]}', '[1,]', '{a:1}', '', ' ', 'nul', 'null', '"a', '{"a":1', '{"a" 1}', '{"a":1 "b":2}', '{1:2}', '[1 2]', '01', '1.', '1e',
  '-', '-a', '[1]x', '"\\u12G4"', '"\\ud800"', '"\\q"', '"\n"', '"\t"', '1e400', '-1e400', '[1, 1e309]', '0e400', '1e308', '10e308', '0.00001e310', '  [1]  ', '{"a":1,"a":2}',
  'tru', '[tru]', '{"é":tru}', '"é\\q"', '[1', '[', '{', '{"a":', '{"a":}', '{,}', '\t\r\n1', '+1', '.5', 'NaN', '12345678901234567890123', '18446744073709551615',
  '0.1e', '1.5.2', '[1,2,]', '{"a":1,}', '/*x*/1', '"\\/\\b\\f\\n\\r\\t\\\\\\""', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ude00"', '"\\ud83d\\u0041"', '"\\ud83d\\uZZZZ"', '"\\u00"',
  '"\\', '"\\u', '[[[[]]]]', '{"a": {"b": [null, true, false, "x"]}}', '"日本😀"', '{"日本":"😀"', '-0', '-0.0', '1E5', '1e-400', '[1,2] ', '{} {}', '"a" "b"', '{"a":1}}', '[]]', 'true false',
  `${'['.repeat(100)}${']'.repeat(100)}`, `${'['.repeat(101)}${']'.repeat(101)}`, `${'['.repeat(100)}1${']'.repeat(100)}`, '['.repeat(101), `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`, '1.7976931348623159e308', `1${'0'.repeat(309)}`,
]; // biome-ignore format: a list

const quoted = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

forEachServer((name, getServer) => {
  describe.runIf(name.startsWith('mysql')).each(['backend', 'proxy'] as const)(
    'JSON on MySQL, constants: %s',
    (constants) => {
      let twin: TypeTwin;
      beforeAll(async () => {
        twin = await TypeTwin.start(
          getServer(),
          'jsn',
          { j: 'json', k: 'json' },
          { storesText: true, constants },
        );
        await twin.run(`INSERT INTO # (label, j, k) VALUES ('a', '{"a": 1, "b": [1, 2], "c": "x"}', '[]'), ('b', '5', '"s"'),
        ('c', '"x"', NULL), ('d', NULL, 'null'), ('e', 'null', '1.5'), ('f', '[1]', '{"z": {"y": "é"}}'), ('g', 'true', '5')`);
      });
      afterAll(async () => await twin?.stop());

      it.each(TEXTS)('is written as on a plain table: %s', async (value) => {
        await twin.same(`INSERT INTO # (label, j) VALUES ('x', '1'), ('y', ${quoted(value)})`);
        await twin.same(`UPDATE # SET j = ${quoted(value)} WHERE label = 'a'`);
        await twin.same("INSERT INTO # (label, j) VALUES ('y', ?)", [value]);
      });

      it.each(['5', '-5', '1.5', '1e0', 'NULL'])('is written as on a plain table: %s', async (literal) => {
        await twin.same(`INSERT INTO # (label, j) VALUES ('x', '1'), ('y', ${literal})`);
      });

      it.each([5, 1.5, true, null, Buffer.from('[1]'), new Date(0), 12_345_678_901])(
        'is bound as on a plain table: %s',
        async (value) => {
          await twin.same("INSERT INTO # (label, j) VALUES ('y', ?)", [value]);
        },
      );

      it('is bound in an UPDATE', async () => {
        await twin.same("UPDATE # SET j = ? WHERE label = 'a'", ['{"n": 1}']);
        await twin.same("UPDATE # SET j = ? WHERE label = 'nobody'", ['{']);
        expect((await twin.seen("UPDATE # SET j = ? WHERE label = 'a'", ['{'])).error).toMatch(
          /^3140 22032 Invalid JSON text/,
        );
      });

      it.each([
        'SELECT j, k FROM # ORDER BY id',
        'SELECT * FROM # ORDER BY id',
        "SELECT j->'$.a', j->>'$.c', JSON_EXTRACT(j, '$.b[0]') FROM # ORDER BY id",
        'SELECT JSON_TYPE(j), JSON_LENGTH(j), JSON_VALID(j), JSON_KEYS(j), JSON_DEPTH(k) FROM # ORDER BY id',
        "SELECT label FROM # WHERE j->'$.a' = 1 ORDER BY id",
        "SELECT label FROM # WHERE j->>'$.c' = 'x' ORDER BY id",
        "SELECT label FROM # WHERE JSON_CONTAINS(j, '1') ORDER BY id",
        'SELECT label FROM # WHERE 1 MEMBER OF (j) ORDER BY id',
        'SELECT label FROM # WHERE j = 5 ORDER BY id',
        "SELECT label FROM # WHERE j = '5' ORDER BY id",
        "SELECT label FROM # WHERE j = 'x' ORDER BY id",
        "SELECT label FROM # WHERE j = CAST('[1]' AS JSON) ORDER BY id",
        "SELECT label FROM # WHERE j IN ('x', '5') ORDER BY id",
        "SELECT label FROM # WHERE j LIKE '%a%' ORDER BY id",
        'SELECT label FROM # WHERE j IS NULL ORDER BY id',
        'SELECT label FROM # WHERE j > 3 ORDER BY id',
        'SELECT label, j FROM # WHERE JSON_TYPE(j) <> "OBJECT" AND JSON_TYPE(j) <> "ARRAY" ORDER BY j, id',
        'SELECT j, COUNT(*) FROM # GROUP BY j ORDER BY COUNT(*), MIN(id)',
        'SELECT MIN(j), MAX(j), COUNT(DISTINCT j), JSON_ARRAYAGG(j) FROM #',
        "SELECT JSON_ARRAY(j, k), JSON_OBJECT('j', j), JSON_MERGE_PATCH(j, k), CONCAT(j, '!'), UPPER(j), LENGTH(j) FROM # ORDER BY id",
        "SELECT label, t.v FROM #, JSON_TABLE(j, '$.b[*]' COLUMNS (v INT PATH '$')) t ORDER BY id, v",
        'SELECT a.label, b.label FROM # a JOIN # b ON a.j = b.k ORDER BY a.id, b.id',
      ])('is read as on a plain table: %s', async (sql) => {
        const without = isBare(sql) && !sql.includes('JSON_TABLE') ? [] : (['fields'] as const);
        await twin.same(sql, undefined, { without });
        await twin.same(sql, undefined, { without, prepared: true });
      });

      it.each(['x', '5', 5, null, '{"a": 1}'])('is compared with a parameter: %s', async (value) => {
        await twin.same('SELECT label FROM # WHERE j = ? ORDER BY id', [value]);
        await twin.same('SELECT label FROM # WHERE j IN (?, ?) ORDER BY id', [value, 'x']);
      });

      it.each([
        "UPDATE # SET j = JSON_SET(j, '$.a', 2, '$.n', 'é') WHERE label = 'a'",
        "UPDATE # SET j = JSON_REMOVE(j, '$.a')",
        "UPDATE # SET j = JSON_ARRAY_APPEND(j, '$', 7) WHERE label = 'f'",
        "UPDATE # SET j = JSON_MERGE_PATCH(COALESCE(j, '{}'), '{\"q\": [1.5]}')",
        "UPDATE # SET j = k, k = JSON_OBJECT('label', 'x', 'n', 1e0)",
        "UPDATE # SET j = CONCAT('[', '1]')",
        "UPDATE # SET j = CONCAT('[', '1') WHERE label = 'nobody'",
        "UPDATE # SET j = j->'$.b'",
        "UPDATE # SET k = j ->> '$.b' WHERE j->>'$.c' = 'x' AND `j`->'$.a' > 0",
        'INSERT INTO # (label, j) SELECT label, k FROM #',
        "INSERT INTO # (label, j) VALUES ('y', JSON_ARRAY(1, 'b', NULL, TRUE))",
        "INSERT INTO # (id, label, j) VALUES (1, 'q', '[]') ON DUPLICATE KEY UPDATE j = JSON_SET(j, '$.a', 9)",
        "DELETE FROM # WHERE j->'$.a' = 1",
      ])('is computed as on a plain table: %s', async (sql) => {
        await twin.same(sql);
      });

      it.each([
        "UPDATE # SET j = JSON_SET(j, '$.a', 1.50)",
        "UPDATE # SET j = JSON_OBJECT('d', NOW())",
        "UPDATE # SET j = JSON_OBJECT('d', DATE'2024-01-31')",
        "UPDATE # SET j = JSON_OBJECT('n', id)",
        'UPDATE # SET j = TRUE',
        "UPDATE # SET j = JSON_OBJECT('n', CAST('1.5' AS DECIMAL(5,2)))",
      ])('is refused: %s', async (sql) => {
        await twin.refused(sql);
      });
    },
  );

  describe.runIf(name.startsWith('mariadb'))('JSON on MariaDB', () => {
    it('is refused, with what to declare', async () => {
      const twin = await TypeTwin.start(getServer(), 'jsn', { j: 'json' });
      const client = await twin.proxy.connect('tenant-001');
      for (const sql of [
        'SELECT j FROM things',
        "INSERT INTO things (label, j) VALUES ('y', '1')",
        'DELETE FROM things WHERE j = 1',
      ]) {
        const { message } = await errorOf(client.query(sql));
        expect(message, sql).toContain('declare longtext with collation: utf8mb4_bin');
      }
      expect(await rowsOf(client, 'SELECT label FROM things')).toEqual([]);
      await twin.stop();
    });
  });
});
