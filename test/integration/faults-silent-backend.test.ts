import { connect as netConnect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import { startAuthenticatingRelay } from '../support/authenticating-relay.js';
import {
  type PacketForwarder,
  type PassingPacket,
  startPacketForwarder,
} from '../support/packet-forwarder.js';
import { protect, type TestProtection, USERS_SQL, usersTable } from '../support/protection.js';
import { forEachServer } from '../support/servers.js';
import { type SessionProxy, type SessionProxyOptions, startSessionProxy } from '../support/session-proxy.js';

const BOUND_MS = 5_000;
const COM_STMT_PREPARE = 0x16;

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + BOUND_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await delay(5);
  }
}

/** A database that neither answers nor closes: a host that vanished, a process that is stopped. */
forEachServer((_name, getServer) => {
  let admin: Connection;
  let database: TestDatabase;
  let forwarder: PacketForwarder;
  let protection: TestProtection;
  let proxy: SessionProxy | undefined;

  beforeAll(async () => {
    const server = getServer();
    database = await createDatabase(server, 'silent');
    admin = await adminConnection(server, { database: database.name });
    await admin.query(USERS_SQL);
    await admin.query('CREATE TABLE words (word INT)');
    forwarder = await startPacketForwarder(server.port);
  });
  afterEach(async () => {
    forwarder.inspect = () => 'pass';
    await proxy?.stop();
    protection.cache.close();
  });
  afterAll(async () => {
    await forwarder.close();
    await admin.end();
    await database.drop();
  });

  async function start(limits: SessionProxyOptions['limits']): Promise<SessionProxy> {
    protection = protect([usersTable(database.name)]);
    protection.provider.keys.set('tenant-001', { key: 'a-secret-for-tenant-1', version: '1' });
    proxy = await startSessionProxy(getServer(), {
      port: forwarder.port,
      protection,
      sources: [{ kind: 'fixed', tenant: 'tenant-001' }],
      ...(limits === undefined ? {} : { limits }),
    });
    return proxy;
  }

  async function connect({ port }: SessionProxy, options: mysql.ConnectionOptions = {}): Promise<Connection> {
    const { rootUser: user, rootPassword: password } = getServer();
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port,
      user,
      password,
      database: database.name,
      ...options,
    });
    connection.on('error', () => undefined);
    return connection;
  }

  const isKeyPrepared = ({ direction, payload }: PassingPacket): boolean =>
    direction === 'toServer' && payload[0] === COM_STMT_PREPARE && payload.includes('@__tc_key');

  it("while the proxy's own statements run: the login fails in bounded time", async () => {
    const own = await start({ authSeconds: 0.4 });
    forwarder.inspect = (packet) => (isKeyPrepared(packet) ? 'hold' : 'pass');
    await expect(connect(own)).rejects.toMatchObject({
      errno: 1105,
      message: expect.stringMatching(/TC_BACKEND.*not set up within limits\.authSeconds \(0\.4\)/),
    });
    await until(() => own.sessions.size === 0 && forwarder.open() === 0);
  });

  it('while one session reads the schema for all: the others do not wait for it for good', async () => {
    const own = await start({ authSeconds: 4 });
    let held = 0;
    forwarder.inspect = ({ direction, command }) => {
      if (direction !== 'toClient' || !command.includes('information_schema')) return 'pass';
      held += 1;
      return held === 1 ? 'hold' : 'pass';
    };
    let isFirstOver = false;
    const first = connect(own).then(
      () => 'logged in',
      () => {
        isFirstOver = true;
        return 'failed';
      },
    );
    await until(() => held === 1);
    const second = await connect(own);
    expect(isFirstOver).toBe(false);
    const [rows] = await second.query<RowDataPacket[]>('SELECT COUNT(email) AS n FROM users');
    expect(rows).toEqual([{ n: 0 }]);
    expect(await first).toBe('failed');
    second.destroy();
    await until(() => own.sessions.size === 0);
  });

  it.each(['end', 'destroy'] as const)(
    'and a client that leaves with commands under way: %s',
    async (how) => {
      const own = await start({ drainSeconds: 0.3 });
      const socket = netConnect({ host: '127.0.0.1', port: own.port });
      const connection = await connect(own, { stream: () => socket });
      let isHeld = false;
      forwarder.inspect = ({ direction, command }) => {
        if (direction !== 'toClient' || !command.includes('silent')) return 'pass';
        isHeld = true;
        return 'hold';
      };
      const command = (sql: string): Buffer => {
        const head = Buffer.alloc(5, 3);
        head.writeUInt32LE(sql.length + 1);
        return Buffer.concat([head, Buffer.from(sql)]);
      };
      // Without query attributes, which mysql2 negotiates where they are offered.
      socket.removeAllListeners('data');
      const prefix = getServer().kind === 'mysql' ? '\0\x01' : '';
      socket.write(
        Buffer.concat([
          command(`${prefix}SELECT 1 /* silent */`),
          command(`${prefix}INSERT INTO words VALUES (1)`),
        ]),
      );
      await until(() => isHeld);
      if (how === 'end') socket.end();
      else socket.destroy();
      await until(() => own.sessions.size === 0 && forwarder.open() === 0);
      connection.destroy();
    },
  );
});

it('a database whose name nobody knows: the client hears it', async () => {
  const relay = await startAuthenticatingRelay({
    backend: { host: 'database.invalid', port: 3306 },
    limits: { authSeconds: 5 },
  });
  const login = mysql.createConnection({ host: '127.0.0.1', port: relay.port, user: 'u', password: 'p' });
  await expect(login).rejects.toMatchObject({
    errno: 1105,
    message: expect.stringMatching(/TC_BACKEND\]: the database can't be reached \((ENOTFOUND|EAI_AGAIN)\)/),
  });
  await until(() => relay.limits.sessions === 0);
  await relay.stop();
});
