import { ProxyError } from '../../errors.js';
import { BufferWriter } from '../../protocol/buffer-writer.js';
import { ErrorNumber } from '../../protocol/constants/error-numbers.js';
import { encodeErrPacket } from '../../protocol/resultset/err-packet.js';
import { LegClosedError, LegProtocolError } from '../leg.js';

const HY000 = 'HY000';

/** A login that fails for a reason which has an error number of its own in the manual. */
export class LoginError extends Error {
  readonly errorCode: number;
  readonly sqlState: string;

  constructor(errorCode: number, message: string, sqlState = HY000) {
    super(message);
    this.name = 'LoginError';
    this.errorCode = errorCode;
    this.sqlState = sqlState;
  }
}

/** The database's own ERR, which the client gets as it is. Its text stays out of our log: it names the user. */
export class LoginRefusedError extends Error {
  readonly errorCode: number;
  /** Private, so that no logger that writes an error's properties writes it. */
  readonly #payload: Buffer;

  constructor(payload: Buffer) {
    // A cut ERR is passed on like any other: refusing to is no better answer.
    const errorCode = payload.length >= 3 ? payload.readUInt16LE(1) : 0;
    super(`the database refused the login with error ${errorCode}`);
    this.name = 'LoginRefusedError';
    this.errorCode = errorCode;
    this.#payload = payload;
  }

  /** The server's packet. */
  get payload(): Buffer {
    return this.#payload;
  }
}

/** limits.sessions or limits.unauthenticated is reached; drivers know this number and wait. */
export function tooManyConnectionsError(): LoginError {
  return new LoginError(
    ErrorNumber.ER_CON_COUNT_ERROR,
    'Too many connections to tenantcrypt; see limits.sessions and limits.unauthenticated',
  );
}

/**
 * limits.authSeconds is over, and it was the client who was awaited: MySQL's number and words for connect_timeout.
 * @param what happened, without the limit
 */
export function loginTimeoutError(what: string, authSeconds: number): LoginError {
  return new LoginError(
    ErrorNumber.ER_NET_READ_INTERRUPTED,
    `Got timeout reading communication packets: ${what} within limits.authSeconds of tenantcrypt (${authSeconds})`,
    '08S01',
  );
}

/** Whatever ended a login, in a form that has a number, a text and a remedy. */
export function asLoginError(error: unknown): ProxyError | LoginError | LoginRefusedError {
  if (error instanceof ProxyError || error instanceof LoginError || error instanceof LoginRefusedError) {
    return error;
  }
  if (error instanceof LegClosedError && error.leg === 'backend') {
    return new ProxyError(
      'TC_BACKEND',
      "the database closed the connection during the login; see the database's error log",
      { cause: error },
    );
  }
  if (error instanceof LegProtocolError && error.leg === 'backend') {
    return new ProxyError(
      'TC_BACKEND',
      'the backend sent what is no packet of the MySQL protocol; check backend.host and backend.port',
      { cause: error },
    );
  }
  if (error instanceof LegProtocolError) {
    return new LoginError(
      ErrorNumber.ER_HANDSHAKE_ERROR,
      'Bad handshake: tenantcrypt could not read what the client sent',
    );
  }
  return new ProxyError('TC_INTERNAL', 'the login failed inside tenantcrypt; see its log', { cause: error });
}

/**
 * The ERR payload for a client.
 * @param afterGreeting before it, a client does not look for an SQLSTATE
 */
export function loginErrorPayload(
  error: ProxyError | LoginError | LoginRefusedError,
  afterGreeting: boolean,
): Buffer {
  if (error instanceof LoginRefusedError) return error.payload;
  const writer = new BufferWriter();
  const isOurs = error instanceof ProxyError;
  encodeErrPacket(writer, {
    errorCode: isOurs ? error.errno : error.errorCode,
    sqlState: afterGreeting ? error.sqlState : null,
    errorMessage: Buffer.from(isOurs ? error.clientMessage : error.message),
  });
  return writer.toBuffer();
}
