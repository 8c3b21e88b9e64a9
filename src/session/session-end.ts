import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { ProxyError } from '../errors.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { MalformedPacketError } from '../protocol/malformed-packet-error.js';
import { PayloadTooLargeError } from '../protocol/payload-too-large-error.js';
import { LegClosedError } from './leg.js';
import { errorPacket, localErrorPacket } from './local-errors.js';

/** How long a peer may take to close its side. */
const CLOSE_GRACE_MS = 1_000;

/**
 * Logs why a session ends.
 * @returns the ERR packet that a client which awaits no response gets before, or null
 */
export function farewell(error: unknown, log: Logger): Buffer | null {
  if (error instanceof PayloadTooLargeError) {
    const limit = new ProxyError(
      'TC_LIMIT',
      `the command is longer than ${error.maxPayload} bytes; raise limits.statementBytes or send less`,
    );
    log.info({ code: limit.code }, limit.message);
    return localErrorPacket(limit, 1);
  }
  if (error instanceof MalformedPacketError) {
    log.warn({ err: error }, 'malformed packet: the session ends');
    return errorPacket(ErrorNumber.ER_MALFORMED_PACKET, 'HY000', 'Malformed communication packet.', 1);
  }
  if (!(error instanceof LegClosedError)) log.error({ err: error }, 'a session failed');
  return null;
}

/** Sends what was written, then closes; cuts a peer off that does not close its side. */
export function closeSoftly(socket: Socket): void {
  if (socket.destroyed) return;
  socket.setTimeout(0);
  // Unread bytes would make the kernel send RST, and the peer could lose our last packet.
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), CLOSE_GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.end();
}
