import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { ProxyError } from '../errors.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { MalformedPacketError, OutOfOrderError } from '../protocol/malformed-packet-error.js';
import { writePacket } from '../protocol/packet-writer.js';
import { PayloadTooLargeError } from '../protocol/payload-too-large-error.js';
import { asLoginError, loginErrorPayload } from './connection-phase/login-error.js';
import { LegClosedError, LegProtocolError } from './leg.js';
import { errorPacket } from './local-errors.js';
import type { SessionState } from './session-state.js';

/** How long a peer may take to close its side. */
const CLOSE_GRACE_MS = 1_000;

/** Where an ERR may still answer what the client has sent: nothing of another answer is out. */
const TELLS: Readonly<Record<SessionState, boolean>> = {
  setup: true,
  ready: true,
  waiting: true,
  responding: false,
  settling: false,
  ended: false,
};

/**
 * Logs why a session ends.
 * @param sequenceId of a packet that answers what the client has sent last
 * @returns the ERR packet that the client gets before, or null: a driver takes a closed connection for what it is, and
 * an ERR for the failure of one statement
 */
export function farewell(
  error: unknown,
  state: SessionState,
  sequenceId: number,
  log: Logger,
): Buffer | null {
  const packet = state === 'setup' ? loginFarewell(error, sequenceId) : sessionFarewell(error, sequenceId);
  logEnd(error, state, log);
  return TELLS[state] ? packet : null;
}

/** The client still waits for the end of its login, and gets the reason as for every other login that fails. */
function loginFarewell(error: unknown, sequenceId: number): Buffer | null {
  if (error instanceof LegClosedError && error.leg === 'client') return null;
  // Nothing of the client's is read yet.
  const known = error instanceof MalformedPacketError ? new LegProtocolError('backend', error) : error;
  return writePacket(loginErrorPayload(asLoginError(known), true), sequenceId);
}

function sessionFarewell(error: unknown, sequenceId: number): Buffer | null {
  if (error instanceof PayloadTooLargeError) {
    const text = `Got a packet bigger than 'max_allowed_packet' bytes: ${tooLong(error)}`;
    return errorPacket(ErrorNumber.ER_NET_PACKET_TOO_LARGE, '08S01', text, sequenceId);
  }
  if (error instanceof OutOfOrderError) {
    // Numbered 0 as by the servers: there is no number that both sides agree on.
    return errorPacket(ErrorNumber.ER_NET_PACKETS_OUT_OF_ORDER, '08S01', 'Got packets out of order', 0);
  }
  if (error instanceof MalformedPacketError) {
    const text = 'Malformed communication packet.';
    return errorPacket(ErrorNumber.ER_MALFORMED_PACKET, 'HY000', text, sequenceId);
  }
  return null;
}

function logEnd(error: unknown, state: SessionState, log: Logger): void {
  if (error instanceof PayloadTooLargeError) {
    log.info({ code: 'TC_LIMIT' }, tooLong(error));
  } else if (error instanceof MalformedPacketError) {
    log.warn({ err: error }, 'malformed packet: the session ends');
  } else if (error instanceof LegClosedError) {
    // From an idle session a server takes its leave as a matter of course.
    if (error.leg === 'backend' && state !== 'ready') {
      log.warn({ code: 'TC_BACKEND', state }, 'the database closed the connection while it was in use');
    }
  } else if (error instanceof ProxyError) {
    log.warn({ code: error.code }, error.message);
  } else {
    log.error({ err: error }, 'a session failed');
  }
}

function tooLong({ maxPayload }: PayloadTooLargeError): string {
  return `the command is longer than limits.statementBytes of tenantcrypt (${maxPayload}); send less, or raise it`;
}

/** The proxy's own statements after a login take too long. */
export function setupTimeoutError(authSeconds: number): ProxyError {
  return new ProxyError(
    'TC_BACKEND',
    `the session was not set up within limits.authSeconds (${authSeconds}); check that the database answers`,
  );
}

/** Sends what was written, then closes; cuts a peer off that does not close its side. */
export function closeSoftly(socket: Duplex): void {
  if (socket.destroyed) return;
  // Unread bytes would make the kernel send RST, and the peer could lose our last packet.
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), CLOSE_GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.end();
}
