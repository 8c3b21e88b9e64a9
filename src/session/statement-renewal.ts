import { ProxyError } from '../errors.js';
import { type Capabilities, Capability, has } from '../protocol/constants/capabilities.js';
import type { StatementWarning } from '../rewrite/declared-value.js';
import type { BackendParameter, Plan, RewritePlan } from '../rewrite/plan.js';
import type { RewriteContext } from '../rewrite/rewriter.js';
import { type CommandHost, QUERY_HEADROOM } from './command-host.js';
import type { OwnCommands } from './own-commands.js';
import {
  clientParameters,
  hasTenantLiteral,
  type PreparedStatement,
  TENANT_NOT_KNOWN,
} from './prepared-statement.js';
import { isSameDialect } from './sql-preparation.js';
import type { StatementGate } from './statement-gate.js';

/** A statement's text as the server is to have it, and what its executions need. */
export interface Rewritten {
  readonly plan: RewritePlan;
  /** After QUERY_HEADROOM free bytes. */
  readonly text: Buffer;
  /** Whose literal stands in the text; null: nobody's. */
  readonly tenant: string | null;
  readonly parameters: readonly BackendParameter[];
  /** Of the literals in it. */
  readonly warnings: readonly StatementWarning[];
}

export interface StatementRenewalOptions {
  readonly host: CommandHost;
  readonly gate: StatementGate;
  readonly own: OwnCommands;
  readonly clientCapabilities: Capabilities;
  /** The client keeps the definitions that came with the PREPARE. */
  readonly cachesMetadata: boolean;
}

/** What a prepared statement's text is on the server, and how it becomes another one: schema, tenant and DDL change it. */
export class StatementRenewal {
  readonly #options: StatementRenewalOptions;

  constructor(options: StatementRenewalOptions) {
    this.#options = options;
  }

  /** Whether executions may say whose they are. */
  get readsAttributes(): boolean {
    const { clientCapabilities, gate } = this.#options;
    return (
      gate.protection.tenant.readsAttributes &&
      has(clientCapabilities.flags, Capability.CLIENT_QUERY_ATTRIBUTES)
    );
  }

  /**
   * Fills the rewritten text. The statement stays as it is: what the server has prepared changes only when it has taken
   * the new text, and a refusal must not make the old one pass for it.
   * @param isExecution with COM_STMT_PREPARE come no query attributes: the tenant may be known with the execution only
   * @returns null when it was refused
   */
  rewrite(plan: RewritePlan, isExecution: boolean): Rewritten | null {
    const { host, gate } = this.#options;
    const { rewriter } = gate.protection.shared;
    let tenant: string | null = null;
    if (hasTenantLiteral(plan) && (isExecution || !this.readsAttributes)) {
      const state = gate.tenantState();
      if (state.kind === 'refused') {
        host.refuse(state.error);
        return null;
      }
      tenant = state.tenant;
    }
    const text = rewriter.fill({ tenant, ...gate.protection.preparedConstants }, QUERY_HEADROOM);
    return { plan, text, tenant, parameters: rewriter.parameters(), warnings: rewriter.warnings() ?? [] };
  }

  /** Whether the statement on the server still is what the client's text means for this session. */
  isCurrent(statement: PreparedStatement): boolean {
    const { protection } = this.#options.gate;
    if (statement.catalog !== protection.catalog) return false;
    if (statement.readsInTwoWays && !this.#readsAsPrepared(statement)) return false;
    if (statement.tenant === null) return true;
    const state = this.#options.gate.tenantState();
    return state.kind === 'tenant' && state.tenant === statement.tenant;
  }

  /** Whether the session reads texts as it did when the client prepared. */
  #readsAsPrepared({ context }: PreparedStatement): boolean {
    const { protection } = this.#options.gate;
    if (context === null || !protection.isReady) return false;
    return isSameDialect(context.dialect, protection.context(true).dialect);
  }

  /**
   * Reads the client's text again, and prepares it again when it is rewritten.
   * @returns whether the execution waits for that or was refused
   */
  renew(statement: PreparedStatement): boolean {
    const { host, gate, own } = this.#options;
    const { protection } = gate;
    const { rewriter } = protection.shared;
    const before = statement.context;
    const now = protection.context(true);
    const plan = this.#meaning(statement, now);
    if (plan.outcome === 'refuse') {
      host.refuse(rewriter.refusal());
      return true;
    }
    if (plan.outcome === 'forward' && statement.plan === null) {
      statement.catalog = protection.catalog;
      return false;
    }
    // Names without a schema were resolved when the client prepared: under another one they mean other tables.
    const isReadAlike = before !== null && isSameDialect(before.dialect, now.dialect);
    if (!isReadAlike || before.database !== now.database) {
      host.refuse(
        new ProxyError(
          'TC_SCHEMA',
          'the schema, the tenant or how statements are read has changed since the statement was prepared; prepare it again',
        ),
      );
      return true;
    }
    if (plan.outcome === 'forward') {
      throw new ProxyError(
        'TC_SCHEMA',
        'the schema has changed since the statement was prepared; prepare it again',
      );
    }
    const rewritten = this.rewrite(plan, true);
    if (rewritten === null) return true;
    const catalog = protection.catalog;
    const old = statement.backendId;
    gate.waitFor(
      own.prepareText(rewritten.text.subarray(QUERY_HEADROOM)).then(({ statementId, definitions }) => {
        // The client would read rows by definitions that the server believes it has.
        if (this.#options.cachesMetadata && !isSame(definitions, statement.definitions)) {
          own.closeStatement(statementId);
          throw new ProxyError(
            'TC_SCHEMA',
            'the columns have changed since the statement was prepared; prepare it again',
          );
        }
        adopt(statement, rewritten);
        statement.backendId = statementId;
        statement.catalog = catalog;
        statement.context = now;
        own.closeStatement(old);
      }),
    );
    return true;
  }

  /**
   * The plan of the statement as the server would read it again: names without a schema mean those of the schema that
   * it was prepared in, under the sql_mode of now. As long as the server keeps what it has, that of then counts too.
   */
  #meaning(statement: PreparedStatement, now: RewriteContext): Plan {
    const { gate } = this.#options;
    const before = statement.context ?? now;
    const context: RewriteContext = { ...now, database: before.database };
    const { plan } = gate.analyse(statement.text, 0, statement.text.length, true, context);
    if (plan.outcome !== 'forward' || before.dialect === now.dialect) return plan;
    const earlier = { ...context, dialect: before.dialect };
    return gate.analyse(statement.text, 0, statement.text.length, true, earlier).plan;
  }
}

/** The server has taken the text. */
export function adopt(statement: PreparedStatement, { plan, tenant, parameters, warnings }: Rewritten): void {
  statement.warnings = warnings;
  statement.plan = plan;
  statement.effects = plan.effects;
  statement.tenant = hasTenantLiteral(plan) ? (tenant ?? TENANT_NOT_KNOWN) : null;
  statement.parameters = parameters;
  statement.numParams = clientParameters(parameters);
}

function isSame(some: readonly Buffer[], others: readonly Buffer[]): boolean {
  return some.length === others.length && some.every((one, i) => one.equals(others[i] ?? Buffer.alloc(0)));
}
