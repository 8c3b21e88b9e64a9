import { ProxyError } from '../errors.js';
import { type KeyProvider, KeyUnavailableError, type TenantKey } from './key-provider.js';

/** Who is told how the provider does: readiness. */
export interface ProviderWatcher {
  succeeded(): void;
  failed(): void;
}

/** A provider whose outages are reported. One tenant without a key is none: it must not make the proxy unready. */
export class WatchedProvider implements KeyProvider {
  readonly name: string;
  readonly #provider: KeyProvider;
  readonly #watcher: ProviderWatcher;

  constructor(provider: KeyProvider, watcher: ProviderWatcher) {
    this.name = provider.name;
    this.#provider = provider;
    this.#watcher = watcher;
  }

  async fetch(tenant: string, signal?: AbortSignal): Promise<TenantKey> {
    try {
      const key = await this.#provider.fetch(tenant, signal);
      this.#watcher.succeeded();
      return key;
    } catch (error) {
      const isOutage = !(error instanceof ProxyError) || isOfProvider(error);
      if (isOutage) this.#watcher.failed();
      throw error;
    }
  }
}

function isOfProvider(error: ProxyError): boolean {
  return error instanceof KeyUnavailableError && error.scope === 'provider';
}
