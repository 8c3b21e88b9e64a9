import type { KeysConfig } from '../../config/config.js';
import { KeyCache, type KeyCacheObserver } from '../../keys/key-cache.js';
import type { KeyProvider } from '../../keys/key-provider.js';
import { FileProvider } from '../../keys/providers/file-provider.js';
import { SecretsManagerProvider } from '../../keys/providers/secrets-manager-provider.js';

/** The configured provider, without a cache: for `check`, which wants to know what is so now. */
export function createKeyProvider(keys: KeysConfig): KeyProvider {
  switch (keys.provider) {
    case 'file':
      return new FileProvider(keys);
    case 'secrets-manager':
      return new SecretsManagerProvider(keys);
  }
}

/** The configured provider behind its cache: for sessions. `close` it at the end. */
export function createKeyCache(keys: KeysConfig, observer?: KeyCacheObserver): KeyCache {
  const { cache } = keys;
  return new KeyCache(createKeyProvider(keys), {
    max: cache.max,
    ttlMs: cache.ttlSeconds * 1000,
    negativeTtlMs: cache.negativeTtlSeconds * 1000,
    fetchTimeoutMs: cache.fetchTimeoutSeconds * 1000,
    ...(observer === undefined ? {} : { observer }),
  });
}
