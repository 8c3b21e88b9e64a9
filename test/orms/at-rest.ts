import type { Connection, RowDataPacket } from 'mysql2/promise';
import { expectEqual } from '../clients/cells.js';
import { KEYS, OTHER_TENANT, type Schemas, TENANT } from './stage.js';
import { PROTECTED } from './tables.js';

/** In every protected text of test/orms/data.json and nowhere else. */
const MARKER = Buffer.from('zq9');

/**
 * Looks at what lies in the protected schema, straight on the server: every protected value decrypts with the key of
 * its row's tenant to what the plain schema of that tenant holds, and no table of the schema holds the marker.
 */
export async function checkAtRest(admin: Connection, schemas: Schemas): Promise<void> {
  for (const [table, columns] of Object.entries(PROTECTED)) {
    for (const [tenant, plainSchema] of [
      [TENANT, schemas.plain],
      [OTHER_TENANT, schemas.plainOther],
    ] as const) {
      const key = KEYS[tenant];
      // Ids are counted for both tenants together behind the proxy: rows are paired by their order.
      const [stored] = await admin.query<RowDataPacket[]>(
        `SELECT ${columns.map(({ physical }) => `HEX(AES_DECRYPT(${physical}, ?)), LENGTH(${physical}) % 16, ${physical} IS NULL`).join(', ')}
         FROM ${schemas.protected}.${table} WHERE tenant_id = ? ORDER BY id`,
        [...columns.map(() => key), tenant],
      );
      const [plain] = await admin.query<RowDataPacket[]>(
        `SELECT ${columns.map(({ logical }) => `HEX(CONCAT(${logical}, '')), ${logical} IS NULL AND NULL, ${logical} IS NULL`).join(', ')}
         FROM ${plainSchema}.${table} ORDER BY id`,
      );
      const valuesOf = (rows: readonly RowDataPacket[]): unknown =>
        rows.map((row) => Object.values(row).filter((_, i) => i % 3 !== 1));
      expectEqual(`${table} of ${tenant}, decrypted by hand`, valuesOf(stored), valuesOf(plain));
      if (stored.length === 0) throw new Error(`no rows in ${table} of ${tenant}`);
      const odd = stored.filter((row) =>
        Object.values(row).some((value, i) => i % 3 === 1 && value !== null && Number(value) !== 0),
      );
      expectEqual(`rows of ${table} with a value that is no ciphertext`, odd.length, 0);
    }
  }
  const [tables] = await admin.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'",
    [schemas.protected],
  );
  for (const { name } of tables as { name: string }[]) {
    const [rows] = await admin.query<RowDataPacket[]>({
      sql: `SELECT * FROM ${schemas.protected}.\`${name}\``,
      typeCast: (field) => field.buffer(),
    });
    const clear = rows.filter((row) =>
      Object.values(row).some((value) => Buffer.isBuffer(value) && value.includes(MARKER)),
    );
    expectEqual(`rows of ${name} with plaintext`, clear.length, 0);
  }
}
