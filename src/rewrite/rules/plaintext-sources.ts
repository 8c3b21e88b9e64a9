import { sameAlias } from '../folding.js';
import type { Expression, UpdateStatement } from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { Scope } from '../scope.js';
import { columnsWithin, someWithin } from './expression-facts.js';
import { rewriteWith } from './query.js';
import { resolveColumn } from './scope.js';

/** What, beside the columns of protected tables, may hold plaintext in an UPDATE. */
export interface PlaintextSources {
  /** Aliases of derived tables, table functions and common table expressions that read protected columns. */
  readonly aliases: string[];
  /** A common table expression of the statement does, so that any subquery may. */
  inCte: boolean;
}

/** Rewrites WITH; what its queries read is noted in `sources`. */
export function rewriteWithAsSource(
  rewriting: Rewriting,
  statement: Pick<UpdateStatement, 'with'>,
  sources: PlaintextSources,
): Scope['ctes'] {
  let ctes: Scope['ctes'] = null;
  sources.inCte = readsProtected(rewriting, false, () => {
    ctes = rewriteWith(rewriting, statement, { ctes: null, block: null });
  });
  return ctes;
}

/**
 * Takes a step of the rewriting, of a query or an expression.
 * @param seesOuter whether it can read tables around it: then any name of a protected column counts
 * @returns whether what was rewritten may read a protected column
 */
export function readsProtected(rewriting: Rewriting, seesOuter: boolean, step: () => void): boolean {
  const views = rewriting.views.length;
  const { columnNames } = rewriting;
  const before = { names: [...columnNames], star: rewriting.star, reads: rewriting.readsProtected };
  columnNames.clear();
  rewriting.star = false;
  rewriting.readsProtected = false;
  step();
  const isConcerned = seesOuter || rewriting.readsProtected || rewriting.views.length > views;
  const reads = isConcerned && rewriting.mentionsProtectedColumn();
  for (const name of before.names) columnNames.add(name);
  rewriting.star ||= before.star;
  rewriting.readsProtected ||= before.reads;
  return reads;
}

/** Refuses to assign what may be plaintext to a column that is not encrypted. */
export function refuseEscape(
  rewriting: Rewriting,
  value: Expression,
  scope: Scope,
  sources: PlaintextSources,
  column: string,
): void {
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  const isSource = (name: string): boolean =>
    sources.aliases.some((alias) => sameAlias(alias, name, folding));
  let escapes = false;
  for (const reference of columnsWithin(value)) {
    const resolved = resolveColumn(rewriting, reference, scope.block);
    if (resolved.kind !== 'other') escapes ||= resolved.column !== null;
    // An unqualified name that no protected table has may be any source's.
    else escapes ||= reference.table === null ? sources.aliases.length > 0 : isSource(reference.table.name);
  }
  if (sources.inCte) escapes ||= someWithin(value, ({ kind }) => kind === 'subquery');
  if (escapes) rewriting.refuse('TC_PLAINTEXT_ESCAPE', `assigning it to the column ${column}`, value);
}
