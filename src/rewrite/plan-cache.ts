import { LRUCache } from 'lru-cache';
import type { Plan } from './plan.js';

/** Variants of one shape that differ in pinned literals; beyond these a statement is planned each time. */
const VARIANTS = 8;

/** A key costs its characters; V8 keeps latin1 strings at one byte each. */
const ENTRY_OVERHEAD = 200;

/** Plans by shape, bounded by bytes. One shape has several plans where literals decide what a statement means. */
export class PlanCache {
  readonly stats = { hits: 0, misses: 0, entries: 0, bytes: 0 };
  private readonly cache: LRUCache<string, Plan[]>;

  constructor(maxBytes: number) {
    this.cache = new LRUCache<string, Plan[]>({
      maxSize: Math.max(1, maxBytes),
      sizeCalculation: (plans, key) =>
        plans.reduce((sum, plan) => sum + plan.bytes, ENTRY_OVERHEAD + key.length),
    });
  }

  /** The variants of a shape, or undefined. */
  get(key: string): readonly Plan[] | undefined {
    return this.cache.get(key);
  }

  add(key: string, plan: Plan): void {
    const variants = this.cache.peek(key) ?? [];
    const kept = variants.length < VARIANTS ? variants : variants.slice(1);
    this.cache.set(key, [...kept, plan]);
    this.stats.entries = this.cache.size;
    this.stats.bytes = this.cache.calculatedSize;
  }
}
