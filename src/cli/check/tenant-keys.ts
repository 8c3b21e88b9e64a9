import type { CatalogKey, CatalogTable } from '../../rewrite/catalog.js';
import type { ResolvedTable } from '../../rewrite/resolved-table.js';
import { type Finding, warning } from './finding.js';

/** How well a table's tenant column and keys keep tenants apart. */
export function checkTenantKeys(table: ResolvedTable, live: CatalogTable): Finding[] {
  const name = `${table.config.schema}.${table.config.table}`;
  const { tenant } = table;
  if (tenant === null) {
    return [
      warning(
        name,
        'has no tenantColumn: only the key separates tenants, and every row is read for each of them; add one if the table has it',
      ),
    ];
  }
  const subject = `${name}.${tenant.name}`;
  const findings: Finding[] = [];
  const { collation } = tenant.live;
  // bypasses.md 12
  if (collation !== null && collation !== 'binary' && !/_(?:bin|0900_bin|nopad_bin)$/.test(collation)) {
    findings.push(
      warning(
        subject,
        `its collation ${collation} takes tenants for the same that differ in case or accents; tenantcrypt compares exactly, other programs may not: MODIFY it to a _bin collation`,
      ),
    );
  }
  if (tenant.live.nullable) {
    findings.push(
      warning(subject, 'may be NULL, and rows without a tenant are seen by nobody; make it NOT NULL'),
    );
  }
  findings.push(
    ...checkUniqueAcrossTenants(name, tenant.name, live),
    ...checkLeadingColumn(name, tenant.name, live),
  );
  return findings;
}

function hasColumn(key: CatalogKey, column: string): boolean {
  return key.columns.some((name) => name.toLowerCase() === column.toLowerCase());
}

function quoted(keys: readonly CatalogKey[]): string {
  return keys.map((key) => `${key.name} (${key.columns.join(', ')})`).join(', ');
}

/** bypasses.md 10 */
function checkUniqueAcrossTenants(name: string, tenantColumn: string, live: CatalogTable): Finding[] {
  const across = live.keys.filter((key) => key.unique && !hasColumn(key, tenantColumn));
  if (across.length === 0) return [];
  return [
    warning(
      name,
      `unique keys without ${tenantColumn}: ${quoted(across)}; upserts are guarded against other tenants' rows and REPLACE is refused: add ${tenantColumn} to them to lift this`,
    ),
  ];
}

/** bypasses.md 11 */
function checkLeadingColumn(name: string, tenantColumn: string, live: CatalogTable): Finding[] {
  const leads = (key: CatalogKey): boolean => key.columns[0]?.toLowerCase() === tenantColumn.toLowerCase();
  const others = live.keys.filter((key) => !leads(key));
  if (live.keys.every((key) => !leads(key))) {
    return [
      warning(
        name,
        `no key begins with ${tenantColumn}: each read looks at all tenants' rows, and a predicate that fails on purpose can tell about them; add KEY (${tenantColumn}, …)`,
      ),
    ];
  }
  if (others.length === 0) return [];
  return [
    warning(
      name,
      `keys that do not begin with ${tenantColumn}: ${quoted(others)}; through them a predicate that fails on purpose can tell about other tenants' rows: put ${tenantColumn} first where you can`,
    ),
  ];
}
