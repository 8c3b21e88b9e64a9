import { text } from '../edits.js';
import { conjunctsOf, rowOf } from '../equality.js';
import { foldName } from '../folding.js';
import type { Expression } from '../parser/ast.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope, JoinFacts, ViewReference } from '../scope.js';
import { aliasText, ciphertextName } from '../tenant-view.js';
import { resolveColumn } from './scope.js';

/** A side of `u.email = o.email`. */
interface Side {
  readonly table: ResolvedTable;
  readonly column: LogicalColumn & { readonly protection: ProtectedColumn };
  /** The view that has to give its ciphertext; null: the table itself has it. */
  readonly view: ViewReference | null;
  readonly aliasText: string;
}

/**
 * Lets an index on ciphertext serve equality of two protected columns, wherever it stands as a conjunct of WHERE or ON:
 * one tenant has one key, so that equal values have equal ciphertext. It is compared in front of the values, which the
 * client's own condition still does.
 */
export function pushJoinEquality(
  rewriting: Rewriting,
  conditions: readonly (Expression | null)[],
  block: BlockScope,
  joins: JoinFacts,
): void {
  // A name that USING or NATURAL has merged may be another table's, and NATURAL would join by what a view adds.
  if (joins.natural || joins.using.size > 0) return;
  for (const conjunct of conditions.flatMap(conjunctsOf)) {
    const pairs = pairsOf(conjunct);
    const compared = pairs.flatMap(([left, right]) => {
      const sides = [sideOf(rewriting, left, block), sideOf(rewriting, right, block)] as const;
      const [one, other] = sides;
      if (one === null || other === null || !isServed(one, other)) return [];
      return [[one, other] as const];
    });
    if (compared.length === 0) continue;
    const operator = conjunct.kind === 'operator' && conjunct.operator === '<=>' ? '<=>' : '=';
    const equal = compared.map((sides) => sides.map((side) => ciphertextOf(rewriting, side)).join(operator));
    rewriting.edits.replace(conjunct.start, conjunct.end, (inner) => [
      text(`(${equal.join(' AND ')} AND (`),
      ...inner(),
      text('))'),
    ]);
    rewriting.joinedByCiphertext.add(conjunct);
  }
}

/** What `a = b`, `a <=> b` and `(a, b) = (c, d)` compare with what. */
function pairsOf(conjunct: Expression): (readonly [Expression, Expression])[] {
  if (conjunct.kind !== 'operator' || conjunct.operands.length !== 2) return [];
  const [left, right] = conjunct.operands as [Expression, Expression];
  if (conjunct.operator === '<=>') return [[left, right]];
  if (conjunct.operator !== '=') return [];
  const [one, other] = [rowOf(left), rowOf(right)];
  if (one === null || other === null) return [[left, right]];
  return one.length === other.length ? one.map((item, index) => [item, other[index]!] as const) : [];
}

function sideOf(rewriting: Rewriting, expression: Expression, block: BlockScope): Side | null {
  if (expression.kind !== 'column') return null;
  const resolved = resolveColumn(rewriting, expression, block);
  if (resolved.kind === 'other' || resolved.column?.equality !== 'exact') return null;
  const protection = resolved.column;
  const view = resolved.kind === 'view' ? resolved.view : null;
  // What a star takes has no room for another column.
  if (view?.isStarred === true) return null;
  if (view?.isGrouped === true && !block.views.includes(view)) return null;
  const table = resolved.kind === 'view' ? resolved.view.table : resolved.direct.table;
  const column = table.columns.find((candidate) => candidate.protection === protection);
  if (column === undefined) return null;
  const alias =
    resolved.kind === 'view' ? aliasText(rewriting, resolved.view.reference) : resolved.direct.aliasText;
  return { table, column: { ...column, protection }, view, aliasText: alias };
}

/** Whether ciphertext says the same as the values, and some index makes use of it. */
function isServed(one: Side, other: Side): boolean {
  if (one.aliasText === other.aliasText && one.view === other.view) return false;
  const isSame = storedAs(one.column.protection) === storedAs(other.column.protection);
  return isSame && (hasIndex(one) || hasIndex(other));
}

/** Columns of which equal values have equal ciphertext. */
function storedAs({ type }: ProtectedColumn): string {
  switch (type.kind) {
    case 'integer':
      return type.kind;
    case 'string':
      return JSON.stringify([type.charset, type.collation, type.base === 'char']);
    case 'binary':
      return JSON.stringify(type.base === 'binary' ? [type.base, type.length] : ['varbinary']);
    default:
      return JSON.stringify(type);
  }
}

/** An index that begins with the column, or with the tenant and the column. */
function hasIndex({ table, column }: Side): boolean {
  const physical = foldName(column.protection.physical);
  const tenant = table.config.tenantColumn === undefined ? null : foldName(table.config.tenantColumn);
  return table.live.keys.some(({ columns }) => {
    const [first, second] = columns.map((name) => foldName(name.replace(/\(\d+\)$/, '')));
    return first === physical || (first === tenant && second === physical);
  });
}

function ciphertextOf(rewriting: Rewriting, { table, column, view, aliasText: alias }: Side): string {
  if (view === null) return `${alias}.${rewriting.forms.name(column.protection.physical)}`;
  const own = table.columns.find((candidate) => candidate.protection === column.protection)!;
  view.ciphertexts.add(own);
  return `${alias}.${ciphertextName(table, own)}`;
}
