import { text } from '../edits.js';
import {
  ciphertextCondition,
  conjunction,
  conjunctsOf,
  type FindColumn,
  markRechecked,
} from '../equality.js';
import { foldName } from '../folding.js';
import type { ReadLength } from '../forms.js';
import type { Expression, Span } from '../parser/ast.js';
import type { TemplateOp } from '../plan.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { type BlockScope, type DirectTable, emptyBlock, type Scope } from '../scope.js';
import { someWithin } from './expression-facts.js';
import { resolveColumn } from './scope.js';

/** The scope of a statement whose only table is this one, under its own name. */
export function directScope(direct: DirectTable, ctes: Scope['ctes']): Scope {
  return {
    ctes,
    block: { ...emptyBlock(null), directs: [direct] },
  };
}

/**
 * What a statement on one protected table asks of its rows before the client's own condition: that they are the
 * tenant's, and the ciphertext forms of the condition's equalities, for an index.
 */
export function guardsOf(
  rewriting: Rewriting,
  direct: DirectTable,
  where: Expression | null,
  scope: Scope,
): TemplateOp[][] {
  const { table, aliasText } = direct;
  const tenant = table.tenant === null ? [] : [rewriting.forms.tenantPredicate(table, aliasText)];
  return [...tenant, ...ciphertextGuards(rewriting, where, scope.block, direct)];
}

/**
 * The ciphertext forms of what a condition says about the table, so that an index serves.
 * @param nullExtended an outer join may extend the table's rows with NULL, which `<=>` would find
 */
export function ciphertextGuards(
  rewriting: Rewriting,
  condition: Expression | null,
  block: BlockScope | null,
  direct: DirectTable,
  nullExtended = false,
): TemplateOp[][] {
  const { forms } = rewriting;
  const find: FindColumn = (reference) => {
    const resolved = resolveColumn(rewriting, reference, block);
    if (resolved.kind !== 'direct' || resolved.direct !== direct) return null;
    const { column } = resolved;
    const name = column?.physical ?? plainColumn(direct.table, reference.column.name);
    return name === null ? null : { ref: `${direct.aliasText}.${forms.name(name)}`, column };
  };
  const guards: TemplateOp[][] = [];
  for (const conjunct of conjunctsOf(condition)) {
    if (nullExtended && holdsNullSafe(conjunct)) continue;
    const found = ciphertextCondition(rewriting, conjunct, find);
    if (found === null) continue;
    guards.push(found.ops);
    if (!nullExtended) markRechecked(rewriting, conjunct, found);
  }
  return guards;
}

/** The name in the table of a column that is not protected; null: there is none. */
export function plainColumn(table: ResolvedTable, name: string): string | null {
  const column = table.columns.find((candidate) => foldName(candidate.name) === foldName(name));
  return column === undefined || column.protection !== null ? null : column.live.name;
}

/**
 * Replaces `*` by the table's columns as the application knows them, decrypted in place.
 * @param lengthOf how long a value of a column may be
 * @returns of each, the protected column that it is, if it is one
 */
export function writeOutStar(
  rewriting: Rewriting,
  star: Span,
  { table, aliasText }: DirectTable,
  lengthOf: (name: string) => ReadLength = () => 'declared',
): (ProtectedColumn | null)[] {
  const { forms } = rewriting;
  const columns = table.visibleColumns();
  const protections = columns.map((column) => column.protection);
  rewriting.readsProtected ||= protections.some((protection) => protection !== null);
  rewriting.edits.replace(star.start, star.end, () =>
    columns.flatMap(({ live, name, protection }, index) => {
      const comma = index === 0 ? [] : [text(',')];
      const ref = `${aliasText}.${forms.name(live.name)}`;
      if (protection === null) return [...comma, text(ref)];
      const value = forms.decrypt(table, protection, ref, aliasText, lengthOf(name));
      return [...comma, ...value, text(` AS ${forms.name(name)}`)];
    }),
  );
  return protections;
}

/** Whether `<=>` occurs, which is true for NULL. */
export function holdsNullSafe(condition: Expression): boolean {
  return someWithin(
    condition,
    (expression) => expression.kind === 'operator' && expression.operator === '<=>',
  );
}

/** Adds the guards to a condition, or after `clauseEnd` as one where there is none. After all edits of the condition. */
export function restrictTo(
  rewriting: Rewriting,
  where: Expression | null,
  guards: TemplateOp[][],
  clauseEnd: number,
): void {
  if (where !== null) restrict(rewriting, where, guards);
  else if (guards.length > 0) {
    rewriting.edits.insert(clauseEnd, [text(' WHERE '), ...conjunction(guards)]);
  }
}

/**
 * Puts predicates in front of the client's condition, which then stands in parentheses: one of the client's that ran
 * first could leak other tenants' values by error or lock (bypasses.md 11). After all edits of the condition itself:
 * of two edits of one span the later stands.
 */
export function restrict(rewriting: Rewriting, condition: Expression, guards: TemplateOp[][]): void {
  if (guards.length === 0) return;
  rewriting.edits.replace(condition.start, condition.end, (inner) => [
    ...conjunction(guards),
    text(' AND ('),
    ...inner(),
    text(')'),
  ]);
}
