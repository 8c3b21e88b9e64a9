import type { Catalog, CatalogTable, Dependent } from '../catalog.js';
import { foldName } from '../folding.js';
import type { ProtectedTable } from '../protected-table.js';
import type { SchemaFile } from './schema-file.js';

/**
 * The catalog that a schema file stands for.
 * @param tables as configured; one that the file lacks is absent from the catalog
 * @param dependents those of the file's objects that name protected tables
 */
export function catalogOfSchemaFile(
  file: Pick<SchemaFile, 'tables'>,
  tables: readonly ProtectedTable[],
  lowerCaseTableNames: 0 | 1 | 2,
  dependents: readonly Dependent[],
): Catalog {
  const found = new Map<string, CatalogTable>();
  for (const { schema, table } of tables) {
    const name = `${schema}.${table}`;
    const live = lowerCaseTableNames === 0 ? file.tables.get(name) : findFolded(file.tables, name);
    if (live !== undefined) found.set(name, { ...live, schema, name: table });
  }
  return { generation: 1, tables: found, dependents };
}

function findFolded(tables: ReadonlyMap<string, CatalogTable>, name: string): CatalogTable | undefined {
  const folded = foldName(name);
  for (const [key, table] of tables) {
    if (foldName(key) === folded) return table;
  }
  return undefined;
}
