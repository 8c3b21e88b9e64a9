import type { ProtectedTable } from './protected-table.js';

/** One physical column as the live schema has it. */
export interface CatalogColumn {
  readonly name: string;
  /** DATA_TYPE, lower case, e.g. `varbinary`, `int`. */
  readonly dataType: string;
  /** COLUMN_TYPE, e.g. `varbinary(255)`, `int unsigned`. */
  readonly columnType: string;
  /** Lower case; null for types without one. */
  readonly characterSet: string | null;
  readonly collation: string | null;
  readonly nullable: boolean;
  /** null: no default, or DEFAULT NULL. */
  readonly defaultValue: string | null;
  readonly autoIncrement: boolean;
  readonly generated: boolean;
  readonly invisible: boolean;
  /** Bytes, for character and binary types. */
  readonly octetLength: number | null;
}

export interface CatalogKey {
  readonly name: string;
  readonly unique: boolean;
  /** Column names in key order. */
  readonly columns: readonly string[];
}

export interface CatalogTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
  readonly keys: readonly CatalogKey[];
}

/** A protected table joined with what the live schema says of it. */
export interface ProtectedCatalogTable {
  readonly config: ProtectedTable;
  readonly live: CatalogTable;
}

/** A view, trigger or routine whose text names a protected table. */
export interface Dependent {
  readonly kind: 'view' | 'trigger' | 'routine' | 'event';
  readonly schema: string;
  readonly name: string;
  /** Of a trigger: the table in the same schema whose changes fire it. */
  readonly table?: string;
}

/**
 * What the live schema says of the protected tables: immutable; a refresh makes a new one with a higher
 * generation, which is part of the plan cache's key.
 */
export interface Catalog {
  readonly generation: number;
  /** By `schema.table` as configured. A configured table that the schema lacks is absent here. */
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly dependents: readonly Dependent[];
}
