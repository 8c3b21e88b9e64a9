import { describe, it } from 'vitest';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { heldOpen } from './held-open.js';
import { forEachServer } from './servers.js';
import { type Constants, type WriteCase, WriteLab } from './write-lab.js';

/** Describes the same behaviour on every server, under both settings of `constants`. */
export function forEachSetting(
  body: (name: string, getServer: () => SqlServerAddress, constants: Constants) => void,
): void {
  forEachServer((name, getServer) => {
    for (const constants of ['backend', 'proxy'] as const) {
      describe(`constants: ${constants}`, () => body(name, getServer, constants));
    }
  });
}

/** A lab for the describe block that calls it. */
export function writeLab(
  getServer: () => SqlServerAddress,
  constants: Constants = 'backend',
): () => WriteLab {
  return heldOpen(async () => await WriteLab.open(getServer(), [], constants));
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
