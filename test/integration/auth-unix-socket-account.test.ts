import { userInfo } from 'node:os';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminConnection } from '../servers/accounts.js';
import { startMariadb } from '../servers/mariadb-server.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { type AuthenticatingRelay, startAuthenticatingRelay } from '../support/authenticating-relay.js';
import { forEachServer } from '../support/servers.js';

const PASSWORD = 'right';

forEachServer((_name, getServer) => {
  it('logs an account with a password in through the Unix socket of the server', async () => {
    const { rootUser: user, rootPassword: password, socket } = getServer();
    const relay = await startAuthenticatingRelay({ backend: { socket } });
    const connection = await mysql.createConnection({ host: '127.0.0.1', port: relay.port, user, password });
    const [rows] = await connection.query<RowDataPacket[]>('SELECT CURRENT_USER() AS user');
    expect(rows[0]?.['user']).toBe('root@localhost');
    await connection.end();
    await relay.stop();
  });
});

// MySQL's auth_socket is a plugin to install; both servers' SHOW CREATE USER are in socket-account.test.ts.
describe('an account of MariaDB that logs in by its operating-system user', () => {
  const user = userInfo().username;
  let server: RunningSqlServer;
  let relay: AuthenticatingRelay;
  let admin: Connection;
  beforeAll(async () => {
    // A server of its own: the account must have this process's user name, which may be root.
    server = await startMariadb();
    admin = await adminConnection(server);
    relay = await startAuthenticatingRelay({ backend: { socket: server.socket } });
  });
  afterAll(async () => {
    await relay.stop();
    await admin.end();
    await server.stop();
  });

  it.each([
    ['unix_socket', ['', 'anything']],
    [`mysql_native_password USING PASSWORD('${PASSWORD}') OR unix_socket`, ['wrong', PASSWORD]],
  ])(
    'is refused when identified via %s, though the server takes any password',
    async (plugins, passwords) => {
      await admin.query(`CREATE OR REPLACE USER ${mysql.escape(user)}@localhost IDENTIFIED VIA ${plugins}`);
      for (const password of passwords) {
        const direct = await mysql.createConnection({ socketPath: server.socket, user, password });
        await direct.query('SELECT 1');
        await direct.end();
        await expect(
          mysql.createConnection({ host: '127.0.0.1', port: relay.port, user, password }),
        ).rejects.toMatchObject({
          errno: 1105,
          message: expect.stringMatching(
            /^tenantcrypt\[TC_BACKEND\]: the account logs in by its operating-system user/,
          ),
        });
      }
    },
  );
});
