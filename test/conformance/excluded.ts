import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import type { ServerKind } from './lane.js';

/** Scripts that can't be compared, and why. */
interface Exclusion {
  readonly server: ServerKind | null;
  readonly names: ReadonlySet<string>;
}

/** Whether a script of the suite main is written down as one that can't be compared. */
export type IsExcluded = (name: string, kind: ServerKind) => boolean;

/** Reads excluded.yaml. @throws Error when an entry has no reason */
export function readExclusions(): IsExcluded {
  const file = join(repositoryRoot(), 'test/conformance/excluded.yaml');
  const entries: unknown = parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error(`${file} is no list`);
  const exclusions = entries.map((entry: unknown): Exclusion => {
    if (
      typeof entry !== 'object' ||
      entry === null ||
      !('reason' in entry && typeof entry.reason === 'string' && entry.reason.length > 20) ||
      !('scripts' in entry && typeof entry.scripts === 'string')
    ) {
      throw new Error(`${file}: every entry has scripts and a reason`);
    }
    const server = 'server' in entry ? entry.server : null;
    if (server !== null && server !== 'mariadb' && server !== 'mysql') {
      throw new Error(`${file}: a server is mariadb or mysql`);
    }
    return { server, names: new Set(entry.scripts.trim().split(/\s+/)) };
  });
  return (name, kind) => exclusions.some(({ server, names }) => (server ?? kind) === kind && names.has(name));
}
