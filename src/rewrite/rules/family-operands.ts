import type { FamilyColumnType } from '../column-type.js';
import type { Expression, FunctionCall } from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { Scope } from '../scope.js';
import { familyOf } from '../types/families.js';
import type { RefusedOperand } from '../types/type-family.js';
import { visitExpressions } from './expression-facts.js';
import { resolveColumn } from './scope.js';

/** Functions of text, JSON and integers that give the same. */
const TEXT_FUNCTIONS = new Set('coalesce concat if ifnull lower nullif replace trim upper values'.split(' '));

/** Refuses what a value of the type can't be computed with. */
export function refuseOperands(
  rewriting: Rewriting,
  name: string,
  type: FamilyColumnType,
  value: Expression,
  scope: Scope,
): void {
  visitExpressions(value, (expression) => {
    const operand = operandOf(rewriting, expression, scope);
    if (operand === null) return;
    const what = familyOf(type).refusedOperand(type, operand);
    if (what !== null)
      rewriting.unsupported(`${what} in the value of the protected column ${name}`, expression);
  });
}

function operandOf(rewriting: Rewriting, expression: Expression, scope: Scope): RefusedOperand | null {
  switch (expression.kind) {
    case 'operator':
      return expression.operator === '/' ? 'division' : null;
    case 'function':
      return givesText(rewriting, expression) ? null : 'other function';
    case 'column': {
      const found = resolveColumn(rewriting, expression, scope.block);
      const type = found.kind === 'other' ? undefined : found.column?.type;
      return type !== undefined && ['string', 'integer', 'json'].includes(type.kind) ? null : 'other column';
    }
    case 'literal':
      if (expression.type === 'temporal') return 'temporal literal';
      if (expression.type === 'decimal') return 'decimal literal';
      return expression.type === 'hex' || expression.type === 'bit' ? 'binary literal' : null;
    default:
      return null;
  }
}

function givesText(rewriting: Rewriting, call: FunctionCall): boolean {
  if (call.schema !== null) return false;
  if (call.name === 'cast' || call.name === 'convert') {
    return /\b(?:json|char)\s*\)$/i.test(rewriting.textOf(call));
  }
  return call.name.startsWith('json_') || TEXT_FUNCTIONS.has(call.name);
}
