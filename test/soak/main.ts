// What a proxy costs over time: memory of many sessions, of idle ones, and of a client that stops reading.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { Steps } from '../../scripts/lib/steps.mjs';
import { adminConnection, createUser } from '../servers/accounts.js';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { startTenantcrypt, type TenantcryptProcess } from '../servers/tenantcrypt-process.js';
import { mebibytes, peakResidentBytes, residentBytes, settledResidentBytes } from './memory.js';

const DATABASE = 'tc_soak';
const ACCOUNT = { user: 'soak', password: 'soak-password' };
const TENANT = 'tenant-001';
/** Made up for the throw-away server of this run. */
const KEY = 'key-of-tenant-001';
const EMAIL = 'ann@example.com';
/** How many clients log in at the same time. */
const LOGINS_AT_ONCE = 50;
/** How much memory may stay taken, as a share of what it was. */
const TOLERANCE = 0.1;
/** Rounds before memory counts as what it was. */
const WARM_UP = 3;
const SETTLE_MS = 40_000;
const SLOW_READER_LIMIT = 64 * 1024 * 1024;
const ROW_BYTES = 1024 * 1024;

interface Sizes {
  readonly sessions: number;
  readonly rounds: number;
  readonly idle: number;
  /** of the result that nobody reads, in MiB */
  readonly result: number;
}

/** @returns exit status */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      server: { type: 'string' },
      sessions: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '20' },
      idle: { type: 'string', default: '2000' },
      result: { type: 'string', default: '2048' },
    },
  });
  const sizes: Sizes = {
    sessions: Number(values.sessions),
    rounds: Number(values.rounds),
    idle: Number(values.idle),
    result: Number(values.result),
  };
  const steps = new Steps();
  for (const kind of ['mariadb', 'mysql'] as const) {
    if (values.server !== undefined && values.server !== kind) continue;
    await soak(kind, sizes, steps);
  }
  console.log(steps.summary());
  return steps.counts.failed === 0 && steps.counts.passed > 0 ? 0 : 1;
}

async function soak(kind: 'mariadb' | 'mysql', sizes: Sizes, steps: Steps): Promise<void> {
  const most = Math.max(sizes.sessions, sizes.idle);
  const args = [`--max-connections=${most + 200}`];
  const server =
    kind === 'mysql' ? await startMysql({ args, tls: 'off' }) : await startMariadb({ args, tls: 'off' });
  // The download of MySQL has said why it can't be had.
  if (server === null) return;
  try {
    await prepare(server, sizes);
    for (const clientTls of ['disabled', 'preferred'] as const) {
      const proxy = await startProxy(server, clientTls, most);
      const fresh = residentBytes(proxy.pid);
      const name = `${kind}${clientTls === 'preferred' ? ', TLS' : ''}`;
      try {
        await steps.step(
          `${name}: ${sizes.sessions} sessions open and close ${sizes.rounds} times`,
          async () => await churn(proxy, clientTls, sizes, fresh),
        );
        await steps.step(
          `${name}: ${sizes.idle} idle sessions`,
          async () => await hold(proxy, clientTls, sizes.idle, fresh),
        );
        for (const table of ['plain', 'users']) {
          await steps.step(
            `${name}: nobody reads a result of ${sizes.result} MiB (${table})`,
            async () => await stopReading(proxy, clientTls, table, sizes.result),
          );
        }
      } finally {
        await proxy.stop();
      }
    }
  } finally {
    await server.stop();
  }
}

async function prepare(server: RunningSqlServer, sizes: Sizes): Promise<void> {
  await createUser(server, ACCOUNT);
  const admin = await adminConnection(server);
  try {
    await admin.query(`CREATE DATABASE ${DATABASE}`);
    await admin.query(`USE ${DATABASE}`);
    await admin.query(
      'CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), encrypted_email VARBINARY(1040))',
    );
    await admin.query('CREATE TABLE plain (id INT PRIMARY KEY, email VARCHAR(255))');
    await admin.query('CREATE TABLE numbers (n INT PRIMARY KEY)');
    await admin.query(`INSERT INTO plain VALUES (1, '${EMAIL}')`);
    await admin.query('INSERT INTO users VALUES (1, ?, AES_ENCRYPT(?, ?))', [TENANT, EMAIL, KEY]);
    const numbers = Array.from({ length: sizes.result }, (_, n) => [n]);
    await admin.query('INSERT INTO numbers VALUES ?', [numbers]);
  } finally {
    await admin.end();
  }
}

async function startProxy(
  server: RunningSqlServer,
  clientTls: 'disabled' | 'preferred',
  sessions: number,
): Promise<TenantcryptProcess> {
  return await startTenantcrypt({
    clientTls,
    keys: { [TENANT]: KEY },
    config: {
      backend: { host: server.host, port: server.port, tls: { mode: 'disabled' } },
      tenant: { sources: [{ fixed: TENANT }] },
      limits: { sessions: sessions + 100, unauthenticated: 2 * LOGINS_AT_ONCE },
      log: { level: 'warn' },
      tables: {
        [`${DATABASE}.users`]: {
          tenantColumn: 'tenant_id',
          columns: { email: { column: 'encrypted_email', type: 'varchar(255)' } },
        },
      },
    },
  });
}

async function login(proxy: TenantcryptProcess, clientTls: 'disabled' | 'preferred'): Promise<Connection> {
  return await mysql.createConnection({
    host: proxy.host,
    port: proxy.port,
    database: DATABASE,
    ...ACCOUNT,
    ...(clientTls === 'preferred' ? { ssl: { rejectUnauthorized: false } } : {}),
  });
}

/** Opens sessions, asks each for a decrypted value and a prepared one. */
async function open(
  proxy: TenantcryptProcess,
  clientTls: 'disabled' | 'preferred',
  count: number,
): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (let left = count; left > 0; left -= LOGINS_AT_ONCE) {
    const batch = Array.from({ length: Math.min(left, LOGINS_AT_ONCE) }, async () => {
      const connection = await login(proxy, clientTls);
      const [rows] = await connection.query<RowDataPacket[]>('SELECT email FROM users WHERE id = 1');
      const [again] = await connection.execute<RowDataPacket[]>('SELECT email FROM users WHERE id = ?', [1]);
      if (rows[0]?.['email'] !== EMAIL || again[0]?.['email'] !== EMAIL)
        throw new Error('a session read another value');
      return connection;
    });
    connections.push(...(await Promise.all(batch)));
  }
  return connections;
}

async function close(proxy: TenantcryptProcess, connections: readonly Connection[]): Promise<void> {
  await Promise.all(connections.map(async (connection) => await connection.end()));
  const deadline = Date.now() + 20_000;
  while ((await gauge(proxy, 'tenantcrypt_sessions')) > 0) {
    if (Date.now() > deadline) throw new Error('sessions are open 20 s after their clients left');
    await delay(100);
  }
}

async function gauge(proxy: TenantcryptProcess, name: string): Promise<number> {
  const text = await (await fetch(`${proxy.metricsUrl}/metrics`)).text();
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(value);
}

async function churn(
  proxy: TenantcryptProcess,
  clientTls: 'disabled' | 'preferred',
  { sessions, rounds }: Sizes,
  fresh: number,
): Promise<string | null> {
  // At first the heap grows to what so many sessions need at once, and code is compiled: that stays.
  for (let round = 0; round < WARM_UP; round++) await close(proxy, await open(proxy, clientTls, sessions));
  const before = await settledResidentBytes(proxy.pid, SETTLE_MS);
  for (let round = 0; round < rounds; round++) await close(proxy, await open(proxy, clientTls, sessions));
  const limit = before * (1 + TOLERANCE);
  const after = await settledResidentBytes(proxy.pid, SETTLE_MS, limit);
  const figures = `${mebibytes(fresh)} at the start, ${mebibytes(before)} after ${WARM_UP} rounds, ${mebibytes(after)} after ${rounds} more`;
  console.log(`        ${figures}`);
  return after <= limit ? null : `${figures}: more than ${TOLERANCE * 100} % above`;
}

async function hold(
  proxy: TenantcryptProcess,
  clientTls: 'disabled' | 'preferred',
  count: number,
  fresh: number,
): Promise<string | null> {
  // As with churn: the first time, the heap grows to what so many need.
  await close(proxy, await open(proxy, clientTls, count));
  const before = await settledResidentBytes(proxy.pid, SETTLE_MS / 2);
  const connections = await open(proxy, clientTls, count);
  const held = await settledResidentBytes(proxy.pid, SETTLE_MS / 2);
  const open_ = await gauge(proxy, 'tenantcrypt_sessions');
  // Still there: each answers.
  await Promise.all(connections.map(async (connection) => await connection.ping()));
  await close(proxy, connections);
  const limit = before * (1 + TOLERANCE);
  const after = await settledResidentBytes(proxy.pid, SETTLE_MS, limit);
  // Against the process without any session: what code and caches take is in it, so that no session costs more.
  const each = Math.round((held - fresh) / count);
  console.log(
    `        ${mebibytes(before)} before, ${mebibytes(held)} with ${count} (at most ${each} bytes each), ${mebibytes(after)} after`,
  );
  if (open_ !== count) return `${open_} sessions were open instead of ${count}`;
  return after <= limit ? null : `memory stays more than ${TOLERANCE * 100} % above what it was`;
}

async function stopReading(
  proxy: TenantcryptProcess,
  clientTls: 'disabled' | 'preferred',
  table: string,
  rows: number,
): Promise<string | null> {
  const connection = await login(proxy, clientTls);
  await connection.ping();
  const before = await settledResidentBytes(proxy.pid, 5_000);
  let received = 0;
  const peak = await peakResidentBytes(proxy.pid, async () => {
    const { stream } = (connection as unknown as { connection: { stream: NodeJS.ReadableStream } })
      .connection;
    stream.removeAllListeners('data');
    // The driver would keep what it reads: from here on bytes are only counted.
    let isOver = false;
    let tail = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
      tail = Buffer.concat([tail.subarray(-16), chunk.subarray(-16)]);
      // The result's last packet ends all: an OK or EOF, shorter than any row.
      isOver ||= chunk.length > 0 && received > rows * ROW_BYTES && /\xfe/.test(tail.toString('latin1'));
    });
    connection
      .query(
        `SELECT t.id, t.email, REPEAT('x', ${ROW_BYTES}) AS filler FROM numbers JOIN ${table} t ON t.id = 1`,
      )
      .catch(() => undefined);
    await delay(300);
    stream.pause();
    await delay(8_000);
    const unread = received;
    if (unread > 512 * ROW_BYTES)
      throw new Error(`the client has read ${mebibytes(unread)} before it stopped`);
    stream.resume();
    const deadline = Date.now() + 120_000;
    while (!isOver) {
      if (Date.now() > deadline) throw new Error(`only ${mebibytes(received)} came in 120 s`);
      await delay(50);
    }
  });
  connection.destroy();
  const figures = `${mebibytes(before)} before, at most ${mebibytes(peak)}; ${mebibytes(received)} arrived in the end`;
  console.log(`        ${figures}`);
  return peak - before < SLOW_READER_LIMIT
    ? null
    : `${figures}: more than ${mebibytes(SLOW_READER_LIMIT)} above`;
}
