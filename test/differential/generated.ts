import type { Judge } from './judge.js';
import type { Entry } from './report.js';
import type { Protocol } from './statement-file.js';

export async function runGenerated(
  _judge: Judge,
  _plan: { readonly protocols: readonly Protocol[]; readonly count: number; readonly seed: number },
): Promise<Entry[]> {
  return [];
}
