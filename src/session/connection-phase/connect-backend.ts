import { connect, type Socket } from 'node:net';
import type { BackendConfig } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import type { DirectReads } from '../direct-reads.js';

/** As for clients: finds a server that vanished without a word. */
const KEEP_ALIVE_INITIAL_DELAY_MS = 60_000;

/**
 * Opens a connection to the database's address.
 * @param signal ends the attempt; its reason is thrown
 * @param reads get what the socket reads; without them it comes with 'data'
 * @throws ProxyError TC_BACKEND when nobody answers there
 */
export async function connectBackend(
  address: Pick<BackendConfig, 'host' | 'port' | 'socket'>,
  signal: AbortSignal,
  reads?: DirectReads,
): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connect(
    address.socket !== undefined
      ? { path: address.socket, ...reads?.option }
      : {
          ...reads?.option,
          host: address.host,
          port: address.port,
          noDelay: true,
          keepAlive: true,
          keepAliveInitialDelay: KEEP_ALIVE_INITIAL_DELAY_MS,
        },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      const settle = (then: () => void): void => {
        signal.removeEventListener('abort', onAbort);
        then();
      };
      socket.once('connect', () => settle(resolve));
      socket.once('error', (error) => settle(() => reject(notReachedError(address, error))));
    });
    return socket;
  } catch (error) {
    // Whatever comes late has been told already; unheard it would end the process.
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  }
}

function notReachedError(address: Pick<BackendConfig, 'socket'>, cause: NodeJS.ErrnoException): ProxyError {
  const keys = address.socket === undefined ? 'backend.host and backend.port' : 'backend.socket';
  return new ProxyError(
    'TC_BACKEND',
    `the database can't be reached (${cause.code ?? 'no reason given'}); check ${keys} and that the server runs`,
    { cause },
  );
}
