import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { type ClientError, errorOf, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { RawClient } from '../support/raw-client.js';
import { forEachServer } from '../support/servers.js';

/** Error number, SQLSTATE and the text up to ours are those of MySQL 9.7. */
const TOO_MANY_CONNECTIONS = { errno: 1040, message: expect.stringMatching(/^Too many connections/) };
const TOO_LARGE: ClientError = {
  errno: 1153,
  sqlState: '08S01',
  message: expect.stringMatching(
    /^Got a packet bigger than 'max_allowed_packet' bytes.*limits\.statementBytes/,
  ),
};
const TOO_MANY_STATEMENTS = (limit: number): ClientError => ({
  errno: 1461,
  sqlState: '42000',
  message: expect.stringMatching(
    new RegExp(`^Can't create more than max_prepared_stmt_count statements \\(current value: ${limit}\\)`),
  ),
});

forEachServer((_name, getServer) => {
  let proxy: TestProxy | undefined;
  const raw: RawClient[] = [];
  afterEach(async () => {
    for (const client of raw.splice(0)) client.socket.destroy();
    await proxy?.stop();
    proxy = undefined;
  });

  async function start(
    limits: Readonly<Record<string, unknown>>,
    protect?: () => Record<string, unknown>,
  ): Promise<TestProxy> {
    const options = { label: 'limits', config: { limits } };
    proxy = await startTestProxy(getServer(), protect === undefined ? options : { ...options, protect });
    return proxy;
  }

  function rawClient(at: TestProxy): RawClient {
    const client = new RawClient(at.port);
    raw.push(client);
    return client;
  }

  async function works(client: Connection): Promise<void> {
    expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }

  it('limits.sessions: refuses one more as a full server does, and takes it when a place is free', async () => {
    const at = await start({ sessions: 2 });
    const first = await at.connect('tenant-001');
    const second = await at.connect('tenant-001');
    await expect(at.connect('tenant-001')).rejects.toMatchObject(TOO_MANY_CONNECTIONS);
    await works(first);
    await works(second);
    await first.end();
    await eventually(async () => (await at.connect('tenant-001').then(works, () => null)) !== null);
    expect(at.log()).toContain('Too many connections to tenantcrypt; see limits.sessions');
  });

  it('limits.unauthenticated: counts those that have not logged in alone', async () => {
    const at = await start({ unauthenticated: 1 });
    await works(await at.connect('tenant-001'));
    const silent = rawClient(at);
    await silent.greeted();
    await expect(at.connect('tenant-001')).rejects.toMatchObject(TOO_MANY_CONNECTIONS);
    silent.socket.destroy();
    await eventually(async () => (await at.connect('tenant-001').then(works, () => null)) !== null);
  });

  it('limits.authSeconds: ends a login with the error of connect_timeout, and frees its place', async () => {
    const at = await start({ authSeconds: 2, sessions: 1 });
    const before = performance.now();
    expect(await rawClient(at).parting()).toMatchObject({
      errorCode: 1159,
      sqlState: '08S01',
      text: expect.stringMatching(
        /^Got timeout reading communication packets: .*limits\.authSeconds.*\(2\)$/,
      ),
    });
    expect(performance.now() - before).toBeGreaterThan(1_500);
    const client = await at.connect('tenant-001');
    await delay(2_200);
    await works(client);
  });

  describe.each([
    ['with protected tables', undefined],
    ['without', () => ({})],
  ])('%s', (_what, protect) => {
    it('limits.statementBytes: refuses a longer command and closes, as with max_allowed_packet', async () => {
      const at = await start({ statementBytes: 2048, sessions: 1 }, protect);
      const client = await at.connect('tenant-001');
      const longest = `SELECT '${'x'.repeat(2048 - 10)}' AS s`.slice(0, 2000);
      expect((await errorOf(client.query(longest))).errno).toBe(1064);
      expect(await rowsOf(client, `SELECT LENGTH('${'x'.repeat(2000)}') AS n`)).toEqual([{ n: 2000 }]);
      expect(await errorOf(client.query(`SELECT '${'x'.repeat(2048)}'`))).toEqual(TOO_LARGE);
      await expect(client.query('SELECT 1')).rejects.toThrow();
      await eventually(async () => (await at.connect('tenant-001').then(works, () => null)) !== null);
    });

    it('limits.preparedStatements: counts open ones, and goes on', async () => {
      const at = await start({ preparedStatements: 2 }, protect);
      const client = await at.connect('tenant-001');
      const first = await client.prepare('SELECT id, username FROM users WHERE username = ?');
      const second = await client.prepare('SELECT 2 AS two');
      await expect(client.prepare('SELECT nothing FROM nowhere')).rejects.toThrow();
      expect(await errorOf(client.prepare('SELECT 3 AS three'))).toEqual(TOO_MANY_STATEMENTS(2));
      await works(client);
      expect((await second.execute([]))[0]).toEqual([{ two: 2 }]);
      // A statement that could not be prepared, and one that is closed, take no place.
      await first.close();
      await expect(client.prepare('SELECT nothing FROM nowhere')).rejects.toThrow();
      const third = await client.prepare('SELECT 3 AS three');
      expect((await third.execute([]))[0]).toEqual([{ three: 3 }]);
      expect(await errorOf(client.prepare('SELECT 4 AS four'))).toEqual(TOO_MANY_STATEMENTS(2));
      // Another session has its own.
      const other = await at.connect('tenant-001');
      expect((await (await other.prepare('SELECT 5 AS five')).execute([]))[0]).toEqual([{ five: 5 }]);
      // The server forgets them all.
      await client.changeUser({
        user: at.user,
        password: at.password,
        database: at.database,
        connectAttributes: { tenant_id: 'tenant-001' },
      });
      const fourth = await client.prepare('SELECT 4 AS four');
      expect((await fourth.execute([]))[0]).toEqual([{ four: 4 }]);
    });
  });

  it('limits.idleSeconds: says what MySQL says, and frees the place', async () => {
    const at = await start({ idleSeconds: 1, sessions: 1 });
    const client = await at.connect('tenant-001');
    const ending = new Promise<Error>((resolve) => client.on('error', resolve));
    await client.query<RowDataPacket[]>('SELECT SLEEP(1.5)');
    expect((await ending).message).toMatch(/^The client was disconnected by .* because of inactivity/);
    await eventually(async () => (await at.connect('tenant-001').then(works, () => null)) !== null);
  });
});
