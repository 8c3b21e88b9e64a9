import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createKeyCache, createKeyProvider } from '../../../src/cli/wiring/create-key-provider.js';
import { parseConfig } from '../../../src/config/load-config.js';
import { Metrics } from '../../../src/metrics/metrics.js';

it('makes what the configuration names, with the metrics observing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-wiring-'));
  const text = (keys: string): string => `backend: { host: h }\nkeys: ${keys}\n`;
  const keysOf = (keys: string) => parseConfig(text(keys), { env: {}, file: join(folder, 'c.yaml') }).keys;
  try {
    writeFileSync(join(folder, 'k.yaml'), 't: "00ff"');
    const file = keysOf('{ provider: file, file: k.yaml, format: hex }');
    const aws = keysOf('{ provider: secrets-manager, region: eu-central-1 }');
    if (file === undefined || aws === undefined) throw new Error('no keys section');
    expect(createKeyProvider(aws).name).toBe('secrets-manager');
    const metrics = new Metrics();
    const cache = createKeyCache(
      file,
      metrics.keyCache(file.provider, () => cache.size),
    );
    expect((await cache.fetch('t')).bytes.toString('hex')).toBe('00ff');
    expect(await metrics.registry.getSingleMetricAsString('tenantcrypt_key_cache_entries')).toContain(
      '_entries 1',
    );
    expect(await metrics.registry.metrics()).toContain(
      'tenantcrypt_key_fetch_duration_seconds_count{provider="file",outcome="ok"} 1',
    );
    cache.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
