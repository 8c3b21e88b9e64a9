import { text } from '../edits.js';
import type { Expression, OperatorExpression } from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { Scope } from '../scope.js';
import { unwrapParentheses } from './expression-facts.js';
import { resolveColumn } from './scope.js';

const EITHER_SIDE = new Set(['=', '<=>', '<>', '!=', '<', '<=', '>', '>=']);
const OF_THE_FIRST = new Set(['in', 'not in', 'between', 'not between']);

/** Before all dates that are stored. */
const EARLIEST = "TIMESTAMP'0001-01-01 00:00:00'";

/**
 * `starts > 20240131`, `born BETWEEN '2024-01-01' AND 20241231`: MySQL reads a number beside a column of dates as a date,
 * and compares an expression by its number, where a DATETIME of that day has six digits more and a string is 2024. The
 * number becomes the date that it is. 0 is none under NO_ZERO_DATE, and less than all.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/comparison-operators.html
 */
export function dateNumbers(rewriting: Rewriting, comparison: OperatorExpression, scope: Scope): void {
  if (rewriting.context.dialect.server.kind !== 'mysql') return;
  const { operator } = comparison;
  if (!EITHER_SIDE.has(operator) && !OF_THE_FIRST.has(operator)) return;
  const operands = comparison.operands.map(unwrapParentheses);
  const numbers = operands.filter(isNumber);
  const compared = OF_THE_FIRST.has(operator) ? operands.slice(0, 1) : operands;
  if (!compared.some((operand) => isDate(rewriting, operand, scope))) return;
  for (const operand of operands) watchOffset(rewriting, operand);
  for (const { start, end } of numbers) {
    rewriting.edits.replace(start, end, (inner) => [
      text('IF('),
      ...inner(),
      text(`=0,${EARLIEST},CAST(`),
      ...inner(),
      text(' AS DATETIME(6)))'),
    ]);
  }
}

/** Refuses a time zone offset, which only the value tells. */
function watchOffset(rewriting: Rewriting, operand: Expression): void {
  const { start, end } = operand;
  if (operand.kind === 'literal' && operand.type === 'string') {
    const slots = rewriting.edits.slotsWithin(operand);
    if (slots.length > 0) rewriting.edits.insert(start, [{ kind: 'noOffset', slots }]);
  } else if (operand.kind === 'parameter') {
    const { ordinal } = operand;
    const role = { kind: 'plain', noOffset: true } as const;
    rewriting.edits.replace(start, end, () => [
      { kind: 'parameter', parameter: { source: 'client', ordinal, role } },
    ]);
  }
}

function isNumber(expression: Expression): boolean {
  return expression.kind === 'literal' && ['integer', 'decimal', 'float'].includes(expression.type);
}

function isDate(rewriting: Rewriting, column: Expression, scope: Scope): boolean {
  if (column.kind !== 'column') return false;
  const found = resolveColumn(rewriting, column, scope.block);
  return found.kind !== 'other' && found.column?.type.kind === 'temporal';
}
