import type { KeysConfig } from '../../config/config.js';
import type { KeyProvider } from '../../keys/key-provider.js';
import { FileProvider } from '../../keys/providers/file-provider.js';
import { SecretsManagerProvider } from '../../keys/providers/secrets-manager-provider.js';

/** A provider and what ends its connections. */
export interface OpenKeyProvider {
  readonly provider: KeyProvider;
  close(): void;
}

/** The configured provider, without a cache. Nothing is fetched yet. */
export function createKeyProvider(keys: KeysConfig): OpenKeyProvider {
  switch (keys.provider) {
    case 'file':
      return { provider: new FileProvider(keys), close: () => undefined };
    case 'secrets-manager': {
      const provider = new SecretsManagerProvider(keys);
      return { provider, close: () => provider.close() };
    }
  }
}
