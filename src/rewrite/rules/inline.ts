import { text } from '../edits.js';
import { foldName, sameAlias } from '../folding.js';
import type { ReadLength } from '../forms.js';
import { isNativeFunction } from '../native-functions.js';
import type { ColumnRef, Expression, NamedTable, QueryExpression, SelectItem } from '../parser/ast.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { DirectTable } from '../scope.js';
import { aliasText, quotedAsWritten } from '../tenant-view.js';
import { directScope, guardsOf, restrictTo, writeOutStar } from './direct-table.js';
import { rewriteExpression } from './expression.js';
import { someWithin } from './expression-facts.js';
import { hasTimeOfMysql } from './time-columns.js';

/*
 * The inline form of the tenant view (design.md §3): a plain read of one protected table keeps its FROM clause, each
 * protected column is decrypted where it stands, and the tenant predicate goes in front of WHERE. What the server makes
 * of a merged tenant view is the same; parsing and resolving the derived table is what it saves. Whatever is not plain
 * here is left to the tenant view.
 */

/** One column of the result. */
type ResultColumn = ProtectedColumn | null;

interface InlineRead {
  readonly items: readonly SelectItem[];
  readonly reference: NamedTable;
  readonly direct: DirectTable;
}

/** @returns whether the query was rewritten; otherwise nothing has been edited */
export function rewriteInline(rewriting: Rewriting, query: QueryExpression): boolean {
  const read = plainRead(rewriting, query);
  if (read === null || query.body.kind !== 'specification') return false;
  const { direct, reference } = read;
  const { where } = query.body;
  const scope = directScope(direct, null);
  if (where !== null) rewriteExpression(rewriting, where, scope);
  const names = resultNames(read);
  const sorted = new Set<string>();
  for (const { expression } of query.orderBy?.items ?? []) {
    if (isResultName(expression, names)) sorted.add(foldName(expression.column.name));
    else rewriteExpression(rewriting, expression, scope);
  }
  // What is sorted by is of its declared type; all else is given as it is stored, however long.
  const lengthOf = (name: string): ReadLength => (sorted.has(foldName(name)) ? 'declared' : 'stored');
  const columns = read.items.flatMap((item) => rewriteItem(rewriting, item, direct, lengthOf));
  for (const expression of query.limit?.expressions ?? []) rewriteExpression(rewriting, expression, scope);
  restrictTo(rewriting, where, guardsOf(rewriting, direct, where, scope), reference.end);
  if (columns.some((column) => column !== null)) {
    rewriting.inlineResult = { alias: direct.alias, table: direct.table.config, columns };
  }
  return true;
}

/** The one table of a query that has the inline form, or null. */
function plainRead(rewriting: Rewriting, query: QueryExpression): InlineRead | null {
  const { body } = query;
  if (!rewriting.inlineReads || body.kind !== 'specification' || query.with !== null) return null;
  if (query.into !== null || query.procedure !== null || body.into !== null) return null;
  if (body.groupBy !== null || body.having !== null || body.windows.length > 0) return null;
  if (body.windowExpressions.length > 0 || body.modifiers.some((word) => !MODIFIERS.has(word))) return null;
  const reference = body.from?.length === 1 ? body.from[0] : undefined;
  if (reference?.kind !== 'table' || reference.extra !== null) return null;
  const table = rewriting.protectedTable(reference.name);
  if (table === null || hasTimeOfMysql(rewriting, table)) return null;
  const alias = reference.alias?.name ?? reference.name.table.name;
  const direct = { table, alias, aliasText: aliasText(rewriting, reference) };
  const read = { items: body.items, reference, direct };
  const others = [body.where, ...(query.limit?.expressions ?? [])];
  const isPlain =
    body.items.every((item) => isPlainItem(rewriting, item, direct)) &&
    others.every((expression) => expression === null || isPlainExpression(rewriting, expression, direct)) &&
    hasPlainOrder(rewriting, query, read);
  return isPlain ? read : null;
}

/** Those that say nothing about which rows there are. */
const MODIFIERS = new Set(['ALL', 'SQL_NO_CACHE', 'HIGH_PRIORITY']);

/** A star, a column, or an expression that reads no protected column. */
function isPlainItem(rewriting: Rewriting, item: SelectItem, direct: DirectTable): boolean {
  const { expression, qualifier } = item;
  if (expression === null) {
    return qualifier === null || isOwnName(rewriting, qualifier.schema, qualifier.table, direct);
  }
  if (!isPlainExpression(rewriting, expression, direct)) return false;
  return expression.kind === 'column' || !readsProtected(expression, direct.table);
}

/** What may be decrypted in place: expressions in which every column is certain to be the table's. */
function isPlainExpression(rewriting: Rewriting, root: Expression, direct: DirectTable): boolean {
  return !someWithin(root, (expression) => {
    switch (expression.kind) {
      case 'subquery':
      case 'match':
        return true;
      case 'operator':
        // `->` takes a column's name and nothing else.
        return NOT_INLINE.has(expression.operator);
      case 'function':
        if (expression.schema !== null || expression.window) return true;
        return !isNativeFunction(expression.name) || NAMING.has(expression.name);
      case 'column':
        return columnOf(rewriting, expression, direct) === null;
      default:
        return false;
    }
  });
}

const NOT_INLINE = new Set(['->', '->>', ':=']);
/** Functions of a column's name, or that keep a value for later. */
const NAMING = new Set(['default', 'values', 'value', 'last_insert_id', 'name_const']);

function columnOf(rewriting: Rewriting, reference: ColumnRef, direct: DirectTable): LogicalColumn | null {
  const { schema, table } = reference;
  if (table !== null && !isOwnName(rewriting, schema, table, direct)) return null;
  const resolution = direct.table.lookup(reference.column.name);
  return resolution.kind === 'column' ? resolution.column : null;
}

/** Whether a qualifier is the table, spelled so that both servers agree. */
function isOwnName(
  rewriting: Rewriting,
  schema: ColumnRef['schema'],
  table: { readonly name: string },
  { alias, table: { config } }: DirectTable,
): boolean {
  if (schema !== null && schema.name !== config.schema) return false;
  return sameAlias(alias, table.name, rewriting.context.dialect.lowerCaseTableNames);
}

function readsProtected(root: Expression, table: ResolvedTable): boolean {
  return someWithin(root, (expression) => {
    if (expression.kind !== 'column') return false;
    const resolution = table.lookup(expression.column.name);
    return resolution.kind === 'column' && resolution.column.protection !== null;
  });
}

/**
 * A bare name in ORDER BY is a result column's before it is a table's; in an expression servers look at the table
 * first, or not. So it is a result column's, and stays, or it is no result column's.
 */
function hasPlainOrder(rewriting: Rewriting, { orderBy }: QueryExpression, read: InlineRead): boolean {
  if (orderBy === null) return true;
  const names = resultNames(read);
  if (new Set(names).size < names.length) return false;
  const isAmbiguous = (part: Expression): boolean =>
    part.kind === 'column' && part.table === null && names.includes(foldName(part.column.name));
  return orderBy.items.every(({ expression }) => {
    if (isResultName(expression, names)) return true;
    const isCertain =
      isPlainExpression(rewriting, expression, read.direct) && !someWithin(expression, isAmbiguous);
    // Of an aggregated result the server takes ORDER BY away, or refuses what it names.
    return (
      isCertain && read.items.every((item) => item.expression === null || item.expression.kind === 'column')
    );
  });
}

function isResultName(expression: Expression, names: readonly string[]): expression is ColumnRef {
  return (
    expression.kind === 'column' &&
    expression.table === null &&
    names.includes(foldName(expression.column.name))
  );
}

/** Folded names of the result's columns, of those that have a name which could be written. */
function resultNames({ items, direct }: InlineRead): string[] {
  return items.flatMap(({ expression, alias }) => {
    if (expression === null) return direct.table.visibleColumns().map((column) => foldName(column.name));
    if (alias !== null) return [foldName(alias.name)];
    return expression.kind === 'column' ? [foldName(expression.column.name)] : [];
  });
}

/** @returns the columns of the result that the item stands for */
function rewriteItem(
  rewriting: Rewriting,
  item: SelectItem,
  direct: DirectTable,
  lengthOf: (name: string) => ReadLength,
): ResultColumn[] {
  const { expression } = item;
  if (expression === null) return writeOutStar(rewriting, item, direct, lengthOf);
  if (expression.kind !== 'column') {
    rewriteExpression(rewriting, expression, directScope(direct, null));
    return [null];
  }
  const column = columnOf(rewriting, expression, direct);
  const protection = column?.protection ?? null;
  if (protection === null) return [null];
  rewriting.readsProtected = true;
  const { forms } = rewriting;
  const name = item.alias === null ? ` AS ${quotedAsWritten(rewriting, expression.column)}` : '';
  const ref = `${direct.aliasText}.${forms.name(protection.physical)}`;
  const length = lengthOf((item.alias ?? expression.column).name);
  rewriting.edits.replace(expression.start, expression.end, () => [
    ...forms.decrypt(direct.table, protection, ref, direct.aliasText, length),
    text(name),
  ]);
  return [protection];
}
