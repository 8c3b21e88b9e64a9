import { foldName } from '../folding.js';
import type { SelectStatement } from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import { assignedFlows } from './assigned-flow.js';
import { flowOfQuery } from './flow.js';
import { rewriteInline } from './inline.js';
import { rewriteQuery } from './query.js';
import { resultOrigins } from './result-origins.js';
import { resultTypes } from './result-types.js';

/** SELECT, TABLE, VALUES, WITH … SELECT: every protected table read becomes its tenant view. */
export function rewriteSelect(rewriting: Rewriting, statement: SelectStatement): void {
  if (!rewriteInline(rewriting, statement.query)) {
    rewriteQuery(rewriting, statement.query, { ctes: null, block: null });
    rewriting.origins = resultOrigins(rewriting, statement.query);
  }
  rewriting.types = resultTypes(rewriting, statement.query);
  const { intos, assignsVariables } = rewriting;
  rewriting.givesNoPlaintext = intos.length > 0 && !flowOfQuery(rewriting, statement.query).any;
  rewriting.assignsNoPlaintext = assignsVariables && !assignedFlows(rewriting, statement.query);
  checkRead(rewriting);
}

/** What must not be done with the rows of a protected table, wherever in the statement they are read. */
export function checkRead(rewriting: Rewriting): void {
  if (rewriting.tables.size === 0) return;
  for (const into of rewriting.intos) {
    if (into.kind !== 'variables') rewriting.refuse('TC_PLAINTEXT_ESCAPE', 'INTO a file', into);
    // In two statements the plaintext would be in an unprotected column (bypasses.md 8).
    if (!rewriting.givesNoPlaintext && rewriting.mentionsProtectedColumn()) {
      rewriting.refuse('TC_PLAINTEXT_ESCAPE', 'INTO a user variable', into);
    }
  }
  if (rewriting.assignsVariables && !rewriting.assignsNoPlaintext && rewriting.mentionsProtectedColumn()) {
    rewriting.refuse('TC_PLAINTEXT_ESCAPE', 'assigning a user variable (:=)', { start: 0 });
  }
  if (rewriting.remembered !== null && rewriting.mentionsProtectedColumn()) {
    const { name } = rewriting.remembered;
    rewriting.refuse('TC_PLAINTEXT_ESCAPE', `${name.toUpperCase()}(…)`, rewriting.remembered);
  }
  const match = rewriting.matches[0];
  if (match !== undefined && rewriting.barrier) {
    rewriting.unsupported(
      'MATCH … AGAINST in a query with HAVING, ROLLUP or a join over a protected column',
      match,
    );
  }
  if (rewriting.star) {
    for (const table of rewriting.tables.values()) {
      const named = table.columns.find(
        (column) => column.live.invisible && rewriting.columnNames.has(foldName(column.name)),
      );
      if (named !== undefined) {
        rewriting.unsupported(`a star together with the invisible column ${named.name}`, { start: 0 });
      }
    }
  }
}
