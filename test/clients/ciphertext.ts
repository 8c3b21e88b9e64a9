import type { RowDataPacket } from 'mysql2/promise';
import { expectEqual } from './cells.js';
import { BIG_TEXT } from './scenario.js';
import { DATABASE, KEYS, OTHER_TENANT, type Stage, TENANT } from './stage.js';

/**
 * Looks at what lies in the table, straight on the server: the rows are the tenant's, AES_DECRYPT with the tenant's
 * key gives what was written, with the other's does not, and no protected column holds what was written as it was.
 */
export async function checkCiphertext(stage: Stage, prefix: string, hasBig: boolean): Promise<void> {
  const one = async (sql: string, values: readonly unknown[]): Promise<RowDataPacket> => {
    const [rows] = await stage.admin.query<RowDataPacket[]>(sql, [...values]);
    if (rows.length !== 1 || rows[0] === undefined)
      throw new Error(`${rows.length} rows of ${values.join(' ')}`);
    return rows[0];
  };
  const key = KEYS[TENANT];
  const kept = await one(
    `SELECT tenant_id, CONVERT(AES_DECRYPT(encrypted_email, ?) USING utf8mb4) AS email,
      CONVERT(AES_DECRYPT(encrypted_age, ?) USING utf8mb4) AS age, LENGTH(AES_DECRYPT(encrypted_photo, ?)) AS photo,
      COALESCE(CONVERT(AES_DECRYPT(encrypted_email, ?) USING utf8mb4), '') = ? AS other
     FROM ${DATABASE}.people WHERE name = ?`,
    [key, key, key, KEYS[OTHER_TENANT], `${prefix}kept@example.com`, `${prefix}kept`],
  );
  expectEqual(
    'the kept row, decrypted by hand',
    { ...kept },
    {
      tenant_id: TENANT,
      email: `${prefix}kept@example.com`,
      age: '41',
      photo: 256,
      other: 0,
    },
  );
  if (hasBig) {
    const big = await one(
      `SELECT SHA2(AES_DECRYPT(encrypted_note, ?), 256) = SHA2(?, 256) AS same FROM ${DATABASE}.people WHERE name = ?`,
      [key, BIG_TEXT, `${prefix}big`],
    );
    expectEqual('the big text, decrypted by hand', big['same'], 1);
  }
  const clear = await one(
    `SELECT COUNT(*) AS n FROM ${DATABASE}.people WHERE name LIKE ?
      AND (INSTR(encrypted_email, 'example.com') OR INSTR(encrypted_note, 'quoted') OR LENGTH(encrypted_age) % 16
        OR LENGTH(encrypted_email) % 16 OR LENGTH(encrypted_note) % 16 OR LENGTH(encrypted_photo) % 16)`,
    [`${prefix}%`],
  );
  expectEqual('rows with plaintext', clear['n'], 0);
}
