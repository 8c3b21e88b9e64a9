import type { Logger } from 'pino';
import { ProxyError, ServerError } from '../errors.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { commandName } from '../protocol/constants/commands.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { StatusFlag } from '../protocol/constants/status-flags.js';
import type { ResponseEvent } from '../protocol/response-tracker.js';
import type { ServerVersion } from '../rewrite/dialect.js';
import type { TenantResolver } from '../tenant/tenant-resolver.js';
import type { ClientCommand } from './client-command.js';
import { ClientResponses } from './client-responses.js';
import type { CommandHost } from './command-host.js';
import { CommandPhase } from './command-phase.js';
import { DiagnosticsArea, type ShownError, shownError } from './diagnostics-area.js';
import type { OwnCommands } from './own-commands.js';
import { PassedStatements } from './passed-statements.js';
import { PreparedStatements } from './prepared-statements.js';
import { ServerErrors } from './server-errors.js';
import { SessionProtection } from './session-protection.js';
import type { SessionServices } from './session-services.js';
import { SessionVariables } from './session-variables.js';
import { SqlPreparedStatements } from './sql-prepared-statements.js';
import type { StatementCommands } from './statement-commands.js';
import { StatementGate } from './statement-gate.js';
import type { StatementSequence } from './statement-sequence.js';
import { ToldWarnings } from './told-warnings.js';

export interface StatementSideOptions {
  readonly host: CommandHost;
  readonly services: SessionServices;
  readonly own: OwnCommands;
  readonly tenant: TenantResolver;
  readonly server: ServerVersion;
  /** The database's name of the account. */
  readonly account: string;
  readonly clientCapabilities: Capabilities;
  readonly backendCapabilities: Capabilities;
  readonly log: Logger;
  /** The server asks for a local file. */
  readonly onLocalInfile: () => void;
}

/**
 * What a session understands of the statements that pass: its state at the server, what protects it, the statements it
 * has prepared, and how commands are taken up and their responses changed. {@link Session} moves the bytes.
 */
export class StatementSide {
  /** null: no table is protected. */
  readonly protection: SessionProtection | null;
  readonly commands: CommandPhase;
  readonly responses: ClientResponses;
  readonly #command: ClientCommand;
  readonly #log: Logger;
  readonly #diagnostics: DiagnosticsArea;
  readonly #told: ToldWarnings;
  readonly #variables: SessionVariables;
  readonly #prepared: StatementCommands;
  readonly #sqlPrepared: SqlPreparedStatements | null;

  constructor(options: StatementSideOptions) {
    const { host, services, own, server, clientCapabilities, backendCapabilities, log } = options;
    const { protection, limits, metrics } = services;
    this.#command = host.command;
    this.#log = log;
    this.#diagnostics = new DiagnosticsArea(own, server, protection?.constants === 'proxy');
    this.#told = new ToldWarnings({ host, own, server, capabilities: clientCapabilities });
    const variables = new SessionVariables(server);
    this.#variables = variables;
    this.protection =
      protection === null
        ? null
        : new SessionProtection({
            protection,
            own,
            variables,
            tenant: options.tenant,
            server,
            account: options.account,
            log,
          });
    this.responses = new ClientResponses({
      clientCapabilities,
      backendCapabilities,
      variables,
      serverErrors: protection === null ? null : new ServerErrors(protection.tables),
      metadata: protection?.metadata ?? null,
      clientTracks: () => this.#clientTracks(),
      onBadField: () => this.protection?.suspectSchema(),
      isMariadb: server.kind === 'mariadb',
      localInfile: services.localInfile === true,
      onLocalInfile: options.onLocalInfile,
    });
    const maxStatements = limits.preparedStatements;
    const gate =
      this.protection === null ? null : new StatementGate(host, metrics, this.protection, this.#told);
    if (gate === null) {
      this.#prepared = new PassedStatements(host, maxStatements);
      this.#sqlPrepared = null;
    } else {
      const maxLongData = limits.statementBytes;
      const shared = { host, gate, own, backendCapabilities, maxStatements };
      const sqlPrepared = new SqlPreparedStatements(shared);
      const awaitsUnseen = (): boolean => sqlPrepared.awaitsUnseen();
      this.#prepared = new PreparedStatements({ ...shared, clientCapabilities, maxLongData, awaitsUnseen });
      this.#sqlPrepared = sqlPrepared;
    }
    this.commands = new CommandPhase(
      host,
      host.command,
      clientCapabilities,
      metrics,
      gate,
      this.#prepared,
      services.binlogDump === true,
      this.#sqlPrepared,
    );
  }

  /** A packet of a response to the client. @returns the payload to relay in its place, null for the packet itself */
  packet(event: ResponseEvent, payload: Buffer, command: ClientCommand): Buffer | null {
    if (command.isLocalInfileRefused) {
      // The server's word on the empty file is not for the client, which has got its ERR.
      command.failed = false;
      return null;
    }
    const replacement = this.responses.packet(event, payload, command);
    this.#prepared.packet(event, replacement ?? payload, payload, command);
    return replacement;
  }

  /** A response is over. @returns what is to be done before its last packet goes to the client, null: nothing */
  complete(command: ClientCommand): Promise<void> | null {
    if (command.statusFlags >= 0 && this.protection !== null) {
      this.protection.isInTransaction = (command.statusFlags & StatusFlag.SERVER_STATUS_IN_TRANS) !== 0;
      this.#variables.checkStatusFlags(command.statusFlags);
    }
    this.#told.complete(command);
    this.#prepared.complete(command);
    this.commands.complete(command);
    if (this.protection === null) return null;
    if (command.shownError !== null) return this.#settleError(this.protection, command, command.shownError);
    if (!command.needsSettling) return null;
    if (command.followUp !== 'resetConnection') return this.protection.settle(command);
    if (command.failed) return null;
    this.protection.forgetVariables();
    this.forgetStatements();
    return this.protection.setUp();
  }

  /**
   * A command is answered with an ERR of the proxy's own: tells the log, and what the refusal makes doubtful.
   * @returns the error for the client
   */
  refused(refusal: ProxyError | ServerError): ProxyError | ServerError {
    this.#told.clear();
    const command = this.#command;
    const error = inWholeText(refusal, command.sequence);
    command.outcome = 'refused';
    command.sequence?.stop();
    if (error instanceof ServerError) {
      if (error.errno === ErrorNumber.ER_BAD_FIELD_ERROR) this.protection?.suspectSchema();
      return error;
    }
    const { code, position, cause } = error;
    command.reason = code;
    if (code === 'TC_SCHEMA') this.protection?.recoverSchema();
    this.#log.info({ code, position, cause, command: commandName(command.code) }, error.message);
    return error;
  }

  /** What a statement leaves to do that did not reach the server. @returns null: nothing */
  diagnose(error: ProxyError | ServerError): Promise<void> | null {
    if (this.protection === null || !this.#command.isStatement) return null;
    return this.#diagnostics.raise(shownError(error));
  }

  /** Last of all: what else is settled would leave nothing of it in the diagnostics area. */
  async #settleError(
    protection: SessionProtection,
    command: ClientCommand,
    error: ShownError,
  ): Promise<void> {
    if (command.needsSettling) await protection.settle(command);
    await this.#diagnostics.raise(error);
  }

  /** The server has dropped the session's prepared statements, or the session is over. */
  forgetStatements(): void {
    this.#diagnostics.forget();
    this.#prepared.clear();
    this.#sqlPrepared?.clear();
  }

  /** Another user is logged in, or, without `account`, the same one after a reset. */
  async changeUser(account: string | null): Promise<void> {
    this.forgetStatements();
    if (this.protection === null) return;
    if (account !== null) this.protection.changeAccount(account);
    await this.protection.setUp();
  }

  /** Which variables' changes the client gets to see of a response. */
  #clientTracks(): ReadonlySet<string> | 'all' {
    // From this statement on the server reports what the client wants alone.
    if (this.#command.effects.changesTrackedVariables === true) return 'all';
    return this.protection?.clientTracks ?? 'all';
  }
}

/** A refusal of one of several statements: its position counts from the beginning of them all. */
function inWholeText(
  error: ProxyError | ServerError,
  sequence: StatementSequence | null,
): ProxyError | ServerError {
  if (sequence === null || !(error instanceof ProxyError) || error.position === undefined) return error;
  const position = error.position + sequence.offset;
  return new ProxyError(error.code, error.message, { position, cause: error.cause });
}
