import { afterAll, beforeAll, describe, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { TypeTwin } from '../support/type-twin.js';

forEachServer((_name, getServer) => {
  describe.each(['backend', 'proxy'] as const)('BOOLEAN and integers, constants: %s', (constants) => {
    let twin: TypeTwin;
    beforeAll(async () => {
      const columns = { active: 'boolean', tiny: 'tinyint(1)', n: 'int', big: 'bigint' };
      twin = await TypeTwin.start(getServer(), 'bool', columns, { constants });
      await twin.run(
        "INSERT INTO # (label, active, tiny, n, big) VALUES ('a', TRUE, 1, 1, 1), ('b', FALSE, 0, 0, 0), ('c', NULL, 127, -5, 9), ('d', 2, NULL, 30, 12)",
      );
    });
    afterAll(async () => await twin?.stop());

    it.each(['TRUE', 'FALSE', '2', "'1'", "'true'", '300', 'NOT TRUE', '1 = 1', 'NULL'])(
      'are written as on a plain table: %s',
      async (literal) => {
        for (const column of ['active', 'tiny']) {
          await twin.same(`INSERT INTO # (label, ${column}) VALUES ('x', 1), ('y', ${literal})`);
        }
      },
    );

    it.each([true, false, 1, 2.5, 3.5, -2.5, 0.5, '1', 'true', 300, null])(
      'are bound as on a plain table: %s',
      async (value) => {
        for (const column of ['active', 'tiny', 'n', 'big']) {
          await twin.same(`INSERT INTO # (label, ${column}) VALUES ('y', ?)`, [value]);
          await twin.same(`UPDATE # SET ${column} = ? WHERE label = 'b'`, [value]);
        }
      },
    );

    it.each([1e15, 2 ** 53, Number('1.2345678901234567e18'), 9.3e18, 1e300])(
      'a big DOUBLE is bound: %s',
      async (value) => {
        await twin.same("INSERT INTO # (label, big) VALUES ('y', ?)", [value]);
        await twin.same("INSERT INTO # (label, n) VALUES ('y', ?)", [value]);
        await twin.same('SELECT label FROM # WHERE big = ? ORDER BY id', [value]);
      },
    );

    it.each([
      'SELECT active, tiny FROM # ORDER BY id',
      'SELECT label FROM # WHERE active ORDER BY id',
      'SELECT label FROM # WHERE NOT active ORDER BY id',
      'SELECT label FROM # WHERE active = TRUE ORDER BY id',
      'SELECT label FROM # WHERE active IS TRUE ORDER BY id',
      'SELECT label FROM # WHERE active IN (TRUE, FALSE) ORDER BY id',
      'SELECT label FROM # WHERE tiny = FALSE ORDER BY id',
    ])('are read as on a plain table: %s', async (sql) => {
      await twin.same(sql);
    });

    it('are negated', async () => {
      await twin.same('UPDATE # SET active = NOT active');
      await twin.same('UPDATE # SET active = (n > 0)');
    });
  });
});
