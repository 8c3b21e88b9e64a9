import { afterAll, beforeAll } from 'vitest';

/**
 * For the describe block that calls it: opens something before the block's tests and closes it behind them.
 * @returns what gives it, once the block's tests run
 */
export function heldOpen<T extends { close(): Promise<unknown> }>(open: () => Promise<T>): () => T {
  let held: T | null = null;
  beforeAll(async () => {
    held = await open();
  });
  afterAll(async () => {
    await held?.close();
  });
  return () => {
    if (held === null) throw new Error('it is not open yet');
    return held;
  };
}
