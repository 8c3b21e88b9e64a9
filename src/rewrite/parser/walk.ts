import type {
  Assignment,
  Expression,
  FunctionCall,
  InsertSource,
  InsertValue,
  Limit,
  OrderBy,
  OrderItem,
  QueryBody,
  QueryExpression,
  QuerySpecification,
  SelectItem,
  Statement,
  TableFunction,
  TableReference,
  WithClause,
} from './ast.js';

/** The nodes of the tree that are visited; what lies between them (items, assignments, clauses) is passed through. */
export type AstNode = Statement | QueryExpression | QueryBody | TableReference | Expression;

export type Visit = (child: AstNode) => void;

/**
 * Calls `visit` with each node directly below a node, in the order of the text. Columns that are assigned (of SET
 * and of INSERT's column list) are visited as the column references they are. Children are not descended into:
 * left-deep chains are thousands of levels deep, so loop with a list of pending nodes, or use walk().
 */
export function forEachChild(node: AstNode, visit: Visit): void {
  switch (node.kind) {
    case 'select':
      visit(node.query);
      return;
    case 'insert':
      node.columns?.names.forEach(visit);
      insertSource(node.source, visit);
      assignmentList(node.onDuplicate?.assignments, visit);
      selectItems(node.returning?.items, visit);
      return;
    case 'update':
      withTables(node.with, visit);
      node.tables.forEach(visit);
      assignmentList(node.assignments, visit);
      optional(node.where, visit);
      ordering(node.orderBy, node.limit, visit);
      selectItems(node.returning?.items, visit);
      return;
    case 'delete':
      withTables(node.with, visit);
      node.tables.forEach(visit);
      optional(node.where, visit);
      ordering(node.orderBy, node.limit, visit);
      selectItems(node.returning?.items, visit);
      return;
    case 'set':
      for (const assignment of node.assignments) {
        if (assignment.kind !== 'special') optional(assignment.value, visit);
      }
      return;
    case 'explain':
      optional(node.statement, visit);
      return;
    case 'show':
      if (node.filter?.kind === 'where') visit(node.filter.condition);
      return;
    case 'load':
      node.fields?.targets.forEach(visit);
      assignmentList(node.assignments, visit);
      return;
    case 'query':
      withTables(node.with, visit);
      visit(node.body);
      ordering(node.orderBy, node.limit, visit);
      return;
    case 'setOperation':
      visit(node.left);
      visit(node.right);
      return;
    case 'parenthesised':
      visit(node.query);
      return;
    case 'specification':
      specification(node, visit);
      return;
    case 'valuesConstructor':
      for (const row of node.rows) values(row, visit);
      return;
    case 'derived':
      visit(node.query);
      return;
    case 'join':
      visit(node.left);
      visit(node.right);
      optional(node.on, visit);
      return;
    case 'tables':
      node.tables.forEach(visit);
      return;
    case 'function':
      callOrTable(node, visit);
      return;
    case 'operator':
      node.operands.forEach(visit);
      return;
    case 'match':
      node.columns.forEach(visit);
      visit(node.against);
      return;
    case 'subquery':
      visit(node.query);
      return;
    case 'other':
    case 'explicitTable':
    case 'table':
    case 'column':
    case 'literal':
    case 'parameter':
    case 'userVariable':
    case 'systemVariable':
      return;
    default:
      unknownKind(node);
  }
}

/**
 * Visits a node and all below it, a node before what it contains, in the order of the text; needs no stack, however
 * deep the tree.
 *
 * @param visit returns false for a node whose inside is to be left out
 */
export function walk(root: AstNode, visit: (node: AstNode) => boolean | undefined): void {
  const pending: AstNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (visit(node) === false) continue;
    const first = pending.length;
    forEachChild(node, (child) => {
      pending.push(child);
    });
    reverseFrom(pending, first);
  }
}

/** Reverses the tail of a list in place. */
function reverseFrom(list: AstNode[], first: number): void {
  for (let low = first, high = list.length - 1; low < high; low++, high--) {
    const node = list[low] as AstNode;
    list[low] = list[high] as AstNode;
    list[high] = node;
  }
}

function specification(node: QuerySpecification, visit: Visit): void {
  selectItems(node.items, visit);
  node.from?.forEach(visit);
  optional(node.where, visit);
  orderItems(node.groupBy?.items, visit);
  optional(node.having, visit);
  node.windowExpressions.forEach(visit);
}

function callOrTable(node: FunctionCall | TableFunction, visit: Visit): void {
  node.arguments.forEach(visit);
  if ('extra' in node) node.extra.forEach(visit);
}

function insertSource(source: InsertSource, visit: Visit): void {
  if (source.kind === 'query') visit(source.query);
  else if (source.kind === 'set') assignmentList(source.assignments, visit);
  else for (const row of source.rows) values(row.values, visit);
}

function assignmentList(assignments: readonly Assignment[] | undefined, visit: Visit): void {
  for (const { column, value } of assignments ?? []) {
    visit(column);
    values([value], visit);
  }
}

/** The word DEFAULT is no node: there is nothing in it. */
function values(list: readonly InsertValue[], visit: Visit): void {
  for (const value of list) if (value.kind !== 'defaultKeyword') visit(value);
}

function withTables(clause: WithClause | null, visit: Visit): void {
  for (const table of clause?.tables ?? []) visit(table.query);
}

function selectItems(items: readonly SelectItem[] | undefined, visit: Visit): void {
  for (const item of items ?? []) optional(item.expression, visit);
}

function ordering(orderBy: OrderBy | null, limit: Limit | null, visit: Visit): void {
  orderItems(orderBy?.items, visit);
  limit?.expressions.forEach(visit);
}

function orderItems(items: readonly OrderItem[] | undefined, visit: Visit): void {
  for (const item of items ?? []) visit(item.expression);
}

function optional(node: AstNode | null, visit: Visit): void {
  if (node !== null) visit(node);
}

function unknownKind(node: never): never {
  throw new Error(`unknown kind of node: ${(node as AstNode).kind}`);
}
