import { type ErrorCode, ProxyError, ServerError } from '../errors.js';
import { BufferWriter } from '../protocol/buffer-writer.js';
import { beginPacket, endPacket } from '../protocol/packet-writer.js';
import { encodeErrPacket } from '../protocol/resultset/err-packet.js';

/*
 * ERR packets of the proxy's own, in answer to a command that never reached the server. The texts are ASCII, so they
 * read the same in every character set of results.
 */

/** Messages are cut so that a packet stays one packet and a log line a line. */
const MAX_MESSAGE = 2000;

/** An ERR packet with header. @param sequenceId 1 in answer to a one-packet command */
export function errorPacket(
  errorCode: number,
  sqlState: string,
  message: string,
  sequenceId: number,
): Buffer {
  const writer = new BufferWriter();
  const start = beginPacket(writer, sequenceId);
  encodeErrPacket(writer, { errorCode, sqlState, errorMessage: Buffer.from(message.slice(0, MAX_MESSAGE)) });
  endPacket(writer, start);
  return writer.toBuffer();
}

/** The ERR packet of a refusal, its position named at the end where there is one; or of an error of the server's. */
export function localErrorPacket(error: ProxyError | ServerError, sequenceId: number): Buffer {
  return errorPacket(error.errno, error.sqlState, clientText(error), sequenceId);
}

/** What a client reads of an error. */
export function clientText(error: ProxyError | ServerError): string {
  if (error instanceof ServerError) return error.message;
  const place = error.position === undefined ? '' : ` (at byte ${error.position})`;
  return `${error.clientMessage}${place}`;
}

/** Whatever was thrown, as something a client may be told: unknown errors lose their text, which may hold data. */
export function asLocalError(error: unknown, code: ErrorCode = 'TC_INTERNAL'): ProxyError | ServerError {
  if (error instanceof ProxyError || error instanceof ServerError) return error;
  return new ProxyError(code, 'an unexpected failure inside tenantcrypt; see its log', { cause: error });
}
