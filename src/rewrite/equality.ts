import { text } from './edits.js';
import type { ColumnRef, Expression, LiteralExpression, OperatorExpression } from './parser/ast.js';
import type { BackendParameter, ComparedConstant, EqualityConstant, TemplateOp } from './plan.js';
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
  if (expression.kind === 'userVariable') return true;
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
function ciphertextPredicate(
  rewriting: Rewriting,
  column: ProtectedColumn,
  ref: string,
  comparison: ConstantComparison,
): CiphertextCondition | null {
  if (column.equality !== 'exact') return null;
  const constants: EqualityConstant[] = [];
  const guards: string[] = [];
  for (const expression of comparison.constants) {
    const constant = equalityConstant(rewriting, column, expression);
    if (constant === null) return null;
    if (constant === 'null') {
      if (comparison.nullSafe) return null;
      continue;
    }
    constants.push(constant);
    if (expression.kind === 'userVariable') guards.push(variableGuard(rewriting.textOf(expression), column));
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
  const isGuarded = guards.length > 0;
  const equality: TemplateOp = {
    kind: 'equality',
    column,
    constants: mayPass ? constants.map(optional) : constants,
    open: bytes(`${mayPass ? '(' : ''}${ref}${constants.length === 1 ? operator : ' IN ('}`),
    before: bytes(before),
    after: bytes(after),
    close: bytes(constants.length === 1 ? '' : ')'),
    passes: mayPass ? ordinals.map((ordinal) => passes(ordinal, column)) : [],
  };
  return {
    ops: isGuarded ? [text('('), equality, text(` OR ${guards.join(' OR ')})`)] : [equality],
    compared: constants.map((constant) => ({ column, constant })),
    isWhole: true,
  };
}

/**
 * True where a user variable is no text, or none in the canonical form of an integer column: then it compares in
 * other ways than ciphertext does. Both servers take it away before they look for an index.
 */
function variableGuard(variable: string, { type }: ProtectedColumn): string {
  return type.kind === 'integer'
    ? `CONVERT(${variable} USING utf8mb4) NOT REGEXP '^(0|-?[1-9][0-9]*)$'`
    : `CHARSET(${variable})='binary'`;
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
  if (expression.kind === 'userVariable') {
    const isRead = column.type.kind === 'integer' || column.type.kind === 'string';
    return isRead ? { kind: 'copied', ops: rewriting.edits.copy(expression) } : null;
  }
  const negated = negatedNumber(expression);
  const literal = negated ?? (expression.kind === 'literal' ? expression : null);
  if (literal === null) return null;
  if (literal.type === 'null') return 'null';
  if (literal.type === 'true' || literal.type === 'false') {
    const digit = literal.type === 'true' ? '1' : '0';
    return column.type.kind === 'integer' ? { kind: 'copied', ops: [text(digit)] } : null;
  }
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

/** What a condition says about one table that ciphertext can decide. */
export interface CiphertextCondition {
  readonly ops: TemplateOp[];
  /** The constants that were compared by ciphertext. */
  readonly compared: readonly ComparedConstant[];
  /** Whether it says all that the condition does; otherwise it lets more rows through. */
  readonly isWhole: boolean;
}

/** A column of the table that is asked about, as SQL text; `column` is null where it is not protected. */
export interface SearchedColumn {
  readonly ref: string;
  readonly column: ProtectedColumn | null;
}

/** Tells the table's own columns from others, for which it gives null. */
export type FindColumn = (reference: ColumnRef) => SearchedColumn | null;

/**
 * The ciphertext form of a condition: comparisons of protected columns with constants, rows of them, and what AND and
 * OR make of these and of comparisons of other columns. null where it says nothing that ciphertext could decide.
 */
export function ciphertextCondition(
  rewriting: Rewriting,
  condition: Expression,
  find: FindColumn,
): CiphertextCondition | null {
  const found = conditionForm(rewriting, condition, find);
  return found !== null && found.compared.length > 0 ? found : null;
}

function conditionForm(
  rewriting: Rewriting,
  condition: Expression,
  find: FindColumn,
): CiphertextCondition | null {
  if (condition.kind !== 'operator') return null;
  const { operator, operands } = condition;
  switch (operator) {
    case 'paren':
      return conditionForm(rewriting, operands[0]!, find);
    case 'and':
    case 'or': {
      const forms = operands.map((operand) => conditionForm(rewriting, operand, find));
      // An arm about which nothing is known may be true for any row.
      return operator === 'or' && forms.includes(null) ? null : joined(forms, operator);
    }
    default:
      return rowForm(rewriting, condition, find) ?? comparisonForm(rewriting, condition, find);
  }
}

function joined(
  forms: readonly (CiphertextCondition | null)[],
  operator: 'and' | 'or',
): CiphertextCondition | null {
  const known = forms.filter((form) => form !== null);
  if (known.length === 0) return null;
  const sql = operator === 'and' ? ' AND ' : ' OR ';
  return {
    ops: [
      text('('),
      ...known.flatMap(({ ops }, index) => (index === 0 ? ops : [text(sql), ...ops])),
      text(')'),
    ],
    compared: known.flatMap(({ compared }) => compared),
    isWhole: known.length === forms.length && known.every(({ isWhole }) => isWhole),
  };
}

function comparisonForm(
  rewriting: Rewriting,
  condition: Expression,
  find: FindColumn,
): CiphertextCondition | null {
  const comparison = constantComparison(condition);
  if (comparison === null) return null;
  if (rewriting.statement.includes(':=') && comparison.constants.some(isVariable)) return null;
  const found = find(comparison.column);
  if (found === null) return null;
  if (found.column !== null) return ciphertextPredicate(rewriting, found.column, found.ref, comparison);
  const constants = comparison.constants.map((constant) => rewriting.edits.copy(constant));
  const list = constants.flatMap((ops, index) => (index === 0 ? ops : [text(','), ...ops]));
  const operator = comparison.nullSafe ? '<=>' : '=';
  const ops =
    constants.length === 1
      ? [text(`${found.ref}${operator}`), ...list]
      : [text(`${found.ref} IN (`), ...list, text(')')];
  return { ops, compared: [], isWhole: true };
}

function isVariable(expression: Expression): boolean {
  return expression.kind === 'userVariable';
}

/** `(a, b) = (1, 2)` and `(a, b) IN ((1, 2), (3, 4))`: each row is an AND of its columns. */
function rowForm(
  rewriting: Rewriting,
  condition: OperatorExpression,
  find: FindColumn,
): CiphertextCondition | null {
  const [left, ...rest] = condition.operands;
  const columns = rowOf(left);
  if (columns === null || !['=', 'in'].includes(condition.operator)) return null;
  const rows = rest.map((row) => {
    const values = rowOf(row);
    if (values === null || values.length !== columns.length) return null;
    const parts = columns.map((column, index) =>
      comparisonForm(rewriting, equals(column, values[index]!), find),
    );
    return joined(parts, 'and');
  });
  if (rows.length === 0 || rows.includes(null)) return null;
  return rows.length === 1 ? rows[0]! : joined(rows, 'or');
}

/** The items of a row; null for anything else. */
export function rowOf(expression: Expression | undefined): readonly Expression[] | null {
  const row = unparenthesise(expression);
  return row?.kind === 'operator' && row.operator === 'row' ? row.operands : null;
}

function equals(column: Expression, value: Expression): OperatorExpression {
  const { start, end } = column;
  return { kind: 'operator', operator: '=', operands: [column, value], name: null, start, end };
}

/**
 * Marks a condition whose ciphertext form is checked for each of its rows: where the proxy encrypts constants they need
 * not stand in it (template-filler.ts).
 */
export function markRechecked(
  rewriting: Rewriting,
  condition: Expression,
  { compared, isWhole }: CiphertextCondition,
): void {
  if (!isWhole) return;
  rewriting.edits.replace(condition.start, condition.end, (inner) => [
    { kind: 'recheck', compared },
    ...inner(),
    { kind: 'recheckEnd' },
  ]);
}

/** Joins conjuncts with AND. */
export function conjunction(conjuncts: readonly (readonly TemplateOp[])[]): TemplateOp[] {
  return conjuncts.flatMap((conjunct, index) => (index === 0 ? [...conjunct] : [text(' AND '), ...conjunct]));
}
