import { readFileSync, rmSync } from 'node:fs';
import { type ConnectionOptions as TlsOptions, connect as tlsConnect } from 'node:tls';
import type { Connection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ClientCertificateMode } from '../../src/config/config.js';
import { makeCertificates, type TestCertificates, writeCertificates } from '../servers/certificates.js';
import { tempFolder } from '../servers/temp-folder.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { RawClient } from '../support/raw-client.js';
import { type ClientRun, runClient } from '../support/run-client.js';
import { forEachServer } from '../support/servers.js';
import { int, nul, packet } from '../support/wire.js';

type Identity = 'valid' | 'stranger' | 'expired' | 'server' | 'none';

const NO_CERTIFICATE = /^Access denied: tenantcrypt takes clients with a certificate only/;

forEachServer((name, getServer) => {
  let folder: string;
  let files: TestCertificates;
  const identities = new Map<Identity, { cert: string; key: string }>();
  let proxy: TestProxy | undefined;

  beforeAll(async () => {
    folder = tempFolder('mtls');
    const own = await makeCertificates();
    const [stranger, expired] = await Promise.all([makeCertificates(), makeCertificates({ validDays: -1 })]);
    // The authority of the expired certificate is trusted as well: nothing else is wrong with it.
    files = writeCertificates(folder, { ...own, ca: `${own.ca}\n${expired.ca}` });
    identities.set('valid', { cert: own.clientCert, key: own.clientKey });
    identities.set('stranger', { cert: stranger.clientCert, key: stranger.clientKey });
    identities.set('expired', { cert: expired.clientCert, key: expired.clientKey });
    // Of the right authority and not made for clients.
    identities.set('server', { cert: own.cert, key: own.key });
  }, 60_000);
  afterEach(async () => {
    await proxy?.stop();
    proxy = undefined;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function start(clientCertificate: ClientCertificateMode, socket?: string): Promise<TestProxy> {
    const { cert, key, ca } = files;
    const tls = { cert, key, clientCertificate, ...(clientCertificate === 'none' ? {} : { ca }) };
    const listen = { host: '127.0.0.1', port: 0, tls, ...(socket === undefined ? {} : { socket }) };
    proxy = await startTestProxy(getServer(), { label: 'mtls', config: { listen } });
    return proxy;
  }

  async function connect(at: TestProxy, identity: Identity): Promise<Connection> {
    const own = identities.get(identity);
    return await at.connect('tenant-001', { ssl: { ca: readFileSync(files.ca, 'utf8'), ...own } });
  }

  async function loggedReason(at: TestProxy): Promise<string> {
    await eventually(() => at.log().includes('a login failed'));
    const line = at
      .log()
      .split('\n')
      .find((text) => text.includes('a login failed'));
    return String(JSON.parse(line ?? '{}')['reason']);
  }

  it.each(['optional', 'required'] as const)('%s: takes a client with a valid certificate', async (mode) => {
    const client = await connect(await start(mode), 'valid');
    await client.query("INSERT INTO users (username, email) VALUES ('u', 'u@example.com')");
    expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([{ email: 'u@example.com' }]);
  });

  it.each([
    [
      'optional',
      'stranger',
      /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|CERT_SIGNATURE_FAILURE/,
    ],
    [
      'required',
      'stranger',
      /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|CERT_SIGNATURE_FAILURE/,
    ],
    ['optional', 'expired', /CERT_HAS_EXPIRED/],
    ['required', 'expired', /CERT_HAS_EXPIRED/],
    ['required', 'server', /INVALID_PURPOSE/],
    [
      'required',
      'none',
      /takes clients with a certificate only \(listen\.tls\.clientCertificate is required\)/,
    ],
  ] as const)('%s: refuses a client with the certificate "%s"', async (mode, identity, reason) => {
    const at = await start(mode);
    await expect(connect(at, identity)).rejects.toMatchObject({
      errno: 1045,
      sqlState: '28000',
      message: expect.stringMatching(/^Access denied: /),
    });
    expect(await loggedReason(at)).toMatch(reason);
    const client = await connect(at, 'valid');
    expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('required: refuses a client without TLS', async () => {
    const at = await start('required');
    await expect(at.connect('tenant-001')).rejects.toMatchObject({
      errno: 1045,
      sqlState: '28000',
      message: expect.stringMatching(NO_CERTIFICATE),
    });
    expect(await loggedReason(at)).toMatch(NO_CERTIFICATE);
  });

  it('required: asks it of the Unix socket too', async () => {
    const socket = `${folder}/${name}.sock`;
    const at = await start('required', socket);
    await expect(at.connect('tenant-001', { socketPath: socket })).rejects.toMatchObject({ errno: 1045 });
    const ssl = { ca: readFileSync(files.ca, 'utf8'), ...identities.get('valid') };
    const client = await at.connect('tenant-001', { socketPath: socket, ssl });
    expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('optional: takes clients without a certificate and without TLS', async () => {
    const at = await start('optional');
    for (const client of [await connect(at, 'none'), await at.connect('tenant-001')]) {
      expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }
  });

  it('none: does not look at a certificate', async () => {
    const client = await connect(await start('none'), 'stranger');
    expect(await rowsOf(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  async function commandLine(at: TestProxy, own: readonly string[]): Promise<ClientRun> {
    const account = ['-h', at.host, '-P', String(at.port), '-u', at.user, at.database];
    const args = [...account, `--ssl-ca=${files.ca}`, ...own, '-N', '-B', '-e', 'SELECT 41 + 1'];
    return await runClient(getServer().client, args, { MYSQL_PWD: at.password });
  }

  it('required: tells the command line client what is missing', async () => {
    const at = await start('required');
    const own = [`--ssl-cert=${files.clientCert}`, `--ssl-key=${files.clientKey}`];
    expect(await commandLine(at, own)).toMatchObject({ stdout: '42\n', status: 0 });
    const refused = await commandLine(at, []);
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toMatch(
      /ERROR 1045 \(28000\): Access denied: tenantcrypt takes clients with a cert/,
    );
  });

  /** A TLS client after an SSLRequest. @returns whether its session was resumed, and the session */
  async function handshake(at: TestProxy, session?: Buffer): Promise<{ isReused: boolean; session: Buffer }> {
    const raw = new RawClient(at.port);
    await raw.greeted();
    raw.socket.removeAllListeners('data');
    raw.socket.write(Buffer.from(packet(1, [...int(4, 0x0008_8a00), ...int(4, 1 << 24), 45, ...int(23, 0)])));
    const options: TlsOptions = {
      socket: raw.socket,
      ca: readFileSync(files.ca, 'utf8'),
      servername: 'localhost',
      ...identities.get('valid'),
      ...(session === undefined ? {} : { session }),
    };
    const socket = tlsConnect(options);
    let made = session ?? Buffer.alloc(0);
    // A resumed session may come without a new one.
    socket.on('session', (fresh: Buffer) => {
      made = fresh;
    });
    try {
      const answer = new Promise<Buffer>((resolve, reject) => {
        socket.once('data', resolve);
        socket.once('error', reject);
      });
      const account = [...int(4, 0x0008_8a00), ...int(4, 1 << 24), 45, ...int(23, 0), ...nul('nobody'), 0];
      socket.write(Buffer.from(packet(2, [...account, ...nul('mysql_native_password')])));
      // Whatever the server says of nobody: the login went as far as that.
      expect((await answer).length).toBeGreaterThan(4);
      return { isReused: socket.isSessionReused(), session: made };
    } finally {
      socket.destroy();
    }
  }

  it('required: a resumed TLS session counts for as much as the one before', async () => {
    const at = await start('required');
    const first = await handshake(at);
    expect(first.isReused).toBe(false);
    expect((await handshake(at, first.session)).isReused).toBe(true);
    expect(at.log()).not.toContain('takes clients with a certificate only');
  });
});
