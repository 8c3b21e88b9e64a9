import { join } from 'node:path';
import { repositoryRoot } from '../scripts/lib/run.mjs';
import { runBounded } from '../scripts/lib/steps.mjs';
import type { ApplicationReport } from './app/main.js';
import { ACCOUNT, DATABASE, type Stage, type Tenant } from './setup.js';

/** A person that the application stores. */
export interface Person {
  readonly username: string;
  readonly email: string;
  readonly phone: string;
}

/**
 * Runs the application in a process of its own against the proxy.
 * @param strangersId id of a row of another tenant, which the application then asks for
 * @throws Error with the application's output when it fails
 */
export async function runApplication(
  stage: Stage,
  tenant: Tenant,
  people: readonly Person[],
  strangersId: number,
): Promise<ApplicationReport> {
  const script = join(repositoryRoot(), '.cache/tools/demo/app/main.js');
  const { status, output } = await runBounded(process.execPath, [script], {
    timeoutMs: 30_000,
    show: false,
    env: {
      DB_HOST: stage.proxy.host,
      DB_PORT: String(stage.proxy.port),
      DB_USER: ACCOUNT.user,
      DB_PASSWORD: ACCOUNT.password,
      DB_NAME: DATABASE,
      TENANT: tenant,
      PEOPLE: JSON.stringify(people),
      STRANGERS_ID: String(strangersId),
    },
  });
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (status !== 0 || line === undefined) throw new Error(`the application of ${tenant} failed:\n${output}`);
  return JSON.parse(line) as ApplicationReport;
}
