import { createCipheriv, randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { describe, expect, inject, it } from 'vitest';
import { foldKey } from '../../src/keys/fold-key.js';
import type { SqlServerAddress } from '../servers/sql-server.js';

function compare(server: SqlServerAddress): void {
  it('AES_ENCRYPT with a key of any length is AES-128-ECB with the folded key, in node:crypto and on the server', async () => {
    const connection = await createConnection({
      socketPath: server.socket,
      user: server.rootUser,
      password: server.rootPassword,
    });
    try {
      for (const length of [1, 15, 16, 17, 31, 32, 33, 47, 48, 64, 100, 255]) {
        const key = randomBytes(length);
        const folded = foldKey(key, 16);
        const plain = randomBytes(length);
        const cipher = createCipheriv('aes-128-ecb', folded, null);
        const expected = Buffer.concat([cipher.update(plain), cipher.final()]);
        const [rows] = await connection.query(
          'SELECT AES_ENCRYPT(?, ?) AS unfolded, AES_ENCRYPT(?, ?) AS folded',
          [plain, key, plain, folded],
        );
        expect(rows).toEqual([{ unfolded: expected, folded: expected }]);
      }
    } finally {
      await connection.end();
    }
  });
}

describe('MariaDB', () => compare(inject('mariadb')));

const mysql = inject('mysql');
// The run's setup has said in one line why there is no MySQL.
if (mysql === null) describe.todo('MySQL');
else describe('MySQL', () => compare(mysql));
