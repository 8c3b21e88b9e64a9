import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { repositoryRoot } from '../../scripts/lib/run.mjs';

/** One line of the corpus: a statement that a real server accepted. Others wrote these: they stay where they are. */
export interface CorpusStatement {
  readonly sql: string;
  readonly source: string;
  readonly class: string;
  readonly tier: 'app' | 'mtr' | 'grammar';
  /** which servers accepted it */
  readonly valid: 'both' | 'mysql' | 'mariadb';
}

/** `$TENANTCRYPT_CORPUS`, else shared/corpus beside the checkout. */
export function corpusFile(): string {
  const own = process.env['TENANTCRYPT_CORPUS'];
  return own !== undefined && own !== ''
    ? own
    : join(repositoryRoot(), '../shared/corpus/statements.jsonl.gz');
}

/** @returns null when the file is not there */
export function readCorpus(): CorpusStatement[] | null {
  const file = corpusFile();
  if (!existsSync(file)) return null;
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CorpusStatement);
}

export function acceptedBy(statement: CorpusStatement, server: 'mysql' | 'mariadb'): boolean {
  return statement.valid === 'both' || statement.valid === server;
}
