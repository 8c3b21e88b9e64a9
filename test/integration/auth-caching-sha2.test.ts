import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { adminConnection, createUser } from '../servers/accounts.js';
import { tempFolder } from '../servers/temp-folder.js';
import { type AuthenticatingRelay, startAuthenticatingRelay } from '../support/authenticating-relay.js';
import { runClient } from '../support/run-client.js';
import { forEachServer, sharedServers } from '../support/servers.js';

const PASSWORD = 'a password of more than one block of SHA-1, which OAEP has to carry';

const PYMYSQL = `
import sys, pymysql, ssl
port, user, password, tls = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == 'tls'
context = ssl._create_unverified_context() if tls else None
c = pymysql.connect(host='127.0.0.1', port=port, user=user, password=password, ssl=context, ssl_disabled=not tls)
cursor = c.cursor()
cursor.execute('SELECT CURRENT_USER()')
print(cursor.fetchone()[0])
`;

/** An account that nobody has logged in to: the server's cache does not know its password. */
async function coldUser(server: Parameters<typeof createUser>[0]): Promise<string> {
  const user = `cold_${randomBytes(5).toString('hex')}`;
  await createUser(server, { user, password: PASSWORD });
  return user;
}

async function loginWithMysql2(
  target: { port: number } | { socketPath: string },
  user: string,
  tls: boolean,
  password = PASSWORD,
): Promise<string> {
  const connection = await mysql.createConnection({
    ...target,
    ...('port' in target ? { host: '127.0.0.1' } : {}),
    user,
    password,
    ...(tls ? { ssl: { rejectUnauthorized: false } } : {}),
  });
  const [rows] = await connection.query<RowDataPacket[]>('SELECT CURRENT_USER() AS user');
  await connection.end();
  return String(rows[0]?.['user']);
}

forEachServer((_name, getServer) => {
  // MariaDB 10.11 has no such plugin.
  describe.runIf(getServer().kind === 'mysql')('caching_sha2_password', () => {
    describe.each([
      { clientTls: false, backendTls: false },
      { clientTls: false, backendTls: true },
      { clientTls: true, backendTls: false },
      { clientTls: true, backendTls: true },
    ])('client TLS $clientTls, backend TLS $backendTls', ({ clientTls, backendTls }) => {
      let relay: AuthenticatingRelay;
      beforeAll(async () => {
        const server = getServer();
        relay = await startAuthenticatingRelay({
          backend: { port: server.port },
          backendTls: backendTls
            ? { mode: 'verify-identity', ca: server.tls?.ca }
            : { mode: 'disabled', ca: undefined },
        });
      });
      afterAll(async () => await relay.stop());

      it('logs mysql2 in with a cold cache, then with a warm one', async () => {
        const user = await coldUser(getServer());
        for (const _ of ['cold', 'warm']) {
          expect(await loginWithMysql2({ port: relay.port }, user, clientTls)).toBe(`${user}@%`);
        }
        expect(relay.established.at(-1)?.client.isTls).toBe(clientTls);
        expect(relay.established.at(-1)?.backend.isTls).toBe(backendTls);
        expect(relay.failures).toEqual([]);
      });

      it('refuses a wrong password with the error of the server itself, cold and warm', async () => {
        const user = await coldUser(getServer());
        const refusal = async (port: number): Promise<unknown> =>
          await loginWithMysql2({ port }, user, clientTls, 'wrong').catch((error: unknown) => error);
        const direct = await refusal(getServer().port);
        expect(await refusal(relay.port)).toMatchObject({ errno: 1045, message: (direct as Error).message });
        await loginWithMysql2({ port: relay.port }, user, clientTls);
        expect(await refusal(relay.port)).toMatchObject({ errno: 1045, message: (direct as Error).message });
      });

      it('logs PyMySQL in', async () => {
        const python = inject('python');
        if (python === null) throw new Error('PyMySQL is part of the test set-up: see test/requirements.txt');
        const user = await coldUser(getServer());
        const args = ['-c', PYMYSQL, String(relay.port), user, PASSWORD, clientTls ? 'tls' : 'none'];
        for (const _ of ['cold', 'warm']) {
          expect(await runClient([python], args)).toEqual({ stdout: `${user}@%\n`, stderr: '', status: 0 });
        }
      });

      it.each(['mysql', 'mariadb'] as const)('logs the %s command line in', async (kind) => {
        const program = sharedServers().find((server) => server.kind === kind)?.client;
        if (program === undefined) throw new Error(`no ${kind} command line`);
        const user = await coldUser(getServer());
        const tlsOptions = {
          mysql: [clientTls ? '--ssl-mode=REQUIRED' : '--ssl-mode=DISABLED', '--get-server-public-key'],
          mariadb: [clientTls ? '--ssl' : '--skip-ssl'],
        };
        const args = [
          ...['-h', '127.0.0.1', '-P', String(relay.port), '-u', user],
          ...tlsOptions[kind],
          ...['-N', '-e', 'SELECT CURRENT_USER()'],
        ];
        for (const _ of ['cold', 'warm']) {
          const result = await runClient(program, args, { MYSQL_PWD: PASSWORD });
          expect(result).toEqual({ stdout: `${user}@%\n`, stderr: '', status: 0 });
        }
      });
    });

    it('logs in through Unix sockets on either leg', async () => {
      const server = getServer();
      for (const backend of [{ port: server.port }, { socket: server.socket }]) {
        const relay = await startAuthenticatingRelay({ backend });
        for (const target of [{ port: relay.port }, { socketPath: relay.socket }]) {
          const user = await coldUser(server);
          expect(await loginWithMysql2(target, user, false)).toBe(`${user}@%`);
          expect(await loginWithMysql2(target, user, false)).toBe(`${user}@%`);
        }
        expect(relay.failures).toEqual([]);
        await relay.stop();
      }
    });

    it('encrypts with the pinned key and with no other that the server may send', async () => {
      const server = getServer();
      const pinned = await startAuthenticatingRelay({
        backend: { port: server.port, serverPublicKey: join(server.dataDir, 'public_key.pem') },
      });
      const user = await coldUser(server);
      expect(await loginWithMysql2({ port: pinned.port }, user, false)).toBe(`${user}@%`);
      await pinned.stop();

      const folder = tempFolder('pin');
      const wrongKey = join(folder, 'another.pem');
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      writeFileSync(wrongKey, publicKey.export({ type: 'spki', format: 'pem' }));
      const misled = await startAuthenticatingRelay({
        backend: { port: server.port, serverPublicKey: wrongKey },
      });
      const cold = await coldUser(server);
      await expect(loginWithMysql2({ port: misled.port }, cold, false)).rejects.toMatchObject({
        errno: 1045,
      });
      // The warm account needs no key: this is the fast path.
      expect(await loginWithMysql2({ port: misled.port }, user, false)).toBe(`${user}@%`);
      await misled.stop();
      rmSync(folder, { recursive: true });
    });

    it('logs an account without a password in', async () => {
      const admin = await adminConnection(getServer());
      await admin.query(
        "CREATE USER IF NOT EXISTS 'no_password'@'%' IDENTIFIED WITH caching_sha2_password BY ''",
      );
      const relay = await startAuthenticatingRelay({ backend: { port: getServer().port } });
      expect(await loginWithMysql2({ port: relay.port }, 'no_password', false, '')).toBe('no_password@%');
      await relay.stop();
      await admin.query("DROP USER 'no_password'@'%'");
      await admin.end();
    });
  });
});
