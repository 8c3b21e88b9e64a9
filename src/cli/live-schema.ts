import type { Catalog } from '../rewrite/catalog.js';
import type { ServerVersion } from '../rewrite/dialect.js';

/** What the control account sees of the backend. */
export interface LiveSchema {
  readonly server: ServerVersion;
  /** `@@global.sql_mode` */
  readonly sqlMode: string;
  readonly lowerCaseTableNames: 0 | 1 | 2;
  readonly catalog: Catalog;
  /** Why a configured table is not in the catalog, by `schema.table`. */
  readonly missing: ReadonlyMap<string, string>;
}
