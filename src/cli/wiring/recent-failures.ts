import type { ReadinessCheck } from '../../admin/admin-server.js';

/** A failure older than this says nothing about now: without new clients nobody would see that it is over. */
const REMEMBERED_MS = 10_000;

/**
 * Readiness from what sessions met last: without a login of our own a probe would open and drop connections at the
 * database, which counts towards max_connect_errors (protocol-notes 15).
 */
export class RecentFailures implements ReadinessCheck {
  readonly name: string;
  /** What is told while it lasts. */
  readonly problem: string;
  readonly #now: () => number;
  #failedAt = Number.NEGATIVE_INFINITY;

  /** @param problem what is told while it lasts: `what is wrong; what to do` */
  constructor(name: string, problem: string, now: () => number = () => performance.now()) {
    this.name = name;
    this.problem = problem;
    this.#now = now;
  }

  failed(): void {
    this.#failedAt = this.#now();
  }

  succeeded(): void {
    this.#failedAt = Number.NEGATIVE_INFINITY;
  }

  async run(): Promise<string | undefined> {
    return this.#now() - this.#failedAt < REMEMBERED_MS ? this.problem : undefined;
  }
}
