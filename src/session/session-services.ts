import type { Logger } from 'pino';
import type { LimitsConfig } from '../config/config.js';
import type { SessionMetrics } from '../metrics/metrics.js';
import type { ProtectedTable } from '../rewrite/protected-table.js';
import type { Rewriter } from '../rewrite/rewriter.js';
import type { CatalogStore } from './catalog-store.js';
import type { IdleSweep } from './idle-sweep.js';
import type { Keys } from './key-binding.js';
import type { RestoredMetadata } from './restored-metadata.js';
import type { UserExchangeServices } from './user-exchange.js';

/** What the sessions of a process share when tables are protected. */
export interface Protection {
  readonly tables: readonly ProtectedTable[];
  readonly rewriter: Rewriter;
  readonly keys: Keys;
  readonly catalogs: CatalogStore;
  readonly metadata: RestoredMetadata;
  /** Where constants are encrypted; absent: in the backend. */
  readonly constants?: 'backend' | 'proxy';
  /** The user variable that carries the tenant, or null. */
  readonly tenantVariable: string | null;
}

/** What the sessions of a process share. */
export interface SessionServices {
  readonly limits: Pick<
    LimitsConfig,
    'statementBytes' | 'preparedStatements' | 'authSeconds' | 'drainSeconds'
  >;
  /** Ends sessions of which nothing is asked. */
  readonly idle: IdleSweep;
  readonly metrics: SessionMetrics;
  readonly log: Logger;
  /** null: no table is protected, and every command is relayed as it comes. */
  readonly protection: Protection | null;
  /** Whether the server's request for a client's file passes; otherwise it is answered with an empty one. */
  readonly localInfile?: boolean;
  /** Whether COM_BINLOG_DUMP and what belongs to it pass. */
  readonly binlogDump?: boolean;
  /** Without it COM_CHANGE_USER is refused. */
  readonly userExchange?: UserExchangeServices;
}
