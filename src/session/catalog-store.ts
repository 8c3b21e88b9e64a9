import { performance } from 'node:perf_hooks';
import type { Catalog, CatalogTable, Dependent } from '../rewrite/catalog.js';
import { NameWatch, type WatchedName } from '../rewrite/name-watch.js';
import type { LookUpNames, SchemaReading } from './catalog-queries.js';

/** Reads the schema once, on a connection of the caller's choice. */
export type ReadSchema = () => Promise<SchemaReading>;

export interface CatalogStoreOptions {
  readonly maxAgeSeconds: number;
  /** Reads on the control connection; null: each account's first session reads on its own connection. */
  readonly control: ReadSchema | null;
  /** Looks names up on the control connection. */
  readonly controlLookUp?: LookUpNames;
  /** Told once a change: which configured tables a reader does not find, and why. */
  readonly onMissing?: (missing: ReadonlyMap<string, string>) => void;
  readonly onFailure?: (error: unknown) => void;
  /** A suspicion is heeded only when the last reading is older. */
  readonly suspicionIntervalMs?: number;
  /** How long a login waits for another session's reading. */
  readonly sharedWaitMs?: number;
}

/** Not more often than this after ER_BAD_FIELD_ERROR, which any misspelt column of a client raises. */
const MIN_SUSPICION_INTERVAL_MS = 10_000;

/** Of readings in the middle of sessions, whatever `maxAgeSeconds` is. */
const MIN_REFRESH_INTERVAL_MS = 1_000;

const RECOVERY_INTERVAL_MS = 1_000;

/** A reading takes some milliseconds; one that takes so long may wait for a backend that never answers. */
const SHARED_WAIT_MS = 2_000;

/** What the sessions of one account share. */
export interface CatalogEntry {
  /** The newest catalog; another object after a refresh. null: the schema could not be read yet. */
  readonly current: Catalog | null;
  /** The words of statements that the account's sessions have sent. */
  readonly names: NameWatch;
}

class Entry implements CatalogEntry {
  current: Catalog | null = null;
  readonly names = new NameWatch();
  /** What the reader sees, as of the last reading. */
  objects: ReadonlySet<string> = new Set();
  readAt = Number.NEGATIVE_INFINITY;
  triedAt = Number.NEGATIVE_INFINITY;
  stale = false;
  /** DDL went through the proxy and this account has not read since. */
  changed = false;
  loading: Promise<void> | null = null;
  /** One session's reading after another session's DDL, for all sessions of the account. */
  catchingUp: Promise<void> | null = null;
}

const CONTROL = '';

/**
 * The catalogs of this process. An account with column privileges sees fewer columns than another one; so that it
 * can't take them from others, a reading counts only for the accounts that have seen the same before: entries are by
 * the account that read, or one for all when the control connection reads (bypasses.md 16).
 *
 * Readings with the same content share one Catalog, and with it the plans in the plan cache.
 */
export class CatalogStore {
  readonly #options: CatalogStoreOptions;
  readonly #entries = new Map<string, Entry>();
  #generation = 0;
  #byContent = new Map<string, Catalog>();

  constructor(options: CatalogStoreOptions) {
    this.#options = options;
  }

  get usesControlConnection(): boolean {
    return this.#options.control !== null;
  }

  /**
   * The catalog for a session that has just logged in, read when there is none or it is too old. Concurrent logins
   * share one reading, unless it takes so long that whoever reads may hang. A failure goes to `onFailure` and leaves what there was; the next login tries again.
   * @param account the user name on the backend
   * @param read on the session's own connection
   */
  async acquire(account: string, read: ReadSchema): Promise<CatalogEntry> {
    const entry = this.#entryOf(account);
    if (entry.current !== null && !entry.stale && !this.#isOld(entry)) return entry;
    if (entry.loading !== null) {
      const outcome = await outcomeWithin(entry.loading, this.#options.sharedWaitMs ?? SHARED_WAIT_MS);
      if (outcome === 'read') return entry;
      // Who reads for all may leave in the middle of it.
      if (outcome === 'failed') return await this.acquire(account, read);
    }
    try {
      if (entry.loading === null) await this.#load(entry, this.#options.control ?? read);
      else if (this.#options.control === null) await this.#read(entry, read);
    } catch (error) {
      this.#options.onFailure?.(error);
    }
    return entry;
  }

  /**
   * After DDL through the proxy has succeeded: reads again, and marks what other accounts have read as old.
   * @param read on the session's own connection, which DDL has committed
   */
  async refreshAfterDdl(account: string, read: ReadSchema): Promise<void> {
    const entry = this.#entryOf(account);
    // A reading that began before the DDL may not have seen it.
    await entry.loading?.catch(() => undefined);
    this.markStale();
    await this.#reload(entry, read);
  }

  /** DDL went through the proxy: whatever account reads again, at its next login or in a session that it has. */
  markStale(): void {
    for (const entry of this.#entries.values()) {
      entry.stale = true;
      entry.changed = true;
    }
  }

  /**
   * For a session that logged in before another session's DDL, as those of a connection pool, or so long ago that the
   * schema may have changed beside the proxy: reads again, one session for all of the account.
   * @returns null when nothing is known to have changed since the account's last reading
   */
  catchUp(account: string, read: ReadSchema): Promise<void> | null {
    const entry = this.#entryOf(account);
    if (entry.catchingUp !== null) {
      return outcomeWithin(entry.catchingUp, this.#options.sharedWaitMs ?? SHARED_WAIT_MS).then(
        () => undefined,
      );
    }
    if (!entry.changed && !this.#isDue(entry)) return null;
    // Also when it fails: not every statement tries again.
    entry.triedAt = performance.now();
    const reading = entry.changed ? this.refreshAfterDdl(account, read) : this.#reload(entry, read);
    entry.catchingUp = reading.finally(() => {
      // Also when it failed: the next login tries again, not every statement.
      entry.changed = false;
      entry.catchingUp = null;
    });
    return entry.catchingUp;
  }

  /**
   * Before the first statement that holds these words: whether one is the name of a view, a routine, or a table with a
   * trigger, that was made since the last reading; then reads again.
   * @param names those of {@link NameWatch.newNames}
   * @param lookUp on the session's own connection, as `read`; not used when there is a control connection
   * @throws whatever looking up and reading throw: what the names are is not known then
   */
  async lookUp(
    account: string,
    names: readonly WatchedName[],
    lookUp: LookUpNames,
    read: ReadSchema,
  ): Promise<void> {
    const entry = this.#entryOf(account);
    if (entry.current === null || (await this.#hasUnknown(entry, names, lookUp))) {
      await entry.loading?.catch(() => undefined);
      await this.#load(entry, this.#options.control ?? read);
    }
    entry.names.learn(names);
  }

  async #hasUnknown(entry: Entry, names: readonly WatchedName[], lookUp: LookUpNames): Promise<boolean> {
    const texts: string[] = [];
    for (const { name } of names) {
      if (name === null) return true;
      texts.push(name);
    }
    const found = await (this.#options.controlLookUp ?? lookUp)(texts);
    for (const object of found) if (!entry.objects.has(object)) return true;
    return false;
  }

  /** Reads on the control connection, whatever age the last reading has. Does nothing without one. */
  async refresh(): Promise<void> {
    const { control } = this.#options;
    if (control !== null) await this.#reload(this.#entryOf(CONTROL), control);
  }

  /** After ER_BAD_FIELD_ERROR: the schema may have changed behind our back; the next login reads it. */
  suspect(account: string): void {
    const entry = this.#entryOf(account);
    const interval = this.#options.suspicionIntervalMs ?? MIN_SUSPICION_INTERVAL_MS;
    if (performance.now() - entry.readAt > interval) entry.stale = true;
  }

  /**
   * After a refusal for want of the schema: the control connection tries again, behind the client's back and at most
   * once in a while. Without one the next login does.
   */
  recover(account: string): void {
    const { control } = this.#options;
    const entry = this.#entryOf(account);
    const now = performance.now();
    if (control === null || now - entry.triedAt < RECOVERY_INTERVAL_MS) return;
    entry.triedAt = now;
    this.#load(entry, control).catch((error: unknown) => this.#options.onFailure?.(error));
  }

  /** Reads again. A failure goes to `onFailure`. */
  async #reload(entry: Entry, read: ReadSchema): Promise<void> {
    try {
      await this.#load(entry, this.#options.control ?? read);
    } catch (error) {
      this.#options.onFailure?.(error);
    }
  }

  #isOld(entry: Entry): boolean {
    return performance.now() - entry.readAt > this.#options.maxAgeSeconds * 1000;
  }

  /** Whether a session that has been logged in for long is to read again. */
  #isDue(entry: Entry): boolean {
    if (entry.current === null) return false;
    const interval = Math.max(this.#options.maxAgeSeconds * 1000, MIN_REFRESH_INTERVAL_MS);
    return performance.now() - Math.max(entry.readAt, entry.triedAt) > interval;
  }

  #entryOf(account: string): Entry {
    const key = this.usesControlConnection ? CONTROL : account;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = new Entry();
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #load(entry: Entry, read: ReadSchema): Promise<void> {
    entry.loading ??= this.#read(entry, read).finally(() => {
      entry.loading = null;
    });
    return entry.loading;
  }

  async #read(entry: Entry, read: ReadSchema): Promise<void> {
    const reading = await read();
    const before = entry.current;
    const catalog = this.#catalogOf(reading);
    entry.objects = reading.objects;
    if (reading.missing.size > 0 && catalog !== before) this.#options.onMissing?.(reading.missing);
    const now = performance.now();
    for (const other of this.#entries.values()) {
      // Who saw the same before sees the same now: sessions that outlive a migration of another account go on.
      if (other !== entry && (before === null || other.current !== before)) continue;
      other.current = catalog;
      other.readAt = now;
      other.stale = false;
      other.changed = false;
    }
  }

  #catalogOf(reading: SchemaReading): Catalog {
    const content = JSON.stringify([[...reading.tables], reading.dependents]);
    const known = this.#byContent.get(content);
    if (known !== undefined) return known;
    this.#generation += 1;
    const catalog: Catalog = {
      generation: this.#generation,
      tables: new Map<string, CatalogTable>(reading.tables),
      dependents: [...reading.dependents] satisfies Dependent[],
    };
    const live = new Set([...this.#entries.values()].map((entry) => entry.current));
    this.#byContent = new Map([...this.#byContent].filter(([, value]) => live.has(value)));
    this.#byContent.set(content, catalog);
    return catalog;
  }
}

async function outcomeWithin(loading: Promise<void>, boundMs: number): Promise<'read' | 'failed' | 'hangs'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'hangs'>((resolve) => {
    timer = setTimeout(() => resolve('hangs'), boundMs);
  });
  const outcome = loading.then(
    () => 'read' as const,
    () => 'failed' as const,
  );
  try {
    return await Promise.race([outcome, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
