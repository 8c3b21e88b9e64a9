import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { forEachServer } from '../support/servers.js';

/** AES_ENCRYPT's default: AES-128-ECB with the key's bytes folded by XOR into 16. */
function aesEncrypt(value: string, key: string): Buffer {
  const folded = Buffer.alloc(16);
  Buffer.from(key).forEach((byte, index) => {
    folded[index % 16] = (folded[index % 16] ?? 0) ^ byte;
  });
  const cipher = createCipheriv('aes-128-ecb', folded, null);
  return Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
}

forEachServer((name, getServer) => {
  let admin: Connection;
  let database: TestDatabase;
  beforeAll(async () => {
    admin = await adminConnection(getServer());
    database = await createDatabase(getServer());
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });

  it('is the server that its name says', async () => {
    const [rows] = await admin.query<RowDataPacket[]>(
      'SELECT VERSION() AS version, @@performance_schema AS ps',
    );
    expect(rows[0]?.['version']).toMatch(name.startsWith('mysql') ? /^9\.7\./ : /^\d+\.\d+\.\d+-MariaDB/);
    expect(rows[0]?.['ps']).toBe(1);
  });

  it('encrypts as node:crypto does, also with a key longer than 16 bytes', async () => {
    for (const key of ['short', 'exactly-16-bytes', 'a secret of more than sixteen bytes']) {
      for (const value of ['', 'alice@example.com', '0123456789abcdef', 'Zoë 🔐']) {
        const [rows] = await admin.execute<RowDataPacket[]>('SELECT AES_ENCRYPT(?, ?) AS ciphertext', [
          value,
          key,
        ]);
        expect(rows[0]?.['ciphertext']).toEqual(aesEncrypt(value, key));
      }
    }
  });

  it('lets an account of its own work in a test schema, with and without verified TLS', async () => {
    const server = getServer();
    const user = `app_${database.name.slice(-6)}`;
    await createUser(server, { user, password: 'app password' });
    const ca = readFileSync(server.tls?.ca ?? '', 'utf8');
    for (const ssl of [undefined, { ca, verifyIdentity: true }]) {
      const connection = await mysql.createConnection({
        host: server.host,
        port: server.port,
        user,
        password: 'app password',
        database: database.name,
        ...(ssl === undefined ? {} : { ssl }),
      });
      await connection.query('CREATE OR REPLACE VIEW v AS SELECT 1 AS one');
      const [rows] = await connection.query<RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_cipher'");
      expect(rows[0]?.['Value'] === '').toBe(ssl === undefined);
      await connection.end();
    }
    await admin.query(`DROP USER ${mysql.escape(user)}@'%'`);
  });

  it('has no anonymous account that would come before a named one', async () => {
    const [rows] = await admin.query<RowDataPacket[]>(
      "SELECT COUNT(*) AS anonymous FROM mysql.user WHERE User = ''",
    );
    expect(rows[0]?.['anonymous']).toBe(0);
  });

  if (name.startsWith('mariadb')) {
    it('has accounts with ed25519', async () => {
      await createUser(getServer(), { user: 'ed', password: 'secret', plugin: 'ed25519' });
      const [rows] = await admin.query<RowDataPacket[]>(
        "SELECT plugin FROM mysql.user WHERE User = 'ed' AND Host = '%'",
      );
      expect(rows[0]?.['plugin']).toBe('ed25519');
      await admin.query("DROP USER 'ed'@'%'");
    });
  }
});
