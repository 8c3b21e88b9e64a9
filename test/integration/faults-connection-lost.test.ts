import type { EventEmitter } from 'node:events';
import { connect as netConnect, type Socket } from 'node:net';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../servers/accounts.js';
import { eventually } from '../support/eventually.js';
import { FaultStage } from '../support/fault-stage.js';
import { DURING_LOGIN, IN_COMMANDS, LONG, type Place, type Work } from '../support/lost-places.js';
import type { Cut, Passage, PassingPacket } from '../support/packet-forwarder.js';
import { countProcesses } from '../support/processlist.js';
import { metric } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/** Everything that is awaited here is there sooner, or is a hang. */
const BOUND_MS = 5_000;
/** Servers look every five seconds whether the client of a SLEEP is still there. */
const SLEEP_BOUND_MS = 20_000;

const PASSWORD = 'a-password';
const TC_BACKEND = 1105;
async function bounded<T>(work: Promise<T>, boundMs = BOUND_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('hangs')), boundMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** mysql2's own socket. */
function socketOf(connection: Connection): Socket {
  const { connection: inner } = connection as unknown as { connection: EventEmitter & { stream: Socket } };
  return inner.stream;
}

forEachServer((_name, getServer) => {
  const fault = new FaultStage(getServer, {
    label: 'lost',
    asRoot: true,
    also: 'CREATE TABLE letters (id INT PRIMARY KEY, line TEXT); SET GLOBAL local_infile = ON',
    client: { multipleStatements: true },
    proxy: { localInfile: true },
  });
  const { stage } = fault;
  let accounts = 0;

  beforeAll(async () => {
    const first = await connect();
    await first.query('INSERT INTO users (username, email) VALUES (?, ?)', ['long', LONG]);
    await first.query('INSERT INTO users (username, phone) VALUES (?, ?)', ['short', '030']);
    first.destroy();
  });

  /** An account that has not logged in before: caching_sha2_password then asks for the password itself. */
  async function newAccount(): Promise<string> {
    const user = `lost_${accounts++}_${stage.database.slice(-6)}`;
    await createUser(getServer(), { user, password: PASSWORD });
    return user;
  }

  const connect = async (user?: string): Promise<Connection> =>
    await stage.client('proxy', user === undefined ? {} : { user, password: PASSWORD });

  /** Nothing is held any more, and the next client is served. */
  async function isFree(): Promise<void> {
    await fault.allClosed();
    expect(metric(await stage.proxy.metrics.registry.metrics(), 'tenantcrypt_sessions')).toBe(0);
    fault.forwarder.inspect = () => 'pass';
    const next = await bounded(connect());
    const [rows] = await bounded(
      next.query<RowDataPacket[]>("SELECT phone FROM users WHERE username = 'short'"),
    );
    expect(rows).toEqual([{ phone: '030' }]);
    next.destroy();
  }

  async function outcomeOf(work: Promise<unknown>): Promise<number | string> {
    return await bounded(
      work.then(
        () => 'answered',
        (error: { errno?: number; code?: string; fatal?: boolean; message: string }) => {
          const isLost = error.code === 'PROTOCOL_CONNECTION_LOST' || error.code === 'ECONNRESET';
          if (isLost) return error.fatal === true ? 'lost' : 'lost, but not fatal';
          return error.message.includes('tenantcrypt[TC_BACKEND]') ? (error.errno ?? 0) : error.message;
        },
      ),
    );
  }

  const isForThisServer = ({ only }: Place): boolean => only === undefined || only === getServer().kind;
  const places = [...DURING_LOGIN, ...IN_COMMANDS].filter(isForThisServer);

  describe.each(['fin', 'rst'] as const)('the backend connection ends with %s', (how: Cut) => {
    it.each(places)('$name', async ({ work, at, bytes }) => {
      const user = work === undefined ? await newAccount() : undefined;
      const inspect = (packet: PassingPacket): Passage =>
        at(packet) ? { cut: how, bytes: bytes ?? 0 } : 'pass';
      if (work === undefined) {
        fault.forwarder.inspect = inspect;
        expect(await outcomeOf(connect(user))).toBe(TC_BACKEND);
      } else {
        const connection = await connect();
        fault.forwarder.inspect = inspect;
        expect(await outcomeOf(work(connection))).toBe('lost');
      }
      await isFree();
    });

    it('while the session is idle', async () => {
      const connection = await connect();
      fault.forwarder.cut(how);
      await eventually(() => stage.proxy.sessions.size === 0);
      expect(await outcomeOf(connection.query('SELECT 1'))).not.toBe('answered');
      await isFree();
    });

    it('while a key is fetched', async () => {
      const { provider } = stage.protection;
      const fetch = provider.fetch.bind(provider);
      const connection = await connect();
      let answer: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        answer = resolve;
      });
      let isAsked = false;
      provider.fetch = async (tenant) => {
        isAsked = true;
        await gate;
        return await fetch(tenant);
      };
      stage.protection.cache.invalidate('t1');
      try {
        const outcome = outcomeOf(connection.query('SELECT email FROM users'));
        await eventually(() => isAsked);
        fault.forwarder.cut(how);
        expect(await outcome).toBe('lost');
        await eventually(() => stage.proxy.sessions.size === 0);
      } finally {
        answer();
        provider.fetch = fetch;
      }
      await isFree();
    });

    it('inside a large result that the client reads slowly', async () => {
      const connection = await connect();
      const stream = socketOf(connection);
      let passed = 0;
      fault.forwarder.inspect = ({ direction, bytes }) => {
        if (direction === 'toClient') passed += bytes.length;
        return passed > 8_000_000 ? { cut: how, bytes: 1000 } : 'pass';
      };
      const outcome = outcomeOf(
        connection.query("SELECT REPEAT('x', 100000) FROM information_schema.columns LIMIT 400"),
      );
      const slow = setInterval(() => {
        stream.pause();
        setTimeout(() => stream.resume(), 15);
      }, 20);
      try {
        expect(await outcome).toBe('lost');
      } finally {
        clearInterval(slow);
        stream.resume();
      }
      await isFree();
    });
  });

  describe.each(['fin', 'rst'] as const)('the client connection ends with %s', (how: Cut) => {
    /** The client leaves while the packet at the place is on its way, which then is held back. */
    function leave(stream: Socket): void {
      if (how === 'rst') stream.resetAndDestroy();
      else stream.destroy();
    }

    it.each(places.filter(({ work }) => work !== undefined))('backend: $name', async ({ work, at }) => {
      const connection = await connect();
      let isThere = false;
      fault.forwarder.inspect = (packet) => {
        if (!at(packet)) return 'pass';
        isThere = true;
        return 'hold';
      };
      const outcome = outcomeOf((work as Work)(connection));
      await eventually(() => isThere);
      leave(socketOf(connection));
      await eventually(() => stage.proxy.sessions.size === 0);
      // The server's side is closed with it, and does not wait for what is held.
      await eventually(() => fault.forwarder.open() === 0);
      expect(await outcome).not.toBe('answered');
      await isFree();
    });

    it.each(places.filter(({ work }) => work === undefined))('login: $name', async ({ at }) => {
      let isThere = false;
      fault.forwarder.inspect = (packet) => {
        if (!at(packet)) return 'pass';
        isThere = true;
        return 'hold';
      };
      const user = await newAccount();
      const socket = netConnect({ host: '127.0.0.1', port: stage.proxy.port });
      const login = mysql.createConnection({ user, password: PASSWORD, stream: () => socket });
      const outcome = login.then(
        () => 'logged in',
        () => 'failed',
      );
      await eventually(() => isThere);
      leave(socket);
      expect(await bounded(outcome)).toBe('failed');
      await isFree();
    });
  });

  it('a client that leaves while its statement sleeps: the server ends it as it does for a client of its own', async () => {
    const connection = await connect();
    const outcome = outcomeOf(connection.query(`SELECT SLEEP(100) /* orphan */`));
    const running = async (): Promise<number> =>
      await countProcesses(stage.admin, "info LIKE 'SELECT SLEEP(100) /* orphan */%'");
    await eventually(async () => (await running()) === 1);
    socketOf(connection).destroy();
    await eventually(() => stage.proxy.sessions.size === 0 && fault.forwarder.open() === 0);
    expect(await outcome).toBe('lost');
    await eventually(async () => (await running()) === 0, SLEEP_BOUND_MS);
    await isFree();
  });

  it('a session that KILL ends, idle and in a statement', async () => {
    for (const sql of [null, 'SELECT SLEEP(20)']) {
      const connection = await connect();
      const [rows] = await connection.query<RowDataPacket[]>('SELECT CONNECTION_ID() AS id');
      const outcome = sql === null ? null : outcomeOf(connection.query(sql));
      if (sql !== null) await new Promise((resolve) => setTimeout(resolve, 50));
      await stage.admin.query(`KILL CONNECTION ${Number(rows[0]?.['id'])}`);
      if (outcome !== null) expect(await outcome).not.toBe('answered');
      await eventually(() => stage.proxy.sessions.size === 0);
      await isFree();
    }
  });
});
