import { conjunctsOf, constantComparison } from '../equality.js';
import { foldName } from '../folding.js';
import type { DeleteStatement, Expression, UpdateStatement } from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { DirectTable, Scope } from '../scope.js';
import { resolveColumn } from './scope.js';

/**
 * sql_safe_updates lets an UPDATE or DELETE pass that has a LIMIT or finds its rows by a key, and our tenant predicate would
 * be such a key (semantics.md 5). So the client's own WHERE has to compare the first column of a key with constants.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/mysql-tips.html#safe-updates
 * @throws ProxyError for a statement that the server might stop
 */
export function refuseUnsafe(
  rewriting: Rewriting,
  statement: UpdateStatement | DeleteStatement,
  direct: DirectTable,
  scope: Scope,
): void {
  const { where, limit } = statement;
  if (!rewriting.context.safeUpdates || limit !== null) return;
  if (where === null) {
    rewriting.unsupported('an UPDATE or DELETE without WHERE while sql_safe_updates is set', statement);
  }
  if (conjunctsOf(where).some((conjunct) => isByKey(rewriting, conjunct, direct, scope))) return;
  rewriting.unsupported(
    'an UPDATE or DELETE without LIMIT and without a key compared with a constant while sql_safe_updates is set',
    where,
  );
}

function isByKey(rewriting: Rewriting, conjunct: Expression, direct: DirectTable, scope: Scope): boolean {
  const comparison = constantComparison(conjunct);
  if (comparison === null) return false;
  const resolved = resolveColumn(rewriting, comparison.column, scope.block);
  if (resolved.kind !== 'direct' || resolved.direct !== direct) return false;
  const found = direct.table.lookup(comparison.column.column.name);
  if (found.kind !== 'column') return false;
  const name = foldName(found.column.live.name);
  return direct.table.live.keys.some(
    ({ columns: [first] }) => first !== undefined && foldName(first) === name,
  );
}
