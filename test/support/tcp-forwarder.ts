import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a proxy and its database: counts, goes away, and leads elsewhere. */
export interface TcpForwarder {
  readonly port: number;
  /** Connections accepted since the start. */
  accepted(): number;
  /** Closes what is open and refuses what comes, as a host whose server has died. */
  close(): Promise<void>;
  /** Listens on the same port again. @param port where it leads to from now on */
  open(port: number): Promise<void>;
}

/** Starts a forwarder on a free port of 127.0.0.1 that leads to `port`. */
export async function startTcpForwarder(port: number): Promise<TcpForwarder> {
  let target = port;
  let accepted = 0;
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  const listen = async (at: number): Promise<number> => {
    const listener = createServer((socket) => {
      accepted += 1;
      const onward = connect({ host: '127.0.0.1', port: target });
      for (const [from, to] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      }
    });
    server = listener;
    return await new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(at, '127.0.0.1', () => {
        const address = listener.address();
        resolve(address === null || typeof address === 'string' ? 0 : address.port);
      });
    });
  };
  const own = await listen(0);
  return {
    port: own,
    accepted: () => accepted,
    close: async () => {
      const closing = server;
      server = null;
      if (closing === null) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: async (to) => {
      target = to;
      if (server === null) await listen(own);
    },
  };
}
