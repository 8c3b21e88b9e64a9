import { type Finding, warning } from './finding.js';

/** A table whose rows lie in another one, which its definition names where no account can read it. */
export interface ForwardingTable {
  readonly schema: string;
  readonly name: string;
  /** As information_schema.TABLES spells it. */
  readonly engine: string;
}

/**
 * The storage engines of such tables.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/federated-storage-engine.html
 * https://dev.mysql.com/doc/refman/9.7/en/merge-storage-engine.html
 * https://mariadb.com/kb/en/connect/
 * https://mariadb.com/kb/en/spider/
 */
export const FORWARDING_ENGINES = ['FEDERATED', 'CONNECT', 'SPIDER', 'MRG_MYISAM'] as const;

/** Lists them: whether they stand for a protected table is not for us to see. */
export const FORWARDING_TABLES_SQL = `SELECT CAST(CONVERT(table_schema USING utf8mb4) AS BINARY),CAST(CONVERT(table_name USING utf8mb4) AS BINARY),CAST(CONVERT(engine USING utf8mb4) AS BINARY) FROM information_schema.tables WHERE UPPER(engine) IN (${FORWARDING_ENGINES.map((engine) => `'${engine}'`).join(',')})`;

/** Tables of other tables: where one stands for a protected table, the proxy takes it for an unprotected one. */
export function checkForwardingTables(tables: readonly ForwardingTable[]): Finding[] {
  return tables.map(({ schema, name, engine }) =>
    warning(
      `${schema}.${name}`,
      `is a table of the ${engine} engine, which may stand for a protected one: through it ciphertext is read and plaintext stored; see that it does not, or drop it`,
    ),
  );
}
