import { Choices, shrink } from './generator/choices.js';
import { type Generated, generate } from './generator/scripts.js';
import type { Judge, Verdict } from './judge.js';
import { type Entry, entryOf, signature } from './report.js';
import type { Protocol } from './statement-file.js';

/** So many of a run's failures are shrunk, one of a kind and each within so many attempts: it takes time. */
const SHRUNK_FAILURES = 40;
const SHRINK_ATTEMPTS = 150;

/** Statements number `from` to `count` of a seed; each is made from the seed and its number alone. */
export async function runGenerated(
  judge: Judge,
  plan: { readonly protocols: readonly Protocol[]; readonly count: number; readonly seed: number },
): Promise<Entry[]> {
  const entries: Entry[] = [];
  const server = judge.lane.server.kind;
  const seen = new Set<string>();
  const entry = (one: Generated, verdict: Verdict, place: string): Entry => {
    const params = one.script.params.length === 0 ? '' : ` ← ${JSON.stringify(one.script.params)}`;
    const { kind, protocol } = one;
    const sql = `${one.script.statements.join('; ')}${params}`;
    return entryOf({ kind, construct: kind, place, sql, server, protocol }, verdict, null);
  };
  for (let number = 0; number < plan.count; number++) {
    const one = generate(new Choices(plan.seed * 1_000_003 + number * 7919), plan.protocols);
    const verdict = await judge.judge(one.script, one.protocol);
    const first = entry(one, verdict, `number ${number}`);
    if (first.outcome !== 'different' || seen.size >= SHRUNK_FAILURES || seen.has(signature(first))) {
      entries.push(first);
      continue;
    }
    seen.add(signature(first));
    let least = { one, verdict };
    const aspects = aspectsOf(verdict);
    await shrink(
      one.made,
      async (written) => {
        const next = generate(new Choices(0, written), plan.protocols);
        const again = await judge.once(next.script, next.protocol);
        const fails =
          entry(next, again, '').outcome === 'different' &&
          [...aspectsOf(again)].some((aspect) => aspects.has(aspect));
        if (fails) least = { one: next, verdict: again };
        return fails;
      },
      SHRINK_ATTEMPTS,
    );
    const smallest = entry(least.one, least.verdict, `number ${number}, shrunk`);
    seen.add(signature(smallest));
    entries.push(smallest);
  }
  return entries;
}

function aspectsOf(verdict: Verdict): Set<string> {
  return new Set(verdict.kind === 'different' ? verdict.differences.map(({ aspect }) => aspect) : []);
}
