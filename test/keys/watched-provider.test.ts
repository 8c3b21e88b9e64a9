import { expect, it } from 'vitest';
import { ProxyError } from '../../src/errors.js';
import { type KeyProvider, KeyUnavailableError, TenantKey } from '../../src/keys/key-provider.js';
import { WatchedProvider } from '../../src/keys/watched-provider.js';

function watched(fetch: KeyProvider['fetch']): { provider: WatchedProvider; said: string[] } {
  const said: string[] = [];
  const watcher = { succeeded: () => said.push('succeeded'), failed: () => said.push('failed') };
  return { provider: new WatchedProvider({ name: 'p', fetch }, watcher), said };
}

it('reports a key that came', async () => {
  const { provider, said } = watched(async () => new TenantKey(Buffer.from('k'), '1'));
  expect((await provider.fetch('t')).version).toBe('1');
  expect(said).toEqual(['succeeded']);
});

it.each([
  ['an outage', new KeyUnavailableError('the endpoint is not reachable', 'provider'), ['failed']],
  ['a tenant without a key', new KeyUnavailableError('no such secret', 'tenant'), []],
  ['anything unforeseen', new Error('socket'), ['failed']],
  ['a key of one tenant that is malformed', new ProxyError('TC_KEY_UNAVAILABLE', 'x'), []],
])('%s', async (_, error, expected) => {
  const { provider, said } = watched(async () => {
    throw error;
  });
  await expect(provider.fetch('t')).rejects.toBe(error);
  expect(said).toEqual(expected);
});
