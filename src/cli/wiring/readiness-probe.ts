import type { ReadinessCheck } from '../../admin/admin-server.js';

/** Whoever asks more often gets what was found last: probes of a whole cluster are one to the database. */
const KEPT_MS = 3_000;

export interface ReadinessProbeOptions {
  /** What sessions met last; its problem comes first. */
  readonly recent: ReadinessCheck;
  /** Looks now. Rejects when it is not so. */
  readonly look: () => Promise<void>;
  /** What is told while it is not: `what is wrong; what to do`. */
  readonly problem: string;
  readonly onFailure: (error: unknown) => void;
  readonly now?: () => number;
}

/** Readiness from what sessions met last, and from a look of our own, one at a time, kept for some seconds. */
export class ReadinessProbe implements ReadinessCheck {
  readonly #options: ReadinessProbeOptions;
  readonly #now: () => number;
  #looking: Promise<string | undefined> | null = null;
  #found: { readonly problem: string | undefined; readonly at: number } | null = null;

  constructor(options: ReadinessProbeOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  get name(): string {
    return this.#options.recent.name;
  }

  async run(signal: AbortSignal): Promise<string | undefined> {
    const found = this.#found;
    const isFresh = found !== null && this.#now() - found.at < KEPT_MS;
    const problem = isFresh ? found.problem : await this.#look();
    // Asked last: the look may have told that a failure is over.
    return problem ?? (await this.#options.recent.run(signal));
  }

  /** One look for all who ask meanwhile: looks at a database that hangs don't add up. */
  #look(): Promise<string | undefined> {
    this.#looking ??= this.#options
      .look()
      .then(
        () => undefined,
        (error: unknown) => {
          if (this.#found?.problem === undefined) this.#options.onFailure(error);
          return this.#options.problem;
        },
      )
      .then((problem) => {
        this.#found = { problem, at: this.#now() };
        this.#looking = null;
        return problem;
      });
    return this.#looking;
  }
}
