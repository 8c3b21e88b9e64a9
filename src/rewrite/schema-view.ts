import type { ProtectedColumn } from './protected-table.js';

/** The columns of information_schema.COLUMNS that follow from a column's type. Numbers are written in decimal. */
export interface DeclaredType {
  /** DATA_TYPE, e.g. `varchar`. */
  readonly dataType: string;
  /** COLUMN_TYPE, e.g. `varchar(80)`; MariaDB writes the display width of integers. */
  readonly columnType: string;
  readonly characterMaximumLength: string | null;
  readonly characterOctetLength: string | null;
  readonly numericPrecision: string | null;
  readonly numericScale: string | null;
  readonly datetimePrecision: string | null;
  readonly characterSet: string | null;
  readonly collation: string | null;
}

/** Where a row names a column: columns of the view. */
export interface Subject {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** What a column of a view says of a protected column; `own` is what it says itself, as SQL. */
export type Said = (column: ProtectedColumn, declared: DeclaredType, own: string) => string;

export interface MappedColumn {
  readonly subject: Subject;
  readonly said: Said;
}

/** A view of information_schema that names columns. */
export interface SchemaView {
  /** As the servers write it. */
  readonly name: string;
  /** All columns in their order, as the servers write them. */
  readonly columns: readonly string[];
  /** By name, those that say something else of a protected column. */
  readonly mapped: ReadonlyMap<string, MappedColumn>;
}
