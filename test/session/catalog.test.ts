import { describe, expect, it } from 'vitest';
import type { CatalogTable } from '../../src/rewrite/catalog.js';
import {
  catalogStatements,
  findDependents,
  readSchema,
  type SchemaReading,
} from '../../src/session/catalog-queries.js';
import { CatalogStore } from '../../src/session/catalog-store.js';
import { usersTable } from '../support/protection.js';

const USERS = usersTable('shop');

function view(name: string, definition: string | null) {
  return { dependent: { kind: 'view' as const, schema: 'shop', name }, definition };
}

describe('findDependents', () => {
  it('finds views over views, in any case and quoting, and what can not be read', () => {
    const found = findDependents(
      [USERS],
      [
        view('c', 'select * from `shop`.`b`'),
        view('b', 'select * from `SHOP`.`Users`'),
        view('plain', 'select users_id, my_users from `shop`.`orders`'),
        view('hidden', null),
        {
          dependent: { kind: 'routine', schema: 'shop', name: 'r' },
          definition: 'BEGIN SELECT * FROM c; END',
        },
      ],
    );
    expect(found.map(({ name }) => name).sort()).toEqual(['b', 'c', 'hidden', 'r']);
  });
});

describe('catalogStatements', () => {
  it('are ASCII that reads the same under every sql_mode, whatever the names', () => {
    const odd = { ...USERS, schema: `s'"\\ü`, table: 'Ünï`' };
    for (const sql of catalogStatements([odd], 0, { kind: 'mysql', version: 90704 })) {
      expect(sql).toMatch(/^[ -~]*$/);
      expect(sql).not.toMatch(/["\\`|]/);
      expect(sql).toContain('LIMIT 18446744073709551615');
    }
  });
});

describe('readSchema', () => {
  const cell = (value: string | null) => (value === null ? null : Buffer.from(value));
  const column = (name: string) =>
    ['shop', 'users', name, 'varbinary', 'varbinary(99)', null, null, 'YES', 'NULL', '', '99', 'NEVER'].map(
      cell,
    );

  function runner(columns: readonly string[]) {
    return async (sql: string) => {
      if (sql.includes('information_schema.columns')) return columns.map(column);
      if (sql.includes('information_schema.statistics')) {
        return [['shop', 'users', 'k', '0', 'tenant_id', '3'].map(cell)];
      }
      return [];
    };
  }

  it('leaves a table out that lacks a configured column for this reader', async () => {
    const all = ['id', 'tenant_id', 'encrypted_email', 'encrypted_phone', 'encrypted_age'];
    const mariadb = { kind: 'mariadb', version: 101119 } as const;
    const full = await readSchema(runner(all), [USERS], 0, mariadb);
    expect(full.missing.size).toBe(0);
    expect(full.tables.get('shop.users')?.columns.map(({ name }) => name)).toEqual(all);
    expect(full.tables.get('shop.users')?.columns[0]).toMatchObject({ defaultValue: null, generated: false });
    // A prefix of the tenant column is not the tenant column.
    expect(full.tables.get('shop.users')?.keys[0]?.columns).toEqual(['tenant_id(3)']);
    const partial = await readSchema(runner(all.slice(0, 3)), [USERS], 0, mariadb);
    expect(partial.tables.size).toBe(0);
    expect(partial.missing.get('shop.users')).toContain('encrypted_phone');
  });
});

describe('CatalogStore', () => {
  const reading = (name: string): SchemaReading => ({
    tables: new Map<string, CatalogTable>([['shop.users', { schema: 'shop', name, columns: [], keys: [] }]]),
    dependents: [],
    missing: new Map(),
    objects: new Set(),
  });

  it('reads once for concurrent logins, and again when too old', async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      return reading('users');
    };
    const store = new CatalogStore({ maxAgeSeconds: 100, control: null });
    const [a, b] = await Promise.all([store.acquire('app', read), store.acquire('app', read)]);
    expect([reads, a]).toEqual([1, b]);
    await store.acquire('app', read);
    expect(reads).toBe(1);
    const old = new CatalogStore({ maxAgeSeconds: -1, control: null });
    await old.acquire('app', read);
    await old.acquire('app', read);
    expect(reads).toBe(3);
  });

  it('does not wait for good for a reading that hangs, nor for one that fails', async () => {
    const store = new CatalogStore({ maxAgeSeconds: 100, control: null, sharedWaitMs: 20 });
    let fail: (error: Error) => void = () => undefined;
    const hanging = store.acquire(
      'app',
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    const second = await store.acquire('app', async () => reading('users'));
    expect(second.current?.tables.has('shop.users')).toBe(true);
    const refused = store.acquire('app', async () => {
      throw new Error('this connection is lost as well');
    });
    fail(new Error('lost'));
    expect((await hanging).current).toBe(second.current);
    expect((await refused).current).toBe(second.current);
  });

  it('keeps what one account sees from others, and shares what is equal', async () => {
    const store = new CatalogStore({ maxAgeSeconds: 100, control: null });
    const app = await store.acquire('app', async () => reading('all'));
    const poor = await store.acquire('poor', async () => reading('some'));
    const twin = await store.acquire('twin', async () => reading('all'));
    expect(poor.current).not.toBe(app.current);
    expect(twin.current).toBe(app.current);
    const before = app.current?.generation ?? 0;
    await store.refreshAfterDdl('app', async () => reading('more'));
    expect(app.current?.generation).toBeGreaterThan(before);
    // Who saw the same before sees the same after; the other one keeps its own until its next login.
    expect(twin.current).toBe(app.current);
    expect(poor.current?.tables.get('shop.users')?.name).toBe('some');
    expect(
      (await store.acquire('poor', async () => reading('some more'))).current?.tables.get('shop.users')?.name,
    ).toBe('some more');
  });

  it('keeps the old catalog when reading fails, and tries again at the next login', async () => {
    const failures: unknown[] = [];
    const store = new CatalogStore({
      maxAgeSeconds: 100,
      control: null,
      onFailure: (error) => failures.push(error),
      suspicionIntervalMs: -1,
    });
    const fail = async () => {
      throw new Error('gone');
    };
    expect((await store.acquire('app', fail)).current).toBeNull();
    const entry = await store.acquire('app', async () => reading('users'));
    const good = entry.current;
    expect(good).not.toBeNull();
    store.suspect('app');
    expect((await store.acquire('app', fail)).current).toBe(good);
    expect(failures).toHaveLength(2);
    let reads = 0;
    await store.acquire('app', async () => {
      reads += 1;
      return reading('users');
    });
    expect(reads).toBe(1);
  });

  it('reads again on the control connection after a refusal, for sessions that are open', async () => {
    let isUp = false;
    const control = async () => {
      if (!isUp) throw new Error('down');
      return reading('users');
    };
    const never = async () => {
      throw new Error('the session does not read');
    };
    const store = new CatalogStore({ maxAgeSeconds: 100, control });
    const entry = await store.acquire('app', never);
    expect(entry.current).toBeNull();
    isUp = true;
    store.recover('app');
    await new Promise((resolve) => setImmediate(resolve));
    expect(entry.current).not.toBeNull();
  });

  it('reads once for all open sessions of an account after DDL, and not again when that failed', async () => {
    let names = ['users'];
    let reads = 0;
    const read = async () => {
      reads += 1;
      const name = names[0];
      if (name === undefined) throw new Error('gone');
      return reading(name);
    };
    const store = new CatalogStore({ maxAgeSeconds: 100, control: null });
    const entry = await store.acquire('app', read);
    expect(store.catchUp('app', read)).toBeNull();
    store.markStale();
    names = ['people'];
    await Promise.all([store.catchUp('app', read), store.catchUp('app', read)]);
    expect([reads, entry.current?.tables.get('shop.users')?.name]).toEqual([2, 'people']);
    expect(store.catchUp('app', read)).toBeNull();
    store.markStale();
    names = [];
    await store.catchUp('app', read);
    expect([reads, store.catchUp('app', read)]).toEqual([3, null]);
    expect(entry.current?.tables.get('shop.users')?.name).toBe('people');
  });

  it('does not let a login fail with the one that reads for it', async () => {
    const store = new CatalogStore({ maxAgeSeconds: 100, control: null });
    const first = store.acquire('app', async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      throw new Error('the session that read is gone');
    });
    const second = store.acquire('app', async () => reading('users'));
    expect((await second).current).not.toBeNull();
    await first;
  });
});
