import { text } from '../edits.js';
import { foldName, sameAlias } from '../folding.js';
import type { Assignment, ColumnRef, Expression, InsertStatement } from '../parser/ast.js';
import { walk } from '../parser/walk.js';
import type { TemplateOp } from '../plan.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { type BlockScope, emptyBlock } from '../scope.js';
import { quotedAsWritten } from '../tenant-view.js';
import { someCarried, unwrapParentheses, visitExpressions } from './expression-facts.js';
import { nameAsWritten } from './scope.js';
import { refuseTimeOfMysql } from './time-columns.js';
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
    ...emptyBlock(null),
    directs: [{ table, alias: statement.table.table.name, aliasText: alias }],
    otherAliases: statement.rowAlias === null ? [] : [statement.rowAlias.alias.name],
  };
  const scope = { ctes: null, block };
  const row: NewRow = { statement, table, names: rowAliasNames(rewriting, statement, table) };
  const assignments = statement.onDuplicate?.assignments ?? [];
  let isGuarded = false;
  for (const assignment of assignments) {
    const column = writtenColumn(rewriting, table, assignment.column, 'UPDATE');
    if (column.isTenant) {
      keepTenant(rewriting, row, assignment);
      continue;
    }
    const source = newValue(rewriting, row, assignment.value);
    if (source !== null && !isRecoded(source, column)) passCiphertext(rewriting, column, source, assignment);
    else {
      if (column.protection === null && carriesNewValue(rewriting, row, assignment.value)) {
        rewriting.refuse(
          'TC_PLAINTEXT_ESCAPE',
          `assigning it to the column ${column.name}`,
          assignment.value,
        );
      }
      decryptNewValues(rewriting, row, assignment);
      rewriteValue(rewriting, table, column, assignment.value, scope, { ...mode, deferred: true });
    }
    guard(rewriting, table, column, assignment.value, { alias, first: !isGuarded, mode });
    isGuarded = true;
  }
}

/** The row that an INSERT would have added, as its ON DUPLICATE KEY UPDATE names it. */
interface NewRow {
  readonly statement: InsertStatement;
  readonly table: ResolvedTable;
  /** What `AS new(a, b)` calls the columns that are inserted, folded; null: by their own names. */
  readonly names: ReadonlyMap<string, LogicalColumn> | null;
}

/**
 * `AS new(a, b)` that names the columns as the INSERT does, as Hibernate writes it, becomes `AS new`: the list would
 * have to follow the columns that are written in its place. Other names stay.
 */
function rowAliasNames(
  rewriting: Rewriting,
  statement: InsertStatement,
  table: ResolvedTable,
): NewRow['names'] {
  const { rowAlias } = statement;
  if (rowAlias?.columns == null) return null;
  const inserted = insertedColumns(rewriting, statement, table);
  if (inserted.length !== rowAlias.columns.length) {
    rewriting.unsupported('a row alias with another number of names than there are columns', rowAlias);
  }
  const names = rowAlias.columns.map(({ name }) => foldName(name));
  if (inserted.every(({ name }, index) => foldName(name) === names[index])) {
    rewriting.edits.replace(rowAlias.alias.end, rowAlias.end, () => []);
    return null;
  }
  for (const column of rowAlias.columns) {
    // Beside a column of the table it would be ambiguous, or not, by the physical name.
    if (table.lookup(column.name).kind !== 'unknown') {
      rewriting.unsupported('a row alias that calls a column by another one’s name', column);
    }
  }
  if (table.tenant !== null && !inserted.includes(table.tenant)) {
    rewriting.edits.insert(rowAlias.end - 1, [text(',`__tc_tenant`')]);
  }
  return new Map(inserted.map((column, index) => [names[index]!, column]));
}

function insertedColumns(
  rewriting: Rewriting,
  { source, columns }: InsertStatement,
  table: ResolvedTable,
): readonly LogicalColumn[] {
  const written = source.kind === 'set' ? source.assignments.map(({ column }) => column) : columns?.names;
  if (written === undefined) return table.visibleColumns();
  return written.map((name) => {
    const resolution = table.lookup(name.column.name);
    return resolution.kind === 'column'
      ? resolution.column
      : rewriting.unsupported('a row alias for a column that is not known', name);
  });
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
function keepTenant(rewriting: Rewriting, row: NewRow, assignment: Assignment): void {
  const source = newValue(rewriting, row, assignment.value);
  if (source?.column.isTenant !== true) {
    rewriting.refuse('TC_TENANT_MISMATCH', 'the value of the tenant column', assignment.value);
  }
  // Taking over another tenant's row would be an assignment too: keep the column as it is.
  const name = rewriting.forms.name(row.table.tenant!.name);
  rewriting.edits.replace(assignment.value.start, assignment.value.end, () => [text(name)]);
}

interface NewValue {
  readonly column: LogicalColumn;
  /** Where the column's own name stands in the text; null: the row alias calls it otherwise. */
  readonly name: ColumnRef['column'] | null;
}

/** The column of `VALUES(c)` or of the row alias's `new.c`, when the assigned value is just that. */
function newValue(rewriting: Rewriting, row: NewRow, value: Assignment['value']): NewValue | null {
  if (value.kind === 'defaultKeyword') return null;
  const plain = unwrapParentheses(value);
  const reference = newValueReference(rewriting, row, plain);
  if (reference === null) return null;
  if (plain.kind === 'column' && row.names !== null) {
    const column = row.names.get(foldName(reference.column.name));
    return column === undefined
      ? rewriting.unknownColumn(nameAsWritten(reference), 'field list')
      : { column, name: null };
  }
  const resolution = row.table.lookup(reference.column.name);
  if (resolution.kind === 'column') return { column: resolution.column, name: reference.column };
  return resolution.kind === 'unknown'
    ? rewriting.unknownColumn(reference.column.name, 'field list')
    : rewriting.unsupported('a physical column by its own name', reference);
}

function newValueReference(rewriting: Rewriting, row: NewRow, expression: Expression): ColumnRef | null {
  if (expression.kind === 'function' && expression.name === 'values' && expression.arguments.length === 1) {
    const argument = expression.arguments[0]!;
    return argument.kind === 'column' ? argument : null;
  }
  const { rowAlias } = row.statement;
  if (expression.kind !== 'column' || rowAlias === null) return null;
  if (expression.table === null) {
    return row.names?.has(foldName(expression.column.name)) === true ? expression : null;
  }
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  return sameAlias(expression.table.name, rowAlias.alias.name, folding) ? expression : null;
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
  if (source.name === null) return;
  const physical = rewriting.forms.name(source.column.protection.physical);
  rewriting.edits.replace(source.name.start, source.name.end, (): TemplateOp[] => [text(physical)]);
}

function sameType(a: LogicalColumn, b: LogicalColumn): boolean {
  return JSON.stringify(a.protection?.type) === JSON.stringify(b.protection?.type);
}

/** Whether an assigned value is made of a protected column of the new row. */
function carriesNewValue(rewriting: Rewriting, row: NewRow, value: Assignment['value']): boolean {
  if (value.kind === 'defaultKeyword') return false;
  return someCarried(
    value,
    (part) =>
      newValueReference(rewriting, row, part) !== null &&
      newValue(rewriting, row, part)?.column.protection != null,
  );
}

/** Inside an expression: the new row is the tenant's own. In a subquery it would stay ciphertext. */
function decryptNewValues(rewriting: Rewriting, row: NewRow, { value }: Assignment): void {
  if (value.kind === 'defaultKeyword') return;
  visitExpressions(value, (expression) => {
    if (expression.kind === 'subquery') refuseNewValues(rewriting, row, expression);
    if (newValueReference(rewriting, row, expression) === null) return;
    const source = newValue(rewriting, row, expression);
    const column = source?.column.protection;
    if (source == null || column == null) return;
    refuseTimeOfMysql(rewriting, column, expression);
    rewriting.edits.replace(expression.start, expression.end, () =>
      rewriting.forms.decryptValue(column, [text(ciphertextOf(rewriting, expression, source, column))]),
    );
  });
}

function ciphertextOf(
  rewriting: Rewriting,
  expression: Expression,
  source: NewValue,
  { physical }: ProtectedColumn,
): string {
  if (source.name === null) return rewriting.textOf(expression);
  const name = rewriting.forms.name(physical);
  return expression.kind === 'column'
    ? `${quotedAsWritten(rewriting, expression.table!)}.${name}`
    : `VALUES(${name})`;
}

function refuseNewValues(rewriting: Rewriting, row: NewRow, subquery: Expression): void {
  walk(subquery, (node) => {
    if (node.kind !== 'function' && node.kind !== 'column') return true;
    // A table function has an alias; no such is called VALUES.
    const reference = newValueReference(rewriting, row, node as Expression);
    if (reference === null) return true;
    const resolution = row.names === null ? row.table.lookup(reference.column.name) : null;
    const isPlain = resolution?.kind === 'column' && resolution.column.protection === null;
    if (!isPlain) rewriting.unsupported('the new value of a protected column inside a subquery', reference);
    return true;
  });
}
