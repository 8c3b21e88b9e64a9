import type { Config } from '../../config/config.js';
import type { CatalogTable } from '../../rewrite/catalog.js';
import { ResolvedTable } from '../../rewrite/resolved-table.js';
import type { LiveSchema } from '../live-schema.js';
import { checkEquality } from './equality.js';
import { type Finding, ok, problem } from './finding.js';
import { checkPhysicalColumn } from './physical-column.js';
import { checkTenantKeys } from './tenant-keys.js';
import { checkUniqueColumns } from './unique-columns.js';

/** Each protected table against the live schema. */
export function checkTables(config: Config, live: LiveSchema): Finding[] {
  const findings: Finding[] = [];
  for (const [name, table] of config.tables) {
    const found = live.catalog.tables.get(name);
    if (found === undefined) {
      const why = live.missing.get(name) ?? 'the table is not there';
      findings.push(
        problem(name, `${why}; create it, correct the configuration, or GRANT SELECT on it to control.user`),
      );
      continue;
    }
    const resolved = ResolvedTable.resolve(table, found);
    if (!(resolved instanceof ResolvedTable)) {
      findings.push(problem(name, `${resolved.problem}; correct the table or the configuration`));
      continue;
    }
    const own = checkTable(resolved, found, live);
    if (!own.some(({ level }) => level === 'problem')) {
      const count = table.columns.size;
      findings.push(
        ok(name, `the table and its ${count} protected column${count === 1 ? '' : 's'} are there`),
      );
    }
    findings.push(...own);
  }
  return findings;
}

function checkTable(table: ResolvedTable, found: CatalogTable, live: LiveSchema): Finding[] {
  return [
    ...table.columns
      .filter((column) => column.protection !== null)
      .flatMap((column) => checkPhysicalColumn(table.config, column, live)),
    ...checkTenantKeys(table, found),
    ...checkUniqueColumns(table, found),
    ...checkEquality(table, found),
  ];
}
