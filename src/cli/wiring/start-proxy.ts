import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { AdminServer, type ReadinessCheck } from '../../admin/admin-server.js';
import type { Config } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import { Metrics } from '../../metrics/metrics.js';
import { Compressions } from '../../session/compression/compressions.js';
import {
  type ConnectionPhaseDependencies,
  runConnectionPhase,
} from '../../session/connection-phase/connection-phase.js';
import { LoginError, LoginRefusedError } from '../../session/connection-phase/login-error.js';
import { LoginKeyPair } from '../../session/connection-phase/login-key-pair.js';
import { clientName, peerName, TrustedProxies } from '../../session/connection-phase/proxied-client.js';
import { SessionLimits } from '../../session/connection-phase/session-limits.js';
import { IdleSweep } from '../../session/idle-sweep.js';
import { Listener } from '../../session/listener.js';
import { Session } from '../../session/session.js';
import type { SessionServices } from '../../session/session-services.js';
import { createBackendTls } from '../../session/tls/backend-tls.js';
import { createClientTls } from '../../session/tls/client-tls.js';
import { TenantResolver } from '../../tenant/tenant-resolver.js';
import type { RunningProxy } from '../serve.js';
import { type OpenProtection, openProtection } from './protection.js';
import { ReadinessProbe } from './readiness-probe.js';
import { RecentFailures } from './recent-failures.js';

/** Connections that are cut need a moment to be closed. */
const CLOSE_BOUND_MS = 2_000;

/**
 * Starts the proxy in this process: listener, sessions, keys, metrics.
 * @throws Error when an address can't be listened on or a certificate can't be used; nothing is left running then
 */
export async function startProxy(config: Config, { log }: { log: Logger }): Promise<RunningProxy> {
  const metrics = new Metrics();
  const keyFailures = new RecentFailures(
    'keys',
    'the key provider could not be asked for the last key; see the log of tenantcrypt',
  );
  const protection = openProtection(config, metrics, log, keyFailures);
  const proxy = new InProcessProxy(config, log, metrics, protection, keyFailures);
  try {
    await proxy.start();
    return proxy;
  } catch (error) {
    await proxy.abandon();
    throw error;
  }
}

type SharedDependencies = Omit<ConnectionPhaseDependencies, 'login' | 'onState' | 'onProxiedClient'>;

class InProcessProxy implements RunningProxy {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #protection: OpenProtection | null;
  readonly #services: SessionServices;
  readonly #sessions = new Set<Session>();
  readonly #listener: Listener;
  readonly #backendFailures = new RecentFailures(
    'backend',
    'the last client could not be brought to the database; see the log of tenantcrypt',
  );
  readonly #keyFailures: RecentFailures;
  #dependencies: SharedDependencies | null = null;
  #admin: AdminServer | null = null;
  #stopping: Promise<void> | null = null;
  #isDraining = false;

  constructor(
    config: Config,
    log: Logger,
    metrics: Metrics,
    protection: OpenProtection | null,
    keyFailures: RecentFailures,
  ) {
    this.#keyFailures = keyFailures;
    this.#config = config;
    this.#log = log;
    this.#metrics = metrics;
    this.#protection = protection;
    this.#services = {
      limits: config.limits,
      idle: new IdleSweep(config.limits.idleSeconds),
      metrics,
      log,
      protection: protection?.protection ?? null,
      localInfile: config.policy.localInfile === 'on',
      binlogDump: config.policy.binlogDump === 'allow',
    };
    this.#listener = new Listener({
      tcp: config.listen.tcp,
      socket: config.listen.socket,
      onConnection: (socket, isUnixSocket) => void this.#serve(socket, isUnixSocket),
      onError: (error) =>
        log.error({ err: error }, 'a connection could not be accepted; see the limit of open files'),
    });
  }

  get port(): number | null {
    return this.#listener.tcpAddress?.port ?? null;
  }

  get socket(): string | null {
    return this.#config.listen.socket ?? null;
  }

  get metricsPort(): number | null {
    return this.#admin?.address.port ?? null;
  }

  async start(): Promise<void> {
    const { backend, listen, limits, metrics } = this.#config;
    this.#dependencies = {
      backend,
      backendTls: await createBackendTls(backend),
      clientTls: await createClientTls(listen.tls),
      keys: { loginKeyPair: new LoginKeyPair(), serverPublicKey: await pinnedKey(backend.serverPublicKey) },
      limits: new SessionLimits(limits),
      authSeconds: limits.authSeconds,
      localInfile: this.#config.policy.localInfile === 'on',
      trustedProxies: new TrustedProxies(listen.proxyProtocol),
      compressions: new Compressions(listen.compression),
    };
    if (metrics !== undefined) {
      this.#admin = await AdminServer.start({
        ...metrics,
        metrics: this.#metrics.registry,
        checks: this.#readinessChecks(),
      });
    }
    await this.#listener.listen();
  }

  /** What sessions met last, and where that can be asked without harm, what is so now. */
  #readinessChecks(): ReadinessCheck[] {
    const check = (
      recent: RecentFailures,
      look: (() => Promise<void>) | null | undefined,
    ): ReadinessCheck => {
      if (look === null || look === undefined) return recent;
      const { problem } = recent;
      const onFailure = (error: unknown): void =>
        this.#log.warn({ err: error, check: recent.name }, 'not ready');
      return new ReadinessProbe({ recent, look, problem, onFailure });
    };
    return [
      check(this.#backendFailures, this.#protection?.pingBackend),
      check(this.#keyFailures, this.#protection?.askKeys),
    ];
  }

  /** Lets go of what a failed start has opened. */
  async abandon(): Promise<void> {
    this.#listener.stopAccepting();
    await this.#admin?.stop();
    this.#protection?.close();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#drain();
    return this.#stopping;
  }

  cut(): void {
    for (const session of this.#sessions) session.destroy('tenantcrypt stops at once');
    this.#listener.destroyConnections();
  }

  async #drain(): Promise<void> {
    const { drainSeconds } = this.#config.limits;
    this.#isDraining = true;
    this.#admin?.drain();
    this.#listener.stopAccepting();
    this.#log.info({ sessions: this.#sessions.size, drainSeconds }, 'draining');
    for (const session of this.#sessions) session.drain();
    if (!(await this.#listener.drained(drainSeconds * 1000))) {
      this.#log.warn({ sessions: this.#sessions.size }, 'limits.drainSeconds are over; the rest is cut');
      this.cut();
      await this.#listener.drained(CLOSE_BOUND_MS);
    }
    await this.#admin?.stop();
    this.#protection?.close();
    this.#log.info('stopped');
  }

  /** One client, from accept to close. Never rejects: a session's failure is its own. */
  async #serve(socket: Socket, isUnixSocket: boolean): Promise<void> {
    try {
      const session = await this.#logIn(socket, isUnixSocket);
      if (session === null) return;
      this.#sessions.add(session);
      try {
        if (this.#isDraining) session.drain();
        await session.run();
      } finally {
        this.#sessions.delete(session);
      }
    } catch (error) {
      this.#log.error({ err: error }, 'a session failed');
      socket.destroy();
    }
  }

  async #logIn(socket: Socket, isUnixSocket: boolean): Promise<Session | null> {
    const shared = this.#dependencies;
    if (shared === null) throw new Error('a client before the start');
    const tenant = new TenantResolver({
      sources: this.#config.tenant?.sources ?? [],
      pattern: this.#config.tenant?.pattern ?? NO_TENANT,
      allowSwitch: this.#config.tenant?.allowSwitch ?? false,
    });
    let log = this.#log.child({ client: peerName(socket, isUnixSocket) });
    try {
      const established = await runConnectionPhase(socket, isUnixSocket, {
        ...shared,
        login: tenant,
        onProxiedClient: (client) => {
          log = this.#log.child({ client: clientName(client), proxy: peerName(socket, isUnixSocket) });
        },
        onState: (state) => log.debug({ state }, 'connection phase'),
      });
      this.#backendFailures.succeeded();
      const { keys, authSeconds } = shared;
      const services = { ...this.#services, log, userExchange: { keys, authSeconds } };
      try {
        return new Session(established, tenant, services);
      } catch (error) {
        // Half a packet that came ahead of its turn has been taken up: nobody else would close these.
        for (const leg of [established.client, established.backend]) leg.destroy('no session could begin');
        throw error;
      }
    } catch (error) {
      const isBackend = error instanceof ProxyError && error.code === 'TC_BACKEND';
      if (isBackend) this.#backendFailures.failed();
      // These hold our own words alone; of other errors no text is logged.
      const isOurs = error instanceof LoginError || error instanceof LoginRefusedError;
      log[isBackend ? 'warn' : 'info'](
        {
          err: error,
          ...(error instanceof ProxyError ? { code: error.code } : {}),
          ...(isOurs ? { code: error.errorCode, reason: error.message } : {}),
        },
        'a login failed',
      );
      return null;
    }
  }
}

/** Where nothing is protected no tenant is needed, and none matches. */
const NO_TENANT = /^(?!)$/;

async function pinnedKey(file: string | undefined): Promise<KeyObject | null> {
  return file === undefined ? null : createPublicKey(await readFile(file));
}
