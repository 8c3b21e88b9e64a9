import { join } from 'node:path';
import { capture, repositoryRoot } from '../scripts/lib/run.mjs';
import { DATABASE, type Stage, type Tenant, usersSqlFile } from './setup.js';

/** What `tenantcrypt explain` says of one statement. */
export interface Explained {
  readonly outcome: 'forwarded' | 'rewritten' | 'refused';
  readonly sql: string | null;
  readonly code: string | null;
  readonly reason: string | null;
}

/**
 * @returns one answer for each statement
 * @throws Error when the answers are not one for one
 */
export function explain(stage: Stage, tenant: Tenant, statements: readonly string[]): Explained[] {
  const main = join(repositoryRoot(), 'dist/main.js');
  const options = ['--config', stage.proxy.configFile, '--schema', usersSqlFile, '--database', DATABASE];
  const server = `${stage.server.kind}-${stage.server.version.split('.').slice(0, 2).join('.')}`;
  const { stdout, stderr } = capture(
    process.execPath,
    [main, 'explain', ...options, '--tenant', tenant, '--server', server, '--jsonl'],
    { timeoutMs: 20_000, input: statements.map((sql) => `${JSON.stringify({ sql })}\n`).join('') },
  );
  const answers = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Explained);
  if (answers.length !== statements.length) {
    throw new Error(
      `tenantcrypt explain gave ${answers.length} answers to ${statements.length} statements: ${stderr}`,
    );
  }
  return answers;
}
