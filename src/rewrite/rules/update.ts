import { text } from '../edits.js';
import { ciphertextPredicate, conjunction, conjunctsOf, constantComparison } from '../equality.js';
import { foldName } from '../folding.js';
import type {
  Assignment,
  DeleteStatement,
  Expression,
  Limit,
  NamedTable,
  OrderBy,
  TableReference,
  UpdateStatement,
  WithClause,
} from '../parser/ast.js';
import type { TemplateOp } from '../plan.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope, DirectTable, Scope } from '../scope.js';
import { aliasText } from '../tenant-view.js';
import { rewriteExpression } from './expression.js';
import { namedTables, rewriteWith } from './query.js';
import { isCte, resolveColumn } from './scope.js';
import { rewriteValue, writeMode } from './values.js';
import { writtenColumn } from './written-column.js';

type Target = UpdateStatement | DeleteStatement;

/** UPDATE of one protected table; of unprotected ones as long as protected tables are only read in WHERE. */
export function rewriteUpdate(rewriting: Rewriting, statement: UpdateStatement): void {
  const target = protectedTarget(rewriting, statement);
  if (target === null) {
    updateUnprotected(rewriting, statement);
    return;
  }
  const scope = directScope(rewriting, statement, target);
  const mode = { ...writeMode(rewriting, statement.modifiers), deferred: true };
  for (const assignment of statement.assignments) {
    const column = writtenColumn(rewriting, target.table, assignment.column, 'SET');
    if (column.isTenant && isItself(rewriting, assignment, scope)) continue;
    rewriteValue(rewriting, target.table, column, assignment.value, scope, mode);
  }
  const end = statement.assignments.at(-1)!.end;
  restrictToTenant(rewriting, statement, target, scope, end);
}

/** `tenant_id = tenant_id` changes nothing. */
function isItself(rewriting: Rewriting, { column, value }: Assignment, scope: Scope): boolean {
  if (value.kind !== 'column' || foldName(value.column.name) !== foldName(column.column.name)) return false;
  return resolveColumn(rewriting, value, scope.block).kind === 'direct';
}

/** DELETE from one protected table; from unprotected ones as long as protected tables are only read in WHERE. */
export function rewriteDelete(rewriting: Rewriting, statement: DeleteStatement): void {
  const target = protectedTarget(rewriting, statement);
  if (target === null) {
    readAround(rewriting, statement, outerScope(rewriting, statement));
    return;
  }
  const scope = directScope(rewriting, statement, target);
  restrictToTenant(rewriting, statement, target, scope, target.reference.end);
}

interface ProtectedTarget {
  readonly reference: NamedTable;
  readonly table: ResolvedTable;
}

/** The protected table that is written. Joins with protected tables and several targets are refused. */
function protectedTarget(rewriting: Rewriting, statement: Target): ProtectedTarget | null {
  const targets = statement.kind === 'delete' ? (statement.targets ?? []) : [];
  const named = statement.tables.flatMap(namedTables).map((reference) => reference.name);
  for (const name of [...named, ...targets]) rewriting.refuseTriggers(name);
  const verb = statement.kind.toUpperCase();
  const only = statement.tables.length === 1 ? statement.tables[0]! : null;
  if (only?.kind === 'table' && (statement.kind === 'update' || statement.targets === null)) {
    if (isCte(rewriting, only.name, rewriteWithNames(statement.with))) return null;
    const table = rewriting.protectedTable(only.name);
    if (table === null) return null;
    if (statement.with !== null) rewriting.unsupported(`WITH before ${verb}`, statement.with);
    if (only.extra !== null) rewriting.unsupported('a period of time', only.extra);
    if (statement.returning !== null) rewriting.unsupported('RETURNING', statement.returning);
    return { reference: only, table };
  }
  for (const reference of statement.tables.flatMap(namedTables)) {
    if (isCte(rewriting, reference.name, rewriteWithNames(statement.with))) continue;
    if (rewriting.protectedTable(reference.name) !== null) {
      rewriting.unsupported(`a ${verb} over several tables`, reference);
    }
  }
  for (const name of targets) {
    if (rewriting.protectedTable(name) !== null) rewriting.unsupported('a DELETE over several tables', name);
  }
  return null;
}

function rewriteWithNames(clause: WithClause | null): Scope['ctes'] {
  let scope: Scope['ctes'] = null;
  for (const table of clause?.tables ?? []) scope = { name: table.name.name, next: scope };
  return scope;
}

function directScope(rewriting: Rewriting, statement: Target, target: ProtectedTarget): Scope {
  const direct: DirectTable = {
    table: target.table,
    alias: target.reference.alias?.name ?? target.reference.name.table.name,
    aliasText: aliasText(rewriting, target.reference),
  };
  const block: BlockScope = { views: [], direct, otherAliases: [], opaque: false, parent: null };
  return { ctes: rewriteWith(rewriting, statement, { ctes: null, block: null }), block };
}

/**
 * Adds the tenant predicate in front of the client's WHERE, which stands in parentheses: a predicate of the
 * client's that ran first could leak other tenants' values by error or lock (bypasses.md 11).
 */
function restrictToTenant(
  rewriting: Rewriting,
  statement: Target,
  target: ProtectedTarget,
  scope: Scope,
  clauseEnd: number,
): void {
  const { forms, edits } = rewriting;
  const alias = aliasText(rewriting, target.reference);
  const { where } = statement;
  if (rewriting.context.safeUpdates && where === null && statement.limit === null) {
    rewriting.unsupported('an UPDATE or DELETE without WHERE while sql_safe_updates is set', statement);
  }
  const guards: TemplateOp[][] = [];
  if (target.table.tenant !== null) guards.push(forms.tenantPredicate(target.table, alias));
  for (const conjunct of conjunctsOf(where)) {
    const comparison = constantComparison(conjunct);
    if (comparison === null) continue;
    const resolved = resolveColumn(rewriting, comparison.column, scope.block);
    if (resolved.kind !== 'direct' || resolved.column === null) continue;
    const ref = `${alias}.${forms.name(resolved.column.physical)}`;
    const predicate = ciphertextPredicate(rewriting, resolved.column, ref, comparison);
    if (predicate !== null) guards.push(predicate);
  }
  const guard = conjunction(guards);
  if (guard.length > 0) {
    if (where === null) edits.insert(clauseEnd, [text(' WHERE '), ...guard]);
    else {
      edits.replace(where.start, where.end, (inner) => [...guard, text(' AND ('), ...inner(), text(')')]);
    }
  }
  rewriteClauses(rewriting, statement, scope);
}

/** UPDATE of unprotected tables: nothing of a protected one may flow into an assignment. */
function updateUnprotected(rewriting: Rewriting, statement: UpdateStatement): void {
  const scope = outerScope(rewriting, statement);
  for (const assignment of statement.assignments) checkAssignment(rewriting, assignment, scope);
  readAround(rewriting, statement, scope);
}

function checkAssignment(rewriting: Rewriting, assignment: Assignment, scope: Scope): void {
  if (assignment.value.kind === 'defaultKeyword') return;
  const views = rewriting.views.length;
  rewriteExpression(rewriting, assignment.value, scope);
  if (rewriting.views.length > views) {
    rewriting.refuse('TC_PLAINTEXT_ESCAPE', 'assigning rows of a protected table', assignment.value);
  }
}

function outerScope(rewriting: Rewriting, statement: Target): Scope {
  const scope: Scope = { ctes: null, block: null };
  const ctes = rewriteWith(rewriting, statement, scope);
  if (rewriting.views.length > 0) {
    rewriting.unsupported('a common table expression over a protected table in UPDATE or DELETE', statement);
  }
  return { ctes, block: null };
}

/** Derived tables and conditions of a statement that writes unprotected tables only. */
function readAround(rewriting: Rewriting, statement: Target, scope: Scope): void {
  for (const reference of statement.tables) readReference(rewriting, reference, scope);
  rewriteClauses(rewriting, statement, scope);
  for (const item of statement.returning?.items ?? []) {
    if (item.expression !== null) rewriteExpression(rewriting, item.expression, scope);
  }
}

function readReference(rewriting: Rewriting, reference: TableReference, scope: Scope): void {
  switch (reference.kind) {
    case 'table':
      return;
    case 'function':
      for (const argument of reference.arguments) rewriteExpression(rewriting, argument, scope);
      return;
    case 'tables':
      for (const table of reference.tables) readReference(rewriting, table, scope);
      return;
    case 'derived': {
      const views = rewriting.views.length;
      rewriting.rules.query(rewriting, reference.query, scope);
      // Its columns could be assigned from: whether they are is not followed.
      if (rewriting.views.length > views) {
        rewriting.unsupported('a derived table over a protected table in UPDATE or DELETE', reference);
      }
      return;
    }
    case 'join': {
      let left: TableReference = reference;
      while (left.kind === 'join') {
        readReference(rewriting, left.right, scope);
        if (left.on !== null) rewriteExpression(rewriting, left.on, scope);
        left = left.left;
      }
      readReference(rewriting, left, scope);
    }
  }
}

function rewriteClauses(
  rewriting: Rewriting,
  statement: {
    readonly where: Expression | null;
    readonly orderBy: OrderBy | null;
    readonly limit: Limit | null;
  },
  scope: Scope,
): void {
  if (statement.where !== null) rewriteExpression(rewriting, statement.where, scope);
  for (const item of statement.orderBy?.items ?? []) rewriteExpression(rewriting, item.expression, scope);
  for (const expression of statement.limit?.expressions ?? [])
    rewriteExpression(rewriting, expression, scope);
}
