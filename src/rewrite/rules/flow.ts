import { foldLoosely, sameAlias } from '../folding.js';
import type {
  ColumnRef,
  Expression,
  Identifier,
  InsertValue,
  QueryBody,
  QueryExpression,
  QuerySpecification,
  SelectItem,
  TableName,
  TableReference,
  UpdateStatement,
  WithClause,
} from '../parser/ast.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { CteScope } from '../scope.js';
import { someCarried } from './expression-facts.js';
import { outputNames } from './output-names.js';
import { isCte, isSameCte } from './scope.js';
import { withScopes } from './with-scopes.js';

/** Which columns of a query's result may hold a value that comes from a protected column. When in doubt, one does. */
export interface Flow {
  /** In order; null: their number is not known. */
  readonly columns: readonly boolean[] | null;
  readonly any: boolean;
  /** What stands in FROM may hold such values under any name, whether a column takes them or not. */
  readonly tainted: boolean;
}

interface DirtyCte {
  readonly name: string;
  readonly dirty: boolean;
  readonly named: NamedFlows | null;
  readonly next: DirtyCte | null;
}

/** Where a query or an expression stands. */
export interface FlowScope {
  readonly ctes: CteScope | null;
  readonly dirty: DirtyCte | null;
  /** A source of a query around this one may hold such values under any name. */
  readonly tainted: boolean;
}

export const OUTSIDE: FlowScope = { ctes: null, dirty: null, tainted: false };
export const NO_SOURCES: Sources = { list: [], tainted: false, merged: false, aliased: false };

/** Of the rows that a query gives. To be asked when the rules have seen the query: all its tables are known then. */
export function flowOfQuery(rewriting: Rewriting, query: QueryExpression): Flow {
  return queryFlow(rewriting, query, OUTSIDE);
}

/** Of a value outside any query: what it reads, it reads in subqueries. */
export function flowsFrom(rewriting: Rewriting, value: InsertValue): boolean {
  return value.kind !== 'defaultKeyword' && expressionFlows(rewriting, value, OUTSIDE, NO_SOURCES);
}

/** Of a value that an UPDATE assigns: it reads its tables' columns, and its subqueries what its WITH names. */
export function flowsInUpdate(rewriting: Rewriting, statement: UpdateStatement, value: Expression): boolean {
  const scope = withFlow(rewriting, statement.with, OUTSIDE);
  const sources = sourcesOf(rewriting, statement.tables, scope);
  return expressionFlows(rewriting, value, scope, sources);
}

function queryFlow(rewriting: Rewriting, query: QueryExpression, scope: FlowScope): Flow {
  return bodyFlow(rewriting, query.body, withFlow(rewriting, query.with, scope));
}

/**
 * What stands behind WITH sees.
 * @param inEach called with each query of the WITH and the scope that it stands in
 */
export function withFlow(
  rewriting: Rewriting,
  clause: WithClause | null,
  scope: FlowScope,
  inEach: (query: QueryExpression, scope: FlowScope) => void = () => {},
): FlowScope {
  if (clause === null) return scope;
  const { inside, after } = withScopes(rewriting, clause, scope.ctes);
  const { recursive } = clause;
  let { dirty, tainted } = scope;
  for (const [index, table] of clause.tables.entries()) {
    const inner: FlowScope = { ctes: inside[index] ?? null, dirty, tainted };
    const flow = queryFlow(rewriting, table.query, inner);
    // What a recursive one reads of itself may change columns.
    const named = recursive ? null : namedFlows(rewriting, table.query, flow, table.columns, inner.ctes);
    dirty = { name: table.name.name, dirty: flow.any, named, next: dirty };
    // Of a recursive WITH each may read each (MariaDB).
    if (recursive) tainted ||= flow.any;
    inEach(table.query, recursive ? { ...inner, tainted: inner.tainted || flow.any } : inner);
  }
  return { ctes: after, dirty, tainted };
}

/** What the columns of a derived table or WITH may hold, by folded name. */
interface NamedFlows {
  readonly byName: ReadonlyMap<string, boolean>;
  /** All its columns have a name that is known. */
  readonly complete: boolean;
  /** In order, for a star. */
  readonly columns: readonly boolean[];
}

/** @param names its list of columns. @returns null: which column is which is not known */
function namedFlows(
  rewriting: Rewriting,
  query: QueryExpression,
  { columns }: Flow,
  names: readonly Identifier[] | null,
  ctes: CteScope | null,
): NamedFlows | null {
  const labels =
    names?.map(({ name }) => name) ?? labelsOf(query.body) ?? outputNames(rewriting, query, null, ctes);
  if (columns === null || labels?.length !== columns.length) return null;
  const byName = new Map<string, boolean>();
  for (const [index, label] of labels.entries()) {
    if (label === null) continue;
    const name = foldLoosely(label);
    byName.set(name, byName.get(name) === true || columns[index] === true);
  }
  return { byName, complete: !labels.includes(null), columns };
}

/** The names of a query's columns; null for that of an expression, which is its text; null: there is a star. */
function labelsOf(root: QueryBody): readonly (string | null)[] | null {
  let body = root;
  while (body.kind === 'setOperation' || body.kind === 'parenthesised') {
    body = body.kind === 'setOperation' ? body.left : body.query.body;
  }
  if (body.kind !== 'specification') return null;
  const labels: (string | null)[] = [];
  for (const { expression, alias } of body.items) {
    if (expression === null) return null;
    labels.push(alias?.name ?? (expression.kind === 'column' ? expression.column.name : null));
  }
  return labels;
}

function bodyFlow(rewriting: Rewriting, body: QueryBody, scope: FlowScope): Flow {
  switch (body.kind) {
    case 'specification':
      return specificationFlow(rewriting, body, scope);
    case 'parenthesised':
      return queryFlow(rewriting, body.query, scope);
    case 'setOperation': {
      let flow = bodyFlow(rewriting, body.right, scope);
      let left = body.left;
      for (; left.kind === 'setOperation'; left = left.left) {
        flow = either(bodyFlow(rewriting, left.right, scope), flow);
      }
      return either(bodyFlow(rewriting, left, scope), flow);
    }
    case 'valuesConstructor':
      return body.rows
        .map((row): Flow => {
          const columns = row.map(
            (value) =>
              value.kind !== 'defaultKeyword' && expressionFlows(rewriting, value, scope, NO_SOURCES),
          );
          return { columns, any: columns.includes(true), tainted: false };
        })
        .reduce(either);
    case 'explicitTable':
      return starFlow([sourceOf(rewriting, body.table, null, scope)]);
  }
}

/** Of rows that come from both. */
function either(left: Flow, right: Flow): Flow {
  const any = left.any || right.any;
  const tainted = left.tainted || right.tainted;
  if (left.columns === null || right.columns === null) {
    // The side that is not known holds nothing protected: then the other says it all.
    const known = left.columns === null ? right : left;
    const unknown = left.columns === null ? left : right;
    return { columns: unknown.any ? null : known.columns, any, tainted };
  }
  const { columns } = right;
  return { columns: left.columns.map((flows, index) => flows || columns[index] === true), any, tainted };
}

interface Source {
  readonly alias: string | null;
  /** A protected table; null: anything else. */
  readonly table: ResolvedTable | null;
  readonly dirty: boolean;
  /** Of a dirty one, which of its columns hold such values; null: any may. */
  readonly named: NamedFlows | null;
}

/** What stands in FROM. */
export interface Sources {
  readonly list: readonly Source[];
  /** Some source's columns may hold protected values under other names. */
  readonly tainted: boolean;
  /** NATURAL or USING: a star takes the columns in another order. */
  readonly merged: boolean;
  /** An item of the select list does: a subquery beside it may name it by its alias. */
  readonly aliased: boolean;
}

function specificationFlow(rewriting: Rewriting, body: QuerySpecification, scope: FlowScope): Flow {
  const sources = sourcesOf(rewriting, body.from ?? [], scope);
  const flow = itemsFlow(rewriting, body.items, scope, sources);
  return flow.any ? itemsFlow(rewriting, body.items, scope, { ...sources, aliased: true }) : flow;
}

/** Of what stands in FROM. */
export function sourcesOf(rewriting: Rewriting, from: readonly TableReference[], scope: FlowScope): Sources {
  const list: Source[] = [];
  let merged = false;
  const pending: TableReference[] = [...from].reverse();
  for (let reference = pending.pop(); reference !== undefined; reference = pending.pop()) {
    switch (reference.kind) {
      case 'table':
        list.push(sourceOf(rewriting, reference.name, reference.alias?.name ?? null, scope));
        break;
      case 'join':
        merged ||= reference.natural || reference.using !== null;
        pending.push(reference.right, reference.left);
        break;
      case 'tables':
        pending.push(...[...reference.tables].reverse());
        break;
      case 'derived': {
        const outer = { ...scope, tainted: scope.tainted || (reference.lateral && isDirty(list)) };
        const flow = queryFlow(rewriting, reference.query, outer);
        const named = namedFlows(rewriting, reference.query, flow, reference.columns, scope.ctes);
        list.push({ alias: reference.alias?.name ?? null, table: null, dirty: flow.any, named });
        break;
      }
      case 'function': {
        // JSON_TABLE(u.doc …): its columns are parts of what it is given.
        const sources: Sources = { ...NO_SOURCES, list, tainted: isDirty(list) };
        const dirty = reference.arguments.some((value) => expressionFlows(rewriting, value, scope, sources));
        list.push({ alias: reference.alias?.name ?? null, table: null, dirty, named: null });
      }
    }
  }
  return { list, tainted: isDirty(list), merged, aliased: false };
}

export function itemsFlow(
  rewriting: Rewriting,
  items: readonly SelectItem[],
  scope: FlowScope,
  sources: Sources,
): Flow {
  const columns: boolean[] = [];
  let known = true;
  let any = false;
  for (const item of items) {
    const flow = itemFlow(rewriting, item, scope, sources);
    if (flow.columns === null) known = false;
    else columns.push(...flow.columns);
    any ||= flow.any;
  }
  return { columns: known ? columns : null, any, tainted: sources.tainted };
}

function isDirty(list: readonly Source[]): boolean {
  return list.some((source) => source.dirty);
}

function sourceOf(rewriting: Rewriting, name: TableName, alias: string | null, scope: FlowScope): Source {
  const known = alias ?? name.table.name;
  if (isCte(rewriting, name, scope.ctes)) {
    let cte = scope.dirty;
    while (cte !== null && !isSameCte(rewriting, cte.name, name.table.name)) cte = cte.next;
    const named = scope.tainted ? null : (cte?.named ?? null);
    return { alias: known, table: null, dirty: scope.tainted || cte?.dirty === true, named };
  }
  const table = rewriting.protectedTable(name);
  // A forward reference of a recursive WITH looks like a table of its own.
  return { alias: known, table, dirty: table === null && scope.tainted && scope.ctes !== null, named: null };
}

function itemFlow(rewriting: Rewriting, item: SelectItem, scope: FlowScope, sources: Sources): Flow {
  if (item.expression !== null) {
    const flows = expressionFlows(rewriting, item.expression, scope, sources);
    return { columns: [flows], any: flows, tainted: false };
  }
  const { qualifier } = item;
  if (qualifier === null) {
    const flow = starFlow(sources.list);
    return sources.merged ? { ...flow, columns: null } : flow;
  }
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  const source = sources.list.find(({ alias }) => isCalled(alias, qualifier.table.name, folding));
  return source === undefined ? { columns: null, any: true, tainted: true } : starFlow([source]);
}

function isCalled(alias: string | null, name: string, folding: 0 | 1 | 2): boolean {
  return alias !== null && sameAlias(alias, name, folding);
}

function starFlow(list: readonly Source[]): Flow {
  const columns: boolean[] = [];
  let known = true;
  let any = false;
  for (const { table, dirty, named } of list) {
    if (table === null && named !== null) {
      columns.push(...named.columns);
      any ||= dirty;
      continue;
    }
    if (table === null) {
      known = false;
      any ||= dirty;
      continue;
    }
    const flows = table.visibleColumns().map((column) => column.protection !== null);
    columns.push(...flows);
    any ||= flows.includes(true);
  }
  return { columns: known ? columns : null, any, tainted: isDirty(list) };
}

export function expressionFlows(
  rewriting: Rewriting,
  root: Expression,
  scope: FlowScope,
  sources: Sources,
): boolean {
  return someCarried(root, (part) => {
    if (part.kind === 'column') return columnFlows(rewriting, part, scope, sources);
    if (part.kind !== 'subquery' || part.exists) return false;
    return queryFlow(rewriting, part.query, insideOf(scope, sources)).any;
  });
}

/** The scope of a subquery in an expression beside these sources. */
export function insideOf(scope: FlowScope, sources: Sources): FlowScope {
  return { ...scope, tainted: scope.tainted || sources.tainted || sources.aliased };
}

function columnFlows(
  rewriting: Rewriting,
  reference: ColumnRef,
  scope: FlowScope,
  sources: Sources,
): boolean {
  const { name } = reference.column;
  if (reference.table !== null) {
    const qualifier = reference.table.name;
    const folding = rewriting.context.dialect.lowerCaseTableNames;
    const own = sources.list.filter(({ alias }) => isCalled(alias, qualifier, folding));
    if (own.length > 0) {
      return own.some((source) =>
        source.table === null ? givesDirty(source, name) : isProtectedName([source.table], name),
      );
    }
  }
  const isGiven = sources.list.some((source) => givesDirty(source, name));
  return scope.tainted || isGiven || isProtectedName(rewriting.tables.values(), name);
}

/** Whether a source other than a protected table may hold such a value in a column of this name. */
function givesDirty({ dirty, named }: Source, name: string): boolean {
  return dirty && (named === null || (named.byName.get(foldLoosely(name)) ?? !named.complete));
}

function isProtectedName(tables: Iterable<ResolvedTable>, name: string): boolean {
  const folded = foldLoosely(name);
  for (const table of tables) {
    for (const { protection } of table.columns) {
      if (protection === null) continue;
      if (foldLoosely(protection.logical) === folded || foldLoosely(protection.physical) === folded)
        return true;
    }
  }
  return false;
}
