import { text } from './edits.js';
import type { ColumnRef, Expression, LiteralExpression, OperatorExpression } from './parser/ast.js';
import type { BackendParameter, EqualityConstant, TemplateOp } from './plan.js';
import type { ProtectedColumn } from './protected-table.js';
import type { Rewriting } from './rewriting.js';
import { familyOf, hasFamily } from './types/families.js';

/** A conjunct that compares a column with constants only. */
export interface ConstantComparison {
  readonly column: ColumnRef;
  readonly constants: readonly Expression[];
  /** `<=>`: true also for NULL, so never pushed to a null-extended side (semantics.md 11). */
  readonly nullSafe: boolean;
}

/** The operands of the top-level ANDs of a condition. */
export function conjunctsOf(condition: Expression | null): Expression[] {
  const conjuncts: Expression[] = [];
  const pending: Expression[] = condition === null ? [] : [condition];
  while (pending.length > 0) {
    const expression = pending.pop()!;
    if (
      expression.kind === 'operator' &&
      (expression.operator === 'and' || expression.operator === 'paren')
    ) {
      pending.push(...expression.operands);
    } else conjuncts.push(expression);
  }
  return conjuncts;
}

/** Reads `c = k`, `k = c`, `c <=> k`, `c IN (k, …)`; null for everything else. */
export function constantComparison(expression: Expression): ConstantComparison | null {
  if (expression.kind !== 'operator') return null;
  const [left, right] = [unparenthesise(expression.operands[0]), unparenthesise(expression.operands[1])];
  if (left === undefined) return null;
  switch (expression.operator) {
    case '=':
    case '<=>': {
      if (right === undefined) return null;
      const nullSafe = expression.operator === '<=>';
      if (left.kind === 'column' && isConstant(right)) return { column: left, constants: [right], nullSafe };
      if (right.kind === 'column' && isConstant(left)) return { column: right, constants: [left], nullSafe };
      return null;
    }
    case 'in': {
      if (left.kind !== 'column') return null;
      const constants = inList(expression);
      return constants.length > 0 && constants.every(isConstant)
        ? { column: left, constants, nullSafe: false }
        : null;
    }
    default:
      return null;
  }
}

function inList(expression: OperatorExpression): readonly Expression[] {
  const rest = expression.operands.slice(1);
  const only = rest.length === 1 ? rest[0] : undefined;
  return only?.kind === 'operator' && only.operator === 'row' ? only.operands : rest;
}

function unparenthesise(expression: Expression | undefined): Expression | undefined {
  let inner = expression;
  while (inner?.kind === 'operator' && inner.operator === 'paren') inner = inner.operands[0];
  return inner;
}

function isConstant(expression: Expression): boolean {
  if (expression.kind === 'literal' || expression.kind === 'parameter') return true;
  return negatedNumber(expression) !== null;
}

/** The number of `-5`, as parsers see it: a minus sign before a literal. */
export function negatedNumber(expression: Expression): LiteralExpression | null {
  if (expression.kind !== 'operator' || expression.operator !== '-' || expression.operands.length !== 1)
    return null;
  const operand = expression.operands[0]!;
  return operand.kind === 'literal' && NUMBERS.has(operand.type) ? operand : null;
}

const NUMBERS = new Set(['integer', 'decimal', 'float']);

/**
 * The ciphertext form of a comparison, for an index: `ref = AES_ENCRYPT(k, key)`. The real predicate stays beside
 * it. null where the constants don't compare with the column as its declared type would.
 */
export function ciphertextPredicate(
  rewriting: Rewriting,
  column: ProtectedColumn,
  ref: string,
  comparison: ConstantComparison,
): TemplateOp[] | null {
  if (column.equality !== 'exact') return null;
  const constants: EqualityConstant[] = [];
  for (const expression of comparison.constants) {
    const constant = equalityConstant(rewriting, column, expression);
    if (constant === null) return null;
    if (constant === 'null') {
      if (comparison.nullSafe) return null;
      continue;
    }
    constants.push(constant);
  }
  if (constants.length === 0) return null;
  const { before, after } = rewriting.forms.equalityParts(column);
  const bytes = (sql: string): Buffer => Buffer.from(sql, 'latin1');
  // A parameter may be NULL, which <=> finds and = does not.
  const operator = comparison.nullSafe ? '<=>' : '=';
  const ordinals = constants.flatMap((constant) =>
    constant.kind === 'parameter' && constant.parameter.source === 'client'
      ? [constant.parameter.ordinal]
      : [],
  );
  const mayPass = ordinals.length > 0 && ordinals.length <= MOST_PASSES;
  return [
    {
      kind: 'equality',
      column,
      constants: mayPass ? constants.map(optional) : constants,
      open: bytes(`${mayPass ? '(' : ''}${ref}${constants.length === 1 ? operator : ' IN ('}`),
      before: bytes(before),
      after: bytes(after),
      close: bytes(constants.length === 1 ? '' : ')'),
      passes: mayPass ? ordinals.map((ordinal) => passes(ordinal, column)) : [],
    },
  ];
}

/** A long list has no room for twice as many parameters, of which a statement has 65,535. */
const MOST_PASSES = 16;

/** A value that has no canonical form: both servers take `OR 0` and `OR NULL` away before they look for an index. */
function passes(ordinal: number, column: ProtectedColumn): BackendParameter {
  return { source: 'client', ordinal, role: { kind: 'passes', column } };
}

function optional(constant: EqualityConstant): EqualityConstant {
  if (constant.kind !== 'parameter' || constant.parameter.source !== 'client') return constant;
  const { parameter } = constant;
  if (parameter.role.kind !== 'constant') return constant;
  return { kind: 'parameter', parameter: { ...parameter, role: { ...parameter.role, optional: true } } };
}

function equalityConstant(
  rewriting: Rewriting,
  column: ProtectedColumn,
  expression: Expression,
): EqualityConstant | 'null' | null {
  if (expression.kind === 'parameter') {
    return {
      kind: 'parameter',
      parameter: { source: 'client', ordinal: expression.ordinal, role: { kind: 'constant', column } },
    };
  }
  const negated = negatedNumber(expression);
  const literal = negated ?? (expression.kind === 'literal' ? expression : null);
  if (literal === null) return null;
  if (literal.type === 'null') return 'null';
  // A literal with a character set of its own, or a number beside a string column, compares in other ways.
  if (literal.introducer !== null) return null;
  if (!comparesByCiphertext(column, literal)) return null;
  return {
    kind: 'slots',
    slots: literal.tokens.flatMap((token) => rewriting.edits.slotsWithin(token)),
    negative: negated !== null,
  };
}

function comparesByCiphertext({ type }: ProtectedColumn, literal: LiteralExpression): boolean {
  if (hasFamily(type)) return familyOf(type).comparedLiterals.has(literal.type);
  return type.kind === 'integer' ? INTEGER_CONSTANTS.has(literal.type) : literal.type === 'string';
}

const INTEGER_CONSTANTS = new Set(['integer', 'decimal', 'string', 'hex']);

/** Joins conjuncts with AND. */
export function conjunction(conjuncts: readonly (readonly TemplateOp[])[]): TemplateOp[] {
  return conjuncts.flatMap((conjunct, index) => (index === 0 ? [...conjunct] : [text(' AND '), ...conjunct]));
}
