import { conjunctsOf } from '../equality.js';
import { foldName } from '../folding.js';
import type { Expression, OrderBy, QuerySpecification } from '../parser/ast.js';
import { forEachChild } from '../parser/walk.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope, JoinFacts } from '../scope.js';
import { someWithin } from './expression-facts.js';
import { resolveColumn } from './scope.js';

/**
 * Whether the views of a block must not be merged into it (semantics.md 1): GROUP BY with HAVING or ROLLUP gives
 * silently wrong rows over merged expression columns, and a join over a protected column decrypts both sides for
 * every pair of rows.
 */
export function needsBarrier(
  rewriting: Rewriting,
  specification: QuerySpecification,
  orderBy: OrderBy | null,
  joins: JoinFacts,
  block: BlockScope,
): boolean {
  if (specification.having !== null) return true;
  if (specification.groupBy?.rollup === true) return true;
  if (joinsNeedBarrier(rewriting, specification.where, joins, block)) return true;
  if (losesWhere(rewriting, specification, orderBy, joins)) return true;
  // x NOT IN (SELECT email …): merged, each search decrypts all rows again.
  return (
    rewriting.searched.has(specification) &&
    specification.items.some(
      (item) => item.expression?.kind === 'column' && isProtected(rewriting, item.expression, block),
    )
  );
}

/**
 * MariaDB 10.11 loses the WHERE around a merged derived table, not the one in it, where a window function meets a
 * subquery that is searched (IN, NOT IN, EXISTS).
 */
function losesWhere(
  rewriting: Rewriting,
  { items, where, windows }: QuerySpecification,
  orderBy: OrderBy | null,
  joins: JoinFacts,
): boolean {
  if (rewriting.context.dialect.server.kind !== 'mariadb') return false;
  const computed = [...items, ...(orderBy?.items ?? [])];
  const hasWindow =
    windows.length > 0 ||
    computed.some(({ expression }) => expression !== null && someWithin(expression, isWindow));
  const conditions = where === null ? joins.conditions : [where, ...joins.conditions];
  return hasWindow && conditions.some((condition) => someWithin(condition, isSubquery));
}

function isSubquery({ kind }: Expression): boolean {
  return kind === 'subquery';
}

function isWindow(expression: Expression): boolean {
  return expression.kind === 'function' && expression.window;
}

/** The same of the joins of an UPDATE or DELETE: whether one of them compares protected columns. */
export function joinsNeedBarrier(
  rewriting: Rewriting,
  where: Expression | null,
  joins: JoinFacts,
  block: BlockScope,
): boolean {
  const isProtectedName = (name: string): boolean =>
    block.views.some((view) =>
      view.table.columns.some((column) => column.protection !== null && foldName(column.name) === name),
    );
  if ([...joins.using].some(isProtectedName)) return true;
  if (joins.natural && block.views.some((view) => view.table.config.columns.size > 0)) return true;
  const conditions = [...conjunctsOf(where), ...joins.conditions.flatMap(conjunctsOf)];
  return conditions.some(
    (condition) =>
      !rewriting.joinedByCiphertext.has(condition) && joinsOverProtected(rewriting, condition, block),
  );
}

const COMPARISONS = new Set([
  '=',
  '<=>',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not in',
  'between',
  'not between',
]);

/** A comparison somewhere in the condition of a protected column with another column or a subquery. */
function joinsOverProtected(rewriting: Rewriting, condition: Expression, block: BlockScope): boolean {
  const pending: Expression[] = [condition];
  while (pending.length > 0) {
    const expression = pending.pop()!;
    if (expression.kind !== 'operator') continue;
    if (COMPARISONS.has(expression.operator)) {
      const sides = expression.operands.map((operand) => sideFacts(rewriting, operand, block));
      const withProtected = sides.filter((side) => side.protected);
      const withRows = sides.filter((side) => side.rows);
      if (withProtected.length > 0 && withRows.length > 1) return true;
      continue;
    }
    pending.push(...expression.operands);
  }
  return false;
}

interface SideFacts {
  /** Reads a protected column of this block or an outer one. */
  readonly protected: boolean;
  /** Reads any column, or a subquery. */
  readonly rows: boolean;
}

function sideFacts(rewriting: Rewriting, side: Expression, block: BlockScope): SideFacts {
  let readsProtected = false;
  let rows = false;
  const pending: Expression[] = [side];
  while (pending.length > 0) {
    const expression = pending.pop()!;
    if (expression.kind === 'subquery') rows = true;
    else if (expression.kind === 'column') {
      rows = true;
      if (isProtected(rewriting, expression, block)) readsProtected = true;
    } else {
      forEachChild(expression, (child) => {
        pending.push(child as Expression);
      });
    }
  }
  return { protected: readsProtected, rows };
}

function isProtected(
  rewriting: Rewriting,
  expression: Expression & { kind: 'column' },
  block: BlockScope,
): boolean {
  const resolved = resolveColumn(rewriting, expression, block);
  return resolved.kind !== 'other' && resolved.column !== null;
}
