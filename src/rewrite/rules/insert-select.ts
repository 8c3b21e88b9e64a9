import { ServerError } from '../../errors.js';
import { text } from '../edits.js';
import type {
  InsertQuery,
  InsertStatement,
  QueryBody,
  QueryExpression,
  TableReference,
} from '../parser/ast.js';
import type { TemplateOp } from '../plan.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { columnOrigin } from './column-origin.js';
import { type Flow, flowOfQuery } from './flow.js';
import { exposeSourceColumns } from './source-columns.js';
import { findUnstable } from './unstable.js';
import { checkOmitted, type WriteMode } from './values.js';
import { writtenColumn } from './written-column.js';

const NO_SCOPE = { ctes: null, block: null };

/** The query under names of our own. A CTE, since MariaDB gives a derived table no column list. */
const SOURCE = '__tc_source';
const sourceColumn = (index: number): string => `${SOURCE}.__tc_${index + 1}`;

/** More rows than there are: it keeps the ORDER BY, and the server from merging the query into ours. */
const ALL_ROWS = ' LIMIT 18446744073709551615';

/**
 * INSERT and REPLACE … SELECT / TABLE / WITH into a protected table: the query becomes a common table expression, and
 * what it gives for a protected column is encrypted on its way out of it.
 */
export function insertQuery(
  rewriting: Rewriting,
  statement: InsertStatement,
  source: InsertQuery,
  table: ResolvedTable,
  mode: WriteMode,
): void {
  const { edits, forms } = rewriting;
  const columns = writtenColumns(rewriting, statement, table);
  rewriting.rules.query(rewriting, source.query, NO_SCOPE);
  const flow = checkFlow(rewriting, source, columns);
  for (const [index, column] of columns.entries()) {
    if (column.protection !== null) checkSource(rewriting, source.query.body, index, column);
  }
  const exposed = exposeSourceColumns(rewriting, statement, source, table, {
    flow,
    selected: columns.length,
    sourceColumn,
  });
  const given = new Set(columns);
  for (const column of table.columns) if (!given.has(column)) checkOmitted(rewriting, column);

  const addsTenant = table.tenant !== null && !given.has(table.tenant);
  if (statement.columns === null) {
    // Written out: on a table whose columns have moved since we read it, a value would go to another column.
    const names = columns.map((column) => column.live.name);
    if (addsTenant) names.push(table.tenant!.name);
    const list = names.map((name) => forms.name(name)).join(',');
    edits.insert(statement.partition?.end ?? statement.table.end, [text(` (${list})`)]);
  } else if (addsTenant) {
    edits.insert(statement.columns.end - 1, [text(`, ${forms.name(table.tenant!.name)}`)]);
  }

  let behind = '';
  const limitAt = limitPosition(source.query);
  if (limitAt === source.end) behind = ALL_ROWS;
  else if (limitAt !== null) edits.insert(limitAt, [text(ALL_ROWS)]);
  const count = columns.length + exposed;
  const names = Array.from({ length: count }, (_, index) => `__tc_${index + 1}`).join(',');
  const origin = columnOrigin(rewriting.context, table);
  const selected = columns.map((column, index): TemplateOp[] => {
    const ref = sourceColumn(index);
    if (column.isTenant) return forms.checkedTenant(table, ref);
    if (column.protection === null) return [text(ref)];
    const lenient = mode.lenient ? column.live : null;
    const value = forms.inOwnType(column.protection, () => [text(ref)]);
    return forms.encryptExpression(column.protection, origin, value, lenient);
  });
  if (addsTenant) selected.push([forms.tenant(table)]);
  edits.replace(source.start, source.end, (inner) => [
    text(`WITH ${SOURCE}(${names}) AS (`),
    ...inner(),
    text(`${behind}) SELECT `),
    ...selected.flatMap((value, index) => (index === 0 ? value : [text(','), ...value])),
    text(` FROM ${SOURCE}`),
  ]);
}

/**
 * The server's own error for a row (from 1) that has another number of values than there are columns. Its own check
 * would come too late: values would be matched with the wrong columns.
 */
export function countMismatch(row: number): ServerError {
  return new ServerError(1136, '21S01', `Column count doesn't match value count at row ${row}`);
}

/** The columns that an INSERT gives values for: those of its list, or all that a table without one stands for. */
export function writtenColumns(
  rewriting: Rewriting,
  statement: InsertStatement,
  table: ResolvedTable,
): readonly LogicalColumn[] {
  if (statement.columns === null) return table.visibleColumns();
  return statement.columns.names.map((name) => writtenColumn(rewriting, table, name, 'INSERT INTO'));
}

/** No protected value may go to a column that is not protected; and the server must take our list of names. */
function checkFlow(rewriting: Rewriting, source: InsertQuery, columns: readonly LogicalColumn[]): Flow {
  const flow = flowOfQuery(rewriting, source.query);
  if (columns.length === 0 || (flow.columns !== null && flow.columns.length !== columns.length)) {
    throw countMismatch(1);
  }
  if (flow.columns === null && flow.any) {
    rewriting.unsupported('a star over a protected table together with another in INSERT … SELECT', source);
  }
  const escaped = columns.find(
    (column, index) => column.protection === null && flow.columns?.[index] === true,
  );
  if (escaped !== undefined) {
    rewriting.refuse('TC_PLAINTEXT_ESCAPE', `inserting it into the column ${escaped.name}`, source);
  }
  return flow;
}

/** What a query gives for a protected column must be something that the encrypted form is exact for. */
function checkSource(rewriting: Rewriting, body: QueryBody, index: number, column: LogicalColumn): void {
  if (column.protection?.type.kind !== 'integer') return;
  const hexadecimal = armsOf(body).some((arm) => {
    const item = arm.kind === 'specification' ? arm.items[index]?.expression : undefined;
    return item?.kind === 'literal' && (item.type === 'hex' || item.type === 'bit');
  });
  // A number here, and a string once it has passed through another query.
  if (hexadecimal) rewriting.unsupported('a hexadecimal literal for a protected integer column', body);
}

function armsOf(root: QueryBody): QueryBody[] {
  const arms: QueryBody[] = [];
  let body = root;
  while (body.kind === 'setOperation') {
    arms.push(...armsOf(body.right));
    body = body.left;
  }
  return body.kind === 'parenthesised' ? [...arms, ...armsOf(body.query.body)] : [...arms, body];
}

/**
 * Where a LIMIT belongs that keeps the query from being merged; null: it has one, or none is needed. Merged, each
 * mention of a column of it is evaluated by itself, which only stable expressions over tables bear; and MariaDB drops
 * the ORDER BY, which AUTO_INCREMENT values follow.
 */
function limitPosition(outer: QueryExpression): number | null {
  let query = outer;
  while (
    query.body.kind === 'parenthesised' &&
    query.with === null &&
    query.orderBy === null &&
    query.limit === null &&
    query.locking.length === 0
  ) {
    query = query.body.query;
  }
  const { body, orderBy, limit } = query;
  if (limit !== null) return null;
  if (orderBy !== null) return orderBy.end;
  const isStable =
    query.with === null &&
    body.kind === 'specification' &&
    (body.from ?? []).every(isOfTables) &&
    body.items.every(({ expression }) => expression === null || findUnstable(expression) === null);
  return isStable ? null : body.end;
}

function isOfTables(reference: TableReference): boolean {
  switch (reference.kind) {
    case 'table':
      return true;
    case 'join':
      return isOfTables(reference.left) && isOfTables(reference.right);
    case 'tables':
      return reference.tables.every(isOfTables);
    default:
      return false;
  }
}
