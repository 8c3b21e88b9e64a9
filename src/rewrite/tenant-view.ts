import { text } from './edits.js';
import { conjunction } from './equality.js';
import { CIPHERTEXT_PREFIX, foldName, sameAlias } from './folding.js';
import type { LockingClause, NamedTable, Span } from './parser/ast.js';
import type { TemplateOp } from './plan.js';
import type { LogicalColumn, ResolvedTable } from './resolved-table.js';
import type { Rewriting } from './rewriting.js';
import type { ViewReference } from './scope.js';

/** The alias of a table reference as SQL text, always quoted. */
export function aliasText(rewriting: Rewriting, reference: Pick<NamedTable, 'name' | 'alias'>): string {
  return quotedAsWritten(rewriting, reference.alias ?? reference.name.table);
}

/** A name of the statement in the client's own bytes, in backticks. */
export function quotedAsWritten(rewriting: Rewriting, name: Span): string {
  const written = rewriting.textOf(name);
  const first = written.charCodeAt(0);
  return first === 0x60 || first === 0x22 || first === 0x27 ? requote(written) : `\`${written}\``;
}

/** 'alias' and "alias" may stand after AS, but not before a dot. */
function requote(written: string): string {
  if (written.startsWith('`')) return written;
  const quote = written[0]!;
  return `\`${written
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .replaceAll('`', '``')}\``;
}

/**
 * The derived table that stands for a protected table in a read (design.md §3): the application's columns under
 * their names as far as the statement may read them, of the tenant's rows only. Everything inside is qualified: an
 * unqualified table would bind to a CTE of its name, a column that was dropped to the outer query (semantics.md 2).
 */
export function tenantView(
  rewriting: Rewriting,
  view: ViewReference,
  options: { readonly barrier: boolean; readonly locking: readonly LockingClause[] },
): TemplateOp[] {
  const { forms, context } = rewriting;
  const { table, reference } = view;
  const alias = aliasText(rewriting, reference);
  const ops: TemplateOp[] = [text('(SELECT ')];
  let first = true;
  for (const column of listedColumns(rewriting, view)) {
    if (!first) ops.push(text(','));
    first = false;
    const ref = `${alias}.${forms.name(column.live.name)}`;
    const name = forms.name(column.name);
    if (column.protection === null) ops.push(text(`${ref} AS ${name}`));
    else ops.push(...forms.decrypt(table, column.protection, ref, alias), text(` AS ${name}`));
  }
  for (const column of view.ciphertexts) {
    ops.push(text(`,${alias}.${forms.name(column.live.name)} AS ${ciphertextName(table, column)}`));
  }
  ops.push(text(` FROM ${forms.name(table.config.schema)}.${forms.name(table.config.table)}`));
  if (reference.partition !== null) ops.push(text(` ${rewriting.textOf(reference.partition)}`));
  ops.push(text(` AS ${alias}`));
  if (reference.indexHints !== null) ops.push(text(` ${rewriting.textOf(reference.indexHints)}`));
  const conjuncts: TemplateOp[][] = [];
  if (table.tenant !== null) conjuncts.push(forms.tenantPredicate(table, alias));
  conjuncts.push(...view.ciphertextPredicates);
  if (conjuncts.length > 0) ops.push(text(' WHERE '), ...conjunction(conjuncts));
  // HAVING without GROUP BY keeps the server from merging the view, while it still pushes conditions into it.
  if (options.barrier) ops.push(text(' HAVING 1'));
  for (const clause of options.locking) {
    if (!locks(clause, view, context.dialect.lowerCaseTableNames)) continue;
    if (clause.legacy) ops.push(text(' LOCK IN SHARE MODE'));
    else ops.push(text(clause.strength === 'update' ? ' FOR UPDATE' : ' FOR SHARE'));
    if (clause.wait !== null) ops.push(text(` ${rewriting.textOf(clause.wait)}`));
  }
  ops.push(text(`) AS ${alias}`));
  return ops;
}

/** Reserved: what a view calls the ciphertext of a column. */
export function ciphertextName({ columns }: ResolvedTable, column: LogicalColumn): string {
  return `${CIPHERTEXT_PREFIX}${columns.indexOf(column)}`;
}

/** What the statement may read, in the table's order: a shorter text, and all that column privileges need to allow. */
function listedColumns(rewriting: Rewriting, view: ViewReference): readonly LogicalColumn[] {
  const { table, alias } = view;
  const isTaken = rewriting.taken.has(view);
  const listed = table.columns.filter((column) =>
    column.live.invisible
      ? rewriting.columnNames.has(foldName(column.name))
      : isTaken || rewriting.mentioned.has(alias, column.name),
  );
  return listed.length > 0 ? listed : [columnForNone(table)];
}

/** A select list can't be empty (SELECT COUNT(*)): the column that is read anyway, or else one that costs little. */
function columnForNone({ tenant, live, columns }: ResolvedTable): LogicalColumn {
  if (tenant !== null) return tenant;
  const primary = live.keys.find((key) => key.name === 'PRIMARY')?.columns[0];
  const plain = columns.filter((column) => column.protection === null && !column.live.invisible);
  return plain.find((column) => column.live.name === primary) ?? plain[0] ?? columns[0]!;
}

/** Whether a locking clause reaches a view: one without OF reaches all. */
export function locks(clause: LockingClause, view: ViewReference, folding: 0 | 1 | 2): boolean {
  return clause.of === null || clause.of.some((name) => sameAlias(name.table.name, view.alias, folding));
}
