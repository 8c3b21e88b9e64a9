import type { Connection, FieldPacket, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/** The fields of ColumnDefinition41 that mysql2 keeps. */
type Definition = FieldPacket & { schema?: string; characterSet?: number; columnLength?: number };

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let client: Connection;
  /** The same application on the plain table, with the same connection options and no proxy. */
  let plain: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'defs' });
    client = await proxy.connect('tenant-001');
    plain = await proxy.direct();
    await client.query(
      "INSERT INTO users (username, email, phone, bio) VALUES ('a', 'a@example.com', NULL, 'text')",
    );
    await proxy.admin.query(
      "INSERT INTO plain_users (tenant_id, username, email, phone, bio) VALUES ('tenant-001', 'a', 'a@example.com', NULL, 'text')",
    );
  });
  afterAll(async () => await proxy?.stop());

  async function describeResult(connection: Connection, sql: string): Promise<unknown[]> {
    const [, fields] = await connection.query<RowDataPacket[]>(sql);
    return (fields as Definition[]).map((field) => ({
      schema: field.schema ?? field.db,
      table: field.table.replace(/^plain_users$/, 'users'),
      orgTable: field.orgTable.replace(/^plain_users$/, 'users'),
      name: field.name,
      orgName: field.orgName,
      type: field.columnType,
      charset: field.characterSet,
      length: field.columnLength,
      flags: field.flags,
      decimals: field.decimals,
    }));
  }

  async function compare(template: string): Promise<unknown[]> {
    const restored = await describeResult(client, template.replaceAll('#', 'users'));
    expect(restored).toEqual(await describeResult(plain, template.replaceAll('#', 'plain_users')));
    return restored;
  }

  it.each([
    'SELECT email FROM #',
    'SELECT email AS e, phone AS `a phone` FROM #',
    'SELECT id, tenant_id, username, email, phone, created_at FROM #',
    'SELECT * FROM #',
    'SELECT u.* FROM # u',
    'SELECT u.email, u.email AS again FROM # AS u',
    'SELECT email FROM # WHERE 1 = 0',
    'SELECT a.email, b.phone FROM # a JOIN # b ON a.id = b.id',
  ])('are those of the plain table: %s', async (template) => {
    const restored = await compare(template);
    expect(restored.length).toBeGreaterThan(0);
    expect(JSON.stringify(restored)).not.toContain('encrypted_');
  });

  it('say varchar, the declared length in bytes, the character set, schema, table and column', async () => {
    const [email] = await compare('SELECT u.email AS e FROM # u');
    expect(email).toMatchObject({
      schema: proxy.database,
      table: 'u',
      orgTable: 'users',
      name: 'e',
      orgName: 'email',
      type: 253,
      length: 255 * 4,
      flags: expect.anything(),
    });
  });

  describe('follow the character set of the results', () => {
    it.each(['latin1', 'utf8mb4', 'ascii'])('%s', async (charset) => {
      for (const connection of [client, plain])
        await connection.query(`SET character_set_results = ${charset}`);
      await compare('SELECT email, username FROM #');
      for (const connection of [client, plain]) await connection.query('SET character_set_results = utf8mb4');
    });
  });

  it('of expressions name no column and no table of ours', async () => {
    for (const sql of [
      'SELECT UPPER(email) AS u FROM users',
      'SELECT MAX(email) FROM users',
      'SELECT COUNT(*) FROM users',
    ]) {
      const restored = await describeResult(client, sql);
      expect(JSON.stringify(restored), sql).not.toMatch(/encrypted_|__tc|AES_/i);
    }
  });
});
