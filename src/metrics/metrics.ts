import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ErrorCode } from '../errors.js';
import { FastHistogram, type HistogramSeries } from './fast-histogram.js';

export type StatementOutcome = 'forwarded' | 'rewritten' | 'refused';
/** `error`: the backend answered with ERR, or the session was lost. */
export type QueryOutcome = StatementOutcome | 'error';
export type OverheadPhase = 'scan' | 'plan' | 'rewrite' | 'key' | 'relay';
export type Direction = 'client_to_backend' | 'backend_to_client';
export type KeyFetchOutcome = 'ok' | 'error' | 'timeout';

/** From a microsecond to a second: a plan-cache hit costs a few, a parse a millisecond, a key fetch tens of them. */
const OVERHEAD_BUCKETS = [
  1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 5e-2, 0.1, 0.5, 1,
];
const QUERY_BUCKETS = [
  5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];
const FETCH_BUCKETS = [1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A number that the hot path adds to; the registry reads it when it is scraped. */
class Tally {
  value = 0;
}

/** What sessions write to: no call allocates, looks up a label set or awaits. */
export interface SessionMetrics {
  sessionOpened(): void;
  sessionClosed(): void;
  /** `reason`: the code of a refusal. */
  statement(outcome: StatementOutcome, reason?: ErrorCode): void;
  /** From the command's first byte in to its answer's last byte out. `command`: the manual's name, COM_QUERY. */
  query(command: string, outcome: QueryOutcome, seconds: number): void;
  overhead(phase: OverheadPhase, seconds: number): void;
  bytes(direction: Direction, count: number): void;
  planCacheHit(): void;
  planCacheMiss(): void;
}

/** What the key cache writes to (keys/key-cache.ts, KeyCacheObserver). */
export interface KeyCacheMetrics {
  hit(): void;
  miss(): void;
  negativeHit(): void;
  evicted(): void;
  fetched(outcome: KeyFetchOutcome, seconds: number): void;
}

export interface PlanCacheGauges {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * All metrics of the process in a registry of its own (design.md §9). No tenant id, statement or name of a column is
 * ever a label: they are unbounded in number and tell whose data is here.
 */
export class Metrics implements SessionMetrics {
  readonly registry = new Registry();
  #sessions = 0;
  #planCacheGauges: () => PlanCacheGauges = () => ({ entries: 0, bytes: 0 });
  #keyCacheEntries: () => number = () => 0;

  readonly #queryHistogram: FastHistogram<'command' | 'outcome'>;
  readonly #queries = new Map<string, Map<QueryOutcome, HistogramSeries<'command' | 'outcome'>>>();
  readonly #overhead: Readonly<Record<OverheadPhase, HistogramSeries<'phase'>>>;
  readonly #fetchHistogram: FastHistogram<'provider' | 'outcome'>;
  readonly #forwarded = new Tally();
  readonly #rewritten = new Tally();
  readonly #refused = new Map<ErrorCode | '', Tally>();
  readonly #bytes: Readonly<Record<Direction, Tally>> = {
    client_to_backend: new Tally(),
    backend_to_client: new Tally(),
  };
  readonly #planCacheHits: Tally;
  readonly #planCacheMisses: Tally;
  readonly #keyCacheHits: Tally;
  readonly #keyCacheMisses: Tally;
  readonly #keyCacheNegativeHits: Tally;
  readonly #keyCacheEvictions: Tally;

  constructor() {
    const registers = [this.registry];
    this.#queryHistogram = new FastHistogram(this.registry, {
      name: 'tenantcrypt_query_duration_seconds',
      help: "From a command's first byte in to its answer's last byte out",
      labelNames: ['command', 'outcome'],
      buckets: QUERY_BUCKETS,
    });
    const overhead = new FastHistogram(this.registry, {
      name: 'tenantcrypt_overhead_seconds',
      help: 'Time that tenantcrypt itself spends on a command, by phase',
      labelNames: ['phase'],
      buckets: OVERHEAD_BUCKETS,
    });
    this.#overhead = {
      scan: overhead.series({ phase: 'scan' }),
      plan: overhead.series({ phase: 'plan' }),
      rewrite: overhead.series({ phase: 'rewrite' }),
      key: overhead.series({ phase: 'key' }),
      relay: overhead.series({ phase: 'relay' }),
    };
    this.#fetchHistogram = new FastHistogram(this.registry, {
      name: 'tenantcrypt_key_fetch_duration_seconds',
      help: 'Fetches from the key provider',
      labelNames: ['provider', 'outcome'],
      buckets: FETCH_BUCKETS,
    });
    this.#registerStatements();
    this.#registerBytes();
    this.#planCacheHits = this.#counter(
      'tenantcrypt_plan_cache_hits',
      'Statements whose plan was in the cache',
    );
    this.#planCacheMisses = this.#counter(
      'tenantcrypt_plan_cache_misses',
      'Statements that had to be parsed',
    );
    this.#keyCacheHits = this.#counter('tenantcrypt_key_cache_hits', 'Keys served from memory');
    this.#keyCacheMisses = this.#counter('tenantcrypt_key_cache_misses', 'Keys that had to be waited for');
    this.#keyCacheNegativeHits = this.#counter(
      'tenantcrypt_key_cache_negative_hits',
      'Failures of the key provider served from memory',
    );
    this.#keyCacheEvictions = this.#counter(
      'tenantcrypt_key_cache_evictions',
      'Keys dropped before their time because the cache is full',
    );
    this.#gauge('tenantcrypt_sessions', 'Client connections', () => this.#sessions);
    this.#gauge(
      'tenantcrypt_plan_cache_entries',
      'Plans in the cache',
      () => this.#planCacheGauges().entries,
    );
    this.#gauge(
      'tenantcrypt_plan_cache_bytes',
      'Size of the plan cache',
      () => this.#planCacheGauges().bytes,
    );
    this.#gauge('tenantcrypt_key_cache_entries', 'Keys in memory', () => this.#keyCacheEntries());
    collectDefaultMetrics({ register: registers[0] as Registry });
  }

  sessionOpened(): void {
    this.#sessions++;
  }

  sessionClosed(): void {
    this.#sessions--;
  }

  statement(outcome: StatementOutcome, reason: ErrorCode | '' = ''): void {
    if (outcome === 'forwarded') this.#forwarded.value++;
    else if (outcome === 'rewritten') this.#rewritten.value++;
    else {
      let tally = this.#refused.get(reason);
      if (tally === undefined) {
        tally = new Tally();
        this.#refused.set(reason, tally);
      }
      tally.value++;
    }
  }

  query(command: string, outcome: QueryOutcome, seconds: number): void {
    let outcomes = this.#queries.get(command);
    if (outcomes === undefined) {
      outcomes = new Map();
      this.#queries.set(command, outcomes);
    }
    let series = outcomes.get(outcome);
    if (series === undefined) {
      series = this.#queryHistogram.series({ command, outcome });
      outcomes.set(outcome, series);
    }
    series.observe(seconds);
  }

  overhead(phase: OverheadPhase, seconds: number): void {
    this.#overhead[phase].observe(seconds);
  }

  bytes(direction: Direction, count: number): void {
    this.#bytes[direction].value += count;
  }

  planCacheHit(): void {
    this.#planCacheHits.value++;
  }

  planCacheMiss(): void {
    this.#planCacheMisses.value++;
  }

  /** Where the size of the plan cache is read at each scrape. */
  watchPlanCache(read: () => PlanCacheGauges): void {
    this.#planCacheGauges = read;
  }

  /** The observer of the cache before `provider`; `entries` is read at each scrape. */
  keyCache(provider: string, entries: () => number): KeyCacheMetrics {
    this.#keyCacheEntries = entries;
    const fetches = {
      ok: this.#fetchHistogram.series({ provider, outcome: 'ok' }),
      error: this.#fetchHistogram.series({ provider, outcome: 'error' }),
      timeout: this.#fetchHistogram.series({ provider, outcome: 'timeout' }),
    } satisfies Record<KeyFetchOutcome, HistogramSeries<'provider' | 'outcome'>>;
    return {
      hit: () => {
        this.#keyCacheHits.value++;
      },
      miss: () => {
        this.#keyCacheMisses.value++;
      },
      negativeHit: () => {
        this.#keyCacheNegativeHits.value++;
      },
      evicted: () => {
        this.#keyCacheEvictions.value++;
      },
      fetched: (outcome, seconds) => fetches[outcome].observe(seconds),
    };
  }

  #registerStatements(): void {
    const forwarded = this.#forwarded;
    const rewritten = this.#rewritten;
    const refused = this.#refused;
    new Counter({
      name: 'tenantcrypt_statements_total',
      help: 'Statements by what became of them; for refused ones with the code of the error',
      labelNames: ['outcome', 'reason'],
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc({ outcome: 'forwarded', reason: '' }, forwarded.value);
        this.inc({ outcome: 'rewritten', reason: '' }, rewritten.value);
        for (const [reason, tally] of refused) this.inc({ outcome: 'refused', reason }, tally.value);
      },
    });
  }

  #registerBytes(): void {
    const bytes = this.#bytes;
    new Counter({
      name: 'tenantcrypt_bytes_total',
      help: 'Bytes relayed',
      labelNames: ['direction'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [direction, tally] of Object.entries(bytes)) this.inc({ direction }, tally.value);
      },
    });
  }

  #counter(name: string, help: string): Tally {
    const tally = new Tally();
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(tally.value);
      },
    });
    return tally;
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
