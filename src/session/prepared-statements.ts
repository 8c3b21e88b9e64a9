import { ProxyError } from '../errors.js';
import type { Parameter } from '../protocol/binary-value.js';
import { BufferWriter } from '../protocol/buffer-writer.js';
import {
  decodeComStmtBulkExecute,
  encodeComStmtBulkExecute,
} from '../protocol/command-phase/com-stmt-bulk-execute.js';
import {
  asksForCursor,
  type ComStmtExecute,
  decodeComStmtExecute,
  encodeComStmtExecute,
  LAST_PREPARED_STATEMENT,
  readStatementId,
} from '../protocol/command-phase/com-stmt-execute.js';
import { decodeComStmtSendLongData } from '../protocol/command-phase/com-stmt-send-long-data.js';
import { type Capabilities, Capability, has, MariadbCapability } from '../protocol/constants/capabilities.js';
import { Command } from '../protocol/constants/commands.js';
import { MalformedPacketError } from '../protocol/malformed-packet-error.js';
import { type Frame, HEADER_LENGTH } from '../protocol/packet-framer.js';
import { numberingOf } from '../protocol/packet-numbering.js';
import { packetCount, packetParts } from '../protocol/packet-writer.js';
import type { ResponseEvent, ResponseKind } from '../protocol/response-tracker.js';
import type { RewritePlan } from '../rewrite/plan.js';
import { convertBulk } from './bulk-execution.js';
import type { ClientCommand } from './client-command.js';
import type { CommandHost } from './command-host.js';
import type { OwnCommands } from './own-commands.js';
import { type ConversionContext, convertParameter, parameterText } from './parameter-conversion.js';
import { PrepareAnswer } from './prepare-answer.js';
import { PreparedStatement } from './prepared-statement.js';
import {
  type StatementCommands,
  tooManyStatementsPacket,
  unknownStatementPacket,
} from './statement-commands.js';
import type { StatementGate } from './statement-gate.js';
import { adopt, StatementRenewal } from './statement-renewal.js';

export interface PreparedStatementsOptions {
  readonly host: CommandHost;
  readonly gate: StatementGate;
  readonly own: OwnCommands;
  readonly clientCapabilities: Capabilities;
  readonly backendCapabilities: Capabilities;
  /** Bytes of COM_STMT_SEND_LONG_DATA kept for one execution of a rewritten statement. */
  readonly maxLongData: number;
  /** limits.preparedStatements */
  readonly maxStatements: number;
  /** As {@link SqlPreparedStatements.awaitsUnseen}. */
  readonly awaitsUnseen: () => boolean;
}

/**
 * The client's prepared statements. A statement that is forwarded keeps its id and its packets; a rewritten one has
 * other parameters on the backend than the client sees, and is prepared again when the schema has changed. An id that
 * the client was not given never reaches the server: it might be one of ours.
 */
export class PreparedStatements implements StatementCommands {
  readonly #options: PreparedStatementsOptions;
  readonly #statements = new Map<number, PreparedStatement>();
  readonly #writer = new BufferWriter();
  readonly #renewal: StatementRenewal;
  #last: PreparedStatement | null = null;
  #answer: PrepareAnswer | null = null;

  constructor(options: PreparedStatementsOptions) {
    this.#options = options;
    const { host, gate, own, clientCapabilities } = options;
    const cachesMetadata = this.#cachesMetadata;
    this.#renewal = new StatementRenewal({ host, gate, own, clientCapabilities, cachesMetadata });
  }

  /** Clients keep the definitions that come with the statement: MariaDB sends them once, MySQL leaves them out on demand. */
  get #cachesMetadata(): boolean {
    const { flags, mariadb } = this.#options.clientCapabilities;
    return (
      has(mariadb, MariadbCapability.MARIADB_CLIENT_CACHE_METADATA) ||
      has(flags, Capability.CLIENT_OPTIONAL_RESULTSET_METADATA)
    );
  }

  clear(): void {
    this.#statements.clear();
    this.#last = null;
  }

  dispatch(frame: Frame, code: number): void {
    if (code === Command.COM_STMT_PREPARE) {
      this.#prepare(frame);
      return;
    }
    const statement = this.#find(frame.payload);
    switch (code) {
      case Command.COM_STMT_EXECUTE:
        if (statement === null) this.#unknown(frame, 'mysqld_stmt_execute');
        else this.#execute(frame, statement);
        return;
      case Command.COM_STMT_BULK_EXECUTE:
        if (statement === null) this.#unknown(frame, 'mysqld_stmt_bulk_execute');
        else this.#execute(frame, statement);
        return;
      case Command.COM_STMT_SEND_LONG_DATA:
        if (statement !== null) this.#longData(frame, statement);
        this.#options.host.expect('none', false);
        return;
      case Command.COM_STMT_CLOSE:
        if (statement !== null) this.#close(frame, statement);
        this.#options.host.expect('none', false);
        return;
      case Command.COM_STMT_RESET:
        if (statement === null) {
          this.#unknown(frame, 'mysqld_stmt_reset');
          return;
        }
        statement.clearLongData();
        this.#forward(frame, statement);
        this.#options.host.expect('ok', false);
        return;
      default:
        if (statement === null) {
          this.#unknown(frame, 'mysqld_stmt_fetch');
          return;
        }
        this.#options.host.command.statement = statement;
        this.#forward(frame, statement);
        this.#options.host.expect('rows', false);
    }
  }

  packet(event: ResponseEvent, payload: Buffer, raw: Buffer, command: ClientCommand): void {
    if (command.code !== Command.COM_STMT_PREPARE) return;
    const { statement } = command;
    const answer = this.#answer;
    if (event.kind === 'prepareOk') {
      const { statementId, numParams, numColumns, warningCount, metadataFollows } = event.prepareOk;
      if (statement !== null) {
        statement.backendId = statementId;
        statement.clientId = statementId;
        // Of a rewritten statement the server counts its own parameters.
        if (statement.plan === null) statement.numParams = numParams;
      }
      if (answer !== null) Object.assign(answer, { numColumns, warningCount, metadataFollows });
    } else if (answer === null) {
      return;
    } else if (event.kind === 'definition') {
      answer.keep(event.of === 'parameters' ? answer.parameters : answer.columns, payload);
      if (this.#cachesMetadata && event.of === 'preparedColumns') {
        statement?.definitions.push(Buffer.from(raw));
      }
    } else if (event.kind === 'endOfDefinitions') {
      answer.statusFlags = event.statusFlags;
    } else if (event.kind === 'err') {
      answer.error = Buffer.from(payload);
    }
  }

  complete(command: ClientCommand): void {
    if (command.code !== Command.COM_STMT_PREPARE) return;
    const { statement } = command;
    const answer = this.#answer;
    this.#answer = null;
    if (statement !== null && !command.failed) {
      this.#statements.set(statement.clientId, statement);
      this.#last = statement;
    }
    if (answer !== null && statement !== null)
      this.#options.host.relay(answer.packets(statement, this.#options.clientCapabilities));
  }

  #prepare(frame: Frame): void {
    const { host, gate } = this.#options;
    // As on the server: behind a PREPARE that fails, an execution of "the last statement" must not run an older one.
    this.#last = null;
    const { maxStatements } = this.#options;
    if (this.#statements.size >= maxStatements) {
      host.answer(tooManyStatementsPacket(maxStatements));
      return;
    }
    const { payload } = frame;
    const { protection } = gate;
    const { rewriter } = protection.shared;
    if (gate.awaitsNames(payload, 1, payload.length)) return;
    const analysis = gate.analyse(payload, 1, payload.length, true);
    if (!analysis.skipped && !protection.isReady) {
      gate.waitFor(protection.makeReady());
      return;
    }
    const { plan } = analysis;
    if (plan.outcome !== 'forward' && gate.awaitsSchema()) return;
    if (plan.outcome === 'refuse') {
      host.refuse(rewriter.refusal());
      return;
    }
    const statement = new PreparedStatement(Buffer.from(payload.subarray(1)));
    statement.comments = gate.commentTenants();
    host.command.statementTenant = { attributes: [], comments: statement.comments };
    statement.effects = plan.effects;
    statement.catalog = protection.catalog;
    statement.context = protection.context(true);
    const { command } = host;
    command.statement = statement;
    if (plan.outcome === 'forward') {
      statement.tenantValues = [...rewriter.tenantValues()];
      host.forward(frame);
      host.expect('prepare', false);
      return;
    }
    const rewritten = this.#renewal.rewrite(plan, false);
    if (rewritten === null) return;
    adopt(statement, rewritten);
    command.outcome = 'rewritten';
    command.columns = plan.columns;
    command.catalog = protection.catalog;
    command.isBinary = true;
    this.#answer = new PrepareAnswer(frame.lastSequenceId + 1);
    host.send(preparePacket(rewritten.text));
    host.expectCollected('prepare');
  }

  #execute(frame: Frame, statement: PreparedStatement): void {
    const { host, gate } = this.#options;
    const { protection } = gate;
    const { command } = host;
    // The first attempt of a command behind another one: what that one was refused with is gone, as on the server.
    if (command.attempts === 0) statement.beginExecution();
    if (statement.isLongDataTooLong) {
      statement.clearLongData();
      throw new ProxyError('TC_LIMIT', 'more long data than limits.statementBytes; raise it or send less');
    }
    const isBulk = command.code === Command.COM_STMT_BULK_EXECUTE;
    const execute = statement.isRead && !isBulk ? this.#decode(frame, statement) : null;
    command.statementTenant = {
      attributes:
        execute !== null && this.#renewal.readsAttributes ? gate.attributeTenants(execute.attributes) : [],
      comments: statement.comments,
    };
    if (!protection.isReady && (statement.plan !== null || !this.#renewal.isCurrent(statement))) {
      gate.waitFor(protection.makeReady());
      return;
    }
    if (statement.plan !== null && gate.awaitsSchema()) return;
    if (!this.#renewal.isCurrent(statement) && this.#renewal.renew(statement)) return;
    command.effects = statement.effects;
    command.statement = statement;
    const { plan } = statement;
    if (plan === null) {
      if (statement.effects.runsUnseenSql === true && this.#options.awaitsUnseen()) return;
      if (statement.effects.tenantAssignments.length > 0 && !this.#takeTenantValues(execute, statement)) {
        return;
      }
      const kind = this.#responseKind(frame);
      if (execute !== null && statement.longData.size > 0) this.#sendInline(frame, execute, statement);
      else this.#forward(frame, statement);
      host.expect(kind, false);
      return;
    }
    const tenant = gate.tenantFor(plan);
    if (tenant === null) return;
    command.outcome = 'rewritten';
    command.columns = plan.columns;
    command.catalog = protection.catalog;
    command.isBinary = true;
    if (execute === null) {
      this.#executeBulk(frame, statement, plan, tenant);
      return;
    }
    statement.clearLongData();
    const context = this.#conversion(tenant, statement);
    const parameters = statement.parameters.map((target) =>
      convertParameter(target, execute.parameters, context),
    );
    command.warnings = context.warnings;
    this.#writer.reset();
    encodeComStmtExecute(this.#writer, this.#options.backendCapabilities, {
      statementId: statement.backendId,
      // Rows that are restored come at once: fetched ones would pass.
      flags: plan.columns?.rows === undefined ? execute.flags : 0,
      parameters,
      attributes: execute.attributes,
    });
    this.#sendExecution(frame, plan, this.#responseKind(frame));
  }

  /** An execution with the long data in its place. */
  #decode(frame: Frame, statement: PreparedStatement): ComStmtExecute {
    const execute = decodeComStmtExecute(frame.payload, this.#options.clientCapabilities, {
      numParams: statement.numParams,
      previousTypes: statement.types,
      longData: new Set(statement.longData.keys()),
    });
    if (execute.newParamsBindFlag) statement.types = [...execute.parameters, ...execute.attributes];
    const parameters = execute.parameters.map((parameter, index) =>
      withLongData(parameter, statement, index),
    );
    return { ...execute, parameters };
  }

  /** An execution of a statement that goes as it is, with the long data that was kept from the server. */
  #sendInline(frame: Frame, execute: ComStmtExecute, statement: PreparedStatement): void {
    statement.clearLongData();
    this.#writer.reset();
    encodeComStmtExecute(this.#writer, this.#options.backendCapabilities, {
      ...execute,
      statementId: statement.backendId,
    });
    this.#sendWritten(frame);
  }

  #responseKind({ payload }: Frame): ResponseKind {
    return this.#options.host.command.code === Command.COM_STMT_EXECUTE && asksForCursor(payload)
      ? 'cursor'
      : 'result';
  }

  /** MariaDB: many rows of parameters at once. */
  #executeBulk(frame: Frame, statement: PreparedStatement, plan: RewritePlan, tenant: string): void {
    const bulk = decodeComStmtBulkExecute(frame.payload, {
      numParams: statement.numParams,
      previousTypes: statement.types,
    });
    statement.types = bulk.types;
    const context = this.#conversion(tenant, statement);
    const converted = convertBulk(bulk, statement.parameters, statement.backendId, context);
    this.#options.host.command.warnings = context.warnings;
    this.#writer.reset();
    encodeComStmtBulkExecute(this.#writer, converted);
    this.#sendExecution(frame, plan, 'result');
  }

  #sendExecution(frame: Frame, plan: RewritePlan, kind: ResponseKind): void {
    this.#sendWritten(frame);
    this.#options.host.expect(kind, plan.columns !== null);
  }

  /** Sends what the writer holds in the place of the client's packet, whose parameters it may take more packets for. */
  #sendWritten(frame: Frame): void {
    const { host } = this.#options;
    const payload = this.#writer.view();
    host.command.numbering = numberingOf(frame.lastSequenceId, packetCount(payload.length));
    host.send(Buffer.concat(packetParts(payload, 0)));
    // The parameters may be plaintext of protected columns: not to be kept until the next execution.
    this.#writer.wipe();
  }

  #conversion(
    tenant: string,
    { passed, warnings }: PreparedStatement,
  ): ConversionContext & Pick<ClientCommand, 'warnings'> {
    const { gate } = this.#options;
    const { characterSetClient, server, sqlMode } = gate.protection.context(true).dialect;
    const utf8 = characterSetClient.startsWith('utf8');
    const utf8mb3 = /^utf8(mb3)?$/.test(characterSetClient);
    const told = { warnings: [...warnings] };
    const context = { tenant, sqlMode, utf8, utf8mb3, ...told, ...gate.encryption(tenant) };
    return server.kind === 'mysql' ? { ...context, passed } : context;
  }

  /** The values that an execution of `SET @tenant = ?` assigns. @returns false when it was refused */
  #takeTenantValues(execute: ComStmtExecute | null, statement: PreparedStatement): boolean {
    const { gate } = this.#options;
    // Bulk: which of the rows would be the last to assign?
    if (execute === null) return gate.checkTenantValues([]);
    const known = [...statement.tenantValues];
    const values: (string | null)[] = [];
    for (const assignment of statement.effects.tenantAssignments) {
      if (assignment.kind !== 'parameter') {
        values.push(known.shift() ?? null);
        continue;
      }
      const parameter = execute.parameters[assignment.ordinal];
      if (parameter === undefined) throw new MalformedPacketError('parameter expected', 0);
      if (parameter.value === null) {
        values.push(null);
        continue;
      }
      const text = parameterText(parameter);
      // Not a type whose text is known: as an expression that only the server could evaluate.
      if (text === undefined) return gate.checkTenantValues([]);
      values.push(text);
    }
    return gate.checkTenantValues(values);
  }

  #longData(frame: Frame, statement: PreparedStatement): void {
    if (!statement.isRead) {
      this.#forward(frame, statement);
      return;
    }
    const { paramId, data } = decodeComStmtSendLongData(frame.payload);
    if (paramId >= statement.numParams) return;
    statement.beginLongData();
    statement.longDataBytes += data.length;
    if (statement.longDataBytes > this.#options.maxLongData) {
      statement.isLongDataTooLong = true;
      return;
    }
    const parts = statement.longData.get(paramId);
    if (parts === undefined) statement.longData.set(paramId, [Buffer.from(data)]);
    else parts.push(Buffer.from(data));
  }

  #close(frame: Frame, statement: PreparedStatement): void {
    this.#statements.delete(statement.clientId);
    if (this.#last === statement) this.#last = null;
    this.#forward(frame, statement);
  }

  /** The packet with the id that the statement has on the server. */
  #forward(frame: Frame, statement: PreparedStatement): void {
    // Ours to write: the chunk is read by nobody else any more.
    frame.payload.writeUInt32LE(statement.backendId, 1);
    this.#options.host.forward(frame);
  }

  #find(payload: Buffer): PreparedStatement | null {
    const id = readStatementId(payload);
    // MariaDB: the statement prepared last, which on the server may be one of ours (protocol-notes 8).
    if (id === LAST_PREPARED_STATEMENT) return this.#last;
    return this.#statements.get(id) ?? null;
  }

  #unknown(frame: Frame, where: string): void {
    const { host, gate } = this.#options;
    // MySQL looks statements up in one place for all commands.
    const isMysql = gate.protection.context(true).dialect.server.kind === 'mysql';
    const place = isMysql ? 'mysql_stmt_precheck' : where;
    host.answer(unknownStatementPacket(readStatementId(frame.payload), place, frame.lastSequenceId + 1));
  }
}

function preparePacket(text: Buffer): Buffer {
  text[HEADER_LENGTH] = Command.COM_STMT_PREPARE;
  return Buffer.concat(packetParts(text.subarray(HEADER_LENGTH), 0));
}

function withLongData(parameter: Parameter, statement: PreparedStatement, index: number): Parameter {
  const parts = statement.longData.get(index);
  return parts === undefined ? parameter : { ...parameter, value: Buffer.concat(parts) };
}
