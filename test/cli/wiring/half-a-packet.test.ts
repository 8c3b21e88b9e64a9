import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { startProxy } from '../../../src/cli/wiring/start-proxy.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { tempFolder } from '../../servers/temp-folder.js';
import { eventually } from '../../support/eventually.js';
import { int, nul, ok, packet } from '../../support/wire.js';

/** PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH. */
const FLAGS = 0x0200 | 0x8000 | 0x8_0000;
const GREETING = packet(0, [
  10,
  ...nul('9.7.4'),
  ...int(4, 1),
  ...int(8, 0x0101),
  0,
  ...int(2, FLAGS & 0xffff),
  45,
  ...int(2, 2),
  ...int(2, FLAGS >>> 16),
  21,
  ...int(10, 0),
  ...new Array<number>(12).fill(7),
  0,
  ...nul('some_plugin'),
]);
const RESPONSE = packet(1, [
  ...int(4, FLAGS),
  ...int(4, 0x100_0000),
  45,
  ...int(23, 0),
  ...nul('u'),
  0,
  ...nul('some_plugin'),
]);

it('closes both connections of a login that ends while half a packet of the client has been read', async () => {
  const sockets = new Set<Socket>();
  const backend = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.write(Buffer.from(GREETING));
    // A plugin that nobody knows says something, and is content before it was answered.
    socket.once('data', () => {
      socket.write(Buffer.from(packet(2, [0x42])));
      setTimeout(() => socket.write(Buffer.from(packet(3, ok()))), 150);
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const address = backend.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const folder = tempFolder('half');
  const file = join(folder, 'tenantcrypt.yaml');
  writeFileSync(
    file,
    JSON.stringify({
      listen: { host: '127.0.0.1', port: 0 },
      backend: { host: '127.0.0.1', port: address.port, tls: { mode: 'disabled' } },
    }),
  );
  const proxy = await startProxy(loadConfig(file), { log: pino({ level: 'silent' }) });
  const client = connect({ host: '127.0.0.1', port: proxy.port ?? 0 });
  client.on('error', () => undefined);
  client.on('data', () => undefined);
  const closed = once(client, 'close');
  await once(client, 'data');
  client.write(Buffer.from(RESPONSE));
  await delay(50);
  client.write(Buffer.from([5, 0, 0, 3, 1]));
  expect(await Promise.race([closed.then(() => 'closed'), delay(3_000, 'open')])).toBe('closed');
  await eventually(() => sockets.size === 0);
  await proxy.stop();
  await new Promise<void>((resolve) => backend.close(() => resolve()));
  rmSync(folder, { recursive: true, force: true });
});
