import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../config/loopback.js';

/** One thing that has to be so for a client to be served. */
export interface ReadinessCheck {
  readonly name: string;
  /**
   * Resolves to what is wrong and what to do, or to undefined. Opens no connection to the database without a login: one
   * that ends before counts towards max_connect_errors, and a probe each second would get this host blocked.
   */
  run(signal: AbortSignal): Promise<string | undefined>;
}

/** The part of prom-client's Registry that is needed. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface AdminServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly allowNonLoopback: boolean;
  readonly metrics: MetricsSource;
  readonly checks: readonly ReadinessCheck[];
  /** For each check; then it has failed. */
  readonly checkTimeoutMs?: number;
}

interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly problem: string | undefined }[];
}

/**
 * /metrics, /healthz (the process runs) and /readyz (it can serve clients: 200, else 503 with the reasons). GET and
 * HEAD only, nothing that changes anything; no login, and so on loopback alone unless the configuration opts in.
 */
export class AdminServer {
  readonly #options: AdminServerOptions;
  readonly #server: Server;
  #checking: Promise<Readiness> | undefined;
  #draining = false;

  private constructor(options: AdminServerOptions) {
    this.#options = options;
    this.#server = createServer({ requestTimeout: 5000, headersTimeout: 5000 }, (request, response) => {
      this.#answer(request, response).catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    this.#server.maxConnections = 100;
  }

  /** Starts to listen. Rejects when the host is not loopback without the opt-in, or the port can't be had. */
  static async start(options: AdminServerOptions): Promise<AdminServer> {
    if (!options.allowNonLoopback && !isLoopback(options.host)) {
      throw new Error(
        'metrics.host is not a loopback address, and these endpoints have no login; use 127.0.0.1, or set metrics.allowNonLoopback: true',
      );
    }
    const admin = new AdminServer(options);
    await new Promise<void>((resolve, reject) => {
      admin.#server.once('error', reject);
      admin.#server.listen(options.port, options.host, () => {
        admin.#server.off('error', reject);
        resolve();
      });
    });
    return admin;
  }

  get address(): AddressInfo {
    return this.#server.address() as AddressInfo;
  }

  /** From now on not ready: so that no new client is sent here while sessions end. */
  drain(): void {
    this.#draining = true;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, 405, 'text/plain; charset=utf-8', 'only GET and HEAD\n', { allow: 'GET, HEAD' });
      return;
    }
    const path = (request.url ?? '/').split('?', 1)[0];
    switch (path) {
      case '/metrics':
        send(response, 200, this.#options.metrics.contentType, await this.#options.metrics.metrics());
        return;
      case '/healthz':
        send(response, 200, 'text/plain; charset=utf-8', 'ok\n');
        return;
      case '/readyz': {
        const readiness = await this.#readiness();
        send(response, readiness.ready ? 200 : 503, 'application/json', `${JSON.stringify(readiness)}\n`);
        return;
      }
      default:
        send(response, 404, 'text/plain; charset=utf-8', 'there is /metrics, /healthz and /readyz\n');
    }
  }

  async #readiness(): Promise<Readiness> {
    if (this.#draining) {
      return {
        ready: false,
        checks: [{ name: 'drain', problem: 'tenantcrypt is stopping; use another one' }],
      };
    }
    // Probes that come while one is being answered share its result: checks that hang don't add up.
    this.#checking ??= this.#runChecks().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #runChecks(): Promise<Readiness> {
    const timeoutMs = this.#options.checkTimeoutMs ?? 2000;
    const checks = await Promise.all(
      this.#options.checks.map(async (check) => ({
        name: check.name,
        problem: await runCheck(check, timeoutMs),
      })),
    );
    return { ready: checks.every(({ problem }) => problem === undefined), checks };
  }
}

async function runCheck(check: ReadinessCheck, timeoutMs: number): Promise<string | undefined> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      resolve(`gave no answer in ${timeoutMs} ms; see the log of tenantcrypt`);
      abort.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([check.run(abort.signal), timeout]);
  } catch {
    // The reason may name hosts or accounts, and whoever probes has not logged in.
    return 'failed; see the log of tenantcrypt';
  } finally {
    clearTimeout(timer);
  }
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(body);
}
