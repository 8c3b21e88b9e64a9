import type { CatalogKey, CatalogTable } from '../../rewrite/catalog.js';
import type { ProtectedColumn } from '../../rewrite/protected-table.js';
import type { ResolvedTable } from '../../rewrite/resolved-table.js';
import { type Finding, warning } from './finding.js';

/** Keys that hold the whole physical column or a prefix of it. */
export function keysOn(live: CatalogTable, column: ProtectedColumn): readonly CatalogKey[] {
  const physical = column.physical.toLowerCase();
  return live.keys.filter((key) =>
    key.columns.some(
      (name) => name.toLowerCase() === physical || name.toLowerCase().startsWith(`${physical}(`),
    ),
  );
}

/** `equality: collation` where an index is there to serve `exact`, and the other way round (design.md §3). */
export function checkEquality(table: ResolvedTable, live: CatalogTable): Finding[] {
  const findings: Finding[] = [];
  for (const column of table.config.columns.values()) {
    const subject = `${table.config.schema}.${table.config.table}.${column.logical}`;
    const keys = keysOn(live, column);
    const names = keys.map((key) => key.name).join(', ');
    if (column.equality === 'collation' && keys.length > 0) {
      findings.push(
        warning(
          subject,
          `equality: collation does not use the index ${names}: = and IN decrypt all rows of the tenant (20 to 40 ms for 10,000), and an UPDATE by them locks all of these; equality: exact uses it, where case and accents then count`,
        ),
      );
    }
    if (
      column.equality === 'exact' &&
      keys.length === 0 &&
      live.keys.length > 0 &&
      column.type.kind === 'string'
    ) {
      findings.push(
        warning(
          subject,
          `equality: exact finds no index on ${column.physical}; add KEY (${indexColumns(table, column)})`,
        ),
      );
    }
  }
  return findings;
}

function indexColumns(table: ResolvedTable, column: ProtectedColumn): string {
  return table.tenant === null ? column.physical : `${table.tenant.name}, ${column.physical}`;
}
