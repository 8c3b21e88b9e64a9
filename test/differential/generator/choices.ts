/**
 * The decisions that make a statement: random ones that are written down, or written ones read again. A shorter list
 * or smaller numbers make a simpler statement, so that one that fails can be shrunk without knowing the grammar.
 */
export class Choices {
  readonly made: number[] = [];
  #state: number;

  /** @param written decisions to repeat; what is missing is 0. null: random ones */
  constructor(
    seed: number,
    private readonly written: readonly number[] | null = null,
  ) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to n - 1; 0 stands for the simplest. */
  below(n: number): number {
    const at = this.made.length;
    const value = this.written === null ? this.#random(n) : Math.min(this.written[at] ?? 0, n - 1);
    this.made.push(value);
    return value;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** True once in `of` times. */
  chance(of: number): boolean {
    return this.below(of) === of - 1;
  }

  several<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.below(most) }, make);
  }

  /** splitmix32 */
  #random(n: number): number {
    this.#state = (this.#state + 0x9e37_79b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0_aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
    return Math.floor((((z ^ (z >>> 15)) >>> 0) / 2 ** 32) * n);
  }
}

/**
 * Shorter or smaller decisions for which `fails` still holds: parts left out first, then numbers made smaller.
 * @param attempts how often `fails` may be asked
 */
export async function shrink(
  made: readonly number[],
  fails: (written: readonly number[]) => Promise<boolean>,
  attempts: number,
): Promise<readonly number[]> {
  let best = made;
  let left = attempts;
  const attempt = async (next: readonly number[]): Promise<boolean> => {
    if (left <= 0) return false;
    left--;
    if (!(await fails(next))) return false;
    best = next;
    return true;
  };
  for (let improved = true; improved && left > 0; ) {
    improved = false;
    for (const size of [32, 16, 8, 4, 2, 1]) {
      for (let at = best.length - size; at >= 0 && left > 0; at -= size) {
        const without = [...best.slice(0, at), ...best.slice(at + size)];
        improved = (await attempt(without)) || improved;
      }
    }
    for (let at = 0; at < best.length && left > 0; at++) {
      const value = best[at] ?? 0;
      for (const smaller of new Set([0, value >> 1, value - 1])) {
        if (smaller < 0 || smaller >= (best[at] ?? 0)) continue;
        const next = [...best];
        next[at] = smaller;
        if (await attempt(next)) {
          improved = true;
          break;
        }
      }
    }
  }
  return best;
}
