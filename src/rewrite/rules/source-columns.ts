import { text } from '../edits.js';
import { sameAlias } from '../folding.js';
import { isAggregate } from '../parser/aggregates.js';
import type {
  Assignment,
  ColumnRef,
  Expression,
  InsertQuery,
  InsertStatement,
  QueryExpression,
  QuerySpecification,
} from '../parser/ast.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { someWithin, visitExpressions } from './expression-facts.js';
import { type Flow, flowsFrom } from './flow.js';

/**
 * ON DUPLICATE KEY UPDATE of an INSERT … SELECT may read columns of the query that it does not select. In the common
 * table expression that stands for the query they get names of their own, behind those that are inserted.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/insert-on-duplicate.html
 * @param sourceColumn what a column of the common table expression is called, from 0
 * @param selected how many columns the query selects itself
 * @returns how many it has to select besides
 */
export function exposeSourceColumns(
  rewriting: Rewriting,
  statement: InsertStatement,
  source: InsertQuery,
  table: ResolvedTable,
  { flow, selected, sourceColumn }: { flow: Flow; selected: number; sourceColumn: (index: number) => string },
): number {
  let exposed = 0;
  for (const assignment of statement.onDuplicate?.assignments ?? []) {
    const references = sourceReferences(rewriting, statement, table, assignment);
    const first = references[0];
    if (first === undefined) continue;
    const body = extensible(source.query);
    if (body === null) {
      rewriting.unsupported(
        'a column of the query in ON DUPLICATE KEY UPDATE, where the query is a set operation, DISTINCT or grouped,',
        first,
      );
    }
    refuseEscape(rewriting, table, assignment, flow);
    const at = body.items.at(-1)!.end;
    for (const reference of references) {
      const name = sourceColumn(selected + exposed);
      exposed++;
      // A derived table in the place of the table has no schema.
      const { start } = reference.table ?? reference.column;
      rewriting.edits.insert(at, [text(`, ${rewriting.textOf({ start, end: reference.end })}`)]);
      rewriting.edits.replace(reference.start, reference.end, () => [text(name)]);
    }
  }
  return exposed;
}

/** The columns in an assigned value that are none of the table that is written. */
function sourceReferences(
  rewriting: Rewriting,
  statement: InsertStatement,
  table: ResolvedTable,
  { value }: Assignment,
): ColumnRef[] {
  if (value.kind === 'defaultKeyword') return [];
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  const own = statement.table.table.name;
  const found: ColumnRef[] = [];
  visitExpressions(value, (expression: Expression) => {
    if (expression.kind !== 'column') return;
    const isForeign =
      expression.table === null
        ? table.lookup(expression.column.name).kind === 'unknown'
        : !sameAlias(expression.table.name, own, folding);
    if (isForeign) found.push(expression);
  });
  return found;
}

/** The block of a query that can select more columns and still give the same rows; null: it can't. */
function extensible(query: QueryExpression): QuerySpecification | null {
  const { body } = query;
  if (body.kind === 'parenthesised') {
    return query.with === null && query.orderBy === null && query.limit === null
      ? extensible(body.query)
      : null;
  }
  if (body.kind !== 'specification' || body.groupBy !== null || body.having !== null) return null;
  if (body.modifiers.some((word) => word.startsWith('DISTINCT'))) return null;
  const isGrouped = body.items.some(
    ({ expression }) =>
      expression !== null &&
      someWithin(expression, (part) => part.kind === 'function' && !part.window && isAggregate(part.name)),
  );
  return isGrouped ? null : body;
}

/** What comes from a protected column may be assigned to a protected column only. */
function refuseEscape(
  rewriting: Rewriting,
  table: ResolvedTable,
  { column, value }: Assignment,
  flow: Flow,
): void {
  const resolution = table.lookup(column.column.name);
  if (resolution.kind !== 'column' || resolution.column.protection !== null) return;
  if (flow.tainted || flowsFrom(rewriting, value)) {
    rewriting.refuse('TC_PLAINTEXT_ESCAPE', `assigning it to the column ${resolution.column.name}`, value);
  }
}
