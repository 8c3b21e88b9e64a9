import { createServer, type Server, type Socket } from 'node:net';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProxyError } from '../../src/errors.js';
import { LoginError } from '../../src/session/connection-phase/login-error.js';
import { LegClosedError } from '../../src/session/leg.js';
import { adminConnection } from '../servers/accounts.js';
import { freePort } from '../servers/free-port.js';
import {
  type AuthenticatingRelay,
  type RelayOptions,
  startAuthenticatingRelay,
} from '../support/authenticating-relay.js';
import { eventually } from '../support/eventually.js';
import { RawClient } from '../support/raw-client.js';
import { forEachServer } from '../support/servers.js';

let relay: AuthenticatingRelay | undefined;
async function start(options: RelayOptions): Promise<AuthenticatingRelay> {
  relay = await startAuthenticatingRelay(options);
  return relay;
}
afterEach(async () => {
  await relay?.stop();
  relay = undefined;
});

forEachServer((_name, getServer) => {
  let admin: Connection;
  beforeAll(async () => {
    admin = await adminConnection(getServer());
  });
  afterAll(async () => await admin.end());

  /** Connections that have not logged in, as the server sees them. */
  async function unauthenticated(): Promise<number> {
    const [rows] = await admin.query<RowDataPacket[]>('SHOW PROCESSLIST');
    return rows.filter((row) => row['User'] === 'unauthenticated user').length;
  }

  it('frees the connection to the database when the client leaves after the greeting', async () => {
    const { port, failures, limits } = await start({ backend: { port: getServer().port } });
    const client = new RawClient(port);
    await client.greeted();
    await eventually(async () => (await unauthenticated()) > 0);
    expect(limits).toMatchObject({ sessions: 1, unauthenticated: 1 });
    client.socket.destroy();
    await eventually(() => failures.length === 1);
    expect(failures[0]).toBeInstanceOf(LegClosedError);
    expect(limits).toMatchObject({ sessions: 0, unauthenticated: 0 });
    await eventually(async () => (await unauthenticated()) === 0);
  });

  it('frees both connections when a login takes too long', async () => {
    const { port, failures } = await start({
      backend: { port: getServer().port },
      limits: { authSeconds: 0.3 },
    });
    const client = new RawClient(port);
    const { errorCode, sequenceId, sqlState, text } = await client.parting();
    expect({ errorCode, sequenceId, sqlState }).toEqual({
      errorCode: 1159,
      sequenceId: 1,
      sqlState: '08S01',
    });
    expect(text).toMatch(
      /^Got timeout reading communication packets: the client did not log in within limits\.authS/,
    );
    expect(failures).toHaveLength(1);
    await eventually(async () => (await unauthenticated()) === 0);
  });

  it.each([
    ['a packet that is no HandshakeResponse41', Buffer.from('0a000001ffffffffffffffffffff', 'hex')],
    ['a sequence id out of order', Buffer.from('0a000007ffffffffffffffffffff', 'hex')],
    ['a packet that is longer than a login can be', Buffer.from('ffffff01', 'hex')],
    ['an empty packet', Buffer.from('00000001', 'hex')],
    [
      'a cut HandshakeResponse41',
      Buffer.concat([Buffer.from('2200000105a23b00', 'hex'), Buffer.alloc(30, 1)]),
    ],
  ])('answers %s with ERR and goes on serving others', async (_what, bytes) => {
    const { port, failures, limits } = await start({ backend: { port: getServer().port } });
    const client = new RawClient(port);
    await client.greeted();
    client.socket.write(bytes);
    expect(await client.parting()).toMatchObject({ errorCode: 1043, sqlState: 'HY000' });
    expect(failures[0]).toBeInstanceOf(LoginError);
    await eventually(() => limits.sessions === 0);
    const { rootUser, rootPassword } = getServer();
    const next = await mysql.createConnection({
      host: '127.0.0.1',
      port,
      user: rootUser,
      password: rootPassword,
    });
    await next.query('SELECT 1');
    await next.end();
  });

  it('answers garbage in place of TLS by closing', async () => {
    const { port, failures, limits } = await start({ backend: { port: getServer().port } });
    const client = new RawClient(port);
    await client.greeted();
    const sslRequest = Buffer.concat([
      Buffer.from('20000001', 'hex'),
      Buffer.from('05ae3b00', 'hex'),
      Buffer.alloc(28),
      Buffer.from('no ClientHello at all, but long enough to be looked at'),
    ]);
    client.socket.write(sslRequest);
    await eventually(() => client.isClosed);
    await eventually(() => failures.length === 1);
    expect(failures[0]?.message).toMatch(/TLS with the client failed/);
    await eventually(() => limits.sessions === 0);
  });

  it('answers 1040 beyond limits.sessions and limits.unauthenticated, and takes clients again later', async () => {
    for (const limits of [{ sessions: 1 }, { unauthenticated: 1 }]) {
      const { port, stop } = await start({ backend: { port: getServer().port }, limits });
      const first = new RawClient(port);
      await first.greeted();
      const second = new RawClient(port);
      expect(await second.parting()).toMatchObject({ errorCode: 1040, sequenceId: 0, sqlState: null });
      first.socket.destroy();
      await eventually(() => relay?.limits.sessions === 0);
      const third = new RawClient(port);
      await third.greeted();
      third.socket.destroy();
      await stop();
    }
  });

  it('takes logins without TLS on its Unix socket only, where TLS is required', async () => {
    const { port, socket } = await start({ backend: { port: getServer().port }, clientTls: 'required' });
    const { rootUser: user, rootPassword: password } = getServer();
    await expect(mysql.createConnection({ host: '127.0.0.1', port, user, password })).rejects.toMatchObject({
      errno: 3159,
    });
    const ssl = { rejectUnauthorized: false };
    for (const options of [{ host: '127.0.0.1', port, ssl }, { socketPath: socket }]) {
      const connection = await mysql.createConnection({ ...options, user, password });
      await connection.query('SELECT 1');
      await connection.end();
    }
  });

  it('offers no TLS with listen.tls.mode disabled', async () => {
    const { port } = await start({ backend: { port: getServer().port }, clientTls: 'disabled' });
    const { rootUser: user, rootPassword: password } = getServer();
    const connection = await mysql.createConnection({ host: '127.0.0.1', port, user, password });
    await connection.query('SELECT 1');
    await connection.end();
    const ssl = { rejectUnauthorized: false };
    await expect(mysql.createConnection({ host: '127.0.0.1', port, user, password, ssl })).rejects.toThrow(
      /secure connection/,
    );
  });
});

async function listen(server: Server): Promise<number> {
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}

describe('a database that takes no login', () => {
  it('relays the ERR that a server sends in place of a greeting', async () => {
    const full = createServer((socket) => {
      socket.end(Buffer.concat([Buffer.from('17000000ff1004', 'hex'), Buffer.from('Too many connections')]));
    });
    const backendPort = await listen(full);
    const { port } = await start({ backend: { port: backendPort } });
    expect(await new RawClient(port).parting()).toEqual({
      errorCode: 1040,
      sequenceId: 0,
      sqlState: null,
      text: 'Too many connections',
    });
    full.close();
  });

  it('is named as unreachable', async () => {
    const { port, failures } = await start({ backend: { port: await freePort() } });
    const { errorCode, text, sequenceId } = await new RawClient(port).parting();
    expect({ errorCode, sequenceId }).toEqual({ errorCode: 1105, sequenceId: 0 });
    expect(text).toBe(
      "tenantcrypt[TC_BACKEND]: the database can't be reached (ECONNREFUSED); check backend.host and backend.port " +
        'and that the server runs',
    );
    expect(failures[0]).toBeInstanceOf(ProxyError);
  });

  it.each([
    ['is silent', undefined, /did not answer within limits\.authSeconds/],
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', /no packet of the MySQL protocol/],
    ['leaves', null, /closed the connection/],
  ])('that %s is told apart', async (_what, answer, expected) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      if (answer === null) socket.destroy();
      else if (answer !== undefined) socket.write(answer);
    });
    const backendPort = await listen(server);
    const { port } = await start({ backend: { port: backendPort }, limits: { authSeconds: 0.3 } });
    const { errorCode, text } = await new RawClient(port).parting();
    expect(errorCode).toBe(1105);
    expect(text).toMatch(expected);
    await eventually(() => sockets.size === 0);
    server.close();
  });
});
