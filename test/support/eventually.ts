import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds. @throws Error when it does not within `boundMs` */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  boundMs = 5_000,
): Promise<void> {
  const end = performance.now() + boundMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it did not happen within ${boundMs} ms`);
    await delay(5);
  }
}
