import { ProxyError } from '../../src/errors.js';
import { KeyCache } from '../../src/keys/key-cache.js';
import { type KeyProvider, TenantKey } from '../../src/keys/key-provider.js';
import type { ColumnType } from '../../src/rewrite/column-type.js';
import type { ProtectedTable } from '../../src/rewrite/protected-table.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { CatalogStore } from '../../src/session/catalog-store.js';
import { RestoredMetadata } from '../../src/session/restored-metadata.js';
import type { Protection } from '../../src/session/session-services.js';

/** A provider whose keys a test may change, withhold and count. */
export class TestKeys implements KeyProvider {
  readonly name = 'test';
  readonly keys = new Map<string, { key: string; version: string }>();
  fetches = 0;

  async fetch(tenant: string): Promise<TenantKey> {
    this.fetches += 1;
    const found = this.keys.get(tenant);
    if (found === undefined) throw new ProxyError('TC_KEY_UNAVAILABLE', 'the test has no key for the tenant');
    return new TenantKey(Buffer.from(found.key), found.version);
  }
}

const varchar = (length: number): ColumnType => ({
  kind: 'string',
  base: 'varchar',
  length,
  charset: 'utf8mb4',
  collation: undefined,
});

/** `users` of the mission: e-mail and telephone number encrypted, and an integer. */
export function usersTable(schema: string): ProtectedTable {
  const column = (logical: string, physical: string, type: ColumnType) =>
    [logical, { logical, physical, type, equality: 'exact' as const }] as const;
  return {
    schema,
    table: 'users',
    tenantColumn: 'tenant_id',
    columns: new Map([
      column('email', 'encrypted_email', varchar(255)),
      column('phone', 'encrypted_phone', varchar(32)),
      column('age', 'encrypted_age', { kind: 'integer', base: 'int', bits: 32, unsigned: false }),
    ]),
  };
}

/** Its physical form. */
export const USERS_SQL = `CREATE TABLE users (
  id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL, username VARCHAR(100) NOT NULL,
  encrypted_email VARBINARY(1040), encrypted_phone VARBINARY(144), encrypted_age VARBINARY(32),
  UNIQUE KEY tenant_email (tenant_id, encrypted_email)) DEFAULT CHARSET utf8mb4`;

/** The same table as the application believes it to be. */
export const PLAIN_USERS_SQL = `CREATE TABLE plain_users (
  id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL, username VARCHAR(100) NOT NULL,
  email VARCHAR(255), phone VARCHAR(32), age INT,
  UNIQUE KEY tenant_email (tenant_id, email)) DEFAULT CHARSET utf8mb4`;

export interface TestProtection extends Protection {
  readonly provider: TestKeys;
  readonly cache: KeyCache;
}

export interface ProtectOptions {
  readonly tenantVariable?: string | null;
  readonly keyTtlMs?: number;
  readonly maxAgeSeconds?: number;
  /** Procedures that may be called, with their schemas. */
  readonly calls?: readonly string[];
}

export function protect(tables: readonly ProtectedTable[], options: ProtectOptions = {}): TestProtection {
  const provider = new TestKeys();
  const cache = new KeyCache(provider, {
    max: 100,
    ttlMs: options.keyTtlMs ?? 60_000,
    negativeTtlMs: 1,
    fetchTimeoutMs: 5_000,
  });
  const tenantVariable = options.tenantVariable ?? null;
  return {
    tables,
    rewriter: new SqlRewriter({
      tables,
      tenantVariable,
      parseDepth: 500,
      planCacheBytes: 1 << 24,
      calls: options.calls ?? [],
    }),
    keys: cache,
    metadata: new RestoredMetadata(),
    catalogs: new CatalogStore({
      maxAgeSeconds: options.maxAgeSeconds ?? 300,
      control: null,
      suspicionIntervalMs: 0,
    }),
    tenantVariable,
    provider,
    cache,
  };
}
