import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { checkAtRest } from '../orms/at-rest.js';
import { KEYS, OTHER_TENANT, type Schemas, TENANT } from '../orms/stage.js';
import { plainTables, protectedTables, TYPES } from '../orms/tables.js';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import { forEachServer } from '../support/servers.js';

/* What `npm run test:orms` looks at in the end has to see what it is there to see. */

forEachServer((_name, getServer) => {
  const databases: TestDatabase[] = [];
  let admin: Connection;
  let schemas: Schemas;

  beforeAll(async () => {
    const server = getServer();
    for (let i = 0; i < 3; i++) databases.push(await createDatabase(server, 'orms'));
    const [own, plain, plainOther] = databases.map(({ name }) => name) as [string, string, string];
    schemas = { protected: own, plain, plainOther };
    admin = await adminConnection(server, { multipleStatements: true });
    const tables = [
      ...protectedTables(own),
      ...plainTables(plain, TYPES),
      ...plainTables(plainOther, TYPES),
      `CREATE TABLE ${own}.notes (note TEXT)`,
    ];
    for (const sql of tables) await admin.query(sql);
  });
  afterAll(async () => {
    await admin.end();
    for (const database of databases) await database.drop();
  });

  beforeEach(async () => {
    const { protected: own, plain, plainOther } = schemas;
    for (const schema of [own, plain, plainOther]) {
      await admin.query(`DELETE FROM ${schema}.posts; DELETE FROM ${schema}.users`);
    }
    await admin.query(`DELETE FROM ${own}.notes`);
    for (const [index, [tenant, schema]] of (
      [
        [TENANT, plain],
        [OTHER_TENANT, plainOther],
      ] as const
    ).entries()) {
      const id = index + 1;
      await admin.query(
        `INSERT INTO ${schema}.users (id, tenant_id, name, email, age, created_at) VALUES (?, ?, 'n', 'zq9@x', 7, NOW());
         INSERT INTO ${schema}.posts (tenant_id, user_id, title, body) VALUES (?, ?, 't', 'zq9')`,
        [id, tenant, tenant, id],
      );
      await admin.query(
        `INSERT INTO ${own}.users (id, tenant_id, name, encrypted_email, encrypted_age, created_at)
           VALUES (?, ?, 'n', AES_ENCRYPT('zq9@x', ?), AES_ENCRYPT('7', ?), NOW());
         INSERT INTO ${own}.posts (tenant_id, user_id, title, body) VALUES (?, ?, 't', AES_ENCRYPT('zq9', ?))`,
        [id, tenant, KEYS[tenant], KEYS[tenant], tenant, id, KEYS[tenant]],
      );
    }
  });

  it('takes what is as it should be', async () => {
    await expect(checkAtRest(admin, schemas)).resolves.toBeUndefined();
  });

  it.each([
    ['another value', "UPDATE {s}.users SET encrypted_email = AES_ENCRYPT('zq9@y', '{key}') WHERE id = 1"],
    ['the key of another tenant', "UPDATE {s}.posts SET body = AES_ENCRYPT('zq9', 'x') WHERE user_id = 2"],
    ['plaintext in the place of ciphertext', "UPDATE {s}.users SET phone = '0123456789abcdef' WHERE id = 1"],
    ['plaintext elsewhere', "INSERT INTO {s}.notes VALUES ('it says zq9 here')"],
    ['a row that is missing', 'DELETE FROM {s}.posts WHERE user_id = 2'],
    ['no rows at all', 'DELETE FROM {s}.posts; DELETE FROM {s}.users'],
  ])('sees %s', async (_what, sql) => {
    await admin.query(sql.replaceAll('{s}', schemas.protected).replace('{key}', KEYS[TENANT]));
    await expect(checkAtRest(admin, schemas)).rejects.toThrow();
  });
});
