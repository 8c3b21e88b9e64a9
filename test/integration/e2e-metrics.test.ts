import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { metric, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let client: Connection;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'metrics' });
    client = await proxy.connect('tenant-001');
  });
  afterAll(async () => await proxy?.stop());

  /** How much a metric grew while `work` ran. */
  async function growth(
    series: readonly (readonly [string, Readonly<Record<string, string>>?])[],
    work: () => Promise<unknown>,
  ): Promise<number[]> {
    const before = await proxy.metrics();
    await work();
    const after = await proxy.metrics();
    return series.map(([name, labels]) => metric(after, name, labels) - metric(before, name, labels));
  }

  it('counts statements by what became of them', async () => {
    const statements = 'tenantcrypt_statements_total';
    const grown = await growth(
      [
        [statements, { outcome: 'forwarded' }],
        [statements, { outcome: 'rewritten' }],
        [statements, { outcome: 'refused', reason: 'TC_RESERVED_NAME' }],
        [statements, { outcome: 'refused', reason: 'TC_TENANT_PINNED' }],
        [statements, { outcome: 'refused' }],
      ],
      async () => {
        for (let i = 0; i < 3; i += 1) await client.query('SELECT 1');
        await client.query("INSERT INTO users (username, email) VALUES ('m', 'm@example.com')");
        for (let i = 0; i < 4; i += 1) await client.query('SELECT email FROM users WHERE id = ?', [i]);
        await client.query('SELECT @__tc_key').catch(() => undefined);
        await client.query("SET @tenant_id = 'tenant-002'").catch(() => undefined);
      },
    );
    expect(grown).toEqual([3, 5, 1, 1, 2]);
  });

  it('counts plans that were reused, whatever the literals', async () => {
    const grown = await growth(
      [['tenantcrypt_plan_cache_hits'], ['tenantcrypt_plan_cache_misses']],
      async () => {
        for (let i = 0; i < 10; i += 1) {
          await client.query('SELECT phone AS metrics_phone FROM users WHERE email = ? AND id < ?', [
            `m${i}`,
            i,
          ]);
        }
      },
    );
    expect(grown).toEqual([9, 1]);
    const text = await proxy.metrics();
    expect(metric(text, 'tenantcrypt_plan_cache_entries')).toBeGreaterThan(0);
    expect(metric(text, 'tenantcrypt_plan_cache_bytes')).toBeGreaterThan(0);
  });

  it('times commands, by command and outcome', async () => {
    const count = 'tenantcrypt_query_duration_seconds_count';
    const sum = 'tenantcrypt_query_duration_seconds_sum';
    const [queries, seconds, errors, refusals, pings] = await growth(
      [
        [count, { command: 'COM_QUERY', outcome: 'rewritten' }],
        [sum, { command: 'COM_QUERY', outcome: 'rewritten' }],
        [count, { command: 'COM_QUERY', outcome: 'error' }],
        [count, { command: 'COM_QUERY', outcome: 'refused' }],
        [count, { command: 'COM_PING' }],
      ],
      async () => {
        await client.query('SELECT email, SLEEP(0.2) FROM users LIMIT 1');
        await client.query('SELECT nothing').catch(() => undefined);
        await client.query('SELECT @__tc_key').catch(() => undefined);
        await client.ping();
      },
    );
    expect([queries, errors, refusals, pings]).toEqual([1, 1, 1, 1]);
    expect(seconds).toBeGreaterThan(0.2);
    expect(seconds).toBeLessThan(10);
  });

  it('times its own work, by phase', async () => {
    const count = 'tenantcrypt_overhead_seconds_count';
    const [scan, plan, rewrite, relay] = await growth(
      ['scan', 'plan', 'rewrite', 'relay'].map((phase) => [count, { phase }] as const),
      async () => {
        for (let i = 0; i < 5; i += 1)
          await client.query('SELECT phone AS timed FROM users WHERE id = ?', [i]);
      },
    );
    expect(scan).toBe(4);
    expect(plan).toBe(1);
    expect(rewrite).toBe(5);
    expect(relay).toBeGreaterThanOrEqual(0);
    const text = await proxy.metrics();
    expect(metric(text, 'tenantcrypt_overhead_seconds_sum', { phase: 'scan' })).toBeLessThan(1);
  });

  it('counts sessions and bytes', async () => {
    const before = metric(await proxy.metrics(), 'tenantcrypt_sessions');
    const another = await proxy.connect('tenant-002');
    expect(metric(await proxy.metrics(), 'tenantcrypt_sessions')).toBe(before + 1);
    const bytes = 'tenantcrypt_bytes_total';
    const [to, from] = await growth(
      [
        [bytes, { direction: 'client_to_backend' }],
        [bytes, { direction: 'backend_to_client' }],
      ],
      async () => await rowsOf(another, `SELECT REPEAT('x', 100000) AS x, '${'y'.repeat(5_000)}' AS y`),
    );
    expect(to).toBeGreaterThan(5_000);
    expect(to).toBeLessThan(20_000);
    expect(from).toBeGreaterThan(105_000);
    await another.end();
    await expect
      .poll(async () => metric(await proxy.metrics(), 'tenantcrypt_sessions'), { timeout: 3_000 })
      .toBe(before);
  });

  it('has no tenant, table or column in any label', async () => {
    expect(await proxy.metrics()).not.toMatch(/tenant-00|email|users|example/);
  });
});
