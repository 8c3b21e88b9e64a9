import { text } from '../edits.js';
import { sameAlias } from '../folding.js';
import type { Assignment, InsertStatement, InsertValue, InsertValues, TableName } from '../parser/ast.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { DirectTable } from '../scope.js';
import { quotedAsWritten } from '../tenant-view.js';
import { directScope } from './direct-table.js';
import { rewriteExpression } from './expression.js';
import { someWithin } from './expression-facts.js';
import { flowOfQuery, flowsFrom } from './flow.js';
import { countMismatch, insertQuery, writtenColumns } from './insert-select.js';
import { rewriteReturning } from './returning.js';
import { rewriteUpsert } from './upsert.js';
import { checkOmitted, rewriteValue, type WriteMode, writeMode } from './values.js';
import { writtenColumn } from './written-column.js';

const NO_SCOPE = { ctes: null, block: null };

/** INSERT and REPLACE into a protected table; into any other, what they read is checked. */
export function rewriteInsert(rewriting: Rewriting, statement: InsertStatement): void {
  const table = rewriting.protectedTable(statement.table);
  rewriting.refuseTriggers(statement.table);
  if (table === null) {
    checkUnprotectedInsert(rewriting, statement);
    return;
  }
  if (statement.replace && table.uniqueAcrossTenants) {
    rewriting.unsupported(
      'REPLACE into a table with a unique key that lacks the tenant column (it could take over another tenant’s row)',
      statement.table,
    );
  }
  const mode = writeMode(rewriting, statement.modifiers);
  const filled = new Set<LogicalColumn>();
  const row = filledRow(rewriting, statement.table, table, filled);
  switch (statement.source.kind) {
    case 'values':
      insertValues(rewriting, statement, statement.source, row, filled, mode);
      break;
    case 'set':
      insertSet(rewriting, row, filled, statement.source.assignments, mode);
      break;
    case 'query':
      insertQuery(rewriting, statement, statement.source, table, mode);
  }
  if (statement.onDuplicate !== null) rewriteUpsert(rewriting, statement, table, mode);
  if (statement.returning !== null) rewriteReturningOf(rewriting, statement, statement.returning, row, mode);
}

/**
 * In VALUES and SET a column stands for the value that an earlier part of the row gave it.
 * @param filled the columns that have one: the caller adds to it
 */
export function filledRow(
  rewriting: Rewriting,
  name: TableName,
  table: ResolvedTable,
  filled: ReadonlySet<LogicalColumn>,
): DirectTable {
  const aliasText = quotedAsWritten(rewriting, name.table);
  return { table, alias: name.table.name, aliasText, filled };
}

function rewriteReturningOf(
  rewriting: Rewriting,
  statement: InsertStatement,
  returning: NonNullable<InsertStatement['returning']>,
  { table, alias, aliasText }: DirectTable,
  mode: WriteMode,
): void {
  if (statement.onDuplicate !== null && !raisesOnOthers(table, statement.onDuplicate.assignments, mode)) {
    // The row that was hit may be another tenant's, kept as it was.
    rewriting.unsupported(
      'RETURNING of ON DUPLICATE KEY UPDATE that leaves the row as it is, on a table with a unique key that lacks the tenant column,',
      returning,
    );
  }
  const direct: DirectTable = { table, alias, aliasText };
  rewriteReturning(rewriting, returning, direct, directScope(direct, null));
}

/** Whether ON DUPLICATE KEY UPDATE ends the statement when it hits another tenant's row: see rewriteUpsert. */
function raisesOnOthers(table: ResolvedTable, assignments: readonly Assignment[], mode: WriteMode): boolean {
  if (table.tenant === null || !table.uniqueAcrossTenants) return true;
  const isTenant = ({ column }: Assignment): boolean => {
    const resolution = table.lookup(column.column.name);
    return resolution.kind === 'column' && resolution.column.isTenant;
  };
  return !mode.ignore && !assignments.every(isTenant);
}

/** Into an unprotected table no protected value may flow: not as rows, not in a value. */
function checkUnprotectedInsert(rewriting: Rewriting, statement: InsertStatement): void {
  const { source, returning } = statement;
  const values: InsertValue[] = (statement.onDuplicate?.assignments ?? []).map(({ value }) => value);
  if (source.kind === 'query') rewriting.rules.query(rewriting, source.query, NO_SCOPE);
  else if (source.kind === 'set') values.push(...source.assignments.map(({ value }) => value));
  else values.push(...source.rows.flatMap((row) => row.values));
  for (const value of values) {
    if (value.kind !== 'defaultKeyword') rewriteExpression(rewriting, value, NO_SCOPE);
  }
  const views = rewriting.views.length;
  for (const item of returning?.items ?? []) {
    if (item.expression !== null) rewriteExpression(rewriting, item.expression, NO_SCOPE);
  }
  if (returning !== null && rewriting.views.length > views) {
    rewriting.unsupported('a subquery in RETURNING', returning);
  }
  if (rewriting.tables.size === 0) return;
  const flow = source.kind === 'query' ? flowOfQuery(rewriting, source.query) : null;
  const escapes =
    flow?.any === true ||
    values.some((value) => flowsFrom(rewriting, value)) ||
    (flow?.tainted === true && values.some((value) => readsSource(rewriting, statement, value)));
  if (escapes && !rewriting.mayHoldPlaintext(statement.table)) {
    rewriting.refuse('TC_PLAINTEXT_ESCAPE', 'inserting it into another table', source);
  }
}

/** Whether an assignment of ON DUPLICATE KEY UPDATE may read a column of the query that the rows come from. */
function readsSource(rewriting: Rewriting, statement: InsertStatement, value: InsertValue): boolean {
  if (value.kind === 'defaultKeyword') return false;
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  const own = statement.table.table.name;
  return someWithin(value, (expression) => {
    if (expression.kind !== 'column') return expression.kind === 'subquery';
    return expression.table === null || !sameAlias(expression.table.name, own, folding);
  });
}

function insertValues(
  rewriting: Rewriting,
  statement: InsertStatement,
  source: InsertValues,
  row: DirectTable,
  filled: Set<LogicalColumn>,
  mode: WriteMode,
): void {
  const { table } = row;
  const scope = directScope(row, null);
  const emptyList = statement.columns !== null && statement.columns.names.length === 0;
  const listed = statement.columns !== null && !emptyList;
  if (listed && rewriting.context.dialect.server.kind === 'mariadb') {
    // MariaDB counts before it looks for the columns.
    if (source.rows[0]!.values.length !== statement.columns.names.length) throw countMismatch(1);
  }
  const columns = writtenColumns(rewriting, statement, table);
  const addsTenant = table.tenant !== null && !columns.includes(table.tenant);
  // `INSERT INTO t () VALUES ()` and `INSERT INTO t VALUES ()` both mean defaults for all columns.
  const allDefaults = source.rows.every((row) => row.values.length === 0);
  if (table.tenant !== null && (addsTenant || allDefaults)) {
    const name = rewriting.forms.name(table.tenant.name);
    if (statement.columns !== null) {
      rewriting.edits.insert(statement.columns.end - 1, [text(emptyList ? name : `, ${name}`)]);
    } else if (allDefaults) rewriting.edits.insert(listPosition(statement), [text(` (${name})`)]);
  }
  if (statement.columns === null && !allDefaults) {
    // Written out: on a table whose columns have moved since we read it, a value would go to another column.
    const written = columns.map((column) => column.live.name);
    if (addsTenant) written.push(table.tenant!.name);
    const list = written.map((column) => rewriting.forms.name(column)).join(',');
    rewriting.edits.insert(listPosition(statement), [text(` (${list})`)]);
  }
  const given = new Set(allDefaults ? [] : columns);
  for (const column of table.columns) {
    if (!given.has(column)) checkOmitted(rewriting, column);
  }
  const told: WriteMode = { ...mode, reports: { times: 'once', columns: columns.map(({ name }) => name) } };
  // A first row of defaults sets the number for the others.
  const width = listed || source.rows[0]!.values.length > 0 ? columns.length : 0;
  for (const [rowIndex, { values, ...written }] of source.rows.entries()) {
    if (!allDefaults && values.length !== width) throw countMismatch(rowIndex + 1);
    filled.clear();
    for (const [index, value] of values.entries()) {
      rewriteValue(rewriting, table, columns[index]!, value, scope, told);
      filled.add(columns[index]!);
    }
    if (table.tenant !== null && (addsTenant || allDefaults)) {
      const separator = values.length === 0 ? [] : [text(', ')];
      rewriting.edits.insert(written.close, [...separator, rewriting.forms.tenant(table)]);
    }
  }
}

/** Where a column list belongs: behind the table and its PARTITION. */
function listPosition(statement: InsertStatement): number {
  return statement.partition?.end ?? statement.table.end;
}

function insertSet(
  rewriting: Rewriting,
  row: DirectTable,
  filled: Set<LogicalColumn>,
  assignments: readonly Assignment[],
  mode: WriteMode,
): void {
  const { table } = row;
  const scope = directScope(row, null);
  const written: string[] = [];
  const told: WriteMode = { ...mode, reports: { times: 'once', columns: written } };
  for (const assignment of assignments) {
    const column = writtenColumn(rewriting, table, assignment.column, 'INSERT INTO');
    rewriteValue(rewriting, table, column, assignment.value, scope, told);
    filled.add(column);
    written.push(column.name);
  }
  for (const column of table.columns) {
    if (!filled.has(column)) checkOmitted(rewriting, column);
  }
  if (table.tenant !== null && !filled.has(table.tenant)) {
    rewriting.edits.insert(assignments.at(-1)!.end, [
      text(`, ${rewriting.forms.name(table.tenant.name)}=`),
      rewriting.forms.tenant(table),
    ]);
  }
}
