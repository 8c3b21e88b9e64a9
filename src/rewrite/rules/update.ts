import { foldName } from '../folding.js';
import type { DeleteStatement, Expression, NamedTable, UpdateStatement } from '../parser/ast.js';
import type { Reports } from '../plan.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { DirectTable, Scope } from '../scope.js';
import { aliasText } from '../tenant-view.js';
import { directScope, guardsOf, restrictTo } from './direct-table.js';
import { rewriteExpression } from './expression.js';
import { someWithin } from './expression-facts.js';
import { namedTables } from './from.js';
import { rewriteWith } from './query.js';
import { rewriteReturning } from './returning.js';
import { refuseUnsafe } from './safe-updates.js';
import { isCte, isItself } from './scope.js';
import { deleteSeveral, refuseEscape, updateSeveral } from './several-tables.js';
import { rewriteValue, writeMode } from './values.js';
import { writtenColumn } from './written-column.js';

type Target = UpdateStatement | DeleteStatement;

/** UPDATE: of one protected table here, everything else in several-tables.ts. */
export function rewriteUpdate(rewriting: Rewriting, statement: UpdateStatement): void {
  refuseTriggers(rewriting, statement);
  const ctes = rewriteWith(rewriting, statement, { ctes: null, block: null });
  const target = protectedTarget(rewriting, statement, ctes);
  if (target === null) {
    updateSeveral(rewriting, statement, ctes);
    return;
  }
  if (statement.returning !== null) rewriting.unsupported('RETURNING of UPDATE', statement.returning);
  const scope = directScope(target.direct, ctes);
  const columns: string[] = [];
  const reports: Reports = { times: 'eachRow', columns };
  const mode = { ...writeMode(rewriting, statement.modifiers), deferred: true, reports };
  for (const assignment of statement.assignments) {
    const { value } = assignment;
    const column = writtenColumn(rewriting, target.table, assignment.column, 'SET');
    columns.push(column.name);
    if (column.isTenant && isItself(rewriting, assignment, scope, target.direct)) continue;
    rewriteValue(rewriting, target.table, column, value, scope, mode);
    if (column.protection === null) refuseEscape(rewriting, statement, assignment);
  }
  restrictToTenant(rewriting, statement, target, scope, statement.assignments.at(-1)!.end);
  refuseAssignedReads(rewriting, statement, target);
}

/**
 * MariaDB assigns from left to right, each column as assigned so far; but where the plain statement reads the table that
 * it writes in a subquery as well, all from the row as it was.
 */
function refuseAssignedReads(
  rewriting: Rewriting,
  { assignments }: UpdateStatement,
  { table }: ProtectedTarget,
): void {
  if (rewriting.context.dialect.server.kind !== 'mariadb') return;
  if (!rewriting.views.some((view) => view.table === table)) return;
  const assigned = new Set<string>();
  for (const { column, value } of assignments) {
    const readsAssigned = (part: Expression): boolean =>
      part.kind === 'subquery' || (part.kind === 'column' && assigned.has(foldName(part.column.name)));
    if (value.kind !== 'defaultKeyword' && assigned.size > 0 && someWithin(value, readsAssigned)) {
      rewriting.unsupported(
        'an assignment that reads a column assigned before it, beside a subquery over the same table,',
        value,
      );
    }
    assigned.add(foldName(column.column.name));
  }
}

/** DELETE: from one protected table here, everything else in several-tables.ts. */
export function rewriteDelete(rewriting: Rewriting, statement: DeleteStatement): void {
  refuseTriggers(rewriting, statement);
  const ctes = rewriteWith(rewriting, statement, { ctes: null, block: null });
  const target = protectedTarget(rewriting, statement, ctes);
  if (target === null) {
    deleteSeveral(rewriting, statement, ctes);
    return;
  }
  const scope = directScope(target.direct, ctes);
  restrictToTenant(rewriting, statement, target, scope, target.reference.end);
  if (statement.returning !== null) rewriteReturning(rewriting, statement.returning, target.direct, scope);
}

function refuseTriggers(rewriting: Rewriting, statement: Target): void {
  const targets = statement.kind === 'delete' ? (statement.targets ?? []) : [];
  const named = statement.tables.flatMap(namedTables).map((reference) => reference.name);
  for (const name of [...named, ...targets]) rewriting.refuseTriggers(name);
}

interface ProtectedTarget {
  readonly reference: NamedTable;
  readonly table: ResolvedTable;
  readonly direct: DirectTable;
}

/** The protected table of a statement in its single-table form. */
function protectedTarget(
  rewriting: Rewriting,
  statement: Target,
  ctes: Scope['ctes'],
): ProtectedTarget | null {
  const reference = statement.tables.length === 1 ? statement.tables[0]! : null;
  if (reference?.kind !== 'table') return null;
  if (statement.kind === 'delete' && statement.targets !== null) return null;
  if (isCte(rewriting, reference.name, ctes)) return null;
  const table = rewriting.protectedTable(reference.name);
  if (table === null) return null;
  if (reference.extra !== null) rewriting.unsupported('a period of time', reference.extra);
  const alias = reference.alias?.name ?? reference.name.table.name;
  return { reference, table, direct: { table, alias, aliasText: aliasText(rewriting, reference) } };
}

/** Rewrites the clauses behind SET or FROM and adds the tenant predicate in front of WHERE. */
function restrictToTenant(
  rewriting: Rewriting,
  statement: Target,
  { direct }: ProtectedTarget,
  scope: Scope,
  clauseEnd: number,
): void {
  const { where } = statement;
  refuseUnsafe(rewriting, statement, direct, scope);
  if (where !== null) rewriteExpression(rewriting, where, scope);
  for (const item of statement.orderBy?.items ?? []) rewriteExpression(rewriting, item.expression, scope);
  for (const expression of statement.limit?.expressions ?? [])
    rewriteExpression(rewriting, expression, scope);

  restrictTo(rewriting, where, guardsOf(rewriting, direct, where, scope), clauseEnd);
}
