import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../../src/errors.js';
import { KeyCache, type KeyCacheOptions } from '../../src/keys/key-cache.js';
import { type KeyProvider, TenantKey } from '../../src/keys/key-provider.js';

interface Pending {
  readonly tenant: string;
  readonly signal: AbortSignal | undefined;
  /** The key that the provider gave out, to see whether its bytes get zeroed. */
  give(version: string): Buffer;
  fail(error: unknown): void;
}

/** A provider that answers when the test says so. */
class ManualProvider implements KeyProvider {
  readonly name = 'manual';
  readonly pending: Pending[] = [];

  fetch(tenant: string, signal?: AbortSignal): Promise<TenantKey> {
    return new Promise((resolve, reject) => {
      this.pending.push({
        tenant,
        signal,
        give: (version) => {
          const bytes = Buffer.from(`${tenant}:${version}`);
          resolve(new TenantKey(bytes, version));
          return bytes;
        },
        fail: reject,
      });
    });
  }

  take(): Pending {
    const next = this.pending.shift();
    if (next === undefined) throw new Error('nothing was fetched');
    return next;
  }
}

let now = 0;
let provider: ManualProvider;
let caches: KeyCache[] = [];

function makeCache(options: Partial<KeyCacheOptions> = {}): KeyCache {
  const cache = new KeyCache(provider, {
    max: 3,
    ttlMs: 1000,
    negativeTtlMs: 100,
    fetchTimeoutMs: 50,
    now: () => now,
    random: () => 0,
    ...options,
  });
  caches.push(cache);
  return cache;
}

/** Fetches and lets the provider answer. */
async function load(cache: KeyCache, tenant: string, version: string): Promise<TenantKey> {
  const key = cache.fetch(tenant);
  provider.take().give(version);
  return key;
}

const unavailable = (part: string) =>
  expect.objectContaining({ code: 'TC_KEY_UNAVAILABLE', message: expect.stringContaining(part) });

beforeEach(() => {
  now = 0;
  provider = new ManualProvider();
});
afterEach(() => {
  for (const cache of caches) cache.close();
  caches = [];
  vi.useRealTimers();
});

describe('fetching', () => {
  it('serves from memory, each time a copy of its own', async () => {
    const cache = makeCache();
    expect(cache.peek('a')).toBeUndefined();
    const first = await load(cache, 'a', 'v1');
    const second = await cache.fetch('a');
    const third = cache.peek('a');
    expect([first, second, third].map((key) => key?.bytes.toString())).toEqual(['a:v1', 'a:v1', 'a:v1']);
    first.dispose();
    expect(second.bytes.toString()).toBe('a:v1');
    expect(cache.peekVersion('a')).toBe('v1');
    expect(provider.pending).toHaveLength(0);
  });

  it('asks the provider once whatever the number of waiters', async () => {
    const cache = makeCache();
    const waits = Array.from({ length: 50 }, () => cache.fetch('a'));
    expect(provider.pending).toHaveLength(1);
    provider.take().give('v1');
    const keys = await Promise.all(waits);
    expect(new Set(keys.map((key) => key.bytes)).size).toBe(50);
    expect(keys.every((key) => key.bytes.toString() === 'a:v1')).toBe(true);
  });

  it('does not let a slow tenant delay another', async () => {
    const cache = makeCache({ fetchTimeoutMs: 10_000 });
    const slow = cache.fetch('slow');
    const slowAnswer = provider.take();
    expect((await load(cache, 'fast', 'v1')).version).toBe('v1');
    slowAnswer.give('v9');
    expect((await slow).version).toBe('v9');
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', ''])('keeps the tenant %j apart', async (tenant) => {
    const cache = makeCache();
    expect(cache.peekVersion(tenant)).toBeUndefined();
    expect((await load(cache, tenant, 'v1')).bytes.toString()).toBe(`${tenant}:v1`);
    expect(cache.peekVersion('other')).toBeUndefined();
  });

  it('gives every waiter its key when many tenants arrive in one turn and the cache holds one', async () => {
    const cache = makeCache({ max: 1 });
    const waits = ['a', 'b', 'c'].flatMap((tenant) => [cache.fetch(tenant), cache.fetch(tenant)]);
    for (const answer of provider.pending.splice(0)) answer.give('v1');
    const keys = await Promise.all(waits);
    expect(keys.map((key) => key.bytes.toString())).toEqual(['a:v1', 'a:v1', 'b:v1', 'b:v1', 'c:v1', 'c:v1']);
    expect(cache.size).toBe(1);
  });

  it('ends the wait of one caller alone', async () => {
    const cache = makeCache();
    const abort = new AbortController();
    const impatient = cache.fetch('a', abort.signal);
    const patient = cache.fetch('a');
    abort.abort();
    await expect(impatient).rejects.toEqual(unavailable('given up'));
    const answer = provider.take();
    expect(answer.signal?.aborted).toBe(false);
    answer.give('v1');
    expect((await patient).version).toBe('v1');
    await expect(cache.fetch('b', AbortSignal.abort())).rejects.toEqual(unavailable('given up'));
  });
});

describe('failures', () => {
  it('are remembered for a short while, then tried again', async () => {
    const cache = makeCache();
    const failed = cache.fetch('a');
    provider.take().fail(new ProxyError('TC_KEY_UNAVAILABLE', 'gone; create it'));
    await expect(failed).rejects.toEqual(unavailable('gone; create it'));
    now = 99;
    await expect(cache.fetch('a')).rejects.toEqual(unavailable('gone; create it'));
    expect(provider.pending).toHaveLength(0);
    now = 100;
    expect((await load(cache, 'a', 'v1')).version).toBe('v1');
  });

  it('of any other kind become TC_KEY_UNAVAILABLE without their text', async () => {
    const cache = makeCache();
    const failed = cache.fetch('a');
    provider.take().fail(new Error('hunter2'));
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(error).toEqual(unavailable('could not be fetched'));
    expect((error as ProxyError).clientMessage).not.toContain('hunter2');
  });

  it('include no answer in time; what comes late is zeroed and not kept', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const cache = makeCache();
    const failed = expect(cache.fetch('a')).rejects.toEqual(unavailable('no answer in 50 ms'));
    vi.advanceTimersByTime(49);
    const answer = provider.take();
    expect(answer.signal?.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    await failed;
    expect(answer.signal?.aborted).toBe(true);
    const late = answer.give('v1');
    await turn();
    expect(late.every((byte) => byte === 0)).toBe(true);
    expect(cache.peek('a')).toBeUndefined();
  });
});

describe('age', () => {
  it('past its expiry a key is gone: fails closed', async () => {
    const cache = makeCache();
    await load(cache, 'a', 'v1');
    now = 1000;
    expect(cache.peekVersion('a')).toBeUndefined();
    expect(cache.peek('a')).toBeUndefined();
    const failed = cache.fetch('a');
    provider.take().fail(new ProxyError('TC_KEY_UNAVAILABLE', 'disabled; enable it'));
    await expect(failed).rejects.toEqual(unavailable('disabled'));
  });

  it('jitter lets keys expire early, never late', async () => {
    const cache = makeCache({ random: () => 0.999 });
    await load(cache, 'a', 'v1');
    now = 899;
    expect(cache.peekVersion('a')).toBe('v1');
    now = 901;
    expect(cache.peekVersion('a')).toBeUndefined();
  });

  it('a use late in its life fetches anew, once, while the old key serves', async () => {
    const cache = makeCache();
    const changes: string[] = [];
    cache.onVersionChange((tenant, version) => changes.push(`${tenant} ${version}`));
    await load(cache, 'a', 'v1');
    now = 749;
    cache.peekVersion('a');
    expect(provider.pending).toHaveLength(0);
    now = 750;
    expect(cache.peekVersion('a')).toBe('v1');
    expect((await cache.fetch('a')).version).toBe('v1');
    expect(provider.pending).toHaveLength(1);
    provider.take().give('v2');
    await turn();
    expect(cache.peekVersion('a')).toBe('v2');
    expect(changes).toEqual(['a v2']);
    now = 1400;
    expect(cache.peekVersion('a')).toBe('v2');
  });

  it('a failed refresh leaves the old key until its expiry, is tried again, and then fails closed', async () => {
    const cache = makeCache();
    await load(cache, 'a', 'v1');
    now = 750;
    cache.peekVersion('a');
    provider.take().fail(new Error('down'));
    await turn();
    expect((await cache.fetch('a')).version).toBe('v1');
    expect(provider.pending).toHaveLength(0);
    now = 850;
    expect(cache.peekVersion('a')).toBe('v1');
    provider.take().fail(new Error('down'));
    await turn();
    now = 1000;
    const failed = cache.fetch('a');
    provider.take().fail(new ProxyError('TC_KEY_UNAVAILABLE', 'down; wait'));
    await expect(failed).rejects.toEqual(unavailable('down'));
  });

  it('the same version again is no change', async () => {
    const cache = makeCache();
    const listener = vi.fn();
    cache.onVersionChange(listener);
    await load(cache, 'a', 'v1');
    now = 800;
    cache.peekVersion('a');
    provider.take().give('v1');
    await turn();
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('bytes', () => {
  /** Sees the bytes of the cache's own copies as they are disposed of. */
  function disposals(): string[] {
    const seen: string[] = [];
    const original = TenantKey.prototype.dispose;
    vi.spyOn(TenantKey.prototype, 'dispose').mockImplementation(function (this: TenantKey) {
      const { bytes } = this;
      seen.push(bytes.toString());
      original.call(this);
      expect(bytes.every((byte) => byte === 0)).toBe(true);
    });
    return seen;
  }
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('are zeroed when the entry is evicted, swept, invalidated or the cache closed; copies live on', async () => {
    const evicted = vi.fn();
    const observer = { hit: vi.fn(), miss: vi.fn(), negativeHit: vi.fn(), evicted, fetched: vi.fn() };
    const cache = makeCache({ max: 2, observer });
    const held = await load(cache, 'a', 'v1');
    await load(cache, 'b', 'v1');
    await turn();
    const seen = disposals();
    await load(cache, 'c', 'v1');
    expect(seen).toEqual(['a:v1']);
    expect(evicted).toHaveBeenCalledTimes(1);
    expect(held.bytes.toString()).toBe('a:v1');
    await turn();
    seen.length = 0;
    cache.invalidate('b');
    expect(seen).toEqual(['b:v1']);
    now = 1000;
    cache.sweep();
    expect(seen).toEqual(['b:v1', 'c:v1']);
    expect(cache.size).toBe(0);
    await load(cache, 'd', 'v1');
    await turn();
    seen.length = 0;
    cache.close();
    expect(seen).toEqual(['d:v1']);
    expect(evicted).toHaveBeenCalledTimes(1);
  });

  it('of the provider are zeroed once the waiters have theirs', async () => {
    const cache = makeCache();
    const key = cache.fetch('a');
    const given = provider.take().give('v1');
    expect((await key).bytes.toString()).toBe('a:v1');
    await turn();
    expect(given.every((byte) => byte === 0)).toBe(true);
    expect((await key).bytes.toString()).toBe('a:v1');
  });

  it('can not be used after dispose, nor seen by printing', async () => {
    const key = new TenantKey(Buffer.from('hunter2'), 'v1');
    expect(
      `${inspect(key)}${JSON.stringify(key)}${inspect({ key }, { depth: 9, showHidden: true })}`,
    ).not.toMatch(/hunter2|68.?75.?6e|104, ?117/);
    key.dispose();
    expect(() => key.bytes).toThrow(ProxyError);
    expect(() => key.copy()).toThrow(ProxyError);
    key.dispose();
  });
});

describe('invalidate', () => {
  it('makes a fetch in flight serve those who wait, and no one later', async () => {
    const cache = makeCache();
    const before = cache.fetch('a');
    const old = provider.take();
    cache.invalidate('a');
    const after = cache.fetch('a');
    old.give('v1');
    provider.take().give('v2');
    expect((await before).version).toBe('v1');
    expect((await after).version).toBe('v2');
    expect(cache.peekVersion('a')).toBe('v2');
  });
});

it('tells the observer what happened', async () => {
  const observer = { hit: vi.fn(), miss: vi.fn(), negativeHit: vi.fn(), evicted: vi.fn(), fetched: vi.fn() };
  const cache = makeCache({ observer });
  const key = cache.fetch('a');
  now = 20;
  provider.take().give('v1');
  await key;
  cache.peek('a');
  const failed = cache.fetch('b');
  provider.take().fail(new Error('x'));
  await expect(failed).rejects.toThrow();
  await expect(cache.fetch('b')).rejects.toThrow();
  expect(observer.miss).toHaveBeenCalledTimes(2);
  expect(observer.hit).toHaveBeenCalledTimes(1);
  expect(observer.negativeHit).toHaveBeenCalledTimes(1);
  expect(observer.fetched.mock.calls).toEqual([
    ['ok', 0.02],
    ['error', 0],
  ]);
});
