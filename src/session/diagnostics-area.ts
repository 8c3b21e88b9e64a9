import { isUtf8 } from 'node:buffer';
import type { ProxyError, ServerError } from '../errors.js';
import { blobParameter } from '../protocol/command-phase/parameters.js';
import type { ErrPacket } from '../protocol/resultset/err-packet.js';
import type { ServerVersion } from '../rewrite/dialect.js';
import { clientText } from './local-errors.js';
import { OwnCommandError, type OwnCommands } from './own-commands.js';

/** An error as a client has got it. */
export interface ShownError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/** Reserved, as all names of ours: clients can't read it. */
const MESSAGE_VARIABLE = '@__tc_message';
/** Bytes in whatever character set the session has: the message is UTF-8. */
const SET_MESSAGE = `SET ${MESSAGE_VARIABLE} = CONVERT(? USING utf8mb4)`;

/**
 * Characters of MESSAGE_TEXT. MySQL fails (1648) or warns (1647) where there are more; MariaDB cuts its messages at 512
 * bytes before they come here.
 */
const LONGEST_MESSAGE: Readonly<Record<ServerVersion['kind'], number>> = { mysql: 128, mariadb: 512 };

/** `Incorrect integer value: 'abc' for column …` */
const QUOTED_VALUE = /^(Incorrect \w+ value: ').*(' for column )/s;

/**
 * The diagnostics area of the backend session, after an error that the server has not raised in these words: SHOW WARNINGS,
 * SHOW ERRORS, GET DIAGNOSTICS and @@error_count then tell of what the client was told.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/signal.html
 * https://mariadb.com/kb/en/signal/
 */
export class DiagnosticsArea {
  readonly #own: OwnCommands;
  readonly #server: ServerVersion;
  readonly #hidesValues: boolean;
  #statementId: number | null = null;

  /** @param hidesValues no value of the client's may be seen on the server (`constants: proxy`) */
  constructor(own: OwnCommands, server: ServerVersion, hidesValues: boolean) {
    this.#own = own;
    this.#server = server;
    this.#hidesValues = hidesValues;
  }

  /** The server has dropped the session's prepared statements. */
  forget(): void {
    this.#statementId = null;
  }

  /**
   * Puts an error in the place of what is there. Where the server does not let us (an XA transaction, a session that was
   * killed), that stays.
   * @throws Error when the connection is lost
   */
  async raise({ errno, sqlState, message }: ShownError): Promise<void> {
    // Class 01 would be a warning.
    const state = sqlState.startsWith('01') ? 'HY000' : sqlState;
    try {
      // The text may quote a value: it never stands in a statement.
      this.#statementId ??= await this.#own.prepare(SET_MESSAGE);
      await this.#own.executeSecret(this.#statementId, [blobParameter(this.#text(message))]);
      // Not before the variable is set: it would be the message of another error.
      await this.#own.query(
        `SIGNAL SQLSTATE '${state}' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = ${MESSAGE_VARIABLE}`,
      );
    } catch (error) {
      // SIGNAL answers with the error that it raises.
      if (!(error instanceof OwnCommandError)) throw error;
    }
  }

  #text(message: string): Buffer {
    const shown = this.#hidesValues ? message.replace(QUOTED_VALUE, '$1...$2') : message;
    const characters = [...shown];
    return Buffer.from(characters.slice(0, LONGEST_MESSAGE[this.#server.kind]).join(''));
  }
}

/** What a client was told in the place of the server's own error. */
export function shownPacket({ errorCode, sqlState, errorMessage }: ErrPacket): ShownError {
  // Of a server's text in another character set than UTF-8 there is no more to be known.
  const message = errorMessage.toString(isUtf8(errorMessage) ? 'utf8' : 'latin1');
  return { errno: errorCode, sqlState: sqlState ?? 'HY000', message };
}

/** What a client was told of a statement that did not reach the server. */
export function shownError(error: ProxyError | ServerError): ShownError {
  return { errno: error.errno, sqlState: error.sqlState, message: clientText(error) };
}
