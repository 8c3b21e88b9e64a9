import { ProxyError, ServerError } from '../errors.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import type { Dialect } from '../rewrite/dialect.js';
import { encodeSqlLiteral, quoted, whyNotPrepared } from '../rewrite/dynamic-sql.js';
import { hasNonAscii } from '../rewrite/folding.js';
import type { Effects } from '../rewrite/plan.js';
import type { RewriteContext } from '../rewrite/rewriter.js';
import type { CommandHost } from './command-host.js';
import type { OwnCommandError } from './own-commands.js';
import { hasTenantLiteral, TENANT_NOT_KNOWN } from './prepared-statement.js';
import type { RewrittenSql } from './sql-prepared-statement.js';
import type { StatementGate } from './statement-gate.js';

export const PREPARE_AGAIN =
  'the schema, the tenant or how statements are read has changed since the statement was prepared; prepare it again';

/**
 * Plans the statement in a string, and writes it anew.
 * @param refused of the whole, at the string's position
 * @returns why not
 */
export function rewriteSql(
  { host, gate }: { readonly host: CommandHost; readonly gate: StatementGate },
  sql: Buffer,
  context: RewriteContext,
  refused: ProxyError | ServerError,
): RewrittenSql | ProxyError | ServerError {
  const { protection } = gate;
  const { rewriter } = protection.shared;
  const position = refused instanceof ProxyError ? refused.position : undefined;
  const at = position === undefined ? {} : { position };
  try {
    const { plan } = gate.analyse(sql, 0, sql.length, false, context);
    if (plan.outcome === 'refuse') {
      const inner = rewriter.refusal();
      if (!(inner instanceof ProxyError)) return inner;
      // A PREPARE in a PREPARE, several statements: the outer one's words fit better.
      return plan.dynamic === undefined && plan.isSeveral !== true
        ? new ProxyError(inner.code, inner.message, at)
        : refused;
    }
    if (plan.outcome === 'forward') return refused;
    // What has to be looked at first is not known of an execution.
    if (plan.emptyTable !== undefined) return refused;
    if (plan.effects.changesTracking === true || plan.effects.tenantAssignments.length > 0) return refused;
    const why = whyNotPrepared(sql, context.dialect);
    if (why !== null) return new ProxyError('TC_UNSUPPORTED_SQL', why, at);
    const comments = gate.commentTenants();
    const { statementTenant } = host.command;
    host.command.statementTenant = {
      attributes: statementTenant.attributes,
      comments: [...statementTenant.comments, ...comments],
    };
    // Whose it is may be known with the execution only: what is prepared without finds no row.
    const state = gate.tenantState();
    const tenant = state.kind === 'tenant' ? state.tenant : null;
    const text = rewriter.fill({ tenant, ...protection.preparedConstants }, 0);
    return {
      plan,
      literal: encodeSqlLiteral(text, context.dialect),
      parameters: [...rewriter.parameters()],
      tenant: hasTenantLiteral(plan) ? (tenant ?? TENANT_NOT_KNOWN) : null,
      catalog: protection.catalog,
      context,
      comments,
    };
  } catch (error) {
    if (error instanceof ServerError) return error;
    if (error instanceof ProxyError) return new ProxyError(error.code, error.message, at);
    throw error;
  }
}

/** SET NAMES of the same character set makes another object. */
export function isSameDialect(one: Dialect, other: Dialect): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** The servers compare names ignoring case; MySQL ignores accents and spaces at the end as well (measured). */
export function isPlainName(name: string): boolean {
  return !hasNonAscii(name) && !name.endsWith(' ');
}

export function prepareText(name: string, { literal }: RewrittenSql): Buffer {
  return Buffer.concat([Buffer.from(`PREPARE ${quoted(name)} FROM `, 'latin1'), literal]);
}

/** The text of the server's error stays out: it may hold what was rewritten. */
export function notPrepared(error: OwnCommandError): ProxyError | ServerError {
  if (error.errorCode === ErrorNumber.ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION) {
    const message = 'Cannot execute statement in a READ ONLY transaction.';
    return new ServerError(error.errorCode, '25006', message);
  }
  return new ProxyError('TC_SCHEMA', `${PREPARE_AGAIN} (error ${error.errorCode})`, { cause: error });
}

/** What an execution does: what is said of EXECUTE, and of its statement. */
export function joined(some: Effects, others: Effects): Effects {
  return {
    ...others,
    ...some,
    tenantAssignments: [],
    changesSchema: some.changesSchema || others.changesSchema,
    tables: others.tables,
    ...(others.runsUnseenSql === true ? { runsUnseenSql: true } : {}),
  };
}
