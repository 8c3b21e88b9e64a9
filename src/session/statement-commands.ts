import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import type { Frame } from '../protocol/packet-framer.js';
import type { ResponseEvent } from '../protocol/response-tracker.js';
import type { ClientCommand } from './client-command.js';
import { errorPacket } from './local-errors.js';

/** What a session does with the commands of prepared statements, COM_STMT_…. */
export interface StatementCommands {
  /** Takes up one. @param code its first byte */
  dispatch(frame: Frame, code: number): void;
  /** Follows the answers to COM_STMT_PREPARE. @param payload as the client is to see it @param raw as it came */
  packet(event: ResponseEvent, payload: Buffer, raw: Buffer, command: ClientCommand): void;
  /** The response to a command is over. */
  complete(command: ClientCommand): void;
  /** The server has forgotten them all. */
  clear(): void;
}

/** The answer to a COM_STMT_PREPARE beyond limits.preparedStatements, as the server's to one beyond its own limit. */
export function tooManyStatementsPacket(limit: number): Buffer {
  const message =
    `Can't create more than max_prepared_stmt_count statements (current value: ${limit}); see ` +
    'limits.preparedStatements of tenantcrypt';
  return errorPacket(ErrorNumber.ER_MAX_PREPARED_STMT_COUNT_REACHED, '42000', message, 1);
}

/**
 * The answer to a command on a statement that is not there.
 * @param where the server's name for the command
 * @param sequenceId of the packet, behind the client's
 */
export function unknownStatementPacket(statementId: number, where: string, sequenceId = 1): Buffer {
  const message = `Unknown prepared statement handler (${statementId}) given to ${where}`;
  return errorPacket(ErrorNumber.ER_UNKNOWN_STMT_HANDLER, 'HY000', message, sequenceId);
}
