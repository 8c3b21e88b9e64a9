import type { CatalogTable } from '../../rewrite/catalog.js';
import type { ProtectedColumn } from '../../rewrite/protected-table.js';
import type { ResolvedTable } from '../../rewrite/resolved-table.js';
import { keysOn } from './equality.js';
import { type Finding, warning } from './finding.js';

/**
 * UNIQUE over ciphertext is exact, which a case-insensitive collation's is not ('A@X.COM' beside 'a@x.com'), and lets
 * each tenant have a value once (semantics.md 12).
 */
export function checkUniqueColumns(table: ResolvedTable, live: CatalogTable): Finding[] {
  const findings: Finding[] = [];
  for (const column of table.config.columns.values()) {
    const keys = keysOn(live, column).filter((key) => key.unique);
    if (keys.length === 0 || isExact(column)) continue;
    findings.push(
      warning(
        `${table.config.schema}.${table.config.table}.${column.physical}`,
        `UNIQUE key ${keys.map((key) => key.name).join(', ')} compares ciphertext: values that differ in case or accents are no duplicates; normalise them in the application, or declare a _bin collation`,
      ),
    );
  }
  return findings;
}

/** Whether equal values and equal ciphertext are the same for the declared type. */
export function isExact({ type }: ProtectedColumn): boolean {
  if (type.kind !== 'string') return true;
  return type.collation !== undefined && /_(?:0900_bin|nopad_bin)$/.test(type.collation);
}
