import type { Logger } from 'pino';
import type { Config } from '../../config/config.js';
import { KeyCache } from '../../keys/key-cache.js';
import { type KeyProvider, KeyUnavailableError } from '../../keys/key-provider.js';
import { type ProviderWatcher, WatchedProvider } from '../../keys/watched-provider.js';
import type { Metrics } from '../../metrics/metrics.js';
import { CatalogStore } from '../../session/catalog-store.js';
import { RestoredMetadata } from '../../session/restored-metadata.js';
import type { Protection } from '../../session/session-services.js';
import { KeptControlConnection } from './kept-control-connection.js';
import { createKeyProvider } from './key-provider.js';
import { createRewriter, tenantVariableOf } from './rewriter.js';

export interface OpenProtection {
  readonly protection: Protection;
  /** Asks the database with the control account; null: there is none. Rejects when there is no answer. */
  readonly pingBackend: (() => Promise<void>) | null;
  /** Asks where the keys are, which tells the watcher; null where that would cost a call to a service. */
  readonly askKeys: (() => Promise<void>) | null;
  /** Forgets all keys, their bytes zeroed, and closes the provider's connections. */
  close(): void;
}

/** What all sessions share to work on protected tables; null when none is configured. */
export function openProtection(
  config: Config,
  metrics: Metrics,
  log: Logger,
  watcher: ProviderWatcher,
): OpenProtection | null {
  if (config.tables.size === 0 || config.keys === undefined) return null;
  const tables = [...config.tables.values()];
  const { provider, close } = createKeyProvider(config.keys);
  const { cache } = config.keys;
  const watched = new WatchedProvider(provider, watcher);
  const keys: KeyCache = new KeyCache(watched, {
    max: cache.max,
    ttlMs: cache.ttlSeconds * 1000,
    negativeTtlMs: cache.negativeTtlSeconds * 1000,
    fetchTimeoutMs: cache.fetchTimeoutSeconds * 1000,
    observer: metrics.keyCache(provider.name, () => keys.size),
  });
  const rewriter = createRewriter(config);
  metrics.watchPlanCache(() => rewriter.stats);
  const control = config.control === undefined ? null : new KeptControlConnection(config);
  const catalogs = new CatalogStore({
    maxAgeSeconds: config.schema.maxAgeSeconds,
    control: control === null ? null : () => control.readSchema(),
    ...(control === null ? {} : { controlLookUp: (names) => control.lookUp(names) }),
    onFailure: (error) => {
      log.warn(
        { code: 'TC_SCHEMA', err: error },
        'the schema could not be read; tried again at the next login',
      );
    },
    onMissing: (missing) => {
      for (const [table, problem] of missing) {
        log.warn(
          { code: 'TC_SCHEMA', table },
          `${problem}; its statements are refused: run tenantcrypt check`,
        );
      }
    },
  });
  const refreshing =
    control === null
      ? undefined
      : setInterval(() => void catalogs.refresh(), config.schema.refreshSeconds * 1000).unref();
  return {
    protection: {
      tables,
      rewriter,
      keys,
      catalogs,
      metadata: new RestoredMetadata(),
      constants: config.constants,
      tenantVariable: tenantVariableOf(config),
    },
    pingBackend: control === null ? null : () => control.ping(),
    askKeys: config.keys.provider === 'file' ? () => ask(watched, watcher) : null,
    close: () => {
      clearInterval(refreshing);
      control?.close();
      keys.close();
      close();
    },
  };
}

/** No tenant can be called this: tenant ids match tenant.pattern. */
const NOBODY = 'nobody (tenantcrypt asks whether keys can be had)';

async function ask(provider: KeyProvider, watcher: ProviderWatcher): Promise<void> {
  try {
    (await provider.fetch(NOBODY)).dispose();
  } catch (error) {
    if (!(error instanceof KeyUnavailableError) || error.scope !== 'tenant') throw error;
    // The provider has answered: whatever failed before is over.
    watcher.succeeded();
  }
}
