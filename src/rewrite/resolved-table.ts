import type { Catalog, CatalogColumn, CatalogTable } from './catalog.js';
import { foldLoosely, foldName, hasNonAscii } from './folding.js';
import type { TenantType } from './plan.js';
import type { ProtectedColumn, ProtectedTable } from './protected-table.js';

/** One column as the application sees it. */
export interface LogicalColumn {
  /** Logical name. */
  readonly name: string;
  readonly live: CatalogColumn;
  /** null: not protected. */
  readonly protection: ProtectedColumn | null;
  readonly isTenant: boolean;
}

/** What a name in a statement stands for. */
export type ColumnResolution =
  | { readonly kind: 'column'; readonly column: LogicalColumn }
  /** The name of a physical column that the application does not know. */
  | { readonly kind: 'physical'; readonly column: LogicalColumn }
  /** Servers may fold this name to a column, or not. */
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'unknown' };

/** A protected table as configured, joined with the live schema. */
export class ResolvedTable {
  readonly config: ProtectedTable;
  readonly live: CatalogTable;
  /** In the table's order. */
  readonly columns: readonly LogicalColumn[];
  readonly tenant: LogicalColumn | null;
  readonly tenantType: TenantType;
  /** Whether a key of another tenant's row can be hit by an upsert: a unique key without the tenant column. */
  readonly uniqueAcrossTenants: boolean;
  private readonly byName = new Map<string, LogicalColumn>();
  private readonly byPhysical = new Map<string, LogicalColumn>();
  private readonly byLooseName = new Map<string, LogicalColumn>();

  private constructor(config: ProtectedTable, live: CatalogTable, columns: readonly LogicalColumn[]) {
    this.config = config;
    this.live = live;
    this.columns = columns;
    this.tenant = columns.find((column) => column.isTenant) ?? null;
    this.tenantType =
      this.tenant !== null && INTEGER_TYPES.has(this.tenant.live.dataType) ? 'integer' : 'string';
    for (const column of columns) {
      this.byName.set(foldName(column.name), column);
      this.byLooseName.set(foldLoosely(column.name), column);
      if (column.protection !== null) {
        this.byPhysical.set(foldName(column.protection.physical), column);
        this.byLooseName.set(foldLoosely(column.protection.physical), column);
      }
    }
    const tenantName = config.tenantColumn === undefined ? null : foldName(config.tenantColumn);
    this.uniqueAcrossTenants =
      tenantName !== null &&
      live.keys.some((key) => key.unique && !key.columns.some((column) => foldName(column) === tenantName));
  }

  /** null when the live table lacks a configured column, with the reason in `problem`. */
  static resolve(
    config: ProtectedTable,
    live: CatalogTable | undefined,
  ): ResolvedTable | { problem: string } {
    const where = `${config.schema}.${config.table}`;
    if (live === undefined) {
      return {
        problem: `table ${where} is not in the schema that was read; create it or correct the configuration`,
      };
    }
    const byPhysical = new Map<string, ProtectedColumn>();
    for (const column of config.columns.values()) byPhysical.set(foldName(column.physical), column);
    const columns: LogicalColumn[] = [];
    for (const column of live.columns) {
      const protection = byPhysical.get(foldName(column.name)) ?? null;
      byPhysical.delete(foldName(column.name));
      columns.push({
        name: protection === null ? column.name : protection.logical,
        live: column,
        protection,
        isTenant:
          config.tenantColumn !== undefined && foldName(column.name) === foldName(config.tenantColumn),
      });
    }
    const missing = byPhysical.values().next().value;
    if (missing !== undefined) {
      return { problem: `table ${where} has no column ${missing.physical}, or this account may not see it` };
    }
    if (config.tenantColumn !== undefined && !columns.some((column) => column.isTenant)) {
      return { problem: `table ${where} has no column ${config.tenantColumn}, its configured tenantColumn` };
    }
    const names = new Set<string>();
    for (const column of columns) {
      if (names.has(foldName(column.name))) {
        return {
          problem: `table ${where} has a column ${column.name} beside the logical column of that name`,
        };
      }
      names.add(foldName(column.name));
    }
    const tenant = columns.find((column) => column.isTenant);
    if (tenant !== undefined && !isUsableTenantColumn(tenant.live)) {
      return {
        problem: `column ${tenant.name} of ${where} has type ${tenant.live.columnType}, unfit for a tenant`,
      };
    }
    return new ResolvedTable(config, live, columns);
  }

  /** What a name means where a statement writes to, or reads directly from, this table. */
  lookup(name: string): ColumnResolution {
    const column = this.byName.get(foldName(name));
    if (column !== undefined) return { kind: 'column', column };
    const physical = this.byPhysical.get(foldName(name));
    if (physical !== undefined) return { kind: 'physical', column: physical };
    if (hasNonAscii(name) || /\s$/.test(name)) {
      if (this.byLooseName.has(foldLoosely(name))) return { kind: 'ambiguous' };
    }
    return { kind: 'unknown' };
  }

  /** Columns that a star or an INSERT without a column list stands for. */
  visibleColumns(): readonly LogicalColumn[] {
    return this.columns.filter((column) => !column.live.invisible);
  }
}

const INTEGER_TYPES = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);
const TENANT_STRING_TYPES = new Set(['char', 'varchar', 'binary', 'varbinary', 'tinytext', 'text', 'uuid']);

function isUsableTenantColumn(column: CatalogColumn): boolean {
  if (INTEGER_TYPES.has(column.dataType)) return true;
  if (!TENANT_STRING_TYPES.has(column.dataType)) return false;
  // The exact comparison is made on bytes, which are those of the tenant's ASCII name only in these.
  return column.characterSet === null || !/^(utf16|utf16le|utf32|ucs2)$/.test(column.characterSet);
}

/** The protected tables of one catalog, looked up as a statement names them. */
export class ResolvedTables {
  private readonly tables: readonly (ResolvedTable | { config: ProtectedTable; problem: string })[];

  constructor(configured: readonly ProtectedTable[], catalog: Catalog) {
    this.tables = configured.map((config) => {
      const resolved = ResolvedTable.resolve(config, catalog.tables.get(`${config.schema}.${config.table}`));
      return resolved instanceof ResolvedTable ? resolved : { config, problem: resolved.problem };
    });
  }

  /** As configured. */
  get names(): readonly ProtectedTable[] {
    return this.tables.map((table) => table.config);
  }

  /** Whether some protected table's schema could be called this. */
  hasSchema(name: string): boolean {
    return this.tables.some((table) => foldLoosely(table.config.schema) === foldLoosely(name));
  }

  /**
   * @param schema the schema that was written or is current; null: none.
   * @returns null: no protected table; 'ambiguous': a server may fold the name to a protected one, or not.
   */
  find(
    schema: string | null,
    name: string,
    folding: 0 | 1 | 2,
  ): ResolvedTable | { config: ProtectedTable; problem: string } | 'ambiguous' | null {
    if (schema === null) return null;
    for (const table of this.tables) {
      const { config } = table;
      if (folding === 0) {
        if (config.table === name && config.schema === schema) return table;
        continue;
      }
      if (foldName(config.table) === foldName(name) && foldName(config.schema) === foldName(schema))
        return table;
      if (
        foldLoosely(config.table) === foldLoosely(name) &&
        foldLoosely(config.schema) === foldLoosely(schema)
      ) {
        return 'ambiguous';
      }
    }
    return null;
  }
}
