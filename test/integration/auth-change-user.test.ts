import { randomBytes } from 'node:crypto';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeComChangeUser } from '../../src/protocol/command-phase/com-change-user.js';
import { Command } from '../../src/protocol/constants/commands.js';
import { runChangeUser } from '../../src/session/connection-phase/change-user.js';
import { LoginKeyPair } from '../../src/session/connection-phase/login-key-pair.js';
import type { EstablishedConnection } from '../../src/session/established-connection.js';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { type AuthenticatingRelay, startAuthenticatingRelay } from '../support/authenticating-relay.js';
import { forEachServer } from '../support/servers.js';

const PASSWORD = 'the password of both accounts';

/** Relays payload by payload for as long as the session lasts; enough for statements with one small result. */
async function relayPayloads(connection: EstablishedConnection): Promise<void> {
  const { client, backend, backendCapabilities, capabilities } = connection;
  const keys = { loginKeyPair: new LoginKeyPair(), serverPublicKey: null };
  let nonce = connection.greeting.authPluginData;
  client.writePayload(connection.loginOk);
  for (;;) {
    client.sequenceId = 0;
    const command = await client.readPayload();
    if (command[0] === Command.COM_CHANGE_USER) {
      const message = decodeComChangeUser(command, { flags: capabilities, mariadb: 0 });
      const result = await runChangeUser({
        client,
        backend,
        message,
        backendCapabilities,
        nonce,
        keys,
        authSeconds: 5,
        timeoutError: () => new Error('COM_CHANGE_USER took too long'),
      });
      nonce = result.nonce;
      client.writePayload(result.payload);
    } else {
      backend.sequenceId = 0;
      backend.writePayload(command);
      if (command[0] === Command.COM_QUIT) return;
      do client.writePayload(await backend.readPayload());
      while (backend.framer.bufferedBytes > 0);
    }
  }
}

forEachServer((_name, getServer) => {
  describe.each([
    { clientTls: false, backendTls: false },
    { clientTls: true, backendTls: false },
    { clientTls: false, backendTls: true },
  ])('COM_CHANGE_USER, client TLS $clientTls, backend TLS $backendTls', ({ clientTls, backendTls }) => {
    let relay: AuthenticatingRelay;
    let database: TestDatabase;
    let admin: Connection;
    const users = ['a', 'b'].map((letter) => `change_${letter}_${randomBytes(4).toString('hex')}`);
    const [first = '', second = ''] = users;

    beforeAll(async () => {
      const server = getServer();
      admin = await adminConnection(server);
      database = await createDatabase(server, 'change');
      // Neither has logged in: full authentication each time on MySQL.
      for (const user of users) await createUser(server, { user, password: PASSWORD });
      relay = await startAuthenticatingRelay({
        backend: { port: server.port },
        backendTls: { mode: backendTls ? 'required' : 'disabled' },
        serve: relayPayloads,
      });
    });
    afterAll(async () => {
      await relay.stop();
      for (const user of users) await admin.query(`DROP USER ${mysql.escape(user)}@'%'`);
      await admin.end();
      await database.drop();
    });

    it('changes to another account and back, with the nonce of the moment', async () => {
      const connection = await mysql.createConnection({
        host: '127.0.0.1',
        port: relay.port,
        user: first,
        password: PASSWORD,
        ...(clientTls ? { ssl: { rejectUnauthorized: false } } : {}),
      });
      for (const user of [second, first, second]) {
        await connection.changeUser({ user, password: PASSWORD, database: database.name });
        const [rows] = await connection.query<RowDataPacket[]>(
          'SELECT CURRENT_USER() AS user, DATABASE() AS db',
        );
        expect(rows[0]).toMatchObject({ user: `${user}@%`, db: database.name });
      }
      await connection.end();
      expect(relay.failures).toEqual([]);
    });

    it('passes the refusal of the server on', async () => {
      const connection = await mysql.createConnection({
        host: '127.0.0.1',
        port: relay.port,
        user: first,
        password: PASSWORD,
        ...(clientTls ? { ssl: { rejectUnauthorized: false } } : {}),
      });
      await expect(connection.changeUser({ user: second, password: 'wrong' })).rejects.toMatchObject({
        errno: 1045,
      });
      connection.destroy();
    });
  });
});
