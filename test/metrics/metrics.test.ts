import { describe, expect, it } from 'vitest';
import { Metrics } from '../../src/metrics/metrics.js';

/** The value of one line of the exposition; undefined when the line is not there. */
async function seriesValue(metrics: Metrics, series: string): Promise<number | undefined> {
  const text = await metrics.registry.metrics();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

it('has every metric of the design', async () => {
  const metrics = new Metrics();
  metrics.keyCache('file', () => 3);
  metrics.watchPlanCache(() => ({ entries: 5, bytes: 700 }));
  const text = await metrics.registry.metrics();
  const types = [...text.matchAll(/^# TYPE (tenantcrypt_\S+) (\S+)$/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  expect(types.sort()).toEqual([
    'tenantcrypt_bytes_total counter',
    'tenantcrypt_key_cache_entries gauge',
    'tenantcrypt_key_cache_evictions counter',
    'tenantcrypt_key_cache_hits counter',
    'tenantcrypt_key_cache_misses counter',
    'tenantcrypt_key_cache_negative_hits counter',
    'tenantcrypt_key_fetch_duration_seconds histogram',
    'tenantcrypt_overhead_seconds histogram',
    'tenantcrypt_plan_cache_bytes gauge',
    'tenantcrypt_plan_cache_entries gauge',
    'tenantcrypt_plan_cache_hits counter',
    'tenantcrypt_plan_cache_misses counter',
    'tenantcrypt_query_duration_seconds histogram',
    'tenantcrypt_sessions gauge',
    'tenantcrypt_statements_total counter',
  ]);
  expect(text).toMatch(/^process_cpu_seconds_total \S+$/m);
});

it('counts what sessions and caches tell it, and keeps counting over scrapes', async () => {
  const metrics = new Metrics();
  const keys = metrics.keyCache('file', () => 3);
  metrics.watchPlanCache(() => ({ entries: 5, bytes: 700 }));
  for (let round = 1; round <= 2; round++) {
    metrics.sessionOpened();
    metrics.statement('forwarded');
    metrics.statement('rewritten');
    metrics.statement('refused', 'TC_NO_TENANT');
    metrics.statement('refused', 'TC_LIMIT');
    metrics.bytes('client_to_backend', 10);
    metrics.bytes('backend_to_client', 1000);
    metrics.planCacheHit();
    metrics.planCacheMiss();
    keys.hit();
    keys.miss();
    keys.negativeHit();
    keys.evicted();
    for (const [series, value] of [
      ['tenantcrypt_sessions', round],
      ['tenantcrypt_statements_total{outcome="forwarded",reason=""}', round],
      ['tenantcrypt_statements_total{outcome="rewritten",reason=""}', round],
      ['tenantcrypt_statements_total{outcome="refused",reason="TC_NO_TENANT"}', round],
      ['tenantcrypt_statements_total{outcome="refused",reason="TC_LIMIT"}', round],
      ['tenantcrypt_bytes_total{direction="client_to_backend"}', 10 * round],
      ['tenantcrypt_bytes_total{direction="backend_to_client"}', 1000 * round],
      ['tenantcrypt_plan_cache_hits', round],
      ['tenantcrypt_plan_cache_misses', round],
      ['tenantcrypt_plan_cache_entries', 5],
      ['tenantcrypt_plan_cache_bytes', 700],
      ['tenantcrypt_key_cache_hits', round],
      ['tenantcrypt_key_cache_misses', round],
      ['tenantcrypt_key_cache_negative_hits', round],
      ['tenantcrypt_key_cache_evictions', round],
      ['tenantcrypt_key_cache_entries', 3],
    ] as const) {
      expect.soft(await seriesValue(metrics, series), series).toBe(value);
    }
  }
  metrics.sessionClosed();
  expect(await seriesValue(metrics, 'tenantcrypt_sessions')).toBe(1);
});

describe('histograms', () => {
  it('put an observation into the buckets from its value on', async () => {
    const metrics = new Metrics();
    for (const seconds of [0, 1e-6, 1.1e-6, 0.3, 7]) metrics.overhead('scan', seconds);
    const bucket = (le: string) =>
      seriesValue(metrics, `tenantcrypt_overhead_seconds_bucket{phase="scan",le="${le}"}`);
    expect(await bucket('0.000001')).toBe(2);
    expect(await bucket('0.0000025')).toBe(3);
    expect(await bucket('0.1')).toBe(3);
    expect(await bucket('0.5')).toBe(4);
    expect(await bucket('1')).toBe(4);
    expect(await bucket('+Inf')).toBe(5);
    expect(await seriesValue(metrics, 'tenantcrypt_overhead_seconds_count{phase="scan"}')).toBe(5);
    expect(await seriesValue(metrics, 'tenantcrypt_overhead_seconds_sum{phase="scan"}')).toBeCloseTo(
      7.3000021,
      9,
    );
    expect(await seriesValue(metrics, 'tenantcrypt_overhead_seconds_count{phase="relay"}')).toBe(0);
  });

  it('of queries have a series for each command and outcome', async () => {
    const metrics = new Metrics();
    metrics.query('COM_QUERY', 'rewritten', 0.001);
    metrics.query('COM_QUERY', 'rewritten', 0.002);
    metrics.query('COM_QUERY', 'error', 0.002);
    metrics.query('COM_PING', 'forwarded', 0.002);
    const count = (labels: string) =>
      seriesValue(metrics, `tenantcrypt_query_duration_seconds_count{${labels}}`);
    expect(await count('command="COM_QUERY",outcome="rewritten"')).toBe(2);
    expect(await count('command="COM_QUERY",outcome="error"')).toBe(1);
    expect(await count('command="COM_PING",outcome="forwarded"')).toBe(1);
  });

  it('of fetches have a series for each outcome', async () => {
    const metrics = new Metrics();
    const keys = metrics.keyCache('secrets-manager', () => 0);
    keys.fetched('timeout', 5);
    expect(
      await seriesValue(
        metrics,
        'tenantcrypt_key_fetch_duration_seconds_count{provider="secrets-manager",outcome="timeout"}',
      ),
    ).toBe(1);
  });
});

it('two instances share nothing', async () => {
  const first = new Metrics();
  first.planCacheHit();
  expect(await seriesValue(new Metrics(), 'tenantcrypt_plan_cache_hits')).toBe(0);
});
