import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

const COLUMNS = {
  price: { type: 'decimal(10,2)', value: '12.50' },
  ratio: { type: 'double', value: '0.1' },
  born: { type: 'date', value: '2024-01-31' },
  starts: { type: 'datetime(3)', value: '2024-01-31 10:00:00.500' },
  active: { type: 'boolean', value: '1' },
} as const;
const NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];

forEachServer((_name, getServer) => {
  describe('values of AES_ENCRYPT by hand', () => {
    let proxy: TestProxy;
    const key = KEYS['tenant-001'];
    beforeAll(async () => {
      proxy = await startTestProxy(getServer(), {
        label: 'hand',
        tables: [
          `CREATE TABLE things (id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL DEFAULT '',
            ${NAMES.map((name) => `${name} VARBINARY(32), KEY (tenant_id, ${name})`).join(', ')})`,
        ],
        protect: (schema) => ({
          [`${schema}.things`]: {
            tenantColumn: 'tenant_id',
            columns: Object.fromEntries(NAMES.map((name) => [name, { type: COLUMNS[name].type }])),
          },
        }),
      });
      const values = NAMES.map((name) => `AES_ENCRYPT('${COLUMNS[name].value}', '${key}')`);
      await proxy.admin.query(
        `INSERT INTO things (tenant_id, ${NAMES.join(', ')}) VALUES ('tenant-001', ${values.join(', ')})`,
      );
      const others = Array.from({ length: 40 }, () => "('tenant-002')").join();
      await proxy.admin.query(`INSERT INTO things (tenant_id) VALUES ${others}`);
    });
    afterAll(async () => await proxy?.stop());

    it('are read as the declared type, and found by index', async () => {
      const client = await proxy.connect('tenant-001', { dateStrings: true });
      for (const name of NAMES) {
        const { value } = COLUMNS[name];
        const rows = await rowsOf(client, `SELECT ${name} AS v FROM things WHERE ${name} = '${value}'`);
        expect(
          rows.map((row) => String(row['v'])),
          name,
        ).toEqual([value]);
        const [bound] = await client.execute(`SELECT id FROM things WHERE ${name} = ?`, [value]);
        expect(bound, name).toHaveLength(1);
        const plan = await rowsOf(client, `EXPLAIN SELECT id FROM things WHERE ${name} = '${value}'`);
        expect(JSON.stringify(plan), name).toMatch(/"type":"ref"|ndex lookup on things using tenant_id/);
      }
    });

    it('are what the proxy stores', async () => {
      const client = await proxy.connect('tenant-001');
      await client.query(
        "INSERT INTO things (price, ratio, born, starts, active) VALUES (12.5, 1e-1, '2024-1-31', '2024-01-31T10:00:00.5', TRUE)",
      );
      await client.execute('INSERT INTO things (price, ratio, born, starts, active) VALUES (?, ?, ?, ?, ?)', [
        12.5,
        0.1,
        '20240131',
        '2024-01-31 10:00:00.5',
        true,
      ]);
      await client.query(
        "INSERT INTO things (price, ratio, born, starts, active) VALUES (25 * 0.5, 0.05e0 + 0.05e0, DATE'2024-01-30' + INTERVAL 1 DAY, CAST('2024-01-31 10:00:00.5' AS DATETIME(6)), 2 - 1)",
      );
      const [rows] = await proxy.admin.query({
        sql: `SELECT ${NAMES.map((name) => `CONVERT(AES_DECRYPT(${name}, '${key}') USING utf8mb4)`).join(', ')}
          FROM things WHERE tenant_id = 'tenant-001'`,
        rowsAsArray: true,
      });
      const expected = NAMES.map((name) => COLUMNS[name].value);
      expect(rows).toEqual([expected, expected, expected, expected]);
    });
  });
});
