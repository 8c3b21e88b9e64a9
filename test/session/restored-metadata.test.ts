import { expect, it } from 'vitest';
import type { Catalog } from '../../src/rewrite/catalog.js';
import type { ColumnRestoration } from '../../src/rewrite/plan.js';
import { type KnownBeginning, RestoredMetadata } from '../../src/session/restored-metadata.js';

const restoration: ColumnRestoration = { server: 'mysql', views: [], inline: null };
const [catalog, later] = [{}, {}] as [Catalog, Catalog];
const client = (flags: number) => ({ flags, mariadb: 0 });

function beginning(name: string): KnownBeginning {
  return { metadata: { raw: Buffer.from(name), relayed: Buffer.from(name) }, rowLayout: null };
}

it('tells apart protocols, capabilities, catalogs and plans', () => {
  const restored = new RestoredMetadata();
  const [text, binary, other] = [beginning('text'), beginning('binary'), beginning('other')];
  restored.set(restoration, catalog, client(1), false, text);
  restored.set(restoration, catalog, client(1), true, binary);
  restored.set(restoration, catalog, client(2), false, other);
  expect(restored.get(restoration, catalog, client(1), false)).toBe(text);
  expect(restored.get(restoration, catalog, client(1), true)).toBe(binary);
  expect(restored.get(restoration, catalog, client(2), false)).toBe(other);
  expect(restored.get(restoration, catalog, { flags: 1, mariadb: 4 }, false)).toBeNull();
  expect(restored.get(restoration, later, client(1), false)).toBeNull();
  expect(restored.get({ server: 'mysql', views: [], inline: null }, catalog, client(1), false)).toBeNull();
  const changed = beginning('changed');
  restored.set(restoration, catalog, client(1), false, changed);
  expect(restored.get(restoration, catalog, client(1), false)).toBe(changed);
  expect(restored.get(restoration, catalog, client(1), true)).toBe(binary);
  restored.set(restoration, later, client(1), false, text);
  expect(restored.get(restoration, catalog, client(1), true)).toBeNull();
});

it('keeps a bounded number for a plan', () => {
  const restored = new RestoredMetadata();
  for (let flags = 0; flags < 20; flags++) {
    restored.set(restoration, catalog, client(flags), false, beginning(String(flags)));
  }
  const kept = Array.from({ length: 20 }, (_, flags) =>
    restored.get(restoration, catalog, client(flags), false),
  );
  expect(kept.filter((one) => one !== null)).toHaveLength(8);
  expect(kept[19]?.metadata.raw.toString()).toBe('19');
});
