import {
  asksForCursor,
  LAST_PREPARED_STATEMENT,
  readStatementId,
} from '../protocol/command-phase/com-stmt-execute.js';
import { Command } from '../protocol/constants/commands.js';
import type { Frame } from '../protocol/packet-framer.js';
import type { ResponseEvent } from '../protocol/response-tracker.js';
import type { ClientCommand } from './client-command.js';
import type { CommandHost } from './command-host.js';
import {
  type StatementCommands,
  tooManyStatementsPacket,
  unknownStatementPacket,
} from './statement-commands.js';

/** Of the commands that the server answers, as its errors name them. */
const WHERE: ReadonlyMap<number, string> = new Map([
  [Command.COM_STMT_EXECUTE, 'mysqld_stmt_execute'],
  [Command.COM_STMT_BULK_EXECUTE, 'mysqld_stmt_bulk_execute'],
  [Command.COM_STMT_RESET, 'mysqld_stmt_reset'],
  [Command.COM_STMT_FETCH, 'mysqld_stmt_fetch'],
]);

/** A client's prepared statements where no table is protected: they pass as they come, and are counted. */
export class PassedStatements implements StatementCommands {
  readonly #host: CommandHost;
  readonly #maxStatements: number;
  readonly #open = new Set<number>();
  /** Of the PREPARE under way, once the server has given one. */
  #preparedId: number | null = null;
  /** A PREPARE was refused here: the server's "last statement" is an older one, which the client does not mean. */
  #lastIsRefused = false;

  /** @param maxStatements limits.preparedStatements */
  constructor(host: CommandHost, maxStatements: number) {
    this.#host = host;
    this.#maxStatements = maxStatements;
  }

  dispatch(frame: Frame, code: number): void {
    const host = this.#host;
    if (code === Command.COM_STMT_PREPARE) {
      this.#prepare(frame);
      return;
    }
    const id = readStatementId(frame.payload);
    if (this.#lastIsRefused && id === LAST_PREPARED_STATEMENT) {
      const where = WHERE.get(code);
      if (where === undefined) host.expect('none', false);
      else host.answer(unknownStatementPacket(id, where));
      return;
    }
    host.forward(frame);
    switch (code) {
      case Command.COM_STMT_EXECUTE:
        host.expect(asksForCursor(frame.payload) ? 'cursor' : 'result', false);
        return;
      case Command.COM_STMT_BULK_EXECUTE:
        host.expect('result', false);
        return;
      case Command.COM_STMT_FETCH:
        host.expect('rows', false);
        return;
      case Command.COM_STMT_RESET:
        host.expect('ok', false);
        return;
      case Command.COM_STMT_CLOSE:
        this.#open.delete(id);
        host.expect('none', false);
        return;
      default:
        host.expect('none', false);
    }
  }

  packet(event: ResponseEvent): void {
    if (event.kind === 'prepareOk') this.#preparedId = event.prepareOk.statementId;
  }

  complete(command: ClientCommand): void {
    if (command.failed) this.#preparedId = null;
    else if (command.followUp === 'resetConnection') this.clear();
    if (this.#preparedId !== null) this.#open.add(this.#preparedId);
    this.#preparedId = null;
  }

  clear(): void {
    this.#open.clear();
    this.#lastIsRefused = false;
  }

  #prepare(frame: Frame): void {
    this.#lastIsRefused = this.#open.size >= this.#maxStatements;
    if (this.#lastIsRefused) {
      this.#host.answer(tooManyStatementsPacket(this.#maxStatements));
      return;
    }
    this.#host.forward(frame);
    this.#host.expect('prepare', false);
  }
}
