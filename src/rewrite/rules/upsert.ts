import { text } from '../edits.js';
import { foldName, sameAlias } from '../folding.js';
import type { Assignment, ColumnRef, Expression, InsertStatement } from '../parser/ast.js';
import type { TemplateOp } from '../plan.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope } from '../scope.js';
import { quotedAsWritten } from '../tenant-view.js';
import { columnsWithin, unwrapParentheses, visitExpressions } from './expression-facts.js';
import { rewriteValue, type WriteMode } from './values.js';
import { writtenColumn } from './written-column.js';

/**
 * ON DUPLICATE KEY UPDATE. The row that is hit may be another tenant's where a unique key lacks the tenant column:
 * the first assignment that changes something then raises instead of touching it (bypasses.md 10).
 */
export function rewriteUpsert(
  rewriting: Rewriting,
  statement: InsertStatement,
  table: ResolvedTable,
  mode: WriteMode,
): void {
  const alias = `\`${rewriting.textOf(statement.table.table).replace(/^[`"]|[`"]$/g, '')}\``;
  const block: BlockScope = {
    views: [],
    directs: [{ table, alias: statement.table.table.name, aliasText: alias }],
    otherAliases: statement.rowAlias === null ? [] : [statement.rowAlias.alias.name],
    opaque: false,
    parent: null,
  };
  const scope = { ctes: null, block };
  if (statement.rowAlias !== null) dropRowAliasColumns(rewriting, statement, statement.rowAlias);
  const assignments = statement.onDuplicate?.assignments ?? [];
  let isGuarded = false;
  for (const assignment of assignments) {
    const column = writtenColumn(rewriting, table, assignment.column, 'UPDATE');
    if (column.isTenant) {
      keepTenant(rewriting, statement, table, assignment);
      continue;
    }
    const source = newValue(rewriting, statement, table, assignment.value);
    if (source !== null && !isRecoded(source, column)) passCiphertext(rewriting, column, source, assignment);
    else {
      if (column.protection === null) refuseNewValues(rewriting, statement, table, assignment);
      else decryptNewValues(rewriting, statement, table, assignment);
      rewriteValue(rewriting, table, column, assignment.value, scope, { ...mode, deferred: true });
    }
    guard(rewriting, table, column, assignment.value, { alias, first: !isGuarded, mode });
    isGuarded = true;
  }
}

/**
 * `AS new(a, b)` that names the columns as the INSERT does, as Hibernate writes it, is `AS new`: the list would have to
 * follow the columns that are written in its place. Other names would stand for columns without a qualifier.
 */
function dropRowAliasColumns(
  rewriting: Rewriting,
  { columns }: InsertStatement,
  rowAlias: NonNullable<InsertStatement['rowAlias']>,
): void {
  if (rowAlias.columns === null) return;
  const names = columns?.names.map(({ column }) => foldName(column.name)) ?? [];
  const isSame =
    names.length === rowAlias.columns.length &&
    rowAlias.columns.every(({ name }, index) => foldName(name) === names[index]);
  if (!isSame) rewriting.unsupported('a row alias with other names for columns', rowAlias);
  rewriting.edits.replace(rowAlias.alias.end, rowAlias.end, () => []);
}

/** Keeps an assignment off another tenant's row: by an error, or under IGNORE, where errors are warnings, by itself. */
function guard(
  rewriting: Rewriting,
  table: ResolvedTable,
  column: LogicalColumn,
  value: Assignment['value'],
  options: { readonly alias: string; readonly first: boolean; readonly mode: WriteMode },
): void {
  if (table.tenant === null || !table.uniqueAcrossTenants) return;
  if (!options.first && !options.mode.ignore) return;
  const { forms, edits } = rewriting;
  const old = options.mode.ignore ? `${options.alias}.${forms.name(column.live.name)}` : null;
  edits.replace(value.start, value.end, (inner) =>
    forms.guardedAssignment(table, options.alias, inner(), old),
  );
}

/** `tenant_id = VALUES(tenant_id)` assigns what is there already: both are the session's tenant. */
function keepTenant(
  rewriting: Rewriting,
  statement: InsertStatement,
  table: ResolvedTable,
  assignment: Assignment,
): void {
  const source = newValue(rewriting, statement, table, assignment.value);
  if (source?.column.isTenant !== true) {
    rewriting.refuse('TC_TENANT_MISMATCH', 'the value of the tenant column', assignment.value);
  }
  // Taking over another tenant's row would be an assignment too: keep the column as it is.
  const name = rewriting.forms.name(table.tenant!.name);
  rewriting.edits.replace(assignment.value.start, assignment.value.end, () => [text(name)]);
}

interface NewValue {
  readonly column: LogicalColumn;
  /** Where the column's name stands in the text. */
  readonly name: ColumnRef['column'];
}

/** The column of `VALUES(c)` or of the row alias's `new.c`, when the assigned value is just that. */
function newValue(
  rewriting: Rewriting,
  statement: InsertStatement,
  table: ResolvedTable,
  value: Assignment['value'],
): NewValue | null {
  if (value.kind === 'defaultKeyword') return null;
  const plain = unwrapParentheses(value);
  const reference = newValueReference(rewriting, statement, plain);
  if (reference === null) return null;
  const resolution = table.lookup(reference.column.name);
  if (resolution.kind === 'column') return { column: resolution.column, name: reference.column };
  return resolution.kind === 'unknown'
    ? rewriting.unknownColumn(reference.column.name, 'field list')
    : rewriting.unsupported('a physical column by its own name', reference);
}

function newValueReference(
  rewriting: Rewriting,
  statement: InsertStatement,
  expression: Expression,
): ColumnRef | null {
  if (expression.kind === 'function' && expression.name === 'values' && expression.arguments.length === 1) {
    const argument = expression.arguments[0]!;
    return argument.kind === 'column' ? argument : null;
  }
  if (expression.kind !== 'column' || expression.table === null || statement.rowAlias === null) return null;
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  return sameAlias(expression.table.name, statement.rowAlias.alias.name, folding) ? expression : null;
}

/** Whether a new value is written to a protected column whose stored form it does not have. */
function isRecoded(source: NewValue, column: LogicalColumn): boolean {
  if (column.protection === null) return false;
  if (foldName(source.column.name) === foldName(column.name)) return false;
  return source.column.protection === null || !sameType(source.column, column);
}

/** `email = VALUES(email)`: the new row holds ciphertext already, under the same key. */
function passCiphertext(
  rewriting: Rewriting,
  column: LogicalColumn,
  source: NewValue,
  assignment: Assignment,
): void {
  if (source.column.protection === null) return;
  if (column.protection === null) {
    rewriting.refuse('TC_PLAINTEXT_ESCAPE', `assigning it to the column ${column.name}`, assignment.value);
  }
  const physical = rewriting.forms.name(source.column.protection.physical);
  rewriting.edits.replace(source.name.start, source.name.end, (): TemplateOp[] => [text(physical)]);
}

function sameType(a: LogicalColumn, b: LogicalColumn): boolean {
  return JSON.stringify(a.protection?.type) === JSON.stringify(b.protection?.type);
}

/** Inside an expression for a protected column: the new row is the tenant's own. */
function decryptNewValues(
  rewriting: Rewriting,
  statement: InsertStatement,
  table: ResolvedTable,
  { value }: Assignment,
): void {
  if (value.kind === 'defaultKeyword') return;
  visitExpressions(value, (expression) => {
    const source = newValue(rewriting, statement, table, expression);
    const column = source?.column.protection;
    if (column == null || newValueReference(rewriting, statement, expression) === null) return;
    const physical = rewriting.forms.name(column.physical);
    const ciphertext =
      expression.kind === 'column'
        ? `${quotedAsWritten(rewriting, expression.table!)}.${physical}`
        : `VALUES(${physical})`;
    rewriting.edits.replace(expression.start, expression.end, () =>
      rewriting.forms.decryptValue(column, [text(ciphertext)]),
    );
  });
}

/** Elsewhere in an expression a new value of a protected column would be ciphertext to the expression. */
function refuseNewValues(
  rewriting: Rewriting,
  statement: InsertStatement,
  table: ResolvedTable,
  assignment: Assignment,
): void {
  const { value } = assignment;
  if (value.kind === 'defaultKeyword') return;
  const check = (reference: ColumnRef): void => {
    const resolution = table.lookup(reference.column.name);
    const isPlain = resolution.kind === 'column' && resolution.column.protection === null;
    if (!isPlain) rewriting.unsupported('the new value of a protected column inside an expression', value);
  };
  visitExpressions(value, (expression) => {
    const reference = newValueReference(rewriting, statement, expression);
    if (reference !== null) check(reference);
    if (expression.kind === 'subquery') {
      for (const column of columnsWithin(expression)) {
        if (newValueReference(rewriting, statement, column) !== null) check(column);
      }
    }
  });
}
