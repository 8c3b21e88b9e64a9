import { isAggregate } from '../parser/aggregates.js';
import type { ColumnRef, Expression } from '../parser/ast.js';
import { forEachChild } from '../parser/walk.js';

/** What gives a truth value of its operands, whatever they are. */
const PREDICATES = new Set(
  `= <=> <> != < <= > >= like regexp in between not~like not~regexp not~in not~between sounds~like member~of
  is~null is~not~null`
    .split(/\s+/)
    .map((name) => name.replaceAll('~', ' ')),
);

/** Functions that count rows, or ask for NULL, and so hold nothing of their arguments or of their window. */
const COUNTS = new Set(['count', 'isnull', 'row_number', 'rank', 'dense_rank', 'default']);

/** Visits an expression and all expressions in it, not those of its subqueries' clauses. */
export function visitExpressions(root: Expression, visit: (expression: Expression) => void): void {
  const pending: Expression[] = [root];
  while (pending.length > 0) {
    const expression = pending.pop()!;
    visit(expression);
    if (expression.kind === 'subquery') continue;
    forEachChild(expression, (child) => {
      pending.push(child as Expression);
    });
  }
}

/** Whether an expression, or one in it, is such a one; those of its subqueries' clauses are not looked at. */
export function someWithin(root: Expression, test: (expression: Expression) => boolean): boolean {
  let found = false;
  visitExpressions(root, (expression) => {
    found ||= test(expression);
  });
  return found;
}

/**
 * Whether an expression, or one in it that its value is made of, is such a one. What only decides which value it is (a
 * comparison, the condition of IF and CASE) or is counted is not looked at, nor are subqueries' clauses.
 */
export function someCarried(root: Expression, test: (expression: Expression) => boolean): boolean {
  const pending: Expression[] = [root];
  for (let expression = pending.pop(); expression !== undefined; expression = pending.pop()) {
    if (test(expression)) return true;
    if (expression.kind !== 'subquery') pending.push(...carriedParts(expression));
  }
  return false;
}

function carriedParts(expression: Expression): readonly Expression[] {
  if (expression.kind === 'operator') {
    const { operator, operands, name } = expression;
    if (PREDICATES.has(operator)) return [];
    if (operator !== 'case') return operands;
    // CASE [value] WHEN … THEN … ELSE …: the parts behind THEN and ELSE.
    const parts = name === 'simple' ? operands.slice(1) : operands;
    return parts.filter((_, index) => index % 2 === 1 || index === parts.length - 1);
  }
  if (expression.kind === 'function' && expression.schema === null) {
    if (COUNTS.has(expression.name)) return [];
    if (expression.name === 'if') return expression.arguments.slice(1);
  }
  const parts: Expression[] = [];
  forEachChild(expression, (child) => {
    parts.push(child as Expression);
  });
  return parts;
}

/** Whether a function, by its name in lower case, is computed of a group's rows. */
export function computesOfGroup(name: string): boolean {
  return isAggregate(name) || name === 'any_value';
}

/** What stands in parentheses that hold nothing else. */
export function unwrapParentheses(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'operator' && inner.operator === 'paren' && inner.operands.length === 1) {
    inner = inner.operands[0]!;
  }
  return inner;
}

/** All column references in an expression, those in its subqueries included. */
export function columnsWithin(root: Expression): ColumnRef[] {
  const columns: ColumnRef[] = [];
  type Node = Parameters<typeof forEachChild>[0];
  const pending: Node[] = [root];
  while (pending.length > 0) {
    const node = pending.pop()!;
    if ('kind' in node && node.kind === 'column') columns.push(node);
    forEachChild(node, (child) => {
      pending.push(child);
    });
  }
  return columns;
}
