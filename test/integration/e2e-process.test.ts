import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { tempFolder } from '../servers/temp-folder.js';
import { buildMain } from '../support/built-main.js';
import { KEYS, protectUsers, rowsOf, USERS_SQL } from '../support/proxy.js';
import { forEachServer, serverName } from '../support/servers.js';

let built: ReturnType<typeof buildMain>;
beforeAll(() => {
  built = buildMain('e2e-process');
});
afterAll(() => built?.remove());

/** `tenantcrypt serve` as an operator runs it. */
interface Program {
  readonly child: ChildProcess;
  readonly port: number;
  output(): string;
  /** Resolves to the exit status, after which all output is there. */
  readonly exited: Promise<number | null>;
}

forEachServer((_name, getServer) => {
  let folder: string;
  let database: TestDatabase;
  let admin: Connection;
  let program: Program;
  const open: Connection[] = [];
  const account = { user: `proc_${serverName(getServer()).replace(/\W/g, '_')}`, password: 'app-password' };

  beforeAll(async () => {
    folder = tempFolder('proc');
    database = await createDatabase(getServer(), 'proc');
    admin = await adminConnection(getServer(), { database: database.name });
    await admin.query(USERS_SQL);
    await createUser(getServer(), account);
    writeFileSync(join(folder, 'keys.yaml'), JSON.stringify(KEYS), { mode: 0o600 });
  });
  afterAll(async () => {
    await admin?.end();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await admin.query('TRUNCATE users');
    program = await start();
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.destroy();
    if (program.child.exitCode === null) program.child.kill('SIGKILL');
    await program.exited;
  });

  async function start(): Promise<Program> {
    const { port, tls } = getServer();
    const file = join(folder, 'tenantcrypt.yaml');
    writeFileSync(
      file,
      JSON.stringify({
        listen: { host: '127.0.0.1', port: 0 },
        backend: { host: '127.0.0.1', port, tls: { mode: 'verify-identity', ca: tls?.ca } },
        tenant: { sources: [{ connectionAttribute: 'tenant_id' }] },
        keys: { provider: 'file', file: 'keys.yaml' },
        limits: { drainSeconds: 6 },
        log: { level: 'trace' },
        tables: protectUsers(database.name),
      }),
    );
    const child = spawn(process.execPath, [built.main, 'serve', '--config', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'close').then(([status]: unknown[]) => status as number | null);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const ready = (): { port: number } | null => {
      const line = output.split('\n').find((text) => text.includes('"msg":"ready"'));
      return line === undefined ? null : (JSON.parse(line) as { port: number });
    };
    await expect.poll(ready, { timeout: 20_000, interval: 20 }).not.toBeNull();
    return { child, port: ready()?.port ?? 0, output: () => output, exited };
  }

  async function connect(options: ConnectionOptions = {}): Promise<Connection> {
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port: program.port,
      ...account,
      database: database.name,
      connectAttributes: { tenant_id: 'tenant-001' },
      ...options,
    });
    connection.on('error', () => undefined);
    open.push(connection);
    return connection;
  }

  it('drains on SIGTERM: a transaction over protected rows ends as it wants, nobody new comes in', async () => {
    const [writer, idle, busy] = [await connect(), await connect(), await connect()];
    await writer.beginTransaction();
    await writer.query("INSERT INTO users (username, email) VALUES ('a', 'a@example.com')");
    const running = busy.query('SELECT 7 AS n, SLEEP(1.5) AS s');
    const before = performance.now();
    program.child.kill('SIGTERM');
    await expect.poll(() => program.output(), { timeout: 3_000, interval: 10 }).toContain('draining');
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(idle.query('SELECT 1')).rejects.toMatchObject({ fatal: true });
    await writer.query("UPDATE users SET email = 'b@example.com' WHERE email = 'a@example.com'");
    expect(await rowsOf(writer, 'SELECT email FROM users')).toEqual([{ email: 'b@example.com' }]);
    await writer.commit();
    expect((await running)[0]).toEqual([{ n: 7, s: 0 }]);
    expect(await program.exited).toBe(0);
    expect(performance.now() - before).toBeLessThan(6_000);
    expect(
      await rowsOf(admin, 'SELECT CAST(AES_DECRYPT(encrypted_email, ?) AS CHAR) AS e FROM users', [
        KEYS['tenant-001'],
      ]),
    ).toEqual([{ e: 'b@example.com' }]);
  });

  it('opens no inspector on SIGUSR1, and serves on', async () => {
    const client = await connect();
    program.child.kill('SIGUSR1');
    await expect.poll(() => program.output(), { timeout: 3_000, interval: 10 }).toContain('SIGUSR1');
    await client.query("INSERT INTO users (username, email) VALUES ('a', 'a@example.com')");
    expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([{ email: 'a@example.com' }]);
    expect(program.output()).not.toMatch(/Debugger listening|ws:\/\//);
    expect(await listeningPorts(program.child.pid ?? 0)).toEqual([program.port]);
  });

  it('keeps keys and plaintext out of the log of the process, at level trace', async () => {
    const client = await connect();
    await client.query("INSERT INTO users (username, email) VALUES ('a', 'marker-4711@example.com')");
    await client.execute('SELECT email FROM users WHERE email = ?', ['marker-4711@example.com']);
    await client
      .query("INSERT INTO users (username, email) VALUES ('a', 'marker-4711@example.com')")
      .catch(() => null);
    await client.query("SELECT 'marker-4711' FROM users WHERE (").catch(() => null);
    await client.query("CREATE TABLE x AS SELECT email, 'marker-4711' AS m FROM users").catch(() => null);
    const wrong: unknown = await connect({ password: 'marker-4711' }).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ errno: 1045 });
    await client.end();
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    const output = program.output();
    expect(output.split('\n').length).toBeGreaterThan(20);
    expect(output).toContain('TC_');
    expect(output).not.toContain('marker-4711');
    for (const key of Object.values(KEYS)) expect(output).not.toContain(key);
  });
});

/** TCP ports that a process listens on, from /proc. */
async function listeningPorts(pid: number): Promise<number[]> {
  const inodes = new Set<string>();
  for (const entry of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${entry}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const ports: number[] = [];
  for (const file of ['tcp', 'tcp6']) {
    const lines = (await readFile(`/proc/${pid}/net/${file}`, 'utf8').catch(() => '')).split('\n').slice(1);
    for (const line of lines) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === '0A' && inodes.has(inode)) ports.push(Number.parseInt(local.split(':')[1] ?? '', 16));
    }
  }
  return ports;
}
