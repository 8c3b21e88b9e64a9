import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { below, mutated, oneOf, pieces, randomOf } from '../support/byte-mutations.js';
import { type Conversation, recordConversation, withLastStatement } from '../support/conversation.js';
import { found, keyMarkers, type Marker, plaintextMarkers } from '../support/markers.js';
import { type PacketForwarder, startPacketForwarder } from '../support/packet-forwarder.js';
import { metric, startTestProxy, type TestProxy } from '../support/proxy.js';
import { type Leaving, sayBytes } from '../support/said-bytes.js';
import { forEachServer } from '../support/servers.js';

/*
 * Live sessions whose bytes are damaged on the way, on either side of the proxy.
 *
 *   FUZZ_SEED=7 FUZZ_COUNT=20000 npm run test:integration -- faults-fuzz
 */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_122);
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 240);
/** Sessions at a time. */
const LANES = 8;
/** A session that its client has left is over long before. */
const FREE_MS = 6_000;

const KEYS = { mine: 'the-key-of-this-tenant', theirs: 'a-key-of-somebody-else' };
const MINE = ['canary-mine-a@example.com', 'canary-mine-b@example.com', 'canary-mine-phone'];
const THEIRS = ['canary-theirs@example.com', 'canary-theirs-phone'];

/** Logged and stored is none of these, and sent to the client only its own plaintext. */
const SECRETS: readonly Marker[] = [...keyMarkers(KEYS.mine), ...keyMarkers(KEYS.theirs)];

const LEAVINGS: readonly Leaving[] = ['end', 'destroy', 'reset'];

/** `count` iterations, some at a time. */
async function inLanes(count: number, work: (iteration: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let forwarder: PacketForwarder;
  let user: string;
  let conversation: Conversation;
  let commands: readonly Buffer[];
  const rejections: unknown[] = [];
  const onRejection = (error: unknown): void => void rejections.push(error);

  beforeAll(async () => {
    process.on('unhandledRejection', onRejection);
    process.on('uncaughtException', onRejection);
    const server = getServer();
    forwarder = await startPacketForwarder(server.port);
    proxy = await startTestProxy(server, {
      label: 'fuzz',
      keys: KEYS,
      config: {
        limits: { drainSeconds: 2 },
        backend: { host: '127.0.0.1', port: forwarder.port, tls: { mode: 'disabled' } },
      },
    });
    const { admin, database } = proxy;
    user = `fuzz_${database.slice(-8)}`;
    await admin.query(`CREATE USER ${user}@'%' IDENTIFIED BY ''`);
    await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON \`${database}\`.* TO ${user}@'%'`);
    await admin.query('CREATE TABLE notes (id INT PRIMARY KEY AUTO_INCREMENT, note VARCHAR(200))');
    const theirs = await proxy.connect('theirs');
    await theirs.query('INSERT INTO users (username, email, phone) VALUES (?, ?, ?)', ['theirs', ...THEIRS]);
    theirs.destroy();
    conversation = await recordConversation(
      proxy.port,
      { user, database, multipleStatements: true, connectAttributes: { tenant_id: 'mine' } },
      talk,
    );
    commands = server.kind === 'mariadb' ? withLastStatement(conversation.commands) : conversation.commands;
  });
  afterAll(async () => {
    process.off('unhandledRejection', onRejection);
    process.off('uncaughtException', onRejection);
    await proxy.admin.query(`DROP USER ${user}@'%'`);
    await proxy.stop();
    await forwarder.close();
  });

  /** What is recorded: both protocols, protected and unprotected tables, several results, commands without SQL. */
  async function talk(connection: Connection): Promise<void> {
    const [a, b, phone] = MINE as [string, string, string];
    await connection.query('DELETE FROM users');
    await connection.query(`INSERT INTO users (username, email, phone) VALUES ('m-1', '${a}', '${phone}')`);
    await connection.query("SELECT id, email, phone, created_at FROM users WHERE username = 'm-1'");
    await connection.query("INSERT INTO notes (note) VALUES ('a note'), (NULL)");
    await connection.query('SELECT * FROM notes ORDER BY id LIMIT 3');
    await connection.query('SELECT 1 AS one; SELECT note FROM notes LIMIT 2; SELECT 2');
    // Refused or rewritten: what it looks like on the wire is the same.
    await connection.query(`SELECT 1; SELECT email FROM users WHERE email = '${a}'`).catch(() => undefined);
    await connection.execute('INSERT INTO users (username, email) VALUES (?, ?)', ['m-2', b]);
    await connection.execute('SELECT email, phone, username FROM users WHERE email = ? LIMIT 5', [b]);
    await connection.execute('SELECT note FROM notes WHERE id > ? LIMIT 2', [0]);
    await connection.query(`UPDATE users SET email = '${b}', phone = NULL WHERE username = 'm-2'`);
    await connection.query("SET @seen = 1, sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'");
    await connection.query('SELECT email FROM users ORDER BY id FOR UPDATE');
    await connection.ping();
    await connection.beginTransaction();
    await connection.query("DELETE FROM users WHERE username = 'm-1'");
    await connection.rollback();
    await connection.reset();
    await connection.query('SELECT COUNT(*) AS n, MAX(email) AS e FROM users GROUP BY username');
  }

  async function isFree(): Promise<void> {
    const end = performance.now() + FREE_MS;
    for (;;) {
      const sessions = metric(await proxy.metrics(), 'tenantcrypt_sessions');
      if (sessions === 0 && forwarder.open() === 0) return;
      if (performance.now() > end)
        throw new Error(`${sessions} sessions and ${forwarder.open()} backend connections are left over`);
      await delay(20);
    }
  }

  /** What must be so however the bytes were damaged. */
  async function isUnharmed(): Promise<void> {
    await isFree();
    expect(rejections).toEqual([]);
    const plaintext = plaintextMarkers([...MINE, ...THEIRS]);
    expect(found(proxy.log(), [...SECRETS, ...plaintext])).toEqual([]);
    const stored: Buffer[] = [];
    for (const table of ['users', 'plain_users', 'notes']) {
      const [rows] = await proxy.admin.query<RowDataPacket[][]>({
        sql: `SELECT * FROM ${table}`,
        rowsAsArray: true,
        typeCast: (field) => field.buffer(),
      });
      for (const row of rows)
        for (const value of row as unknown as (Buffer | null)[]) stored.push(value ?? Buffer.alloc(0));
    }
    expect(found(Buffer.concat(stored), [...SECRETS, ...plaintext])).toEqual([]);
    const theirs = await proxy.connect('theirs');
    const [rows] = await theirs.query<RowDataPacket[]>('SELECT username, email, phone FROM users');
    expect(rows).toEqual([{ username: 'theirs', email: THEIRS[0], phone: THEIRS[1] }]);
    theirs.destroy();
    await isFree();
  }

  it('repeats what was recorded', async () => {
    const { received } = await sayBytes(proxy.port, {
      chunks: [...conversation.login, ...commands],
      quietMs: 300,
    });
    for (const text of MINE) expect(received.includes(text)).toBe(true);
    expect(found(received, [...SECRETS, ...plaintextMarkers(THEIRS)])).toEqual([]);
    await isUnharmed();
  });

  describe(`seed ${SEED}`, () => {
    it('bytes damaged between client and proxy', async () => {
      const forbidden = [...SECRETS, ...plaintextMarkers(THEIRS)];
      await inLanes(COUNT, async (iteration) => {
        const random = randomOf(SEED, 1, iteration);
        const start = below(random, commands.length);
        const chosen = commands.slice(start, start + 1 + below(random, 6));
        if (random() < 0.2) chosen.push(oneOf(random, commands));
        const said = Buffer.concat(chosen);
        const login = Buffer.concat([...conversation.login]);
        const bytes =
          random() < 0.15
            ? Buffer.concat([mutated(login, random), said])
            : Buffer.concat([login, mutated(said, random)]);
        const chunks = random() < 0.3 ? pieces(bytes, random) : [bytes];
        const { received } = await sayBytes(proxy.port, { chunks, leaving: oneOf(random, LEAVINGS) });
        expect(found(received, forbidden), `iteration ${iteration}`).toEqual([]);
      });
      await isUnharmed();
    });

    it('bytes damaged between backend and proxy', async () => {
      const forbidden = [...SECRETS, ...plaintextMarkers(THEIRS)];
      // Which packet of a connection is damaged; there are about twice as many as commands.
      const reach = 30 + commands.length * 4;
      let first: number | null = null;
      forwarder.inspect = ({ connection, direction, ordinal, bytes }) => {
        first ??= connection;
        const random = randomOf(SEED, 2, connection - first);
        const at = random() < 0.2 ? below(random, 8) : below(random, reach);
        return direction === 'toClient' && ordinal === at ? { instead: mutated(bytes, random) } : 'pass';
      };
      try {
        await inLanes(Math.ceil(COUNT / 2), async (iteration) => {
          const random = randomOf(SEED, 3, iteration);
          const chunks = [...conversation.login, ...commands];
          const { received } = await sayBytes(proxy.port, { chunks, leaving: oneOf(random, LEAVINGS) });
          expect(found(received, forbidden), `iteration ${iteration}`).toEqual([]);
        });
      } finally {
        forwarder.inspect = () => 'pass';
      }
      await isUnharmed();
    });
  });
});
