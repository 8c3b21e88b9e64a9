import { LRUCache } from 'lru-cache';
import { ProxyError } from '../errors.js';
import type { KeyProvider, TenantKey } from './key-provider.js';

/** What the cache tells the metrics. */
export interface KeyCacheObserver {
  hit(): void;
  miss(): void;
  /** A failure answered from memory. */
  negativeHit(): void;
  /** Dropped before its time, because the cache is full. */
  evicted(): void;
  fetched(outcome: 'ok' | 'error' | 'timeout', seconds: number): void;
}

export interface KeyCacheOptions {
  /** Tenants. */
  readonly max: number;
  readonly ttlMs: number;
  /** How long a failure is remembered, so that a tenant without a key does not hammer the provider. */
  readonly negativeTtlMs: number;
  readonly fetchTimeoutMs: number;
  readonly observer?: KeyCacheObserver;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** From 0 to below 1, for the jitter. */
  readonly random?: () => number;
}

export type VersionChangeListener = (tenant: string, version: string) => void;

interface Entry {
  readonly key: TenantKey;
  readonly expiresAt: number;
  refreshAt: number;
}

interface Flight {
  /** A key for the waiters to copy: zeroed once they have. */
  readonly promise: Promise<TenantKey>;
  /** Set by invalidate: what arrives is for those who wait already and is not kept. */
  stale: boolean;
}

/** Entries expire up to this share of their age early, so that keys fetched together are not all due together. */
const JITTER = 0.1;
/** Share of an entry's life after which a use fetches it anew in the background. */
const REFRESH_AT = 0.75;

/**
 * Keys by tenant, before a provider. One fetch in flight for each tenant whatever the number of waiters, and none
 * waits for another tenant's. A use late in an entry's life fetches it anew while the old one serves on; past its
 * expiry it is gone, fetched or not: a key that was disabled stops working after `ttlMs` at the latest.
 *
 * Whoever asks gets a copy and disposes of it. The cache's own bytes are zeroed when an entry is replaced, expires,
 * is evicted or invalidated; a session that holds a copy is not disturbed, and learns by `peekVersion` when its copy
 * is out of date.
 */
export class KeyCache implements KeyProvider {
  readonly name: string;
  readonly #provider: KeyProvider;
  readonly #options: KeyCacheOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #entries: LRUCache<string, Entry>;
  readonly #failures: LRUCache<string, { readonly error: ProxyError; readonly until: number }>;
  readonly #flights = new Map<string, Flight>();
  readonly #listeners = new Set<VersionChangeListener>();
  readonly #sweeper: NodeJS.Timeout;
  #closed = false;

  constructor(provider: KeyProvider, options: KeyCacheOptions) {
    this.name = provider.name;
    this.#provider = provider;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
    this.#entries = new LRUCache({
      max: options.max,
      dispose: (entry, _tenant, reason) => {
        entry.key.dispose();
        if (reason === 'evict') options.observer?.evicted();
      },
    });
    this.#failures = new LRUCache({ max: Math.max(options.max, 100) });
    // An idle tenant's key would otherwise stay in memory until someone asks for it.
    this.#sweeper = setInterval(() => this.sweep(), Math.max(1000, Math.min(options.ttlMs, 60_000)));
    this.#sweeper.unref();
  }

  /** Tenants whose key is held, expired ones included until the next sweep. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * The tenant's key, from memory or the provider. `signal` ends this caller's wait alone, with TC_KEY_UNAVAILABLE;
   * the fetch goes on for others.
   */
  async fetch(tenant: string, signal?: AbortSignal): Promise<TenantKey> {
    const entry = this.#live(tenant);
    if (entry !== undefined) {
      this.#options.observer?.hit();
      return entry.key.copy();
    }
    const failure = this.#failures.get(tenant);
    if (failure !== undefined && failure.until > this.#now()) {
      this.#options.observer?.negativeHit();
      throw failure.error;
    }
    this.#options.observer?.miss();
    const { promise } = this.#flights.get(tenant) ?? this.#launch(tenant);
    const copy = promise.then((key) => key.copy());
    return signal === undefined ? copy : abortable(copy, signal);
  }

  /** The key when it is in memory and not expired, at once; never starts a wait. */
  peek(tenant: string): TenantKey | undefined {
    const entry = this.#live(tenant);
    if (entry === undefined) return undefined;
    this.#options.observer?.hit();
    return entry.key.copy();
  }

  /**
   * The version of the key in memory; undefined when there is none or it has expired, and then a session fetches
   * before it uses a copy it holds. Cheap enough for each statement, and what starts the refresh ahead of expiry.
   */
  peekVersion(tenant: string): string | undefined {
    return this.#live(tenant)?.key.version;
  }

  /** Calls `listener` when a tenant's key turns out to have another version than the one held. Returns the undo. */
  onVersionChange(listener: VersionChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Drops what is known of the tenant, a fetch in flight included. */
  invalidate(tenant: string): void {
    this.#entries.delete(tenant);
    this.#failures.delete(tenant);
    const flight = this.#flights.get(tenant);
    if (flight !== undefined) flight.stale = true;
    this.#flights.delete(tenant);
  }

  /** Drops and zeroes what has expired. */
  sweep(): void {
    const now = this.#now();
    for (const [tenant, entry] of this.#entries) if (entry.expiresAt <= now) this.#entries.delete(tenant);
    for (const [tenant, failure] of this.#failures) if (failure.until <= now) this.#failures.delete(tenant);
  }

  /** Zeroes all keys and stops the timer; fetches in flight end for their waiters and are not kept. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#sweeper);
    this.#entries.clear();
    this.#failures.clear();
    this.#listeners.clear();
  }

  #live(tenant: string): Entry | undefined {
    const entry = this.#entries.get(tenant);
    if (entry === undefined) return undefined;
    const now = this.#now();
    if (entry.expiresAt <= now) {
      this.#entries.delete(tenant);
      return undefined;
    }
    if (entry.refreshAt <= now && !this.#flights.has(tenant)) {
      entry.refreshAt = now + this.#options.negativeTtlMs;
      // The entry serves until it expires; the failure is counted by the observer and shows when it does.
      this.#launch(tenant).promise.catch(() => undefined);
    }
    return entry;
  }

  #launch(tenant: string): Flight {
    const flight: Flight = { promise: this.#load(tenant, () => flight), stale: false };
    this.#flights.set(tenant, flight);
    return flight;
  }

  async #load(tenant: string, flight: () => Flight): Promise<TenantKey> {
    const started = this.#now();
    try {
      const key = await this.#fetchInTime(tenant);
      const now = this.#now();
      this.#options.observer?.fetched('ok', (now - started) / 1000);
      if (!flight().stale && !this.#closed) this.#keep(tenant, key.copy(), now);
      // All waiters copy in this turn's microtasks. They share no bytes with the entry: another fetch that ends in the
      // same turn may evict it before they run.
      setImmediate(() => key.dispose());
      return key;
    } catch (error) {
      const now = this.#now();
      const failure = asKeyError(error);
      this.#options.observer?.fetched(
        error instanceof FetchTimeout ? 'timeout' : 'error',
        (now - started) / 1000,
      );
      if (!flight().stale && !this.#closed) {
        this.#failures.set(tenant, { error: failure, until: now + this.#options.negativeTtlMs });
      }
      throw failure;
    } finally {
      if (this.#flights.get(tenant) === flight()) this.#flights.delete(tenant);
    }
  }

  #keep(tenant: string, key: TenantKey, now: number): void {
    const life = this.#options.ttlMs * (1 - JITTER * this.#random());
    const before = this.#entries.peek(tenant)?.key.version;
    this.#failures.delete(tenant);
    this.#entries.set(tenant, { key, expiresAt: now + life, refreshAt: now + life * REFRESH_AT });
    if (before === undefined || before === key.version) return;
    for (const listener of this.#listeners) listener(tenant, key.version);
  }

  async #fetchInTime(tenant: string): Promise<TenantKey> {
    const abort = new AbortController();
    const fetching = this.#provider.fetch(tenant, abort.signal);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new FetchTimeout(this.#options.fetchTimeoutMs));
        abort.abort();
      }, this.#options.fetchTimeoutMs);
    });
    try {
      return await Promise.race([fetching, timeout]);
    } catch (error) {
      // A provider that ignores the signal may still come with a key that no one takes.
      fetching.then((key) => key.dispose()).catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

class FetchTimeout extends ProxyError {
  constructor(timeoutMs: number) {
    super(
      'TC_KEY_UNAVAILABLE',
      `the key provider gave no answer in ${timeoutMs} ms; see that it can be reached, or raise keys.cache.fetchTimeoutSeconds`,
    );
  }
}

function asKeyError(error: unknown): ProxyError {
  if (error instanceof ProxyError) return error;
  return new ProxyError('TC_KEY_UNAVAILABLE', 'the key could not be fetched; see the log of tenantcrypt', {
    cause: error,
  });
}

function abortable(promise: Promise<TenantKey>, signal: AbortSignal): Promise<TenantKey> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      promise.then((key) => key.dispose()).catch(() => undefined);
      reject(new ProxyError('TC_KEY_UNAVAILABLE', 'the wait for the key was given up; try again'));
    };
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
