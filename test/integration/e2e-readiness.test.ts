import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';
import { startTcpForwarder, type TcpForwarder } from '../support/tcp-forwarder.js';

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let forwarder: TcpForwarder;

  beforeAll(async () => {
    forwarder = await startTcpForwarder(getServer().port);
    proxy = await startTestProxy(getServer(), {
      label: 'ready',
      keys: { 'tenant-001': 'a key' },
      backendPort: forwarder.port,
    });
  });
  afterAll(async () => {
    await proxy?.stop();
    await forwarder?.close();
  });

  it('is answered without a connection to the database', async () => {
    const client = await proxy.connect('tenant-001');
    const before = forwarder.accepted();
    expect(before).toBeGreaterThan(0);
    for (let i = 0; i < 30; i += 1) {
      expect((await proxy.get('/healthz')).status).toBe(200);
      expect((await proxy.get('/readyz')).status).toBe(200);
    }
    expect(forwarder.accepted()).toBe(before);
    await client.end();
  });

  it('says not ready while the database is gone, and ready when a client gets through again', async () => {
    const client = await proxy.connect('tenant-001');
    await forwarder.close();
    await expect(client.query('SELECT 1')).rejects.toThrow();
    const error: unknown = await proxy.connect('tenant-001').then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ message: expect.stringContaining('tenantcrypt[TC_BACKEND]') });
    const down = await proxy.get('/readyz');
    expect(down.status).toBe(503);
    expect(JSON.parse(down.body)).toMatchObject({
      ready: false,
      checks: [{ name: 'backend', problem: expect.any(String) }, { name: 'keys' }],
    });
    expect((await proxy.get('/healthz')).status).toBe(200);
    await forwarder.open(getServer().port);
    const again = await proxy.connect('tenant-001');
    expect(await rowsOf(again, 'SELECT email FROM users')).toEqual([]);
    expect((await proxy.get('/readyz')).status).toBe(200);
  });

  it('says not ready while no key can be had at all, not when one tenant lacks one', async () => {
    const stranger = await proxy.connect('tenant-009');
    await expect(stranger.query('SELECT email FROM users')).rejects.toThrow('TC_KEY_UNAVAILABLE');
    expect((await proxy.get('/readyz')).status).toBe(200);
    proxy.removeKeys();
    const other = await proxy.connect('tenant-008');
    await expect(other.query('SELECT email FROM users')).rejects.toThrow('TC_KEY_UNAVAILABLE');
    const out = await proxy.get('/readyz');
    expect(out.status).toBe(503);
    expect(JSON.parse(out.body)).toMatchObject({
      ready: false,
      checks: [{ name: 'backend' }, { name: 'keys', problem: expect.any(String) }],
    });
    proxy.setKeys({ 'tenant-007': 'another key' });
    const back = await proxy.connect('tenant-007');
    expect(await rowsOf(back, 'SELECT email FROM users')).toEqual([]);
    expect((await proxy.get('/readyz')).status).toBe(200);
    for (const client of [stranger, other, back]) await client.end();
  });

  it('asks the database with the control account, and reads the key file, without any client', async () => {
    const { rootUser, rootPassword, port } = getServer();
    const way = await startTcpForwarder(port);
    const silent = createServer(() => undefined);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const alone = await startTestProxy(getServer(), {
      label: 'alone',
      keys: { 'tenant-001': 'a key' },
      backendPort: way.port,
      config: { control: { user: rootUser, password: rootPassword } },
    });
    const status = async (): Promise<number> => (await alone.get('/readyz')).status;
    const becomes = (expected: number): Promise<void> =>
      eventually(async () => (await status()) === expected, 15_000);
    try {
      expect(await status()).toBe(200);
      const before = way.accepted();
      for (let i = 0; i < 30; i += 1) expect(await status()).toBe(200);
      expect(way.accepted()).toBe(before);
      await way.close();
      await becomes(503);
      expect((await alone.get('/readyz')).body).toMatch(/"backend","problem":"/);
      await way.open(port);
      await becomes(200);
      // A database that takes connections and says nothing.
      await way.close();
      await way.open((silent.address() as AddressInfo).port);
      await becomes(503);
      const started = performance.now();
      expect(await status()).toBe(503);
      expect(performance.now() - started).toBeLessThan(5_000);
      await way.close();
      await way.open(port);
      await becomes(200);
      alone.removeKeys();
      await becomes(503);
      expect((await alone.get('/readyz')).body).toMatch(/"keys","problem":"/);
      alone.setKeys({ 'tenant-001': 'a key' });
      await becomes(200);
    } finally {
      await alone.stop();
      await way.close();
      silent.close();
    }
  }, 60_000);
});
