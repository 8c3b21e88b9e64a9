import { connect as netConnect } from 'node:net';
import type { Connection, ConnectionOptions, RowDataPacket } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { expect, it } from 'vitest';
import { startAuthenticatingRelay } from '../support/authenticating-relay.js';
import { eventually } from '../support/eventually.js';
import { FaultStage } from '../support/fault-stage.js';
import type { PassingPacket } from '../support/packet-forwarder.js';
import { forEachServer } from '../support/servers.js';
import type { SessionProxy, SessionProxyOptions } from '../support/session-proxy.js';

const COM_STMT_PREPARE = 0x16;

/** A database that neither answers nor closes: a host that vanished, a process that is stopped. */
forEachServer((_name, getServer) => {
  const fault = new FaultStage(getServer, {
    label: 'silent',
    asRoot: true,
    also: 'CREATE TABLE words (word INT)',
  });
  const { stage } = fault;

  /** A proxy that knows nothing of the schema yet. */
  const start = async (limits: NonNullable<SessionProxyOptions['limits']>): Promise<SessionProxy> =>
    await stage.anotherProxy({ protection: stage.freshProtection(), limits });
  const connect = async ({ port }: SessionProxy, options: ConnectionOptions = {}): Promise<Connection> =>
    await stage.client('proxy', { port, ...options });

  const isKeyPrepared = ({ direction, payload }: PassingPacket): boolean =>
    direction === 'toServer' && payload[0] === COM_STMT_PREPARE && payload.includes('@__tc_key');

  it("while the proxy's own statements run: the login fails in bounded time", async () => {
    const own = await start({ authSeconds: 0.4 });
    fault.forwarder.inspect = (packet) => (isKeyPrepared(packet) ? 'hold' : 'pass');
    await expect(connect(own)).rejects.toMatchObject({
      errno: 1105,
      message: expect.stringMatching(/TC_BACKEND.*not set up within limits\.authSeconds \(0\.4\)/),
    });
    await eventually(() => own.sessions.size === 0 && fault.forwarder.open() === 0);
  });

  it('while one session reads the schema for all: the others do not wait for it for good', async () => {
    const own = await start({ authSeconds: 4 });
    let held = 0;
    fault.forwarder.inspect = ({ direction, command }) => {
      if (direction !== 'toClient' || !command.includes('information_schema')) return 'pass';
      held += 1;
      return held === 1 ? 'hold' : 'pass';
    };
    let isFirstOver = false;
    const first = connect(own).then(
      () => 'logged in',
      () => {
        isFirstOver = true;
        return 'failed';
      },
    );
    await eventually(() => held === 1);
    const second = await connect(own);
    expect(isFirstOver).toBe(false);
    const [rows] = await second.query<RowDataPacket[]>('SELECT COUNT(email) AS n FROM users');
    expect(rows).toEqual([{ n: 0 }]);
    expect(await first).toBe('failed');
    second.destroy();
    await eventually(() => own.sessions.size === 0);
  });

  it.each(['end', 'destroy'] as const)(
    'and a client that leaves with commands under way: %s',
    async (how) => {
      const own = await start({ drainSeconds: 0.3 });
      const socket = netConnect({ host: '127.0.0.1', port: own.port });
      const connection = await connect(own, { stream: () => socket });
      let isHeld = false;
      fault.forwarder.inspect = ({ direction, command }) => {
        if (direction !== 'toClient' || !command.includes('silent')) return 'pass';
        isHeld = true;
        return 'hold';
      };
      const command = (sql: string): Buffer => {
        const head = Buffer.alloc(5, 3);
        head.writeUInt32LE(sql.length + 1);
        return Buffer.concat([head, Buffer.from(sql)]);
      };
      // Without query attributes, which mysql2 negotiates where they are offered.
      socket.removeAllListeners('data');
      const prefix = getServer().kind === 'mysql' ? '\0\x01' : '';
      socket.write(
        Buffer.concat([
          command(`${prefix}SELECT 1 /* silent */`),
          command(`${prefix}INSERT INTO words VALUES (1)`),
        ]),
      );
      await eventually(() => isHeld);
      if (how === 'end') socket.end();
      else socket.destroy();
      await eventually(() => own.sessions.size === 0 && fault.forwarder.open() === 0);
      connection.destroy();
    },
  );
});

it('a database whose name nobody knows: the client hears it', async () => {
  const relay = await startAuthenticatingRelay({
    backend: { host: 'database.invalid', port: 3306 },
    limits: { authSeconds: 5 },
  });
  const login = mysql.createConnection({ host: '127.0.0.1', port: relay.port, user: 'u', password: 'p' });
  await expect(login).rejects.toMatchObject({
    errno: 1105,
    message: expect.stringMatching(/TC_BACKEND\]: the database can't be reached \((ENOTFOUND|EAI_AGAIN)\)/),
  });
  await eventually(() => relay.limits.sessions === 0);
  await relay.stop();
});
