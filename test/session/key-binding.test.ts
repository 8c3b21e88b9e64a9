import { createDecipheriv } from 'node:crypto';
import { expect, it } from 'vitest';
import { foldKey } from '../../src/keys/fold-key.js';
import { TenantKey } from '../../src/keys/key-provider.js';
import { KeyBinding, type Keys } from '../../src/session/key-binding.js';
import type { OwnCommands } from '../../src/session/own-commands.js';

/** A cache with one tenant's key, which it may have dropped. */
class OneKey implements Keys {
  kept: TenantKey | null = null;
  readonly given: TenantKey[] = [];

  async fetch(): Promise<TenantKey> {
    return this.copy(new TenantKey(Buffer.from('a key'), '1'));
  }

  peek(): TenantKey | undefined {
    return this.kept === null ? undefined : this.copy(this.kept);
  }

  peekVersion(): string | undefined {
    return this.kept?.version;
  }

  private copy(key: TenantKey): TenantKey {
    const copy = key.copy();
    this.given.push(copy);
    return copy;
  }
}

const own = {
  prepare: async () => 1,
  executeSecret: async () => undefined,
} as unknown as OwnCommands;

function decrypted(ciphertext: Buffer, key: string): string {
  const decipher = createDecipheriv('aes-128-ecb', foldKey(Buffer.from(key), 16), null);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString();
}

const isDisposed = (key: TenantKey): boolean => {
  try {
    return key.bytes.length < 0;
  } catch {
    return true;
  }
};

it('encrypts with the key that is set, of which it keeps no copy', async () => {
  const keys = new OneKey();
  keys.kept = new TenantKey(Buffer.from('a key'), '1');
  const binding = new KeyBinding(own, keys, true);
  expect(() => binding.cipher('t1')).toThrow('not at hand');
  await binding.bind('t1');
  const cipher = binding.cipher('t1');
  expect(decrypted(cipher.encrypt(Buffer.from('text')), 'a key')).toBe('text');
  await Promise.resolve();
  expect(() => cipher.encrypt(Buffer.from('text'))).toThrow('disposed');
  expect(keys.given.every(isDisposed)).toBe(true);
});

it('never encrypts with another key, or for another tenant', async () => {
  const keys = new OneKey();
  keys.kept = new TenantKey(Buffer.from('a key'), '1');
  const binding = new KeyBinding(own, keys, true);
  await binding.bind('t1');
  expect(() => binding.cipher('t2')).toThrow('not at hand');
  keys.kept = new TenantKey(Buffer.from('another key'), '2');
  expect(() => binding.cipher('t1')).toThrow('not at hand');
  expect(keys.given.every(isDisposed)).toBe(true);
});

it.each(['release', 'forget', 'unbind'] as const)(
  'keeps a key that the cache does not keep until %s',
  async (end) => {
    const keys = new OneKey();
    const binding = new KeyBinding(own, keys, true);
    await binding.bind('t1');
    for (let time = 0; time < 2; time += 1) {
      expect(decrypted(binding.cipher('t1').encrypt(Buffer.from('text')), 'a key')).toBe('text');
    }
    expect(keys.given.every(isDisposed)).toBe(false);
    await binding[end]();
    expect(keys.given.every(isDisposed)).toBe(true);
    expect(() => binding.cipher('t1')).toThrow('not at hand');
  },
);

it('keeps none where the server encrypts', async () => {
  const keys = new OneKey();
  await new KeyBinding(own, keys).bind('t1');
  expect(keys.given.every(isDisposed)).toBe(true);
});
