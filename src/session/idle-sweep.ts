/** What is watched. */
export interface Idler {
  /** Since when nothing was asked of it, on the clock of `performance.now()`; null while it is busy. */
  readonly idleSince: number | null;
  /** Called once it was idle for too long; called again with the next look when it goes on. */
  onIdleTooLong(): void;
}

/** Looks at most and at least so often, in milliseconds. */
const SHORTEST_PERIOD_MS = 50;
const LONGEST_PERIOD_MS = 10_000;
/** How much longer than the limit an idle session may last, as a share of it. */
const TOLERANCE = 0.1;

/**
 * Ends what was idle for too long. One timer looks at all sessions now and then: a timer of each socket is wound up
 * again with every read and write, which costs more than anything else that a small statement needs of us.
 */
export class IdleSweep {
  readonly #idleMs: number;
  readonly #periodMs: number;
  readonly #watched = new Set<Idler>();
  #timer: NodeJS.Timeout | null = null;

  /** @param idleSeconds how long nothing may be asked */
  constructor(idleSeconds: number) {
    this.#idleMs = idleSeconds * 1000;
    this.#periodMs = Math.min(Math.max(this.#idleMs * TOLERANCE, SHORTEST_PERIOD_MS), LONGEST_PERIOD_MS);
  }

  /** @returns ends the watch; can be called again */
  watch(idler: Idler): () => void {
    this.#watched.add(idler);
    this.#timer ??= setInterval(() => this.#look(), this.#periodMs).unref();
    return () => {
      this.#watched.delete(idler);
      if (this.#watched.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  #look(): void {
    const latest = performance.now() - this.#idleMs;
    for (const idler of this.#watched) {
      const { idleSince } = idler;
      if (idleSince !== null && idleSince <= latest) idler.onIdleTooLong();
    }
  }
}
