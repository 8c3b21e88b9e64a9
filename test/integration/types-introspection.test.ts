import { afterAll, beforeAll, describe, it } from 'vitest';
import { forEachServer } from '../support/servers.js';
import { TypeTwin } from '../support/type-twin.js';

forEachServer((name, getServer) => {
  describe('columns of the types with a cast', () => {
    let twin: TypeTwin;
    beforeAll(async () => {
      twin = await TypeTwin.start(getServer(), 'intro', {
        price: 'decimal(10,2)',
        total: 'decimal(20,4) unsigned',
        whole: 'decimal(5)',
        ratio: 'double',
        born: 'date',
        starts: 'datetime',
        ends: 'datetime(6)',
        seen: 'timestamp(3)',
        active: 'boolean',
        ...(name.startsWith('mysql') ? { extra: 'json' } : {}),
      });
    });
    afterAll(async () => await twin?.stop());

    it.each([
      'SHOW COLUMNS FROM #',
      'DESCRIBE #',
      'SHOW FULL COLUMNS FROM #',
      "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_MAXIMUM_LENGTH, CHARACTER_OCTET_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_SET_NAME, COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '#' ORDER BY ORDINAL_POSITION",
    ])('are shown as those of a plain table: %s', async (sql) => {
      await twin.same(sql, undefined, { without: ['fields'] });
    });

    it('are made by DDL', async () => {
      await twin.run('DROP TABLE #');
      const extra = name.startsWith('mysql') ? ', extra JSON' : '';
      await twin.run(`CREATE TABLE # (id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL DEFAULT 'tenant-001',
        label VARCHAR(40), price NUMERIC(10, 2), total DECIMAL(20,4) UNSIGNED, whole DEC(5), ratio DOUBLE PRECISION,
        born DATE, starts DATETIME, seen TIMESTAMP(3), active BOOLEAN${extra}) DEFAULT CHARSET utf8mb4`);
      await twin.run('ALTER TABLE # ADD COLUMN ends DATETIME(6) AFTER starts');
      await twin.same('SHOW COLUMNS FROM #', undefined, { without: ['fields'] });
      await twin.same(
        "INSERT INTO # (label, price, born, ends, active) VALUES ('a', 1.5, '2024-01-31', '2024-01-31 10:00:00.5', TRUE)",
      );
    });
  });
});
