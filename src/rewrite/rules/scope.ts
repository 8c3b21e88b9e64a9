import { foldLoosely, foldName, sameAlias } from '../folding.js';
import type { Assignment, ColumnRef, TableName } from '../parser/ast.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope, CteScope, DirectTable, Scope, ViewReference } from '../scope.js';

/** Whether an unqualified name in FROM is a CTE's. Refuses names on which servers disagree (bypasses.md 15). */
export function isCte(rewriting: Rewriting, name: TableName, ctes: CteScope | null): boolean {
  if (name.schema !== null) return false;
  for (let scope = ctes; scope !== null; scope = scope.next) {
    if (scope.name === name.table.name) {
      if (scope.doubtful === true && rewriting.protectedTable(name) !== null) {
        rewriting.unsupported('a common table expression named like the table, behind another WITH,', name);
      }
      rewriting.shadowed.add(foldName(scope.name));
      return true;
    }
    if (foldLoosely(scope.name) !== foldLoosely(name.table.name)) continue;
    const { server, lowerCaseTableNames } = rewriting.context.dialect;
    const isOne = isSameCte(rewriting, scope.name, name.table.name);
    // Of what servers fold in other ways (`İ` and `i`), only what may hold plaintext matters.
    const isLookalike = server.kind === 'mariadb' && !isOne && rewriting.tables.size > 0;
    const isDoubtful = lowerCaseTableNames !== 0 || isLookalike;
    if (isDoubtful || rewriting.protectedTable(name) !== null) {
      rewriting.unsupported('a common table expression whose name differs only in case from a table', name);
    }
    if (isOne) return true;
  }
  return false;
}

/** Whether both are one common table expression's name: MariaDB folds their case, whatever lower_case_table_names is. */
export function isSameCte(rewriting: Rewriting, a: string, b: string): boolean {
  if (rewriting.context.dialect.server.kind !== 'mariadb') return a === b;
  return foldName(a) === foldName(b);
}

export type ResolvedReference =
  | { readonly kind: 'view'; readonly view: ViewReference; readonly column: ProtectedColumn | null }
  | { readonly kind: 'direct'; readonly direct: DirectTable; readonly column: ProtectedColumn | null }
  | { readonly kind: 'other' };

/**
 * What a column reference binds to: a tenant view, the table of an UPDATE or DELETE, or something else. `column` is
 * null for columns that are not protected.
 */
export function resolveColumn(
  rewriting: Rewriting,
  reference: ColumnRef,
  scope: BlockScope | null,
): ResolvedReference {
  for (let block = scope; block !== null; block = block.parent) {
    const found =
      reference.table === null
        ? resolveUnqualified(rewriting, reference, block)
        : resolveQualified(rewriting, reference, block);
    if (found !== null) return found;
  }
  return { kind: 'other' };
}

function resolveQualified(
  rewriting: Rewriting,
  reference: ColumnRef,
  block: BlockScope,
): ResolvedReference | null {
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  const name = reference.table!.name;
  for (const view of block.views) {
    if (!sameAlias(view.alias, name, folding)) continue;
    return { kind: 'view', view, column: viewColumn(view, reference.column.name) };
  }
  for (const direct of block.directs) {
    if (sameAlias(direct.alias, name, folding)) return directColumn(rewriting, reference, direct);
  }
  return block.otherAliases.some((alias) => sameAlias(alias, name, folding)) ? { kind: 'other' } : null;
}

function resolveUnqualified(
  rewriting: Rewriting,
  reference: ColumnRef,
  block: BlockScope,
): ResolvedReference | null {
  if (block.directs.length > 0) return resolveBesideDirects(rewriting, reference, block);
  const name = reference.column.name;
  for (const view of block.views) {
    if (view.table.columns.some((column) => foldName(column.name) === foldName(name))) {
      return { kind: 'view', view, column: viewColumn(view, name) };
    }
  }
  if (block.otherColumns.has(foldName(name))) return { kind: 'other' };
  if (block.opaque && bindsOutside(reference, block.parent)) {
    // The column could be this block's or the outer table's; guessing would read ciphertext, or decrypt too much.
    rewriting.unsupported('an unqualified column that may belong to an outer protected table', reference);
  }
  return null;
}

function viewColumn(view: ViewReference, name: string): ProtectedColumn | null {
  const column = view.table.columns.find((candidate) => foldName(candidate.name) === foldName(name));
  return column?.protection ?? null;
}

/**
 * An unqualified column where tables are written: the server sees other names than the client does, so that what
 * would be ambiguous to it can't be left to it.
 */
function resolveBesideDirects(
  rewriting: Rewriting,
  reference: ColumnRef,
  block: BlockScope,
): ResolvedReference {
  const { name } = reference.column;
  const found: ResolvedReference[] = [];
  for (const direct of block.directs) {
    const resolution = direct.table.lookup(name);
    if (resolution.kind === 'column') {
      found.push({ kind: 'direct', direct, column: resolution.column.protection });
    } else if (resolution.kind === 'ambiguous') {
      rewriting.unsupported('a column name that the server may fold to a protected one', reference);
    } else if (resolution.kind === 'physical') {
      if (block.opaque) rewriting.unsupported(OF_ANOTHER, reference);
      rewriting.unknownColumn(name, 'where clause');
    }
  }
  for (const view of block.views) {
    const inView = view.table.columns.some((column) => foldName(column.name) === foldName(name));
    if (inView) found.push({ kind: 'view', view, column: viewColumn(view, name) });
  }
  const isDecrypted = found.some((entry) => entry.kind === 'direct' && entry.column !== null);
  const elsewhere = block.opaque || block.otherColumns.has(foldName(name));
  if (isDecrypted && (found.length > 1 || elsewhere)) rewriting.unsupported(OF_ANOTHER, reference);
  // A bare word may also be something that is no column at all (SET … = ON): the server decides.
  return found[0] ?? { kind: 'other' };
}

/** What is refused about an unqualified name that would be ambiguous if the other table had it. */
export const OF_ANOTHER = 'an unqualified column that another table of the statement may have, too,';

function directColumn(rewriting: Rewriting, reference: ColumnRef, direct: DirectTable): ResolvedReference {
  const resolution = direct.table.lookup(reference.column.name);
  switch (resolution.kind) {
    case 'column':
      return { kind: 'direct', direct, column: resolution.column.protection };
    case 'ambiguous':
      return rewriting.unsupported('a column name that the server may fold to a protected one', reference);
    case 'physical':
      return rewriting.unknownColumn(nameAsWritten(reference), 'where clause');
    case 'unknown':
      // The server says so, or knows a column that was added since.
      return { kind: 'other' };
  }
}

/** `db.t.c`, decoded, as errors name it. */
export function nameAsWritten({ schema, table, column }: ColumnRef): string {
  return [schema, table, column].flatMap((part) => (part === null ? [] : [part.name])).join('.');
}

/** Whether an enclosing block has a direct table with a protected column of this name. */
function bindsOutside(reference: ColumnRef, outer: BlockScope | null): boolean {
  for (let block = outer; block !== null; block = block.parent) {
    for (const direct of block.directs) {
      const resolution = direct.table.lookup(reference.column.name);
      if (resolution.kind === 'column' && resolution.column.protection !== null) return true;
      if (resolution.kind === 'physical' || resolution.kind === 'ambiguous') return true;
    }
  }
  return false;
}

/** `tenant_id = tenant_id` of one table changes nothing. */
export function isItself(
  rewriting: Rewriting,
  { column, value }: Assignment,
  scope: Scope,
  direct: DirectTable,
): boolean {
  if (value.kind !== 'column' || foldName(value.column.name) !== foldName(column.column.name)) return false;
  const resolved = resolveColumn(rewriting, value, scope.block);
  return resolved.kind === 'direct' && resolved.direct === direct;
}
