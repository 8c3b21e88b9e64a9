import { ProxyError, ServerError } from '../errors.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { quoted } from '../rewrite/dynamic-sql.js';
import { foldName } from '../rewrite/folding.js';
import type { Arguments, DynamicSql, Plan } from '../rewrite/plan.js';
import type { AssignedValue } from '../tenant/sources/user-variable.js';
import type { ClientCommand } from './client-command.js';
import type { CommandHost } from './command-host.js';
import { OwnCommandError, type OwnCommands } from './own-commands.js';
import { clientParameters, TENANT_NOT_KNOWN } from './prepared-statement.js';
import {
  isPlainName,
  isSameDialect,
  joined,
  notPrepared,
  PREPARE_AGAIN,
  prepareText,
  rewriteSql,
} from './sql-preparation.js';
import type { RewrittenSql, SqlPreparedStatement } from './sql-prepared-statement.js';
import { tooManyStatementsPacket } from './statement-commands.js';
import type { StatementGate } from './statement-gate.js';
import { awaitsUnseenExecutions } from './unseen-executions.js';
import { argumentsFor, mustBeRead } from './user-variable-arguments.js';

const UNSUPPORTED = 'TC_UNSUPPORTED_SQL';

/** Bytes of a statement of ours; the rest of a packet is its header and what stands around the text. */
const MAX_TEXT = 16 * 1024 * 1024 - 1024;

export interface SqlPreparedStatementsOptions {
  readonly host: CommandHost;
  readonly gate: StatementGate;
  readonly own: OwnCommands;
  readonly backendCapabilities: Capabilities;
  /** limits.preparedStatements */
  readonly maxStatements: number;
}

/** How a statement of COM_QUERY goes on to the server. */
export interface StatementSender {
  /** As it came. */
  forward(): void;
  /** Another text in its place. @param wantsDefinitions its result is to be read */
  send(text: Buffer, wantsDefinitions: boolean): void;
  /** What the query attributes say of its tenant. */
  attributes(): readonly AssignedValue[];
}

/**
 * PREPARE … FROM 'literal', EXECUTE … USING and DEALLOCATE PREPARE, and MariaDB's EXECUTE IMMEDIATE. The server prepares
 * the rewritten text under the client's name; the tenant stands in it as a literal, so that it is prepared again
 * for another one. A rewritten statement is never executed but by this class: by itself it would go on to serve the
 * tenant it was prepared for.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/sql-prepared-statements.html
 */
export class SqlPreparedStatements {
  readonly #options: SqlPreparedStatementsOptions;
  /** By name in lower case. */
  readonly #statements = new Map<string, SqlPreparedStatement>();

  constructor(options: SqlPreparedStatementsOptions) {
    this.#options = options;
  }

  /** The server has forgotten them all. */
  clear(): void {
    this.#statements.clear();
  }

  /** The response to a command is over. */
  complete({ nameChange, failed }: ClientCommand): void {
    if (nameChange === null) return;
    const { key, statement } = nameChange;
    const old = this.#statements.get(key);
    if (statement === null) {
      if (!failed) this.#statements.delete(key);
    } else if (!failed) {
      this.#statements.set(key, statement);
    } else if (old !== undefined) {
      // Whatever the error: what we have rewritten must not be taken for unknown while the server may still have it.
      old.isGone = true;
    }
  }

  /**
   * Takes up a statement about prepared ones.
   * @param plan of the statement, which the rewriter has analysed last
   */
  take(dynamic: DynamicSql, plan: Plan, sender: StatementSender): void {
    const { host, gate } = this.#options;
    // For what we refuse, its position is that of the string.
    const refused = plan.outcome === 'refuse' ? gate.protection.shared.rewriter.refusal() : null;
    host.command.statementTenant = { attributes: sender.attributes(), comments: gate.commentTenants() };
    host.command.effects = plan.effects;
    if (dynamic.kind === 'immediate') {
      if (refused === null) sender.forward();
      else this.#immediate(dynamic, refused, sender);
      return;
    }
    if (!isPlainName(dynamic.name) && this.#hasRewritten) {
      // The server may take it for the name of another one.
      host.refuse(
        new ProxyError(UNSUPPORTED, 'the name of a prepared statement outside ASCII; use another name'),
      );
      return;
    }
    const key = foldName(dynamic.name);
    switch (dynamic.kind) {
      case 'prepare':
        this.#prepare(key, dynamic, refused, sender);
        return;
      case 'deallocate':
        host.command.nameChange = { key, statement: null };
        sender.forward();
        return;
      case 'execute':
        this.#execute(key, dynamic, plan, sender);
    }
  }

  /**
   * Whether a statement that was not taken apart may execute one of ours, or take its name: sent on as it is, it would
   * serve the tenant that it was prepared for.
   */
  mayExecute(payload: Buffer, start: number, end: number): boolean {
    return this.#hasRewritten && /prepare|execute/i.test(payload.toString('latin1', start, end));
  }

  /** Before SQL that may execute ours unseen. @returns whether the command waits or was refused */
  awaitsUnseen(): boolean {
    const isCurrent = (rewritten: RewrittenSql, tenant: string): boolean =>
      this.#isCurrent(rewritten, tenant);
    return awaitsUnseenExecutions(this.#statements.values(), { ...this.#options, isCurrent });
  }

  get #hasRewritten(): boolean {
    for (const { rewritten } of this.#statements.values()) if (rewritten !== null) return true;
    return false;
  }

  #prepare(
    key: string,
    { name, sql, effects }: DynamicSql & { kind: 'prepare' },
    refused: ProxyError | ServerError | null,
    sender: StatementSender,
  ): void {
    const { host, gate, maxStatements } = this.#options;
    const { command } = host;
    if (this.#statements.size >= maxStatements && !this.#statements.has(key)) {
      host.answer(tooManyStatementsPacket(maxStatements));
      return;
    }
    const context = gate.protection.context(false);
    const statement: SqlPreparedStatement = {
      name,
      sql,
      effects,
      context,
      rewritten: null,
      isGone: false,
      isWithdrawn: false,
    };
    if (refused === null) {
      command.nameChange = { key, statement };
      sender.forward();
      return;
    }
    if (gate.awaitsSchema()) return;
    const rewritten = sql === null ? refused : rewriteSql(this.#options, sql, context, refused);
    if (rewritten instanceof Error) {
      this.#refuseName(key, rewritten);
      return;
    }
    if (!isPlainName(name)) {
      this.#refuseName(
        key,
        new ProxyError(UNSUPPORTED, 'the name of a prepared statement outside ASCII; use another name'),
      );
      return;
    }
    command.nameChange = { key, statement: { ...statement, rewritten } };
    command.outcome = 'rewritten';
    command.catalog = rewritten.catalog;
    sender.send(prepareText(name, rewritten), false);
  }

  /** A PREPARE takes the name from the statement that had it, also one that fails (measured on both servers). */
  #refuseName(key: string, error: ProxyError | ServerError): void {
    const { host, gate, own } = this.#options;
    const old = this.#statements.get(key);
    if (old === undefined || old.isGone || !isPlainName(old.name)) {
      host.refuse(error);
      return;
    }
    old.isGone = true;
    gate.waitFor(own.query(`DEALLOCATE PREPARE ${quoted(old.name)}`).then(() => undefined, ignoreUnknown));
  }

  #execute(
    key: string,
    { name, using }: DynamicSql & { kind: 'execute' },
    plan: Plan,
    sender: StatementSender,
  ): void {
    const { host, gate } = this.#options;
    const { command } = host;
    const statement = this.#statements.get(key);
    if (statement === undefined) {
      sender.forward();
      return;
    }
    if (statement.isGone) {
      host.refuse(
        new ServerError(
          ErrorNumber.ER_UNKNOWN_STMT_HANDLER,
          'HY000',
          `Unknown prepared statement handler (${name}) given to EXECUTE`,
        ),
      );
      return;
    }
    const { rewritten } = statement;
    if (rewritten === null) {
      if (!this.#staysForwarded(statement)) {
        host.refuse(new ProxyError('TC_SCHEMA', PREPARE_AGAIN));
        return;
      }
      command.effects = joined(plan.effects, statement.effects);
      sender.forward();
      return;
    }
    const { attributes, comments } = command.statementTenant;
    command.statementTenant = { attributes, comments: [...comments, ...rewritten.comments] };
    if (gate.awaitsSchema()) return;
    const tenant = gate.tenantFor(rewritten.plan);
    if (tenant === null) return;
    if (statement.isWithdrawn || !this.#isCurrent(rewritten, tenant)) {
      this.#renew(statement, rewritten);
      return;
    }
    this.#run(rewritten, using, `EXECUTE ${quoted(statement.name)}`, tenant, sender);
  }

  /** MariaDB: prepared, executed and forgotten at once. */
  #immediate(
    { sql, using }: DynamicSql & { kind: 'immediate' },
    refused: ProxyError | ServerError,
    sender: StatementSender,
  ): void {
    const { host, gate } = this.#options;
    const context = gate.protection.context(false);
    // MySQL has no such statement.
    if (sql === null || context.dialect.server.kind !== 'mariadb') {
      host.refuse(refused);
      return;
    }
    if (gate.awaitsSchema()) return;
    const rewritten = rewriteSql(this.#options, sql, context, refused);
    if (rewritten instanceof Error) {
      host.refuse(rewritten);
      return;
    }
    const tenant = gate.tenantFor(rewritten.plan);
    if (tenant === null) return;
    this.#run(
      rewritten,
      using,
      Buffer.concat([Buffer.from('EXECUTE IMMEDIATE '), rewritten.literal]),
      tenant,
      sender,
    );
  }

  /** Sends an execution once its arguments are known. */
  #run(
    rewritten: RewrittenSql,
    using: Arguments,
    execute: string | Buffer,
    tenant: string,
    sender: StatementSender,
  ): void {
    const { host, gate, own, backendCapabilities } = this.#options;
    const { command } = host;
    const { plan, parameters } = rewritten;
    if (using === null) {
      host.refuse(
        new ProxyError(
          UNSUPPORTED,
          'an argument that is neither a user variable nor a plain literal, for a statement on protected tables; assign it to a variable',
        ),
      );
      return;
    }
    if (using.length !== clientParameters(parameters)) {
      host.refuse(new ServerError(ErrorNumber.ER_WRONG_ARGUMENTS, 'HY000', 'Incorrect arguments to EXECUTE'));
      return;
    }
    const known = command.using?.catalog === rewritten.catalog ? command.using.list : null;
    if (known === null && parameters.some(mustBeRead)) {
      const found = argumentsFor(parameters, using, {
        own,
        backendCapabilities,
        tenant,
        // What is in variables was read as UTF-8.
        encryption: () => gate.encryption(tenant, { client: 'utf8mb4', connection: 'utf8mb4' }),
      });
      gate.waitFor(
        found.then((list) => {
          command.using = { catalog: rewritten.catalog, list };
        }),
      );
      return;
    }
    const list =
      known ?? parameters.map((target) => (target.source === 'client' ? (using[target.ordinal] ?? '') : ''));
    command.outcome = 'rewritten';
    command.effects = plan.effects;
    command.columns = plan.columns;
    command.catalog = rewritten.catalog;
    const tail = list.length === 0 ? '' : ` USING ${list.join(',')}`;
    const head = typeof execute === 'string' ? Buffer.from(execute, 'latin1') : execute;
    sender.send(Buffer.concat([head, Buffer.from(tail, 'latin1')]), plan.columns !== null);
  }

  /** Whether the text that the server has prepared is right for this tenant and what the schema says now. */
  #isCurrent({ catalog, context, tenant: prepared }: RewrittenSql, tenant: string): boolean {
    const { protection } = this.#options.gate;
    if (catalog !== protection.catalog) return false;
    if (context.safeUpdates !== protection.context(false).safeUpdates) return false;
    return prepared === null || prepared === tenant;
  }

  /** Prepares the statement again, under the same name. The command waits for it, or was refused. */
  #renew(statement: SqlPreparedStatement, old: RewrittenSql): void {
    const { host, gate, own } = this.#options;
    const now = gate.protection.context(false);
    // Names without a schema, and strings, were read when the client prepared: by now they may mean something else.
    const isSame = now.database === old.context.database && isSameDialect(now.dialect, old.context.dialect);
    if (statement.sql === null || !isSame) {
      host.refuse(new ProxyError('TC_SCHEMA', PREPARE_AGAIN));
      return;
    }
    const rewritten = rewriteSql(
      this.#options,
      statement.sql,
      now,
      new ProxyError('TC_SCHEMA', PREPARE_AGAIN),
    );
    if (rewritten instanceof Error) {
      host.refuse(rewritten);
      return;
    }
    const text = prepareText(statement.name, rewritten);
    if (text.length > MAX_TEXT) {
      host.refuse(new ProxyError('TC_LIMIT', 'a prepared statement of more than 16 MiB; prepare it again'));
      return;
    }
    // From when it is sent, the server has dropped the one before.
    statement.rewritten = { ...old, tenant: TENANT_NOT_KNOWN };
    gate.waitFor(
      own.queryText(text).then(
        () => {
          statement.rewritten = rewritten;
          statement.context = now;
          statement.isWithdrawn = false;
        },
        (error: unknown) => {
          throw error instanceof OwnCommandError ? notPrepared(error) : error;
        },
      ),
    );
  }

  /** Whether a statement that the server has in the client's own words is still none of a protected table. */
  #staysForwarded(statement: SqlPreparedStatement): boolean {
    const { gate } = this.#options;
    const { sql, context: before } = statement;
    const now = gate.protection.context(false);
    if (sql === null || before.catalog === now.catalog) return true;
    const context = { ...before, catalog: now.catalog };
    const contexts =
      before.dialect === now.dialect ? [context] : [context, { ...context, dialect: now.dialect }];
    for (const each of contexts) {
      if (gate.analyse(sql, 0, sql.length, false, each).plan.outcome !== 'forward') return false;
    }
    statement.context = context;
    return true;
  }
}

function ignoreUnknown(error: unknown): void {
  if (!(error instanceof OwnCommandError)) throw error;
}
