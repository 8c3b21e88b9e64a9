import { randomBytes } from 'node:crypto';
import type { Connection, ConnectionOptions, RowDataPacket } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ProxyError } from '../../src/errors.js';
import { LoginRefusedError } from '../../src/session/connection-phase/login-error.js';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { type AuthenticatingRelay, startAuthenticatingRelay } from '../support/authenticating-relay.js';
import { runClient } from '../support/run-client.js';
import { forEachServer } from '../support/servers.js';

const PASSWORD = 'app password';

/** As a tenant suffix: what follows the last % stays with the proxy. */
const suffixLogin = {
  onConnect: ({ user }: { user: string }) => {
    if (user.endsWith('%refused')) {
      throw new ProxyError('TC_BAD_TENANT', 'no such tenant; connect with another');
    }
    return { userForBackend: user.split('%')[0] ?? user };
  },
};

forEachServer((_name, getServer) => {
  let relay: AuthenticatingRelay;
  let database: TestDatabase;
  let admin: Connection;
  const user = `app_${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    const server = getServer();
    admin = await adminConnection(server);
    database = await createDatabase(server, 'auth');
    await createUser(server, { user, password: PASSWORD, grants: ['SELECT ON performance_schema.*'] });
    relay = await startAuthenticatingRelay({ backend: { port: server.port }, login: suffixLogin });
  });
  afterAll(async () => {
    await relay.stop();
    await admin.query(`DROP USER ${mysql.escape(user)}@'%'`);
    await admin.end();
    await database.drop();
  });

  async function connect(options: ConnectionOptions = {}): Promise<Connection> {
    const target = options.socketPath === undefined ? { host: '127.0.0.1', port: relay.port } : {};
    return await mysql.createConnection({ ...target, user, password: PASSWORD, ...options });
  }

  it.each([
    ['TCP', {}],
    ['TLS', { ssl: { rejectUnauthorized: false } }],
    ['a Unix socket', 'unix'],
    ['TLS 1.2', { ssl: { rejectUnauthorized: false, maxVersion: 'TLSv1.2' } }],
  ] as const)('logs in over %s', async (_over, options) => {
    const connection = await connect(options === 'unix' ? { socketPath: relay.socket } : options);
    const [rows] = await connection.query<RowDataPacket[]>('SELECT CURRENT_USER() AS user, DATABASE() AS db');
    expect(rows[0]).toMatchObject({ user: `${user}@%`, db: null });
    await connection.end();
  });

  it('selects the database of the login', async () => {
    const connection = await connect({ database: database.name });
    const [rows] = await connection.query<RowDataPacket[]>('SELECT DATABASE() AS db');
    expect(rows[0]?.['db']).toBe(database.name);
    await connection.end();
  });

  it('passes the errors of the server on as they are', async () => {
    const server = getServer();
    for (const options of [{ password: 'wrong' }, { user: 'nobody' }, { database: 'no_such_schema' }]) {
      const direct = await connect({ port: server.port, ...options }).catch((error: unknown) => error);
      const relayed = await connect(options).catch((error: unknown) => error);
      const { errno, sqlState, message } = direct as { errno: number; sqlState: string; message: string };
      expect(errno).toBeGreaterThan(1000);
      expect(relayed).toMatchObject({ errno, sqlState, message });
      expect(relay.failures.at(-1)).toBeInstanceOf(LoginRefusedError);
    }
  });

  it('gives the server the name without the suffix', async () => {
    const connection = await connect({ user: `${user}%tenant-001` });
    const [rows] = await connection.query<RowDataPacket[]>('SELECT USER() AS user');
    expect(rows[0]?.['user']).toBe(`${user}@127.0.0.1`);
    expect(relay.established.at(-1)?.response.username.toString()).toBe(user);
    await connection.end();
  });

  it('refuses a login that the tenant rules refuse, with their own error', async () => {
    await expect(connect({ user: `${user}%refused` })).rejects.toMatchObject({
      errno: 1231,
      sqlState: '42000',
      message: 'tenantcrypt[TC_BAD_TENANT]: no such tenant; connect with another',
    });
  });

  it('hands connection attributes on', async () => {
    const connection = await connect({ connectAttributes: { tenant_id: 'tenant-001', näme: 'Zoë' } });
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_connect_attrs WHERE PROCESSLIST_ID = CONNECTION_ID()',
    );
    const attributes = new Map(rows.map((row) => [row['ATTR_NAME'], row['ATTR_VALUE']]));
    expect(attributes.get('tenant_id')).toBe('tenant-001');
    expect(attributes.get('_client_name')).toBeDefined();
    expect(relay.established.at(-1)?.response.connectAttributes?.get('näme')).toBe('Zoë');
    await connection.end();
  });

  it('negotiates nothing that it does not implement, and session tracking with the server always', async () => {
    const connection = await connect({ flags: ['COMPRESS', 'LOCAL_FILES', '-SESSION_TRACK'] });
    const established = relay.established.at(-1);
    const [COMPRESS, LOCAL_FILES, SESSION_TRACK] = [0x20, 0x80, 0x80_0000];
    expect((established?.capabilities ?? -1) & (COMPRESS | LOCAL_FILES | SESSION_TRACK)).toBe(0);
    expect((established?.backendCapabilities ?? -1) & (COMPRESS | LOCAL_FILES | SESSION_TRACK)).toBe(
      SESSION_TRACK,
    );
    await connection.query('SELECT 1');
    await connection.end();
  });

  it('names the server as it names itself', async () => {
    const connection = await connect();
    const { kind, version } = getServer();
    const [major, minor, patch] = version.split('.').map((part) => Number.parseInt(part, 10));
    expect(relay.established.at(-1)?.server).toEqual({
      kind,
      version: (major ?? 0) * 10_000 + (minor ?? 0) * 100 + (patch ?? 0),
    });
    await connection.end();
  });

  it('holds no authentication data after the login', async () => {
    const connection = await connect();
    expect(relay.established.at(-1)?.response.authResponse).toHaveLength(0);
    await connection.end();
  });

  it('logs the command line and PyMySQL in', async () => {
    const python = inject('python');
    if (python === null) throw new Error('PyMySQL is part of the test set-up: see test/requirements.txt');
    const viaClient = await runClient(
      getServer().client,
      ['-h', '127.0.0.1', '-P', String(relay.port), '-u', user, '-N', '-e', 'SELECT CURRENT_USER()'],
      { MYSQL_PWD: PASSWORD },
    );
    expect(viaClient).toEqual({ stdout: `${user}@%\n`, stderr: '', status: 0 });
    const script = `
import sys, pymysql
c = pymysql.connect(host='127.0.0.1', port=int(sys.argv[1]), user=sys.argv[2], password=sys.argv[3])
cursor = c.cursor(); cursor.execute('SELECT CURRENT_USER()'); print(cursor.fetchone()[0])`;
    const viaPython = await runClient([python], ['-c', script, String(relay.port), user, PASSWORD]);
    expect(viaPython).toEqual({ stdout: `${user}@%\n`, stderr: '', status: 0 });
  });

  // Accounts with ed25519 are MariaDB's only.
  describe.runIf(getServer().kind === 'mariadb')('ed25519', () => {
    it('passes through for a client that has the plugin', async () => {
      const edUser = `ed_${randomBytes(4).toString('hex')}`;
      await createUser(getServer(), { user: edUser, password: PASSWORD, plugin: 'ed25519' });
      const args = [
        '-h',
        '127.0.0.1',
        '-P',
        String(relay.port),
        '-u',
        edUser,
        '-N',
        '-e',
        'SELECT CURRENT_USER()',
      ];
      for (const tls of ['--skip-ssl', '--ssl']) {
        const right = await runClient(getServer().client, [...args, tls], { MYSQL_PWD: PASSWORD });
        expect(right).toEqual({ stdout: `${edUser}@%\n`, stderr: '', status: 0 });
      }
      const wrong = await runClient(getServer().client, args, { MYSQL_PWD: 'wrong' });
      expect(wrong.stderr).toContain('ERROR 1045 (28000): Access denied');
      await admin.query(`DROP USER ${mysql.escape(edUser)}@'%'`);
    });
  });
});
