import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Listener, removeStaleSocket } from '../../src/session/listener.js';
import { tempFolder } from '../servers/temp-folder.js';
import { eventually } from '../support/eventually.js';

let folder: string;
let path: string;
const cleanups: (() => void)[] = [];
beforeEach(() => {
  folder = tempFolder('ls');
  path = join(folder, 'l.sock');
});
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  rmSync(folder, { recursive: true, force: true });
});

async function connected(options: { port: number } | { path: string }): Promise<Socket> {
  const socket = connect('port' in options ? { host: '127.0.0.1', ...options } : options);
  cleanups.push(() => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return socket;
}

async function started(overrides: Partial<ConstructorParameters<typeof Listener>[0]> = {}): Promise<{
  listener: Listener;
  accepted: boolean[];
}> {
  const accepted: boolean[] = [];
  const listener = new Listener({
    tcp: { host: '127.0.0.1', port: 0 },
    socket: path,
    onConnection: (socket, isUnixSocket) => {
      accepted.push(isUnixSocket);
      socket.on('error', () => undefined);
      socket.resume();
    },
    ...overrides,
  });
  await listener.listen();
  cleanups.push(() => {
    listener.stopAccepting();
    listener.destroyConnections();
  });
  return { listener, accepted };
}

/** As a process leaves it that was killed: the file without anybody behind it. */
async function leaveStaleSocket(): Promise<void> {
  const other = join(folder, 'other.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(other, resolve));
  const { linkSync } = await import('node:fs');
  linkSync(other, path);
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

describe('Listener', () => {
  it('accepts on TCP and on the Unix socket and tells them apart', async () => {
    const { listener, accepted } = await started();
    await connected({ port: listener.tcpAddress?.port ?? 0 });
    await eventually(() => accepted.length === 1);
    await connected({ path });
    await eventually(() => accepted.length === 2);
    expect(accepted).toEqual([false, true]);
    expect(listener.openConnections).toBe(2);
  });

  it('gives the socket file the mode asked for', async () => {
    await started({ socketMode: 0o660 });
    expect(statSync(path).mode & 0o777).toBe(0o660);
  });

  it('stops accepting, removes its file, and lets open connections go on until they end', async () => {
    const { listener, accepted } = await started();
    const port = listener.tcpAddress?.port ?? 0;
    const open = await connected({ port });
    await eventually(() => accepted.length === 1);
    listener.stopAccepting();
    await expect(connected({ port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await eventually(() => !existsSync(path));
    expect(await listener.drained(30)).toBe(false);
    const drained = listener.drained(5_000);
    open.destroy();
    expect(await drained).toBe(true);
  });

  it('cuts what is left', async () => {
    const { listener, accepted } = await started();
    const open = await connected({ path });
    await eventually(() => accepted.length === 1);
    listener.destroyConnections();
    await eventually(() => open.destroyed);
    expect(await listener.drained(1_000)).toBe(true);
  });

  it('listens on nothing when one address can not be had', async () => {
    const { listener } = await started({ socket: undefined });
    const port = listener.tcpAddress?.port ?? 0;
    const second = new Listener({
      tcp: { host: '127.0.0.1', port },
      socket: path,
      onConnection: () => undefined,
    });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(existsSync(path)).toBe(false);
  });

  it('takes the place of a process that was killed', async () => {
    await leaveStaleSocket();
    expect(existsSync(path)).toBe(true);
    const { accepted } = await started();
    await connected({ path });
    await eventually(() => accepted.length === 1);
  });
});

describe('removeStaleSocket', () => {
  it('leaves a socket on which another process listens', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(path, resolve));
    cleanups.push(() => server.close());
    await expect(removeStaleSocket(path)).rejects.toThrow(/another process listens/);
    expect(existsSync(path)).toBe(true);
  });

  it('leaves a file that is no socket', async () => {
    writeFileSync(path, 'precious');
    await expect(removeStaleSocket(path)).rejects.toThrow(/is no socket/);
    expect(existsSync(path)).toBe(true);
  });

  it('is content with nothing there', async () => {
    await expect(removeStaleSocket(path)).resolves.toBeUndefined();
  });
});
