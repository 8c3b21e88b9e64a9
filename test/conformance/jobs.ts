import type { MariadbTest } from '../../scripts/lib/ensure-tools.mjs';
import { runClientTest } from './client-test.js';
import { type AllowedDifference, allowed } from './differences.js';
import type { Lane, ServerKind, Way } from './lane.js';
import { playScript, type ScriptProtocol } from './script.js';
import { firstDifference, lines } from './transcript.js';

/** How mysqltest ends where a script asks for what the server has not. */
const SKIPPED = 'exit status 62';

/** How one comparison ended. */
export interface Outcome {
  /** unusable: the server itself fails the test, or no two runs against it are the same. */
  readonly kind: 'passed' | 'failed' | 'allowed' | 'unusable';
  readonly detail: string;
  /** The server may have been left in a state that cleaning does not undo. */
  readonly wantsFreshServer: boolean;
}

/** One comparison: a test straight and through the proxy. */
export interface Job {
  readonly name: string;
  run(lane: Lane): Promise<Outcome>;
}

/** A test of mariadb-client-test: it must pass through the proxy where it passes straight. */
export function clientTestJob(
  suite: MariadbTest,
  kind: ServerKind,
  name: string,
  differences: readonly AllowedDifference[],
): Job {
  return {
    name: `${kind} mariadb-client-test ${name}`,
    run: async (lane) => {
      const straight = await runClientTest(suite, lane, 'straight', name);
      if (straight.status !== 0) return outcome('unusable', lastLines(straight.output));
      const proxied = await runClientTest(suite, lane, 'proxy', name);
      if (proxied.status === 0) return outcome('passed');
      return judged(differences, kind, name, `exit status ${proxied.status}\n${lastLines(proxied.output)}`);
    },
  };
}

/** A script of mysqltest: its transcript through the proxy must be the one that it has straight. */
export function scriptJob(
  suite: MariadbTest,
  kind: ServerKind,
  name: string,
  protocol: ScriptProtocol,
  differences: readonly AllowedDifference[],
): Job {
  return {
    name: `${kind} mysqltest ${name} (${protocol})`,
    run: async (lane) => {
      const play = async (way: Way): Promise<string[]> =>
        lines(await playScript(suite, lane, way, name, protocol), lane.port(way));
      const first = await play('straight');
      const end = first.at(-1) ?? '';
      if (end === SKIPPED) return outcome('unusable', lastLines(first.join('\n')));
      const size = `${first.length} lines, ${end}`;
      if (end === 'exit status 124') return outcome('unusable', `${size}\n    takes too long`, true);
      const proxied = await play('proxy');
      const finished = end === 'exit status 0' || kind === 'mysql';
      if (firstDifference([first, first], proxied) === null) {
        return finished
          ? outcome('passed', size)
          : outcome('unusable', `${size}\n${lastLines(first.join('\n'))}`);
      }
      // Times and ids differ between any two runs.
      const second = await play('straight');
      if (first.length !== second.length) return outcome('unusable', `${size}\n    no two runs are the same`);
      const difference = firstDifference([first, second], proxied);
      if (difference !== null)
        return judged(differences, kind, `${name}@${protocol}`, `${size}\n${difference}`);
      return finished
        ? outcome('passed', size)
        : outcome('unusable', `${size}\n${lastLines(first.join('\n'))}`);
    },
  };
}

function outcome(kind: Outcome['kind'], detail = '', wantsFreshServer = false): Outcome {
  return { kind, detail, wantsFreshServer };
}

function judged(
  differences: readonly AllowedDifference[],
  kind: ServerKind,
  name: string,
  detail: string,
): Outcome {
  const reason = allowed(differences, kind, name);
  return reason === null ? outcome('failed', detail) : outcome('allowed', `    ${reason}`);
}

function lastLines(output: string): string {
  return output
    .trimEnd()
    .split('\n')
    .slice(-8)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
}
