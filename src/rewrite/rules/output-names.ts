import { foldName } from '../folding.js';
import type {
  Expression,
  Identifier,
  QueryBody,
  QueryExpression,
  QuerySpecification,
  SelectItem,
  TableName,
  TableReference,
} from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope, CteScope } from '../scope.js';
import { isCte, isSameCte } from './scope.js';

/**
 * What the columns of a derived table or common table expression are called, folded, in order.
 * @param columns its own list of names, if it has one
 * @returns null: the statement alone does not tell
 */
export function outputNames(
  rewriting: Rewriting,
  query: QueryExpression,
  columns: readonly Identifier[] | null,
  ctes: CteScope | null,
): readonly string[] | null {
  if (columns !== null) return columns.map(({ name }) => foldName(name));
  // What stands in its WITH is not looked at: only a star would ask for it.
  return bodyNames(rewriting, query.body, query.with === null ? ctes : null, query.with !== null);
}

function bodyNames(
  rewriting: Rewriting,
  root: QueryBody,
  ctes: CteScope | null,
  hasWith: boolean,
): readonly string[] | null {
  let body = root;
  // The first arm of a set operation names its columns.
  while (body.kind === 'setOperation') body = body.left;
  switch (body.kind) {
    case 'specification':
      return specificationNames(rewriting, body, ctes, hasWith);
    case 'parenthesised':
      return hasWith ? null : outputNames(rewriting, body.query, null, ctes);
    case 'explicitTable':
      return hasWith ? null : tableNames(rewriting, body.table, ctes);
    default:
      return null;
  }
}

function specificationNames(
  rewriting: Rewriting,
  { items, from }: QuerySpecification,
  ctes: CteScope | null,
  hasWith: boolean,
): readonly string[] | null {
  const names: string[] = [];
  for (const item of items) {
    const only = from?.length === 1 ? from[0]! : null;
    const own = item.expression === null ? null : itemName(rewriting, item, item.expression);
    if (own !== null) names.push(own);
    else if (item.expression !== null || only === null || hasWith) return null;
    else {
      const starred = sourceNames(rewriting, only, ctes);
      if (starred === null) return null;
      names.push(...starred);
    }
  }
  return names;
}

function itemName(rewriting: Rewriting, { alias }: SelectItem, expression: Expression): string | null {
  if (alias !== null) return foldName(alias.name);
  if (expression.kind === 'column') return foldName(expression.column.name);
  // A string is called by its value, and servers differ about what stands in parentheses.
  if (expression.kind === 'literal' && expression.type === 'string') return null;
  if (expression.kind === 'operator' && expression.operator === 'paren') return null;
  return foldName(rewriting.textOf(expression));
}

/** The columns that a source gives for a star; null: they are not known. */
export function sourceNames(
  rewriting: Rewriting,
  reference: TableReference,
  ctes: CteScope | null,
): readonly string[] | null {
  if (reference.kind === 'derived') return outputNames(rewriting, reference.query, reference.columns, ctes);
  return reference.kind === 'table' ? tableNames(rewriting, reference.name, ctes) : null;
}

function tableNames(rewriting: Rewriting, name: TableName, ctes: CteScope | null): readonly string[] | null {
  if (isCte(rewriting, name, ctes)) {
    for (let cte = ctes; cte !== null; cte = cte.next) {
      if (isSameCte(rewriting, cte.name, name.table.name))
        return cte.doubtful === true ? null : (cte.columns ?? null);
    }
    return null;
  }
  const table = rewriting.protectedTable(name);
  return table === null ? null : table.visibleColumns().map((column) => foldName(column.name));
}

/** What is known of the columns of tables in FROM that are not protected. */
export function columnsOfOthers(
  rewriting: Rewriting,
  references: readonly TableReference[],
  ctes: CteScope | null,
): Pick<BlockScope, 'opaque' | 'otherColumns'> {
  const names = references.map((reference) => sourceNames(rewriting, reference, ctes));
  return { opaque: names.includes(null), otherColumns: new Set(names.flatMap((known) => known ?? [])) };
}
