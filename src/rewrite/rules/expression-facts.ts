import { isAggregate } from '../parser/aggregates.js';
import type { ColumnRef, Expression } from '../parser/ast.js';
import { forEachChild } from '../parser/walk.js';

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
