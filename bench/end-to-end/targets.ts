import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureHaproxy } from '../../scripts/lib/ensure-tools.mjs';
import { startDaemon, waitUntilReady } from '../../test/servers/daemon.js';
import { freePort } from '../../test/servers/free-port.js';
import type { RunningSqlServer } from '../../test/servers/sql-server.js';
import { tempFolder } from '../../test/servers/temp-folder.js';
import { startTenantcrypt, type TenantcryptProcess } from '../../test/servers/tenantcrypt-process.js';
import { BENCH_KEY, DATABASE, PLAIN_TABLE, PROTECTED_TABLE, TENANT } from './database.js';
import { type Load, pointSelect, rewrittenPointSelect } from './load.js';
import type { TargetName } from './options.js';

/** One way from the load generator to the database. */
export interface Target {
  readonly name: TargetName;
  readonly port: number;
  readonly load: Load;
  /** of the process that relays; null when there is none */
  readonly relayPid: number | null;
}

export interface RunningTargets {
  readonly targets: readonly Target[];
  stop(): Promise<void>;
}

/** Ways that need the proxy, if only to know what it sends. */
const PROXIED: ReadonlySet<TargetName> = new Set(['unprotected', 'haproxy-rewritten', 'protected']);

interface Relay {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts what stands between: HAProxy, the bare relay, and one proxy for its two targets. */
export async function startTargets(
  server: RunningSqlServer,
  names: readonly TargetName[],
): Promise<RunningTargets> {
  const relays: Relay[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(relays.map(async (relay) => await relay.stop()));
  };
  const started = async (relay: Promise<Relay>): Promise<Relay> => {
    relays.push(await relay);
    return await relay;
  };
  try {
    const haproxy = await started(startHaproxy(server.port));
    const relay = names.includes('relay') ? await started(startRelay(server.port)) : null;
    const proxied = names.some((name) => PROXIED.has(name));
    const proxy = proxied ? await startProxy(server) : null;
    if (proxy !== null) relays.push(proxy);
    const all: readonly (Target | null)[] = [
      { name: 'straight', port: server.port, load: pointSelect(PLAIN_TABLE), relayPid: null },
      target('haproxy', haproxy, pointSelect(PLAIN_TABLE)),
      relay && target('relay', relay, pointSelect(PLAIN_TABLE)),
      proxy && target('unprotected', proxy, pointSelect(PLAIN_TABLE)),
      proxy && target('haproxy-rewritten', haproxy, rewrittenPointSelect(server, proxy)),
      proxy && target('protected', proxy, pointSelect(PROTECTED_TABLE)),
    ];
    return { targets: all.filter((one) => one !== null).filter((one) => names.includes(one.name)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function target(name: TargetName, relay: Relay, load: Load): Target {
  return { name, port: relay.port, load, relayPid: relay.pid };
}

async function startHaproxy(backendPort: number): Promise<Relay> {
  const folder = tempFolder('ha');
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 200
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen database
  bind 127.0.0.1:${port}
  server database 127.0.0.1:${backendPort}
`,
  );
  return await startRelaying([ensureHaproxy(), '-db', '-q', '-f', file], folder, port);
}

async function startRelay(backendPort: number): Promise<Relay> {
  const port = await freePort();
  const script = join(dirname(fileURLToPath(import.meta.url)), 'relay.js');
  return await startRelaying(
    [process.execPath, script, String(port), String(backendPort)],
    tempFolder('re'),
    port,
  );
}

async function startRelaying(
  command: readonly [string, ...string[]],
  folder: string,
  port: number,
): Promise<Relay> {
  const log = join(folder, 'log');
  const daemon = await startDaemon({ command, log, folder });
  try {
    await waitUntilReady(daemon, async () => await accepts(port), 10_000, [log]);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return { port, pid: daemon.pid, stop: async () => await daemon.stop(2_000) };
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.once('error', () => finish(false));
    socket.once('connect', () => finish(true));
  });
}

async function startProxy(server: RunningSqlServer): Promise<TenantcryptProcess> {
  return await startTenantcrypt({
    clientTls: 'disabled',
    keys: { [TENANT]: BENCH_KEY },
    config: {
      backend: { host: server.host, port: server.port, tls: { mode: 'disabled' } },
      tenant: { sources: [{ fixed: TENANT }] },
      log: { level: 'warn' },
      tables: {
        [`${DATABASE}.${PROTECTED_TABLE}`]: {
          tenantColumn: 'tenant_id',
          columns: { email: { column: 'encrypted_email', type: 'varchar(255)' } },
        },
      },
    },
  });
}
