import { foldName, sameAlias } from '../folding.js';
import type {
  ColumnRef,
  Expression,
  Identifier,
  QueryExpression,
  QuerySpecification,
  SelectItem,
  TableName,
} from '../parser/ast.js';
import type { ColumnOfTable, ResultOrigins, ResultRelation } from '../plan.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { computesOfGroup, someWithin } from './expression-facts.js';
import { type FlatTable, flatten, noJoins } from './from.js';
import { isSameCte } from './scope.js';

/*
 * Which column of which protected table a result's column is, through derived tables and common table expressions: as a
 * plain table's definitions tell it. Only bare columns have an origin; what can't be told from the statement has none.
 */

/** A common table expression, and what its query sees. */
interface Cte {
  readonly name: string;
  readonly columns: readonly Identifier[] | null;
  readonly query: QueryExpression;
  readonly outer: Cte | null;
}

/** Relations of blocks that were read: common table expressions may be named often, each by the next. */
type KnownBlocks = Map<QuerySpecification, ResultRelation[]>;

/** Of the outermost block of a read; null where it has no block of its own (UNION), or nothing of it is known. */
export function resultOrigins(rewriting: Rewriting, query: QueryExpression): ResultOrigins | null {
  const ctes = withCtes(query, null);
  const { body } = query;
  if (body.kind === 'parenthesised') return resultOrigins(rewriting, body.query);
  if (body.kind !== 'specification') return null;
  const relations = relationsOf(rewriting, body, ctes, new Map());
  if (relations.length === 0) return null;
  const { items, groupBy } = body;
  const hasStar = items.some(({ expression }) => expression === null);
  return {
    server: rewriting.context.dialect.server.kind,
    relations,
    items: hasStar ? null : items.map(({ expression }) => itemOrigin(rewriting, expression, relations)),
    groups: groupBy !== null,
  };
}

function withCtes(query: QueryExpression, outer: Cte | null): Cte | null {
  let ctes = outer;
  for (const { name, columns, query: own } of query.with?.tables ?? []) {
    ctes = { name: name.name, columns, query: own, outer: ctes };
  }
  return ctes;
}

/** The tables of a block of which something is known, by the names that they have in it. */
function relationsOf(
  rewriting: Rewriting,
  block: QuerySpecification,
  ctes: Cte | null,
  known: KnownBlocks,
): ResultRelation[] {
  const relations = known.get(block) ?? readRelations(rewriting, block, ctes, known);
  known.set(block, relations);
  return relations;
}

function readRelations(
  rewriting: Rewriting,
  block: QuerySpecification,
  ctes: Cte | null,
  known: KnownBlocks,
): ResultRelation[] {
  const flat: FlatTable[] = [];
  for (const reference of block.from ?? []) flatten(reference, flat, noJoins());
  return flat.flatMap(({ reference }) => {
    if (reference.kind === 'function') return [];
    if (reference.kind === 'derived') {
      if (reference.alias === null) return [];
      return derivedRelation(
        rewriting,
        reference.alias.name,
        reference.query,
        reference.columns,
        ctes,
        known,
      );
    }
    const alias = (reference.alias ?? reference.name.table).name;
    const cte = cteOf(rewriting, reference.name, ctes);
    if (cte !== null) return derivedRelation(rewriting, alias, cte.query, cte.columns, cte.outer, known);
    const table = rewriting.protectedTable(reference.name);
    return table === null ? [] : [tableRelation(table, alias)];
  });
}

function cteOf(rewriting: Rewriting, name: TableName, ctes: Cte | null): Cte | null {
  if (name.schema !== null) return null;
  for (let cte = ctes; cte !== null; cte = cte.outer) {
    if (isSameCte(rewriting, cte.name, name.table.name)) return cte;
  }
  return null;
}

function tableRelation(table: ResolvedTable, alias: string): ResultRelation {
  const { config } = table;
  const columns = new Map<string, ColumnOfTable>();
  for (const { name, live, protection } of table.columns) {
    const column = { name, physical: live.name, protection, table: config, alias };
    columns.set(foldName(name), { ...column, shownTable: config.table, isMerged: true });
  }
  return { alias, kind: 'table', isMerged: true, columns };
}

function derivedRelation(
  rewriting: Rewriting,
  alias: string,
  query: QueryExpression,
  names: readonly Identifier[] | null,
  outer: Cte | null,
  known: KnownBlocks,
): ResultRelation[] {
  const { body } = query;
  if (body.kind !== 'specification') return [];
  const inner = relationsOf(rewriting, body, withCtes(query, outer), known);
  const isMerged = isMergeable(rewriting, query, body);
  const columns = new Map<string, ColumnOfTable>();
  const add = (name: string, column: ColumnOfTable, from: ResultRelation): void => {
    columns.set(foldName(name), {
      ...column,
      alias,
      shownTable: !isMerged ? column.table.table : shownThrough(column, from),
      isMerged: isMerged && column.isMerged && from.isMerged,
    });
  };
  for (const [index, item] of body.items.entries()) {
    if (item.expression === null) {
      // Names given to the derived table's columns count those of all stars.
      if (names !== null) return [];
      for (const from of starRelations(rewriting, item, inner)) {
        for (const column of from.columns.values()) add(column.name, column, from);
      }
      continue;
    }
    const column = itemOrigin(rewriting, item.expression, inner);
    const from = inner.find((relation) => relation.alias === column?.alias);
    const name = names === null ? (item.alias?.name ?? column?.name) : names[index]?.name;
    if (column === null || from === undefined || name === undefined) continue;
    add(name, { ...column, name }, from);
  }
  return columns.size === 0 ? [] : [{ alias, kind: 'derived', isMerged, columns }];
}

/** MySQL tells the alias of what it has merged, the name of a table that it has copied. */
function shownThrough({ shownTable }: ColumnOfTable, from: ResultRelation): string {
  return from.kind === 'derived' && from.isMerged ? shownTable : from.alias;
}

function starRelations(
  rewriting: Rewriting,
  { qualifier }: SelectItem,
  relations: readonly ResultRelation[],
): readonly ResultRelation[] {
  if (qualifier === null) return relations;
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  return relations.filter(({ alias }) => sameAlias(alias, qualifier.table.name, folding));
}

function itemOrigin(
  rewriting: Rewriting,
  expression: Expression | null,
  relations: readonly ResultRelation[],
): ColumnOfTable | null {
  if (expression?.kind !== 'column') return null;
  const found = candidates(rewriting, expression, relations);
  return found.length === 1 ? (found[0] ?? null) : null;
}

function candidates(
  rewriting: Rewriting,
  { table, column }: ColumnRef,
  relations: readonly ResultRelation[],
): ColumnOfTable[] {
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  return relations.flatMap((relation) => {
    if (table !== null && !sameAlias(relation.alias, table.name, folding)) return [];
    return relation.columns.get(foldName(column.name)) ?? [];
  });
}

/** Whether servers merge a derived table of this query into the query around it. */
function isMergeable(rewriting: Rewriting, query: QueryExpression, block: QuerySpecification): boolean {
  if (query.limit !== null || block.groupBy !== null || block.having !== null || block.from === null)
    return false;
  if (block.modifiers.some((word) => word.startsWith('DISTINCT'))) return false;
  if (block.windows.length > 0) return false;
  // MySQL copies what has subqueries in its select list.
  const copiesSubqueries = rewriting.context.dialect.server.kind === 'mysql';
  return !block.items.some(
    ({ expression }) =>
      expression !== null &&
      someWithin(expression, (part) => {
        if (part.kind === 'subquery') return copiesSubqueries;
        return part.kind === 'function' && (part.window || computesOfGroup(part.name));
      }),
  );
}
