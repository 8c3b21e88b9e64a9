import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUser } from '../servers/accounts.js';
import { CLIENT_ISSUER, CLIENT_SUBJECT } from '../servers/certificates.js';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/*
 * The database checks the certificate of whoever connects to it, which is the proxy: backend.tls.cert satisfies it for
 * every client, and a client's own certificate for none.
 */

const REQUIREMENTS = [
  ['ssl', 'REQUIRE SSL'],
  ['x509', 'REQUIRE X509'],
  ['subject', `REQUIRE SUBJECT '${CLIENT_SUBJECT}'`],
  ['issuer', `REQUIRE ISSUER '${CLIENT_ISSUER}' AND SUBJECT '${CLIENT_SUBJECT}'`],
  ['other', "REQUIRE SUBJECT '/CN=somebody else'"],
] as const;

forEachServer((_name, getServer) => {
  const suffix = randomBytes(3).toString('hex');
  const accounts = new Map<string, string>();
  const proxies: TestProxy[] = [];

  beforeAll(async () => {
    for (const [label, require] of REQUIREMENTS) {
      const user = `x_${label}_${suffix}`;
      await createUser(getServer(), { user, password: 'pw', require });
      accounts.set(label, user);
    }
  });
  afterAll(async () => {
    for (const user of accounts.values()) await proxies[0]?.admin.query(`DROP USER '${user}'@'%'`);
    for (const proxy of proxies) await proxy.stop();
  });

  async function start(withCertificate: boolean): Promise<TestProxy> {
    const { port, tls } = getServer();
    const own = withCertificate ? { cert: tls?.clientCert, key: tls?.clientKey } : {};
    const backend = { host: '127.0.0.1', port, tls: { mode: 'verify-identity', ca: tls?.ca, ...own } };
    const control = { user: accounts.get('x509'), password: 'pw' };
    const config = withCertificate ? { backend, control } : { backend };
    const proxy = await startTestProxy(getServer(), { label: 'x509', config });
    proxies.push(proxy);
    return proxy;
  }

  async function login(proxy: TestProxy, label: string): Promise<unknown> {
    const client = await proxy.connect('tenant-001', { user: accounts.get(label) ?? '', password: 'pw' });
    await client.query(`INSERT INTO users (username, email) VALUES ('${label}', 'e@example.com')`);
    return (await rowsOf(client, `SELECT email FROM users WHERE username = '${label}'`))[0];
  }

  it("logs in to accounts whose requirement the proxy's certificate meets, and reads the schema with one", async () => {
    const proxy = await start(true);
    for (const label of ['ssl', 'x509', 'subject', 'issuer']) {
      expect(await login(proxy, label)).toEqual({ email: 'e@example.com' });
    }
    await expect(login(proxy, 'other')).rejects.toMatchObject({ errno: 1045, sqlState: '28000' });
  });

  it('does not log in to them without a certificate of its own', async () => {
    const proxy = await start(false);
    expect(await login(proxy, 'ssl')).toEqual({ email: 'e@example.com' });
    for (const label of ['x509', 'subject', 'issuer', 'other']) {
      await expect(login(proxy, label)).rejects.toMatchObject({ errno: 1045, sqlState: '28000' });
    }
  });
});
