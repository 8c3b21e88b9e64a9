import type { WithClause } from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { CteScope } from '../scope.js';
import { outputNames } from './output-names.js';

/** The CTE names visible to each query of a WITH clause, and to what follows it. */
export function withScopes(
  rewriting: Rewriting,
  clause: WithClause,
  outer: CteScope | null,
): { readonly inside: readonly (CteScope | null)[]; readonly after: CteScope | null } {
  const inside: (CteScope | null)[] = [];
  // In a WITH of a subquery MariaDB does not see the names of the WITH around it, and reads the table (bypasses.md 15).
  let visible = rewriting.context.dialect.server.kind === 'mariadb' ? inDoubt(outer) : outer;
  for (const table of clause.tables) {
    const columns = outputNames(rewriting, table.query, table.columns, visible);
    const own: CteScope = { name: table.name.name, next: visible, columns };
    inside.push(clause.recursive ? own : visible);
    visible = own;
    const name = { schema: null, table: table.name, start: table.name.start, end: table.name.end };
    // MariaDB lets earlier expressions of a recursive WITH see later ones, MySQL does not.
    if (clause.recursive && clause.tables.length > 1 && rewriting.protectedTable(name) !== null) {
      rewriting.unsupported(
        'a recursive WITH with a common table expression named like the table',
        table.name,
      );
    }
  }
  return { inside, after: visible };
}

function inDoubt(scope: CteScope | null): CteScope | null {
  const names: string[] = [];
  let known = scope;
  for (; known !== null && known.doubtful !== true; known = known.next) names.push(known.name);
  return names.reduceRight<CteScope | null>((next, name) => ({ name, next, doubtful: true }), known);
}
