import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { rowsOf, startTestProxy, type TestProxy, type TestProxyOptions } from '../support/proxy.js';
import { tcp4Header, tcp6Header, unixHeader, v2Header } from '../support/proxy-header.js';
import { RawClient } from '../support/raw-client.js';
import { forEachServer } from '../support/servers.js';
import { startTcpForwarder, type TcpForwarder } from '../support/tcp-forwarder.js';
import { int, nul, packet } from '../support/wire.js';

const V1 = Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 5000 3306\r\n');

/** A HandshakeResponse41 with PROTOCOL_41 and SECURE_CONNECTION. */
const LOGIN = Buffer.from(
  packet(1, [...int(4, 0x8201), ...int(4, 1 << 24), 45, ...int(23, 0), ...nul('nobody'), 0]),
);

/** Of an account that is not there, to a client that names no plugin: MariaDB's, MySQL's. */
const REFUSED_LOGIN = [1045, 1251];

forEachServer((_name, getServer) => {
  let proxy: TestProxy | undefined;
  let forwarder: TcpForwarder | undefined;
  const raw: RawClient[] = [];
  afterEach(async () => {
    for (const client of raw.splice(0)) client.socket.destroy();
    await proxy?.stop();
    await forwarder?.close();
    proxy = undefined;
    forwarder = undefined;
  });

  interface Started {
    readonly proxy: TestProxy;
    readonly forwarder: TcpForwarder;
  }

  async function start(proxyProtocol?: object, more: TestProxyOptions['config'] = {}): Promise<Started> {
    forwarder = await startTcpForwarder(getServer().port);
    const listen = { host: '127.0.0.1', port: 0, ...(proxyProtocol === undefined ? {} : { proxyProtocol }) };
    const options = { label: 'pp', backendPort: forwarder.port, config: { listen, ...more } };
    proxy = await startTestProxy(getServer(), options);
    return { proxy, forwarder };
  }

  /** A driver's connection behind a balancer that sends these chunks first. */
  async function behind(at: TestProxy, chunks: readonly Buffer[]): Promise<Connection> {
    const stream = (): Socket => {
      const socket = connect({ host: '127.0.0.1', port: at.port, noDelay: true });
      void sendSlowly(socket, chunks);
      return socket;
    };
    return await at.connect('tenant-001', { stream });
  }

  async function sendSlowly(socket: Socket, chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      socket.write(chunk);
      if (chunks.length > 1) await delay(1);
    }
  }

  function rawClient(at: TestProxy, bytes: Buffer): RawClient {
    const client = new RawClient(at.port);
    raw.push(client);
    client.socket.write(bytes);
    return client;
  }

  function logged(at: TestProxy): Record<string, unknown>[] {
    return at
      .log()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  it.each([
    ['v1', [V1], '192.0.2.7:5000'],
    ['v1 byte by byte', [...V1].map((byte) => Buffer.of(byte)), '192.0.2.7:5000'],
    ['v2', [tcp4Header('203.0.113.9', 61_000, [1, 0, 1, 7])], '203.0.113.9:61000'],
    [
      'v2 in two parts',
      [tcp6Header(7, 80).subarray(0, 20), tcp6Header(7, 80).subarray(20)],
      '[2001:db8::7]:80',
    ],
    ['v2 of a Unix socket', [unixHeader('/run/app.sock')], 'unix:/run/app.sock'],
  ])('logs the client that a trusted balancer names in %s', async (_what, chunks, name) => {
    const { proxy: at } = await start({ trusted: ['127.0.0.0/8'] });
    const client = await behind(at, chunks);
    expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await client.query("INSERT INTO users (username, email) VALUES ('u', 'u@example.com')");
    await client.query('SELECT email FROM users INTO OUTFILE "x"').catch(() => undefined);
    const lines = logged(at).filter((line) => line['client'] === name);
    expect(lines.map((line) => line['msg'])).toContain('connection phase');
    const refusal = lines.find(
      (line) => line['code'] === 'TC_PLAINTEXT_ESCAPE' || line['code'] === 'TC_UNSUPPORTED_SQL',
    );
    expect(refusal?.['proxy']).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it.each([
    ['UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n')],
    ['LOCAL', v2Header(0x20, 0, [])],
    ['UNSPEC', v2Header(0x21, 0, [9, 9])],
  ])("keeps the connection's own address with %s", async (_what, header) => {
    const { proxy: at } = await start({ trusted: ['127.0.0.1'] });
    const client = await behind(at, [header]);
    expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const clients = logged(at).flatMap((line) => (line['client'] === undefined ? [] : [line['client']]));
    expect(clients.length).toBeGreaterThan(0);
    for (const name of clients) expect(name).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('names the client of a login that the database refuses', async () => {
    const { proxy: at } = await start({ trusted: ['127.0.0.1'] });
    const stream = (): Socket => {
      const socket = connect({ host: '127.0.0.1', port: at.port });
      socket.write(V1);
      return socket;
    };
    await expect(at.connect(null, { stream, password: 'wrong' })).rejects.toMatchObject({ errno: 1045 });
    await eventually(() => logged(at).some((line) => line['msg'] === 'a login failed'));
    expect(logged(at).find((line) => line['msg'] === 'a login failed')?.['client']).toBe('192.0.2.7:5000');
  });

  it('loses nothing of what comes in one piece with the header', async () => {
    const { proxy: at } = await start({ trusted: ['127.0.0.1'] });
    // A client that does not wait for the greeting.
    const client = rawClient(at, Buffer.concat([V1, LOGIN]));
    expect(REFUSED_LOGIN).toContain((await client.parting()).errorCode);
    expect(client.received[4]).toBe(10);
  });

  it.each([
    ['no header', Buffer.from(packet(1, [1, 2, 3, 4])), 'sent no PROXY header, which tenantcrypt asks of it'],
    ['a header that is cut short', v2Header(0x21, 0x11, [1, 2, 3]), "sent a PROXY header that can't be read"],
    [
      'a header with a bad address',
      Buffer.from('PROXY TCP4 a b 1 2\r\n'),
      "sent a PROXY header that can't be read",
    ],
    ['a header without an end', Buffer.alloc(5000, 'PROXY '), "sent a PROXY header that can't be read"],
  ])('refuses %s before anything is asked of the database', async (_what, bytes, text) => {
    const { proxy: at, forwarder: backend } = await start({ trusted: ['127.0.0.1'] });
    const parting = await rawClient(at, bytes).parting();
    expect(parting).toMatchObject({ errorCode: 1043, sequenceId: 0, sqlState: null });
    expect(parting.text).toContain(text);
    await eventually(() => logged(at).some((line) => line['msg'] === 'a login failed'));
    expect(JSON.stringify(logged(at).find((line) => line['msg'] === 'a login failed'))).toContain(text);
    expect(backend.accepted()).toBe(0);
  });

  it('gives a header limits.authSeconds, then frees the place', async () => {
    const limits = { authSeconds: 2, sessions: 1 };
    const { proxy: at, forwarder: backend } = await start({ trusted: ['127.0.0.1'] }, { limits });
    const parting = await rawClient(at, V1.subarray(0, 20)).parting();
    expect(parting).toMatchObject({ errorCode: 1159 });
    expect(parting.text).toMatch(/^Got timeout reading communication packets: no whole PROXY header came/);
    expect(backend.accepted()).toBe(0);
    const client = await behind(at, [V1]);
    expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['LOCAL', v2Header(0x20, 0, [])],
    ['UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n')],
  ])(
    'opens no connection to the database for the health check of a balancer that sends %s',
    async (_, bytes) => {
      const { proxy: at, forwarder: backend } = await start({ trusted: ['127.0.0.1'] });
      rawClient(at, bytes).socket.end();
      await eventually(() => logged(at).some((line) => line['msg'] === 'a login failed'));
      expect(backend.accepted()).toBe(0);
    },
  );

  it.each([
    ['of no list', undefined],
    ['that is not on the list', { trusted: ['192.0.2.0/24', '2001:db8::/32'], header: 'optional' }],
  ])('refuses a header from an address %s', async (_what, proxyProtocol) => {
    const { proxy: at } = await start(proxyProtocol);
    for (const header of [V1, tcp4Header('192.0.2.7', 1), Buffer.from('PROXY nonsense\r\n')]) {
      const parting = await rawClient(at, header).parting();
      expect(parting).toMatchObject({ errorCode: 1130, sqlState: 'HY000' });
      expect(parting.text).toMatch(/^Proxy header is not accepted from 127\.0\.0\.1;/);
    }
    const client = await at.connect('tenant-001');
    expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('takes connections with and without a header where it is optional, also one that comes late', async () => {
    const { proxy: at } = await start({ trusted: ['127.0.0.1'], header: 'optional' });
    const plain = await at.connect('tenant-001');
    expect(await rowsOf(plain, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const early = await behind(at, [V1]);
    expect(await rowsOf(early, 'SELECT 2 AS two')).toEqual([{ two: 2 }]);
    const late = rawClient(at, Buffer.alloc(0));
    await late.greeted();
    late.socket.write(tcp4Header('203.0.113.5', 77));
    await delay(20);
    late.socket.write(LOGIN);
    expect(REFUSED_LOGIN).toContain((await late.parting()).errorCode);
    const clients = new Set(logged(at).map((line) => line['client']));
    expect(clients).toContain('192.0.2.7:5000');
    expect(clients).toContain('203.0.113.5:77');
  });
});
