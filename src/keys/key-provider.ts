import { inspect } from 'node:util';
import { ProxyError } from '../errors.js';

/**
 * A tenant's key as its provider stores it, not folded (fold-key.ts). Whoever holds one owns its bytes and disposes
 * of it: nothing else writes to them, so a key in use never changes or turns to zeroes under its user.
 */
export class TenantKey {
  /** Changes when the key does; says nothing about its bytes. */
  readonly version: string;
  readonly #bytes: Buffer;
  #disposed = false;

  /** Takes over `bytes`: the caller no longer touches them. */
  constructor(bytes: Buffer, version: string) {
    this.#bytes = bytes;
    this.version = version;
  }

  /** Throws after dispose: zeroes taken for a key would encrypt with a key that everyone knows. */
  get bytes(): Buffer {
    if (this.#disposed)
      throw new ProxyError('TC_INTERNAL', 'a key was used after it was disposed of; report this');
    return this.#bytes;
  }

  /** A key of its own with the same bytes. */
  copy(): TenantKey {
    const bytes = Buffer.allocUnsafeSlow(this.bytes.length);
    this.#bytes.copy(bytes);
    return new TenantKey(bytes, this.version);
  }

  /** Overwrites the bytes with zeroes. May be called again. */
  dispose(): void {
    this.#disposed = true;
    this.#bytes.fill(0);
  }

  toJSON(): object {
    return { version: this.version };
  }

  [inspect.custom](): string {
    return `TenantKey { version: ${inspect(this.version)} }`;
  }
}

export interface KeyProvider {
  /** For metrics: `file`, `secrets-manager`. */
  readonly name: string;
  /**
   * The tenant's current key; the caller disposes of it. Rejects with ProxyError TC_KEY_UNAVAILABLE whatever the
   * reason; the message holds no secret. `signal` ends the work: the caller no longer waits.
   */
  fetch(tenant: string, signal?: AbortSignal): Promise<TenantKey>;
}

/** A key that could not be had. */
export class KeyUnavailableError extends ProxyError {
  /** Whether this tenant's key is the trouble, or the provider is and all tenants' keys with it. */
  readonly scope: 'tenant' | 'provider';

  constructor(message: string, scope: 'tenant' | 'provider', cause?: unknown) {
    super('TC_KEY_UNAVAILABLE', message, cause === undefined ? {} : { cause });
    this.name = 'KeyUnavailableError';
    this.scope = scope;
  }
}
