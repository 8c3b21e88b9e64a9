import { text } from '../edits.js';
import type { SelectItem, Span } from '../parser/ast.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { Rewriting } from '../rewriting.js';
import type { DirectTable, Scope } from '../scope.js';
import { quotedAsWritten } from '../tenant-view.js';
import { writeOutStar } from './direct-table.js';
import { rewriteSelectItems } from './expression.js';
import { resolveColumn } from './scope.js';

/**
 * RETURNING of a write to one protected table (MariaDB): columns of the rows written or deleted, which are the tenant's,
 * are decrypted where they stand, a star is written out, and the result keeps the names that it would have.
 *
 * https://mariadb.com/kb/en/insertreturning/, https://mariadb.com/kb/en/delete/#returning
 */
export function rewriteReturning(
  rewriting: Rewriting,
  returning: Span & { readonly items: readonly SelectItem[] },
  direct: DirectTable,
  scope: Scope,
): void {
  const views = rewriting.views.length;
  const columns = returning.items.flatMap((item) => returnedColumns(rewriting, item, direct, scope));
  if (rewriting.views.length > views) {
    rewriting.unsupported('a subquery over a protected table in RETURNING', returning);
  }
  if (columns.some((column) => column !== null)) {
    rewriting.inlineResult = { alias: direct.alias, table: direct.table.config, columns };
  }
}

/** @returns of each column of the result that the item stands for, the protected column that it is, if it is one */
function returnedColumns(
  rewriting: Rewriting,
  item: SelectItem,
  direct: DirectTable,
  scope: Scope,
): (ProtectedColumn | null)[] {
  const { expression } = item;
  if (expression === null) return writeOutStar(rewriting, item, direct);
  rewriteSelectItems(rewriting, [item], scope);
  if (expression.kind !== 'column') return [null];
  const resolved = resolveColumn(rewriting, expression, scope.block);
  if (resolved.kind !== 'direct' || resolved.column === null) return [null];
  if (item.alias === null) {
    rewriting.edits.insert(expression.end, [text(` AS ${quotedAsWritten(rewriting, expression.column)}`)]);
  }
  return [resolved.column];
}
