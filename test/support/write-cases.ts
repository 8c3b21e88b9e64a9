import { it } from 'vitest';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { heldOpen } from './held-open.js';
import { type WriteCase, WriteLab } from './write-lab.js';

/** A lab for the describe block that calls it. */
export function writeLab(getServer: () => SqlServerAddress): () => WriteLab {
  return heldOpen(async () => await WriteLab.open(getServer()));
}

/** A test for each case, without those of the other server; titled with the setup where there is one. */
export function itWrites(
  cases: readonly WriteCase[],
  getServer: () => SqlServerAddress,
  lab: () => WriteLab,
): void {
  for (const one of cases) {
    if (one.only !== undefined && one.only !== getServer().kind) continue;
    const setup = one.setup?.map((sql) => `${sql}; `).join('') ?? '';
    it(`${setup}${Buffer.from(one.sql).toString('latin1').slice(0, 160)}`, async () => {
      await lab().check(one);
    });
  }
}
