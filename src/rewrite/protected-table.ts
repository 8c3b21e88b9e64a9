import type { ColumnType } from './column-type.js';

/** What the rewriter knows from the configuration of one protected column. */
export interface ProtectedColumn {
  readonly logical: string;
  readonly physical: string;
  readonly type: ColumnType;
  readonly equality: 'exact' | 'collation';
}

/** What the rewriter knows from the configuration of one protected table. */
export interface ProtectedTable {
  readonly schema: string;
  readonly table: string;
  readonly tenantColumn: string | undefined;
  /** By logical name. */
  readonly columns: ReadonlyMap<string, ProtectedColumn>;
}
