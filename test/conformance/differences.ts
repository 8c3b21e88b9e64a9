import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import type { ServerKind } from './lane.js';

/** A difference between the proxy and the server that has to stay. */
export interface AllowedDifference {
  /** A test of mariadb-client-test, or `script@protocol`. */
  readonly name: string;
  /** Where it shows; null: on both. */
  readonly server: ServerKind | null;
  readonly reason: string;
}

/** Reads the written list. @throws Error when an entry has no reason */
export function readDifferences(): AllowedDifference[] {
  const file = join(repositoryRoot(), 'test/conformance/differences.yaml');
  const entries: unknown = parse(readFileSync(file, 'utf8'));
  if (entries === null) return [];
  if (!Array.isArray(entries)) throw new Error(`${file} is no list`);
  return entries.map((entry: unknown) => {
    if (
      typeof entry !== 'object' ||
      entry === null ||
      !('name' in entry && typeof entry.name === 'string') ||
      !('reason' in entry && typeof entry.reason === 'string' && entry.reason.length > 20)
    ) {
      throw new Error(`${file}: every entry has a name and a reason`);
    }
    const server = 'server' in entry ? entry.server : null;
    if (server !== null && server !== 'mariadb' && server !== 'mysql') {
      throw new Error(`${file}: the server of ${entry.name} is mariadb or mysql`);
    }
    return { name: entry.name, server, reason: entry.reason };
  });
}

/** @returns why the difference may stay, or null */
export function allowed(
  differences: readonly AllowedDifference[],
  kind: ServerKind,
  name: string,
): string | null {
  const found = differences.find((entry) => entry.name === name && (entry.server ?? kind) === kind);
  return found?.reason ?? null;
}
