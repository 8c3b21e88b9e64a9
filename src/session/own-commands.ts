import type { Parameter } from '../protocol/binary-value.js';
import { BufferWriter } from '../protocol/buffer-writer.js';
import { encodeComQuery } from '../protocol/command-phase/com-query.js';
import { encodeComStmtExecute } from '../protocol/command-phase/com-stmt-execute.js';
import { encodeComStmtPrepare } from '../protocol/command-phase/com-stmt-prepare.js';
import { encodeComStmtClose } from '../protocol/command-phase/com-stmt-simple.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { MalformedPacketError } from '../protocol/malformed-packet-error.js';
import { beginPacket, endPacket } from '../protocol/packet-writer.js';
import type { ResponseEvent, ResponseKind } from '../protocol/response-tracker.js';
import { decodeErrPacket } from '../protocol/resultset/err-packet.js';
import { decodeTextResultsetRow } from '../protocol/resultset/text-resultset-row.js';
import type { TextRow } from './catalog-queries.js';

/** The server answered one of the proxy's own commands with ERR. The text stays out: it may hold data. */
export class OwnCommandError extends Error {
  readonly errorCode: number;

  constructor(errorCode: number) {
    super(`the server answered a command of tenantcrypt with error ${errorCode}`);
    this.name = 'OwnCommandError';
    this.errorCode = errorCode;
  }
}

/** Bytes of rows and definitions of one answer: a schema of thousands of tables has a few hundred thousand. */
const MAX_ANSWER = 64 * 1024 * 1024;

/** A command of the proxy's own whose response is under way. */
export class OwnCommand {
  readonly kind = 'own';
  readonly rows: TextRow[] = [];
  /** From COM_STMT_PREPARE_OK. */
  statementId = 0;
  /** Definitions of the columns of a statement prepared, or of a result. */
  readonly definitions: Buffer[] = [];
  #columnCount = 0;
  #kept = 0;
  #error: OwnCommandError | null = null;
  readonly #resolve: (command: OwnCommand) => void;
  readonly #reject: (error: Error) => void;

  constructor(resolve: (command: OwnCommand) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  packet(event: ResponseEvent, payload: Buffer): void {
    if (event.kind === 'columnCount') this.#columnCount = event.columnCount;
    else if (event.kind === 'row') {
      this.rows.push(decodeTextResultsetRow(this.#keep(payload), this.#columnCount));
    } else if (event.kind === 'definition' && event.of !== 'parameters') {
      this.definitions.push(this.#keep(payload));
    } else if (event.kind === 'prepareOk') this.statementId = event.prepareOk.statementId;
    else if (event.kind === 'err') this.#error = new OwnCommandError(decodeErrPacket(payload).errorCode);
  }

  /** A copy: what arrives is a view into a socket's chunk. @throws MalformedPacketError for an answer without an end */
  #keep(payload: Buffer): Buffer {
    this.#kept += payload.length;
    if (this.#kept > MAX_ANSWER) throw new MalformedPacketError('an answer without an end', 0);
    return Buffer.from(payload);
  }

  complete(): void {
    if (this.#error === null) this.#resolve(this);
    else this.#reject(this.#error);
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}

export interface OwnCommandsPort {
  expect(kind: ResponseKind, command: OwnCommand): void;
  /** @param isSecret the bytes are to be zeroed once they are out */
  send(bytes: Buffer, isSecret: boolean): void;
}

/**
 * The proxy's own commands on the backend connection. Their responses never reach the client; each command starts at
 * sequence id 0, so nothing of the client's shifts. Commands issued in one turn go out in one write.
 */
export class OwnCommands {
  readonly #capabilities: Capabilities;
  readonly #port: OwnCommandsPort;
  readonly #writer = new BufferWriter(1024);
  readonly #pending = new Set<OwnCommand>();
  #isSecret = false;
  #isScheduled = false;
  #failure: Error | null = null;

  constructor(capabilities: Capabilities, port: OwnCommandsPort) {
    this.#capabilities = capabilities;
    this.#port = port;
  }

  /** Runs a statement. @returns its rows @throws OwnCommandError */
  async query(sql: string): Promise<readonly TextRow[]> {
    return (await this.queryText(Buffer.from(sql))).rows;
  }

  /** As `query`, for text in the client's own character set, up to 16 MiB. */
  async queryText(text: Buffer): Promise<Pick<OwnCommand, 'rows' | 'definitions'>> {
    const start = beginPacket(this.#writer, 0);
    encodeComQuery(this.#writer, text, this.#capabilities);
    endPacket(this.#writer, start);
    return await this.#run('result');
  }

  /** Prepares a statement. @returns its id @throws OwnCommandError */
  async prepare(sql: string): Promise<number> {
    return (await this.prepareText(Buffer.from(sql))).statementId;
  }

  /** As `prepare`, for a statement of the client's in its own character set, up to 16 MiB. */
  async prepareText(text: Buffer): Promise<Pick<OwnCommand, 'statementId' | 'definitions'>> {
    const start = beginPacket(this.#writer, 0);
    encodeComStmtPrepare(this.#writer, text);
    endPacket(this.#writer, start);
    return await this.#run('prepare');
  }

  /** Executes a prepared statement whose parameters are secret. @throws OwnCommandError */
  async executeSecret(statementId: number, parameters: readonly Parameter[]): Promise<void> {
    const start = beginPacket(this.#writer, 0);
    encodeComStmtExecute(this.#writer, this.#capabilities, { statementId, parameters });
    endPacket(this.#writer, start);
    this.#isSecret = true;
    await this.#run('result');
  }

  /** Frees a statement of the server's. */
  closeStatement(statementId: number): void {
    const start = beginPacket(this.#writer, 0);
    encodeComStmtClose(this.#writer, statementId);
    endPacket(this.#writer, start);
    this.#schedule();
  }

  /** The connection is gone: whoever waits is told. */
  failAll(error: Error): void {
    this.#failure ??= error;
    this.#writer.wipe();
    for (const command of this.#pending) command.fail(error);
    this.#pending.clear();
  }

  /** Sends what was issued in this turn: before anything else is written to the backend. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#writer.length === 0 || this.#failure !== null) return;
    const bytes = this.#writer.toBuffer();
    if (this.#isSecret) this.#writer.wipe();
    else this.#writer.reset();
    this.#port.send(bytes, this.#isSecret);
    this.#isSecret = false;
  }

  #run(kind: ResponseKind): Promise<OwnCommand> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const result = new Promise<OwnCommand>((resolve, reject) => {
      const command: OwnCommand = new OwnCommand(
        (done) => {
          this.#pending.delete(command);
          resolve(done);
        },
        (error) => {
          this.#pending.delete(command);
          reject(error);
        },
      );
      this.#pending.add(command);
      this.#port.expect(kind, command);
    });
    this.#schedule();
    return result;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.flush());
  }
}
