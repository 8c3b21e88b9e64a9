import { connect, createServer, type Socket } from 'node:net';

/** What passed on one connection. */
export interface Recording {
  readonly fromClient: Buffer[];
  readonly fromServer: Buffer[];
}

/** Stands between a client and a proxy and keeps all that passes. */
export interface WireRecorder {
  readonly port: number;
  /** One a connection, in the order in which they came. */
  readonly recordings: readonly Recording[];
  stop(): void;
}

/** Starts a recorder on a free port of 127.0.0.1 that leads to `port`. */
export async function startWireRecorder(port: number): Promise<WireRecorder> {
  const recordings: Recording[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const recording: Recording = { fromClient: [], fromServer: [] };
    recordings.push(recording);
    const onward = connect({ host: '127.0.0.1', port });
    for (const [from, to, kept] of [
      [client, onward, recording.fromClient],
      [onward, client, recording.fromServer],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => kept.push(chunk));
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const own = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(address === null || typeof address === 'string' ? 0 : address.port);
    });
  });
  return {
    port: own,
    recordings,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
