import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** Bound of a whole run. */
const PATIENCE_MS = 30_000;

/**
 * A client program that the test leads step by step: it says a line when it has come to a point, and waits there until
 * it is given one.
 */
export class StepClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: string[] = [];
  readonly #closed: Promise<unknown>;
  #stderr = '';
  #isOver = false;

  constructor([command, ...leading]: readonly [string, ...string[]], args: readonly string[]) {
    this.#child = spawn(command, [...leading, ...args], { timeout: PATIENCE_MS });
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr += chunk;
    });
    // A program that has failed reads nothing more; what it said on standard error tells why.
    this.#child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => this.#lines.push(line));
    lines.on('close', () => {
      this.#isOver = true;
    });
    this.#closed = once(this.#child, 'close');
  }

  /** The next line that the program says. @throws Error when it has ended without one */
  async line(): Promise<string> {
    while (this.#lines.length === 0 && !this.#isOver) await delay(5);
    const line = this.#lines.shift();
    if (line !== undefined) return line;
    await this.#closed;
    throw new Error(`the program has ended: ${this.#stderr}`);
  }

  /** Lets the program go on. */
  go(): void {
    this.#child.stdin.write('\n');
  }

  /** Waits for its end. @returns what it said on standard error */
  async end(): Promise<string> {
    await this.#closed;
    return this.#stderr;
  }
}
