import { ciphertextCondition, conjunctsOf, type FindColumn, markRechecked } from '../equality.js';
import type { Expression, QuerySpecification } from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope, JoinFacts, ViewReference } from '../scope.js';
import { aliasText } from '../tenant-view.js';
import { holdsNullSafe, plainColumn } from './direct-table.js';
import { computesOfGroup, someWithin } from './expression-facts.js';
import type { FlatTable } from './from.js';
import { resolveColumn } from './scope.js';

/** The block that a view stands in. */
export interface SearchedBlock {
  readonly block: BlockScope;
  readonly joins: JoinFacts;
  /** Its columns are looked at beside aggregates or groups. */
  readonly isAggregated: boolean;
}

/** Lets an index on the ciphertext serve `column = constant`: the view gets the ciphertext form (design.md §3). */
export function pushEquality(
  rewriting: Rewriting,
  view: ViewReference,
  flat: FlatTable,
  where: Expression | null,
  { block, joins, isAggregated: isKept }: SearchedBlock,
): void {
  const { forms } = rewriting;
  const alias = aliasText(rewriting, view.reference);
  const find: FindColumn = (reference) => {
    // A column that USING or NATURAL has merged may be the other table's.
    if (reference.table === null && (joins.natural || joins.using.size > 0)) return null;
    const resolved = resolveColumn(rewriting, reference, block);
    if (resolved.kind !== 'view' || resolved.view !== view) return null;
    const { column } = resolved;
    const name = column?.physical ?? plainColumn(view.table, reference.column.name);
    return name === null ? null : { ref: `${alias}.${forms.name(name)}`, column };
  };
  const isExtended = flat.extendedBy !== null;
  const push = (condition: Expression | null, isOwn: boolean): void => {
    for (const conjunct of conjunctsOf(condition)) {
      if (isExtended && holdsNullSafe(conjunct)) continue;
      const found = ciphertextCondition(rewriting, conjunct, find);
      if (found === null) continue;
      view.ciphertextPredicates.push(found.ops);
      // Behind an outer join WHERE drops the rows that it has added.
      if (!isKept && (isOwn || !isExtended)) markRechecked(rewriting, conjunct, found);
    }
  };
  push(where, false);
  for (const condition of flat.conditions) push(condition, true);
}

/**
 * Whether columns of a block may have to be constant by its WHERE, as ONLY_FULL_GROUP_BY asks of `SELECT email, COUNT(*)
 * … WHERE email = 'a'`: the comparison then has to stay.
 */
export function isAggregated({ groupBy, having, items, modifiers }: QuerySpecification): boolean {
  if (groupBy !== null || having !== null || modifiers.includes('DISTINCT')) return true;
  const isComputed = (part: Expression): boolean => part.kind === 'function' && computesOfGroup(part.name);
  const isRead = ({ kind }: Expression): boolean => kind === 'column' || kind === 'subquery';
  const aggregates = items.some(
    ({ expression }) => expression !== null && someWithin(expression, isComputed),
  );
  // Columns inside an aggregate that is an item of its own are the group's.
  const columns = items.some(
    ({ expression }) => expression === null || (!isComputed(expression) && someWithin(expression, isRead)),
  );
  return aggregates && columns;
}
