import { quoted } from '../rewrite/dynamic-sql.js';
import { OwnCommandError, type OwnCommands } from './own-commands.js';
import type { RewrittenSql, SqlPreparedStatement } from './sql-prepared-statement.js';
import type { StatementGate } from './statement-gate.js';

export interface UnseenExecutionsOptions {
  readonly gate: StatementGate;
  readonly own: OwnCommands;
  /** Whether a text is right for this tenant and the schema of now. */
  readonly isCurrent: (rewritten: RewrittenSql, tenant: string) => boolean;
}

/**
 * Before SQL runs that may execute statements of PREPARE without our seeing it (a routine, MariaDB's SET STATEMENT …
 * FOR EXECUTE and compound statements, where the configuration lets them pass): what was rewritten for another tenant
 * than that of now is taken from the server, which then knows no statement of the name; our next EXECUTE prepares it
 * anew. For those of the tenant of now its key is set.
 * @returns whether the command waits or was refused
 */
export function awaitsUnseenExecutions(
  statements: Iterable<SqlPreparedStatement>,
  { gate, own, isCurrent }: UnseenExecutionsOptions,
): boolean {
  const others: SqlPreparedStatement[] = [];
  const state = gate.tenantState();
  for (const statement of statements) {
    const { rewritten } = statement;
    if (rewritten === null || statement.isGone || statement.isWithdrawn) continue;
    if (state.kind !== 'tenant' || !isCurrent(rewritten, state.tenant)) others.push(statement);
    else if (gate.tenantFor(rewritten.plan) === null) return true;
  }
  if (others.length === 0) return false;
  for (const statement of others) statement.isWithdrawn = true;
  const withdrawn = others.map(async ({ name }) => await own.query(`DEALLOCATE PREPARE ${quoted(name)}`));
  gate.waitFor(
    Promise.all(withdrawn.map((done) => done.then(() => undefined, ignoreUnknown))).then(() => undefined),
  );
  return true;
}

/** An unseen DEALLOCATE PREPARE was before us. */
function ignoreUnknown(error: unknown): void {
  if (!(error instanceof OwnCommandError)) throw error;
}
