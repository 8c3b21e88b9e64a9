import { type Leg, LegClosedError } from '../leg.js';

/**
 * Bounds everything that is awaited on a session's legs: when time is up or one leg closes, every wait on each of
 * them ends, so that a peer that left frees the other one at once.
 */
export class LegGuard {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #legs: Leg[] = [];
  readonly #takeBack: (() => void)[] = [];

  /** @param onTimeout makes the error that the waits end with after `boundMs` */
  constructor(boundMs: number, onTimeout: () => Error) {
    this.#timer = setTimeout(() => this.#abort(onTimeout()), boundMs);
  }

  /** Aborted, with the error as its reason, for waits that are not on a leg. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  add(leg: Leg): void {
    this.#legs.push(leg);
    this.#takeBack.push(leg.onClose(() => this.#abort(new LegClosedError(leg.name))));
    const reason: unknown = this.signal.reason;
    if (reason instanceof Error) leg.abort(reason);
  }

  /** Ends the watch. */
  release(): void {
    clearTimeout(this.#timer);
    for (const takeBack of this.#takeBack.splice(0)) takeBack();
  }

  #abort(error: Error): void {
    if (this.signal.aborted) return;
    this.#controller.abort(error);
    for (const leg of this.#legs) leg.abort(error);
  }
}
