import { chmod, lstat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TcpAddress } from '../config/config.js';

/** Seconds of silence are the server's wait_timeout to judge; this only finds peers that are gone. */
const KEEP_ALIVE_INITIAL_DELAY_MS = 60_000;
/** Connections that the kernel may hold for us while we are busy. */
const BACKLOG = 511;
/** As mysqld's own socket: who may log in is for the database to say, and the application runs as another user. */
const DEFAULT_SOCKET_MODE = 0o777;
/** How long another process may take to accept on a socket file that we found. */
const PROBE_MS = 1_000;

export interface ListenerOptions {
  readonly tcp: TcpAddress | undefined;
  /** Path of a Unix socket. */
  readonly socket: string | undefined;
  /** Mode of the socket's file. */
  readonly socketMode?: number;
  /** Gets each accepted socket, with no listener on it. */
  readonly onConnection: (socket: Socket, isUnixSocket: boolean) => void;
  /** A connection could not be accepted (no file descriptors left); the listener goes on. */
  readonly onError?: (error: Error) => void;
}

/** Accepts clients on TCP and on a Unix socket. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #servers: Server[] = [];
  readonly #open = new Set<Socket>();
  #tcpAddress: TcpAddress | null = null;
  #onIdle: (() => void) | null = null;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Where TCP is listened on, with the real port when 0 was configured; `null` without TCP. */
  get tcpAddress(): TcpAddress | null {
    return this.#tcpAddress;
  }

  /** Accepted connections that are not closed yet. */
  get openConnections(): number {
    return this.#open.size;
  }

  /**
   * Starts to accept.
   * @throws Error when an address is taken or not ours; nothing is listened on then
   */
  async listen(): Promise<void> {
    const { tcp, socket } = this.#options;
    try {
      if (tcp !== undefined) {
        const server = this.#createServer(false);
        await listening(server, () => server.listen({ host: tcp.host, port: tcp.port, backlog: BACKLOG }));
        const address = server.address();
        if (address === null || typeof address === 'string') throw new Error('no TCP address');
        this.#tcpAddress = { host: tcp.host, port: address.port };
      }
      if (socket !== undefined) {
        await removeStaleSocket(socket);
        const server = this.#createServer(true);
        const mode = this.#options.socketMode ?? DEFAULT_SOCKET_MODE;
        await listening(server, () => server.listen({ path: socket, backlog: BACKLOG }));
        await chmod(socket, mode);
      }
    } catch (error) {
      this.stopAccepting();
      throw error;
    }
  }

  /** Accepts no more; open connections go on. The Unix socket's file is removed. Can be called again. */
  stopAccepting(): void {
    // close() calls back when the open connections have ended; those are drained separately.
    for (const server of this.#servers.splice(0)) server.close();
  }

  /** Waits until all accepted connections are closed. @returns false when `boundMs` passed first */
  async drained(boundMs: number): Promise<boolean> {
    if (this.#open.size === 0) return true;
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => finish(false), boundMs);
      const finish = (isDrained: boolean): void => {
        clearTimeout(timer);
        this.#onIdle = null;
        resolve(isDrained);
      };
      this.#onIdle = () => finish(true);
    });
  }

  /** Cuts what is still open, after {@link drained} gave up. */
  destroyConnections(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #createServer(isUnixSocket: boolean): Server {
    const server = createServer({
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_INITIAL_DELAY_MS,
    });
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        if (this.#open.size === 0) this.#onIdle?.();
      });
      this.#options.onConnection(socket, isUnixSocket);
    });
    // Once it listens, an error is a failure to accept (no file descriptors left): unheard it would end the process.
    server.on('error', (error) => {
      if (server.listening) this.#options.onError?.(error);
    });
    this.#servers.push(server);
    return server;
  }
}

async function listening(server: Server, listen: () => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    listen();
  });
}

/**
 * Removes the file of a Unix socket on which nobody listens any more, as a killed process leaves it behind.
 * @throws Error when somebody listens there, or the file is something else: it is not ours to remove
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return;
  if (!found.isSocket()) throw new Error(`${path} exists and is no socket; choose another listen.socket`);
  if (await isListenedOn(path)) throw new Error(`another process listens on ${path}`);
  // Only the file that was looked at: another process may have put its own socket there since.
  const again = await lstat(path);
  if (again.ino !== found.ino || again.dev !== found.dev) throw new Error(`${path} changed while we started`);
  await unlink(path);
}

async function isListenedOn(path: string): Promise<boolean> {
  return await new Promise<boolean>((resolve, reject) => {
    const probe = connect({ path });
    const timer = setTimeout(() => finish(true), PROBE_MS);
    const finish = (isListened: boolean): void => {
      clearTimeout(timer);
      probe.destroy();
      resolve(isListened);
    };
    probe.once('connect', () => finish(true));
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') {
        finish(false);
      } else {
        clearTimeout(timer);
        reject(error);
      }
    });
  });
}
