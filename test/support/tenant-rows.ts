import { afterAll } from 'vitest';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { KEYS, startTestProxy, type TestProxy, type TestProxyOptions } from './proxy.js';

/** What {@link tenantProxies}' `users` give each tenant for `SELECT email`. */
export const ROWS_OF = {
  'tenant-001': [{ email: 'one@example.com' }],
  'tenant-002': [{ email: 'two@example.com' }],
} as const;

/**
 * For the describe block that calls it: starts proxies, each over one row of each tenant with the username u, which end
 * with the block.
 */
export function tenantProxies(
  getServer: () => SqlServerAddress,
  label: string,
): (options: Partial<TestProxyOptions>) => Promise<TestProxy> {
  const proxies: TestProxy[] = [];
  afterAll(async () => {
    for (const proxy of proxies) await proxy.stop();
  });
  return async (options) => {
    const proxy = await startTestProxy(getServer(), { label, ...options });
    proxies.push(proxy);
    for (const tenant of ['tenant-001', 'tenant-002'] as const) {
      await proxy.admin.query(
        "INSERT INTO users (tenant_id, username, encrypted_email) VALUES (?, 'u', AES_ENCRYPT(?, ?))",
        [tenant, ROWS_OF[tenant][0].email, KEYS[tenant]],
      );
    }
    return proxy;
  };
}
