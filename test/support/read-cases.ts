import { expect, it } from 'vitest';
import { heldOpen } from './held-open.js';
import type { Value } from './read-data.js';
import { ReadJudge, type Verdict } from './read-judge.js';
import { forEachServer } from './servers.js';

/** A statement whose rows must be the plain table's; or what else is to happen to it. */
export interface ReadCase {
  readonly sql: string;
  readonly on?: 'mysql' | 'mariadb';
  /** Values of `?`: the statement is prepared. */
  readonly values?: readonly Value[];
  /** The proxy's code, where the construct is refused. */
  readonly refused?: string;
  /** No protected table is read. */
  readonly forwarded?: boolean;
  /** The error that both databases give. */
  readonly errno?: number;
  readonly tenant?: string;
  /** A known difference, said where the case stands: on this server the rows need not be the plain table's. */
  readonly differsOn?: 'mysql' | 'mariadb';
}

/** Describes reads on every server: each case is judged against the plain table. */
export function describeReads(cases: readonly (string | ReadCase)[]): void {
  forEachServer((_name, getServer) => {
    const judge = heldOpen(async () => await ReadJudge.open(getServer()));

    const all = cases.map((entry): ReadCase => (typeof entry === 'string' ? { sql: entry } : entry));
    const here = all.filter(({ on }) => on === undefined || on === getServer().kind);
    for (const entry of here) {
      const values = entry.values === undefined ? '' : ` ← ${JSON.stringify(entry.values)}`;
      it(`${entry.sql}${values}`, async () => {
        const verdict =
          entry.values === undefined
            ? await judge().judge(entry.sql, entry.tenant)
            : await judge().judgePrepared(entry.sql, entry.values);
        if (entry.differsOn === getServer().kind) expect(['equal', 'different']).toContain(verdict.kind);
        else expectVerdict(verdict, entry);
      });
    }
  });
}

export function expectVerdict(
  verdict: Verdict,
  entry: Pick<ReadCase, 'refused' | 'forwarded' | 'errno'>,
): void {
  if (entry.refused !== undefined) {
    expect(verdict).toMatchObject({ kind: 'refused', code: entry.refused });
    return;
  }
  if (entry.forwarded === true) {
    expect(verdict).toMatchObject({ kind: 'forwarded' });
    return;
  }
  if (verdict.kind === 'different') {
    // With the statement as it was sent: what one needs to repeat it.
    throw new Error(`${difference(verdict)}\n${verdict.rewritten}`);
  }
  const { kind, ...more } = verdict;
  const errno = 'errno' in more ? more.errno : null;
  expect({ kind, errno }, `${errno} ${JSON.stringify(more)}`).toEqual({
    kind: 'equal',
    errno: entry.errno ?? null,
  });
}

/** Of two different answers what tells them apart, short enough to read. */
export function difference({ plain, ours }: Verdict & { kind: 'different' }): string {
  if (plain.kind === 'error' || ours.kind === 'error') {
    const short = (answer: typeof plain): string =>
      answer.kind === 'error' ? `${answer.errno} ${answer.message}` : `${answer.rows.length} rows`;
    return `plain: ${short(plain)}\nours:  ${short(ours)}`;
  }
  if (String(plain.names) !== String(ours.names)) return `plain: ${plain.names}\nours:  ${ours.names}`;
  const differing = Math.max(plain.rows.length, ours.rows.length);
  for (let row = 0; row < differing; row++) {
    if (plain.rows[row] === ours.rows[row]) continue;
    const counts = `${plain.rows.length} and ${ours.rows.length} rows, first difference in row ${row}`;
    return `${counts}\nplain: ${plain.rows[row]}\nours:  ${ours.rows[row]}`;
  }
  return 'the same rows under other names';
}
