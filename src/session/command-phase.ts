import { ProxyError } from '../errors.js';
import type { SessionMetrics } from '../metrics/metrics.js';
import { BufferWriter } from '../protocol/buffer-writer.js';
import { decodeComFieldList, encodeComFieldList } from '../protocol/command-phase/com-field-list.js';
import { decodeComQuery } from '../protocol/command-phase/com-query.js';
import { SetOption } from '../protocol/command-phase/com-set-option.js';
import { type Capabilities, Capability, has } from '../protocol/constants/capabilities.js';
import { Command, commandName } from '../protocol/constants/commands.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { type Frame, HEADER_LENGTH, MAX_PACKET_PAYLOAD } from '../protocol/packet-framer.js';
import { packetNumbering } from '../protocol/packet-numbering.js';
import { packetParts, writePacket } from '../protocol/packet-writer.js';
import type { ResponseKind } from '../protocol/response-tracker.js';
import { supportsCharacterSet } from '../rewrite/lexer.js';
import { type Effects, NO_EFFECTS, type RewritePlan } from '../rewrite/plan.js';
import type { ClientCommand } from './client-command.js';
import { type CommandHost, QUERY_HEADROOM } from './command-host.js';
import { FieldList, namedTable, quotedTable } from './field-list.js';
import { errorPacket } from './local-errors.js';
import type { SqlPreparedStatements } from './sql-prepared-statements.js';
import type { StatementCommands } from './statement-commands.js';
import type { StatementGate } from './statement-gate.js';
import { StatementSequence } from './statement-sequence.js';

/** What becomes of a command that is not looked into. */
const PASSED: ReadonlyMap<number, ResponseKind> = new Map<number, ResponseKind>([
  [Command.COM_PING, 'ok'],
  [Command.COM_INIT_DB, 'ok'],
  [Command.COM_REFRESH, 'ok'],
  [Command.COM_PROCESS_KILL, 'ok'],
  [Command.COM_RESET_CONNECTION, 'ok'],
  [Command.COM_STATISTICS, 'string'],
  [Command.COM_PROCESS_INFO, 'result'],
  [Command.COM_DEBUG, 'eof-or-ok'],
  [Command.COM_SET_OPTION, 'eof-or-ok'],
  [Command.COM_SHUTDOWN, 'eof-or-ok'],
]);

/** What replicas and readers of the binary log send: passed where policy.binlogDump allows it. */
const BINLOG: ReadonlyMap<number, ResponseKind> = new Map<number, ResponseKind>([
  [Command.COM_BINLOG_DUMP, 'events'],
  [Command.COM_BINLOG_DUMP_GTID, 'events'],
  [Command.COM_REGISTER_SLAVE, 'ok'],
]);

/** Nothing an application sends. */
const REFUSED: ReadonlySet<number> = new Set<number>([
  Command.COM_TABLE_DUMP,
  Command.COM_CLONE,
  Command.COM_SUBSCRIBE_GROUP_REPLICATION_STREAM,
]);

/** Of a statement that was not analysed: what it may have set is looked up before the next that has to be. */
const UNSEEN_EFFECTS: Effects = { ...NO_EFFECTS, runsUnseenSql: true };

/** Takes up the client's commands, one at a time: sends each on, rewritten where need be, or answers it. */
export class CommandPhase {
  readonly #host: CommandHost;
  readonly #command: ClientCommand;
  readonly #capabilities: Capabilities;
  readonly #metrics: SessionMetrics;
  readonly #gate: StatementGate | null;
  readonly #prepared: StatementCommands;
  readonly #hasQueryAttributes: boolean;
  #allowsMultiStatements: boolean;
  readonly #passesBinlog: boolean;
  readonly #sqlPrepared: SqlPreparedStatements | null;

  constructor(
    host: CommandHost,
    command: ClientCommand,
    capabilities: Capabilities,
    metrics: SessionMetrics,
    gate: StatementGate | null,
    prepared: StatementCommands,
    passesBinlog: boolean,
    sqlPrepared: SqlPreparedStatements | null = null,
  ) {
    this.#host = host;
    this.#command = command;
    this.#capabilities = capabilities;
    this.#metrics = metrics;
    this.#gate = gate;
    this.#prepared = prepared;
    this.#passesBinlog = passesBinlog;
    this.#sqlPrepared = sqlPrepared;
    this.#hasQueryAttributes = has(capabilities.flags, Capability.CLIENT_QUERY_ATTRIBUTES);
    this.#allowsMultiStatements = has(capabilities.flags, Capability.CLIENT_MULTI_STATEMENTS);
  }

  /**
   * Takes up one command.
   * @throws MalformedPacketError and what the host throws: the session ends
   */
  dispatch(frame: Frame): void {
    const code = frame.payload[0] ?? -1;
    switch (code) {
      case Command.COM_QUERY:
        this.#query(frame);
        return;
      case Command.COM_STMT_EXECUTE:
      case Command.COM_STMT_BULK_EXECUTE:
      case Command.COM_STMT_PREPARE:
      case Command.COM_STMT_SEND_LONG_DATA:
      case Command.COM_STMT_CLOSE:
      case Command.COM_STMT_RESET:
      case Command.COM_STMT_FETCH:
        this.#prepared.dispatch(frame, code);
        return;
      case Command.COM_QUIT:
        this.#host.quit(frame);
        return;
      case Command.COM_FIELD_LIST:
        this.#fieldList(frame);
        return;
      case Command.COM_CHANGE_USER:
        this.#host.changeUser(frame);
        return;
      default:
        this.#other(frame, code);
    }
  }

  /** The response to a command is over. */
  complete(command: ClientCommand): void {
    this.#sqlPrepared?.complete(command);
    if (command.fieldList !== null) this.#host.relay(command.fieldList.packets());
    if (command.multiStatements !== null && !command.failed) {
      this.#allowsMultiStatements = command.multiStatements;
    }
    // What follows an error is not executed; the server's word on a file that was refused is not the client's answer.
    if (command.failed || command.isLocalInfileRefused) command.sequence?.stop();
  }

  #other(frame: Frame, code: number): void {
    const response = PASSED.get(code) ?? (this.#passesBinlog ? BINLOG.get(code) : undefined);
    if (response !== undefined) {
      if (code === Command.COM_RESET_CONNECTION) this.#command.followUp = 'resetConnection';
      if (code === Command.COM_SET_OPTION) this.#command.multiStatements = multiStatementsOf(frame.payload);
      this.#host.forward(frame);
      this.#host.expect(response, false);
    } else if (BINLOG.has(code)) {
      this.#host.refuse(
        new ProxyError(
          'TC_UNSUPPORTED_SQL',
          `${commandName(code) ?? ''} does not pass; set policy.binlogDump: allow, or use a direct connection`,
        ),
      );
    } else if (REFUSED.has(code)) {
      const name = commandName(code) ?? 'the command';
      this.#host.refuse(
        new ProxyError('TC_UNSUPPORTED_SQL', `${name} does not pass; use a direct connection`),
      );
    } else {
      // A payload without a byte, too, as COM_SLEEP.
      const next = frame.lastSequenceId + 1;
      this.#host.answer(errorPacket(ErrorNumber.ER_UNKNOWN_COM_ERROR, '08S01', 'Unknown command', next));
    }
  }

  #fieldList(frame: Frame): void {
    const { protection } = this.#gate ?? {};
    const { table, wildcard } = decodeComFieldList(frame.payload);
    const name = quotedTable(table);
    if (this.#gate?.awaitsNames(name, 0, name.length) === true) return;
    if (protection !== undefined && !protection.isReady) {
      this.#gate?.waitFor(protection.makeReady());
      return;
    }
    const found =
      protection === undefined
        ? null
        : namedTable(table.toString('utf8'), protection.shared.tables, protection.context(false));
    if (found === 'doubtful') {
      this.#host.refuse(
        new ProxyError('TC_UNSUPPORTED_SQL', 'COM_FIELD_LIST of a view over a protected table'),
      );
    } else if (found === null || protection === undefined) {
      this.#host.forward(frame);
      this.#host.expect('fields', false);
    } else {
      this.#command.fieldList = new FieldList({
        table: found,
        catalog: protection.catalog,
        server: protection.context(false).dialect.server.kind,
        wildcard: wildcard.toString('utf8'),
        capabilities: this.#capabilities,
        sequenceId: frame.lastSequenceId + 1,
      });
      const payload = new BufferWriter();
      encodeComFieldList(payload, { table, wildcard: Buffer.alloc(0) });
      this.#host.send(writePacket(payload.view(), 0));
      this.#host.expectCollected('fields');
    }
  }

  #query(frame: Frame): void {
    const gate = this.#gate;
    if (gate === null) {
      this.#host.forward(frame);
      this.#host.expect('result', false);
      return;
    }
    const start = this.#statementOffset(frame.payload);
    const { sequence } = this.#command;
    if (gate.told.takes(frame, start)) return;
    if (sequence === null) this.#statement(frame, start, start, frame.payload.length, gate);
    else this.#nextStatement(frame, start, sequence, gate);
  }

  /** Takes up several statements of which one is of a protected table, or changes how the others are read. */
  #split(frame: Frame, start: number, gate: StatementGate): void {
    const { dialect } = gate.protection.context(false);
    const sequence = new StatementSequence(frame.payload, start, dialect);
    if (!sequence.isLast && !this.#allowsMultiStatements) {
      this.#host.refuse(sequence.unexpected(dialect));
      return;
    }
    this.#command.sequence = sequence;
    this.#nextStatement(frame, start, sequence, gate);
  }

  #nextStatement(frame: Frame, start: number, sequence: StatementSequence, gate: StatementGate): void {
    const { protection } = gate;
    if (!protection.isReady) {
      gate.waitFor(protection.makeReady());
      return;
    }
    const { dialect } = protection.context(false);
    const span = sequence.read(dialect);
    if (sequence.isMissing) this.#host.refuse(sequence.missing(dialect));
    else this.#statement(frame, start, span.start, span.end, gate);
  }

  /**
   * @param start where the text begins in the payload, behind the query attributes
   * @param from where the statement does, which ends at `end`
   */
  #statement(frame: Frame, start: number, from: number, end: number, gate: StatementGate): void {
    const { protection } = gate;
    if (gate.awaitsNames(frame.payload, from, end)) return;
    const analysis = gate.analyse(frame.payload, from, end, false);
    if (analysis.skipped) {
      this.#forwardStatement(frame, start, from, end);
      return;
    }
    if (analysis.plan.dynamic !== undefined && this.#sqlPrepared !== null && protection.isReady) {
      this.#sqlPrepared.take(analysis.plan.dynamic, analysis.plan, {
        forward: () => this.#forwardStatement(frame, start, from, end),
        send: (text, wantsDefinitions) => this.#sendText(frame, start, text, wantsDefinitions),
        attributes: () => this.#attributeTenants(frame, gate),
      });
      return;
    }
    const mustFollow = this.#sqlPrepared?.mayExecute(frame.payload, from, end) === true;
    if (!protection.isReady) {
      if (analysis.plan.outcome === 'forward' && !mustFollow) {
        // Reading the state now would take ROW_COUNT() and warnings of the statement before from the client.
        this.#command.effects = UNSEEN_EFFECTS;
        this.#forwardStatement(frame, start, from, end);
      } else {
        gate.waitFor(protection.makeReady());
      }
      return;
    }
    if (mustFollow && analysis.plan.outcome === 'forward' && !supportsDialect(gate)) {
      this.#host.refuse(
        new ProxyError(
          'TC_UNSUPPORTED_SQL',
          'EXECUTE of a statement on a protected table can not be read under this character set or sql_mode; change it for this session',
        ),
      );
      return;
    }
    const { plan } = analysis;
    const runsUnseen = plan.outcome === 'forward' && (mustFollow || plan.effects.runsUnseenSql === true);
    if (runsUnseen && this.#sqlPrepared?.awaitsUnseen() === true) return;
    if (plan.outcome !== 'forward' && gate.awaitsSchema()) return;
    switch (analysis.plan.outcome) {
      case 'refuse':
        if (analysis.plan.isSeveral === true && this.#command.sequence === null) {
          this.#split(frame, start, gate);
          return;
        }
        this.#host.refuse(protection.shared.rewriter.refusal());
        return;
      case 'forward':
        this.#command.effects = analysis.plan.effects;
        if (analysis.plan.effects.tenantAssignments.length > 0) {
          if (!gate.checkTenantValues([...protection.shared.rewriter.tenantValues()])) return;
        }
        this.#forwardStatement(frame, start, from, end);
        return;
      case 'rewrite':
        if (!gate.awaitsEmptyTable(analysis.plan)) this.#rewritten(frame, start, analysis.plan, gate);
    }
  }

  #rewritten(frame: Frame, start: number, plan: RewritePlan, gate: StatementGate): void {
    const { protection } = gate;
    const { tenant: resolver } = protection;
    if (resolver.readsComments || (resolver.readsAttributes && this.#hasQueryAttributes)) {
      this.#command.statementTenant = {
        attributes: this.#attributeTenants(frame, gate),
        comments: gate.commentTenants(),
      };
    }
    const tenant = gate.tenantFor(plan);
    if (tenant === null) return;
    const before = performance.now();
    const attributes = frame.payload.subarray(1, start);
    const constants = gate.inlineConstants(tenant);
    const bytes = protection.shared.rewriter.fill(
      { tenant, ...constants },
      QUERY_HEADROOM + attributes.length,
    );
    const command = this.#command;
    command.outcome = 'rewritten';
    command.effects = plan.effects;
    command.columns = plan.columns;
    command.catalog = protection.catalog;
    command.warnings = protection.shared.rewriter.warnings();
    this.#sendStatement(frame, bytes, attributes);
    this.#metrics.overhead('rewrite', (performance.now() - before) / 1000);
    this.#host.expect('result', plan.columns !== null);
  }

  #attributeTenants(frame: Frame, gate: StatementGate): ReturnType<StatementGate['attributeTenants']> {
    if (!gate.protection.tenant.readsAttributes || !this.#hasQueryAttributes) return [];
    return gate.attributeTenants(decodeComQuery(frame.payload, this.#capabilities).attributes);
  }

  /** Sends another text in the statement's place. */
  #sendText(frame: Frame, start: number, text: Buffer, wantsDefinitions: boolean): void {
    const attributes = frame.payload.subarray(1, start);
    const bytes = Buffer.allocUnsafe(QUERY_HEADROOM + attributes.length + text.length);
    text.copy(bytes, QUERY_HEADROOM + attributes.length);
    this.#sendStatement(frame, bytes, attributes);
    this.#host.expect('result', wantsDefinitions);
  }

  /**
   * @param bytes the statement after QUERY_HEADROOM and as many free bytes as `attributes` has
   * @param attributes the client's query attributes, as they came
   */
  #sendStatement(frame: Frame, bytes: Buffer, attributes: Buffer): void {
    bytes[HEADER_LENGTH] = Command.COM_QUERY;
    attributes.copy(bytes, QUERY_HEADROOM);
    const length = bytes.length - HEADER_LENGTH;
    this.#number(frame, Math.floor(length / MAX_PACKET_PAYLOAD) + 1);
    if (length < MAX_PACKET_PAYLOAD) {
      bytes.writeUIntLE(length, 0, 3);
      bytes[3] = 0;
      this.#host.send(bytes);
    } else {
      this.#host.send(Buffer.concat(packetParts(bytes.subarray(HEADER_LENGTH), 0)));
    }
  }

  /** The client counts on where its own packets, or the statement before, ended; the backend where ours do. */
  #number(frame: Frame, packets: number): void {
    const command = this.#command;
    const next = command.numbering === null ? frame.lastSequenceId + 1 : command.numbering.last + 1;
    if (command.sequence !== null || next !== packets) command.numbering = packetNumbering(next, packets);
  }

  /** A statement that is all of the command's text passes as it came. */
  #forwardStatement(frame: Frame, start: number, from: number, end: number): void {
    if (this.#command.sequence === null) {
      this.#host.forward(frame);
    } else {
      const attributes = frame.payload.subarray(1, start);
      const headroom = QUERY_HEADROOM + attributes.length;
      const bytes = Buffer.allocUnsafe(headroom + end - from);
      frame.payload.copy(bytes, headroom, from, end);
      this.#sendStatement(frame, bytes, attributes);
    }
    this.#host.expect('result', false);
  }

  #statementOffset(payload: Buffer): number {
    if (!this.#hasQueryAttributes) return 1;
    // No attributes: a count of 0 and one set.
    if (payload[1] === 0 && payload[2] === 1) return 3;
    return decodeComQuery(payload, this.#capabilities).statementOffset;
  }
}

function supportsDialect({ protection }: StatementGate): boolean {
  const { characterSetClient, sqlMode } = protection.context(false).dialect;
  return sqlMode.unsupported === null && supportsCharacterSet(characterSetClient);
}

/** MariaDB reads what is missing of a short packet from elsewhere: nothing is known then. */
function multiStatementsOf(payload: Buffer): boolean | null {
  const option = payload.length >= 3 ? payload.readUInt16LE(1) : -1;
  if (option === SetOption.MYSQL_OPTION_MULTI_STATEMENTS_ON) return true;
  return option === SetOption.MYSQL_OPTION_MULTI_STATEMENTS_OFF ? false : null;
}
