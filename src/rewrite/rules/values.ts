import { possibleErrors } from '../declared-value.js';
import { text } from '../edits.js';
import { negatedNumber } from '../equality.js';
import { foldName } from '../folding.js';
import type { Expression, InsertValue, LiteralExpression } from '../parser/ast.js';
import type { ColumnOrigin, Reports, TemplateOp, ValueRole } from '../plan.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { Scope } from '../scope.js';
import { familyOf, hasFamily } from '../types/families.js';
import { columnOrigin } from './column-origin.js';
import { rewriteExpression } from './expression.js';
import { unwrapParentheses, visitExpressions } from './expression-facts.js';
import { refuseOperands } from './family-operands.js';
import { flowsFrom } from './flow.js';
import { resolveColumn } from './scope.js';
import { refuseUnstable } from './unstable.js';

/** How a statement treats values that don't fit: as an error, or (IGNORE, not strict) by cutting them. */
export interface WriteMode {
  readonly lenient: boolean;
  readonly ignore: boolean;
  /** The value may never be stored, and so never fail: of an UPDATE, or of an upsert's arm. */
  readonly deferred: boolean;
  readonly reports?: Reports;
}

export function writeMode(rewriting: Rewriting, modifiers: readonly string[]): WriteMode {
  const ignore = modifiers.includes('IGNORE');
  return { ignore, deferred: false, lenient: ignore || !rewriting.context.dialect.sqlMode.strict };
}

/**
 * A value on its way into a column. Protected: encrypted, whatever its form, or refused. The tenant column: must be
 * the session's tenant. Any other: must not read a protected column.
 */
export function rewriteValue(
  rewriting: Rewriting,
  table: ResolvedTable,
  column: LogicalColumn,
  value: InsertValue,
  scope: Scope,
  mode: WriteMode,
): void {
  if (column.isTenant) {
    rewriteTenantValue(rewriting, table, value);
    return;
  }
  // DEFAULT of the physical column is NULL: `check` refuses any other (bypasses.md 9).
  if (value.kind === 'defaultKeyword') {
    if (column.protection !== null) refuseDefault(rewriting, column, value);
    return;
  }
  if (column.protection === null) {
    const views = rewriting.views.length;
    const readBefore = rewriting.readsProtected;
    rewriting.readsProtected = false;
    rewriteExpression(rewriting, value, scope);
    const readsViews = rewriting.views.length > views;
    if ((rewriting.readsProtected || readsViews) && flowsFrom(rewriting, value)) {
      rewriting.refuse('TC_PLAINTEXT_ESCAPE', `assigning it to the column ${column.name}`, value);
    }
    rewriting.readsProtected ||= readBefore;
    return;
  }
  const origin = columnOrigin(rewriting.context, table);
  const { nullable } = column.live;
  rewriteProtectedValue(rewriting, column.protection, origin, value, scope, { ...mode, nullable });
}

function refuseDefault(rewriting: Rewriting, column: LogicalColumn, at: InsertValue): void {
  if (column.live.defaultValue !== null) {
    rewriting.fail('TC_SCHEMA', `column ${column.live.name} has a default, which is plaintext; drop it`, at);
  }
}

/** Checks that a default fills a protected column with NULL only: for columns that a statement leaves out. */
export function checkOmitted(rewriting: Rewriting, column: LogicalColumn): void {
  if (column.protection !== null)
    refuseDefault(rewriting, column, { kind: 'defaultKeyword', start: 0, end: 0 });
}

function rewriteProtectedValue(
  rewriting: Rewriting,
  column: ProtectedColumn,
  origin: ColumnOrigin,
  value: Expression,
  scope: Scope,
  mode: WriteMode & { readonly nullable: boolean },
): void {
  const { edits, forms } = rewriting;
  const replace = (ops: TemplateOp[]): void => {
    edits.replace(value.start, value.end, () => forms.encrypt(column, ops));
  };
  const plain = unwrapParentheses(value);
  const negated = negatedNumber(plain);
  const literal = negated ?? (plain.kind === 'literal' ? plain : positiveNumber(column, plain));
  if (literal !== null) {
    if (literal.type === 'null') return;
    if (literal.type === 'true' || literal.type === 'false') {
      replace([text(truthValue(rewriting, column, literal))]);
      return;
    }
    if (isCheckedLiteral(column, literal)) {
      const slots = literal.tokens.flatMap((token) => edits.slotsWithin(token));
      const negative = negated !== null;
      const op = { kind: 'value', slots, column, origin, negative, ...treatment(mode) } as const;
      edits.replace(value.start, value.end, () => forms.encryptLiteral(op));
      return;
    }
  }
  if (plain.kind === 'parameter') {
    const { ordinal } = plain;
    const role: ValueRole = { kind: 'value', column, origin, ...treatment(mode) };
    const parameter = (raises?: ValueRole['raises']) =>
      ({
        source: 'client',
        ordinal,
        role: raises === undefined ? role : { ...role, raises },
      }) as const;
    const raises = mode.deferred && !mode.lenient;
    const sign: TemplateOp = { kind: 'parameter', parameter: parameter('sign') };
    const failure = raises ? { sign, errors: possibleErrors(column, origin, 1) } : null;
    const ops = forms.encryptParameter(column, parameter(raises ? 'server' : undefined), failure);
    edits.replace(value.start, value.end, () => ops);
    return;
  }
  if (hasFamily(column.type)) refuseOperands(rewriting, column.logical, column.type, plain, scope);
  else if (column.type.kind === 'integer') refuseInexact(rewriting, column, plain);
  refuseUnstable(rewriting, value);
  rewriteExpression(rewriting, value, scope);
  const isUuid = plain.kind === 'function' && plain.name === 'uuid';
  const bounded = isUuid && 'length' in column.type && column.type.length >= 36;
  edits.replace(value.start, value.end, (inner) =>
    bounded
      ? forms.encrypt(column, inner())
      : forms.encryptExpression(
          column,
          origin,
          isOneOfSeveral(rewriting, plain, scope) ? forms.inOwnType(column, inner) : inner,
          mode.lenient ? mode : null,
        ),
  );
}

/** Whether the value is that of one of several expressions, which may be of other types than it. */
function isOneOfSeveral(rewriting: Rewriting, value: Expression, { block }: Scope): boolean {
  switch (value.kind) {
    case 'operator':
      return value.operator === 'case';
    case 'function':
      return CHOOSING.has(value.name);
    case 'subquery':
      return true;
    case 'column':
      return resolveColumn(rewriting, value, block).kind === 'other';
    default:
      return false;
  }
}

const CHOOSING = new Set(['if', 'ifnull', 'coalesce', 'nullif', 'any_value']);

function treatment({ lenient, reports }: WriteMode): Pick<ValueRole, 'lenient' | 'reports'> {
  return reports === undefined ? { lenient } : { lenient, reports };
}

/** What rounds in one way or another by its type, or is a number in one place and a string in another. */
function refuseInexact(rewriting: Rewriting, column: ProtectedColumn, value: Expression): void {
  visitExpressions(value, (expression) => {
    const isInexact =
      (expression.kind === 'operator' && expression.operator === '/') ||
      (expression.kind === 'literal' && ['hex', 'bit', 'temporal'].includes(expression.type));
    if (!isInexact) return;
    rewriting.unsupported(
      `a division, or a hexadecimal or temporal literal, for the protected integer column ${column.logical}`,
      expression,
    );
  });
}

/** TRUE and FALSE are 1 and 0, as text where the column is stored as text of its own. */
function truthValue(rewriting: Rewriting, column: ProtectedColumn, literal: LiteralExpression): string {
  const { type } = column;
  const number = literal.type === 'true' ? '1' : '0';
  if (!hasFamily(type)) {
    if (type.kind === 'binary') rewriting.unsupported('TRUE or FALSE for a binary column', literal);
    return number;
  }
  const bytes = familyOf(type).canonicalTruth(type, literal.type === 'true');
  if (bytes === null) rewriting.unsupported(`TRUE or FALSE for the column ${column.logical}`, literal);
  return `'${bytes}'`;
}

/** The number of `+5`, where the sign makes no expression of it. */
function positiveNumber(column: ProtectedColumn, value: Expression): LiteralExpression | null {
  const isText = column.type.kind === 'string' || column.type.kind === 'binary';
  if (isText || value.kind !== 'operator' || value.operator !== '+') return null;
  const operand = value.operands.length === 1 ? value.operands[0]! : null;
  if (operand?.kind !== 'literal') return null;
  return ['integer', 'decimal', 'float'].includes(operand.type) ? operand : null;
}

/** Literals whose value the proxy can read for itself and check against the declared type. */
function isCheckedLiteral(column: ProtectedColumn, literal: LiteralExpression): boolean {
  if (literal.introducer !== null) return false;
  switch (column.type.kind) {
    case 'integer':
      return ['integer', 'decimal', 'float', 'string'].includes(literal.type);
    case 'string':
    case 'binary':
      return ['string', 'integer', 'hex'].includes(literal.type);
    default:
      return familyOf(column.type).storedLiterals.has(literal.type);
  }
}

function rewriteTenantValue(rewriting: Rewriting, table: ResolvedTable, value: InsertValue): void {
  const { edits, forms } = rewriting;
  const type = table.tenantType;
  const plain = value.kind === 'defaultKeyword' ? value : unwrapParentheses(value);
  switch (plain.kind) {
    case 'defaultKeyword':
      edits.replace(value.start, value.end, () => [forms.tenant(table)]);
      return;
    case 'literal':
      if (plain.introducer === null && (plain.type === 'string' || plain.type === 'integer')) {
        const slots = plain.tokens.flatMap((token) => edits.slotsWithin(token));
        edits.replace(value.start, value.end, () => [{ kind: 'tenantCheck', slots, type }]);
        return;
      }
      break;
    case 'parameter':
      edits.replace(value.start, value.end, () => [
        {
          kind: 'parameter',
          parameter: { source: 'client', ordinal: plain.ordinal, role: { kind: 'tenantCheck', type } },
        },
      ]);
      return;
    case 'userVariable':
      if (rewriting.tenantVariable !== null && foldName(plain.name) === foldName(rewriting.tenantVariable)) {
        edits.replace(value.start, value.end, () => [forms.tenant(table)]);
        return;
      }
      break;
    default:
      break;
  }
  rewriting.refuse('TC_TENANT_MISMATCH', `the value of ${table.config.tenantColumn ?? ''}`, value);
}
