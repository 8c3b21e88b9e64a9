import { adminConnection } from '../servers/accounts.js';
import { AgentProcess } from './agent-process.js';
import type { Client } from './catalogue.js';
import { type Cell, expectEqual, PROXY_FEATURES, problemOf } from './cells.js';
import { checkCiphertext } from './ciphertext.js';
import { type Attempt, CASES, open } from './scenario.js';
import { DATABASE, type Front, PASSWORD, STRAIGHT_DATABASE, type Stage } from './stage.js';

const CLIENT_BOUND_MS = 60_000;

/**
 * Tries one client in all its modes through one proxy, bounded to 60 s. A mode in which something failed is tried
 * straight on the server as well, to tell what the client itself can't do.
 */
export async function runClientAgent(
  client: Client,
  command: readonly [string, ...string[]],
  stage: Stage,
  front: Front,
): Promise<Cell[]> {
  const cells: Cell[] = [];
  const agent = new AgentProcess(command, {}, CLIENT_BOUND_MS);
  try {
    for (const mode of client.modes) {
      const prefix = `${client.id}-${mode}-${front.tls ? 'tls' : 'plain'}-`;
      const user = await stage.newUser();
      const job = {
        host: front.proxy.host,
        port: front.proxy.port,
        user,
        password: PASSWORD,
        database: DATABASE,
        ca: front.ca,
        mode,
      };
      const attempt: Attempt = { agent, job, tenant: client.tenant, prefix };
      let result = await tryMode(attempt);
      const first = result.problems.get('connect') ?? null;
      if (first !== null && stage.server.kind === 'mysql') {
        // Some clients can't do the full exchange of caching_sha2_password without TLS: with a login of another client
        // before, all the rest can be tried.
        await warmUp(stage, user);
        result = await tryMode(attempt);
        result.problems.set('connect', first);
      }
      const { version, problems } = result;
      if (problems.has('CRUD')) {
        const hasBig = problems.get('1 MiB') === null;
        problems.set('ciphertext', await problemOf(async () => await checkCiphertext(stage, prefix, hasBig)));
      }
      await stage.admin.query(`DELETE FROM ${DATABASE}.people WHERE name LIKE ?`, [`${prefix}%`]);
      const failed = [...problems].filter(([, problem]) => problem !== null);
      const straight = failed.length === 0 ? null : await tryStraight(command, stage, front, { job, prefix });
      for (const [feature, problem] of problems) {
        const server = stage.serverName;
        const own = problem === null ? null : (straight?.get(feature) ?? null);
        cells.push({
          client: client.id,
          version,
          mode,
          server,
          tls: front.tls,
          feature,
          problem,
          straight: own,
        });
      }
    }
  } finally {
    await agent.stop();
  }
  return cells;
}

interface ModeResult {
  readonly version: string;
  /** feature → what went wrong, null when nothing did; in order */
  readonly problems: Map<string, string | null>;
}

async function tryMode(attempt: Attempt): Promise<ModeResult> {
  const { agent, job } = attempt;
  const problems = new Map<string, string | null>();
  let version = '?';
  const connected = await problemOf(async () => {
    version = await open(attempt, 'a');
    expectEqual('CURRENT_USER()', await agent.query('a', 'SELECT CURRENT_USER()'), [[`${job.user}@%`]]);
  });
  problems.set('connect', connected);
  if (connected !== null) return { version, problems };
  for (const { feature, run } of CASES) {
    if (attempt.tenant === null && PROXY_FEATURES.includes(feature)) continue;
    const problem = await problemOf(async () => await run(attempt));
    problems.set(feature, problem);
    if (problem === null) continue;
    // What a case left open (a transaction, a result half read) must not fail the next.
    await agent.control('a', 'close').catch(() => undefined);
    await problemOf(async () => void (await open(attempt, 'a')));
  }
  await agent.control('a', 'close').catch(() => undefined);
  return { version, problems };
}

/** Logs an account in, so that the server knows its password. */
async function warmUp({ server }: Stage, user: string): Promise<void> {
  const connection = await adminConnection(server, { user, password: PASSWORD });
  await connection.end();
}

async function tryStraight(
  command: readonly [string, ...string[]],
  stage: Stage,
  front: Front,
  { job, prefix }: Pick<Attempt, 'job' | 'prefix'>,
): Promise<ReadonlyMap<string, string | null>> {
  const { server } = stage;
  const agent = new AgentProcess(command, {}, CLIENT_BOUND_MS);
  try {
    const user = await stage.newUser();
    const ca = front.tls ? (server.tls?.ca ?? null) : null;
    const straight = { ...job, port: server.port, user, database: STRAIGHT_DATABASE, ca };
    return (await tryMode({ agent, job: straight, tenant: null, prefix })).problems;
  } finally {
    await agent.stop();
    await stage.admin.query(`DELETE FROM ${STRAIGHT_DATABASE}.people WHERE name LIKE ?`, [`${prefix}%`]);
  }
}
