import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProxy } from '../../src/cli/wiring/start-proxy.js';
import { loadConfig } from '../../src/config/load-config.js';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { freePort } from '../servers/free-port.js';
import { forEachServer } from '../support/servers.js';

const log = pino({ level: 'silent' });

forEachServer((name, getServer) => {
  const user = `start_${name.replace(/\W/g, '_')}`;
  let folder: string;
  let admin: Connection;
  let database: TestDatabase;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tc-start-'));
    writeFileSync(join(folder, 'keys.yaml'), 't1: key one\nt2: key two\n', { mode: 0o600 });
    admin = await adminConnection(getServer());
    database = await createDatabase(getServer(), 'start');
    await createUser(getServer(), { user, password: 'pw' });
    await admin.query(`CREATE TABLE ${database.name}.users (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
      tenant_id varchar(64) NOT NULL, encrypted_email varbinary(1040), KEY (tenant_id))`);
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function config(backendPort: number, control: string) {
    const { tls } = getServer();
    const file = join(folder, 'c.yaml');
    writeFileSync(
      file,
      `listen: { host: 127.0.0.1, port: 0, socket: proxy.sock }
backend: { host: 127.0.0.1, port: ${backendPort}, tls: { ca: ${tls?.ca} } }
${control}
metrics: { port: 0 }
limits: { drainSeconds: 2 }
tenant: { sources: [ { userVariable: tenant_id } ] }
keys: { provider: file, file: keys.yaml }
tables:
  ${database.name}.users:
    tenantColumn: tenant_id
    columns: { email: { column: encrypted_email, type: varchar(255) } }
`,
    );
    return loadConfig(file);
  }

  it.each([
    ['the session itself reads the schema', ''],
    ['the control account reads the schema', `control: { user: ${user}, password: pw }`],
  ])('serves on TCP and on a Unix socket where %s', async (_, control) => {
    const proxy = await startProxy(config(getServer().port, control), { log });
    try {
      const account = { user, password: 'pw', database: database.name };
      const overTcp = await mysql.createConnection({ host: '127.0.0.1', port: proxy.port ?? 0, ...account });
      const overSocket = await mysql.createConnection({ socketPath: proxy.socket ?? '', ...account });
      await overTcp.query("SET @tenant_id = 't1'");
      await overSocket.query("SET @tenant_id = 't2'");
      await overTcp.query("INSERT INTO users (email) VALUES ('one@example.com')");
      await overSocket.query("INSERT INTO users (email) VALUES ('two@example.com')");
      const emails = async (client: Connection): Promise<unknown[]> => {
        const [rows] = await client.query<RowDataPacket[]>('SELECT DISTINCT email FROM users');
        return rows.map((row) => row['email']);
      };
      expect(await emails(overTcp)).toEqual(['one@example.com']);
      expect(await emails(overSocket)).toEqual(['two@example.com']);
      await overTcp.end();
      await overSocket.end();
    } finally {
      await proxy.stop();
    }
  });

  it('is not ready while clients can not be brought to the database', async () => {
    const proxy = await startProxy(config(await freePort(), ''), { log });
    try {
      const readyz = `http://127.0.0.1:${proxy.metricsPort}/readyz`;
      expect((await fetch(readyz)).status).toBe(200);
      const attempt = mysql.createConnection({
        host: '127.0.0.1',
        port: proxy.port ?? 0,
        user,
        password: 'pw',
      });
      await expect(attempt).rejects.toThrow(/tenantcrypt\[TC_BACKEND\]: the database can't be reached/);
      expect((await fetch(readyz)).status).toBe(503);
    } finally {
      await proxy.stop();
    }
  });

  it('leaves nothing behind when it can not start', async () => {
    const first = await startProxy(config(getServer().port, ''), { log });
    try {
      await expect(startProxy(config(getServer().port, ''), { log })).rejects.toThrow(
        /another process listens/,
      );
    } finally {
      await first.stop();
    }
    const again = await startProxy(config(getServer().port, ''), { log });
    await again.stop();
  });
});
