import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { buildMain } from '../support/built-main.js';
import { forEachServer } from '../support/servers.js';

const KEY = 'the key of tenant t1';
const EMAIL = 'alice@example.com';
const PASSWORD = 'application password';

interface Ready {
  readonly port: number;
  readonly metricsPort: number;
}

/** The program as an operator runs it. */
class Program {
  readonly child: ChildProcess;
  output = '';

  constructor(main: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  async ready(): Promise<Ready> {
    const line = await this.line('"msg":"ready"');
    return JSON.parse(line) as Ready;
  }

  /** Waits for a line of output that holds `text`. */
  async line(text: string): Promise<string> {
    const until = Date.now() + 15_000;
    for (;;) {
      const found = this.output.split('\n').find((line) => line.includes(text));
      if (found !== undefined) return found;
      if (Date.now() > until || this.child.exitCode !== null)
        throw new Error(`no ${text} in: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async exit(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
    await this.exit();
  }
}

let built: ReturnType<typeof buildMain>;
beforeAll(() => {
  built = buildMain('serve-test');
});
afterAll(() => built.remove());

forEachServer((name, getServer) => {
  const user = `serve_${name.replace(/\W/g, '_')}`;
  let folder: string;
  let admin: Connection;
  let database: TestDatabase;
  let program: Program | null = null;

  beforeAll(async () => {
    const server = getServer();
    folder = mkdtempSync(join(tmpdir(), 'tc-serve-'));
    writeFileSync(join(folder, 'keys.yaml'), `t1: ${KEY}\n`, { mode: 0o600 });
    admin = await adminConnection(server);
    database = await createDatabase(server, 'serve');
    await createUser(server, { user, password: PASSWORD });
    await admin.query(`CREATE TABLE ${database.name}.users (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
      tenant_id varchar(64) NOT NULL, encrypted_email varbinary(1040), KEY (tenant_id))`);
  });
  afterEach(async () => {
    await program?.end();
    program = null;
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function serve(extra = ''): Program {
    const { port, tls } = getServer();
    const file = join(folder, 'c.yaml');
    writeFileSync(
      file,
      `listen: { host: 127.0.0.1, port: 0 }
backend: { host: 127.0.0.1, port: ${port}, tls: { mode: verify-identity, ca: ${tls?.ca} } }
metrics: { host: 127.0.0.1, port: 0 }
tenant: { sources: [ { userVariable: tenant_id } ] }
keys: { provider: file, file: keys.yaml }
tables:
  ${database.name}.users:
    tenantColumn: tenant_id
    columns: { email: { column: encrypted_email, type: varchar(255) } }
${extra}`,
    );
    program = new Program(built.main, ['serve', '--config', file]);
    return program;
  }

  const connect = async (port: number): Promise<Connection> =>
    await mysql.createConnection({
      host: '127.0.0.1',
      port,
      user,
      password: PASSWORD,
      database: database.name,
    });

  it('serves a client, shows metrics, drains on SIGTERM, and its log holds no secret', async () => {
    const running = serve('limits: { drainSeconds: 5 }\nlog: { level: debug }');
    const { port, metricsPort } = await running.ready();
    const client = await connect(port);
    await client.query("SET @tenant_id = 't1'");
    await client.query(`INSERT INTO users (email) VALUES ('${EMAIL}')`);
    const [rows] = await client.query<RowDataPacket[]>(`SELECT email FROM users WHERE email = '${EMAIL}'`);
    expect(rows).toEqual([{ email: EMAIL }]);
    await expect(
      client.query(`CREATE TABLE copy AS SELECT '${EMAIL}' AS x, email FROM users`),
    ).rejects.toThrow(/TC_/);
    const [stored] = await admin.query<RowDataPacket[]>(
      `SELECT CAST(AES_DECRYPT(encrypted_email, ?) AS CHAR) AS email FROM ${database.name}.users`,
      [KEY],
    );
    expect(stored).toEqual([{ email: EMAIL }]);

    const at = `http://127.0.0.1:${metricsPort}`;
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    expect((await fetch(`${at}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${at}/metrics`)).text();
    expect(metrics).toMatch(/tenantcrypt_statements_total\{outcome="rewritten",reason=""\} [1-9]/);

    running.child.kill('SIGTERM');
    await running.line('draining');
    await expect(connect(port)).rejects.toThrow(/ECONNREFUSED/);
    expect(await running.exit()).toBe(0);
    for (const secret of [KEY, EMAIL, PASSWORD]) {
      expect(running.output).not.toContain(secret);
      expect(metrics).not.toContain(secret);
    }
    await client.end().catch(() => undefined);
  });

  it('lets an open transaction finish while it drains, and cuts what lasts longer than limits.drainSeconds', async () => {
    const running = serve('limits: { drainSeconds: 2 }');
    const { port } = await running.ready();
    const [finishing, lasting] = [await connect(port), await connect(port)];
    for (const client of [finishing, lasting]) {
      client.on('error', () => undefined);
      await client.query('BEGIN');
    }
    running.child.kill('SIGTERM');
    await running.line('draining');
    expect((await finishing.query<RowDataPacket[]>('SELECT 1 AS one'))[0]).toEqual([{ one: 1 }]);
    await finishing.query('COMMIT');
    const started = Date.now();
    expect(await running.exit()).toBe(0);
    expect(Date.now() - started).toBeLessThan(6000);
    await expect(lasting.query('SELECT 1')).rejects.toThrow();
    finishing.destroy();
    lasting.destroy();
  });

  it('ends at once on a second signal', async () => {
    const running = serve('limits: { drainSeconds: 60 }');
    const { port } = await running.ready();
    const client = await connect(port);
    client.on('error', () => undefined);
    await client.query('BEGIN');
    running.child.kill('SIGTERM');
    await running.line('draining');
    running.child.kill('SIGTERM');
    expect(await running.exit()).toBe(0);
    client.destroy();
  });

  it('says ready whatever the log level, and opens no inspector on SIGUSR1', async () => {
    const running = serve('log: { level: silent }');
    const { port } = await running.ready();
    running.child.kill('SIGUSR1');
    const client = await connect(port);
    expect((await client.query<RowDataPacket[]>('SELECT 1 AS one'))[0]).toEqual([{ one: 1 }]);
    await client.end();
    expect(running.output).not.toContain('Debugger');
    running.child.kill('SIGINT');
    expect(await running.exit()).toBe(0);
  });
});

it('exits with 2 for a configuration that is wrong, and 1 when it can not listen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-serve-'));
  try {
    const file = join(folder, 'c.yaml');
    writeFileSync(file, 'backend: { hots: db }\n');
    const wrong = new Program(built.main, ['serve', '--config', file]);
    expect(await wrong.exit()).toBe(2);
    expect(wrong.output).toContain('did you mean host?');
    writeFileSync(
      file,
      'backend: { host: db, tls: { mode: disabled } }\nlisten: { socket: /does/not/exist.sock }\n',
    );
    const deaf = new Program(built.main, ['serve', '--config', file]);
    expect(await deaf.exit()).toBe(1);
    expect(deaf.output).toContain('can not start');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
