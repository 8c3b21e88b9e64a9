import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repositoryRoot } from '../../scripts/lib/run.mjs';
import { startDaemon, waitUntilReady } from './daemon.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

/** What a proxy in a process of its own is started with. */
export interface TenantcryptOptions {
  /** the configuration, without `listen`, `metrics` and `keys`, which this file adds */
  readonly config: Readonly<Record<string, unknown>>;
  /** tenant → key, for the file provider */
  readonly keys: Readonly<Record<string, string>>;
  /** default: preferred */
  readonly clientTls?: 'disabled' | 'preferred' | 'required';
  /** files; default: a certificate that the proxy makes at start */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  /** the compiled main file; default: dist/main.js */
  readonly main?: string;
}

/** `tenantcrypt serve` in a process of its own, from dist/. */
export interface TenantcryptProcess {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** of /metrics, /healthz and /readyz */
  readonly metricsUrl: string;
  readonly pid: number;
  readonly configFile: string;
  readonly logFile: string;
  /** SIGTERM, which drains; deletes its folder */
  stop(): Promise<void>;
}

const START_BOUND_MS = 20_000;

/**
 * Writes a configuration and keys into a new folder and starts the product that `npm run build` made.
 * @throws Error with the end of its log when it is not ready in time
 */
export async function startTenantcrypt(options: TenantcryptOptions): Promise<TenantcryptProcess> {
  const folder = tempFolder('tc');
  const [port, metricsPort] = [await freePort(), await freePort()];
  const configFile = join(folder, 'tenantcrypt.yaml');
  const logFile = join(folder, 'tenantcrypt.log');
  // JSON is YAML.
  writeFileSync(join(folder, 'keys.yaml'), JSON.stringify(options.keys, null, 2), { mode: 0o600 });
  writeFileSync(
    configFile,
    JSON.stringify(
      {
        listen: {
          host: '127.0.0.1',
          port,
          tls: {
            mode: options.clientTls ?? 'preferred',
            ...(options.clientCertificate === undefined
              ? {}
              : { cert: options.clientCertificate.cert, key: options.clientCertificate.key }),
          },
        },
        metrics: { host: '127.0.0.1', port: metricsPort },
        keys: { provider: 'file', file: 'keys.yaml', format: 'text' },
        ...options.config,
      },
      null,
      2,
    ),
  );
  const main = options.main ?? join(repositoryRoot(), 'dist/main.js');
  const daemon = await startDaemon({
    command: [process.execPath, '--enable-source-maps', main, 'serve', '--config', configFile],
    log: logFile,
    folder,
  });
  const metricsUrl = `http://127.0.0.1:${metricsPort}`;
  try {
    await waitUntilReady(daemon, async () => await isReady(`${metricsUrl}/readyz`), START_BOUND_MS, [
      logFile,
    ]);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return {
    host: '127.0.0.1',
    port,
    metricsUrl,
    pid: daemon.pid,
    configFile,
    logFile,
    stop: async () => await daemon.stop(),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    await delay(25);
    return false;
  }
}
