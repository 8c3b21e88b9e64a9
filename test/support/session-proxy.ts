import type { Logger } from 'pino';
import pino from 'pino';
import { Metrics } from '../../src/metrics/metrics.js';
import { LoginKeyPair } from '../../src/session/connection-phase/login-key-pair.js';
import { IdleSweep } from '../../src/session/idle-sweep.js';
import { Session } from '../../src/session/session.js';
import type { Protection, SessionServices } from '../../src/session/session-services.js';
import type { TenantSource } from '../../src/tenant/sources/tenant-source.js';
import { TenantResolver } from '../../src/tenant/tenant-resolver.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import {
  type AuthenticatingRelay,
  type RelayOptions,
  startAuthenticatingRelay,
} from './authenticating-relay.js';

export interface SessionProxyOptions {
  readonly protection?: Protection | null;
  readonly sources?: readonly TenantSource[];
  readonly limits?: Partial<SessionServices['limits']>;
  readonly idleSeconds?: number;
  /** policy.localInfile */
  readonly localInfile?: boolean;
  readonly relay?: Partial<RelayOptions>;
  readonly log?: Logger;
  /** Where the backend is, when not the server itself. */
  readonly port?: number;
}

export interface SessionProxy {
  readonly port: number;
  readonly relay: AuthenticatingRelay;
  readonly metrics: Metrics;
  /** The sessions that are open. */
  readonly sessions: ReadonlySet<Session>;
  stop(): Promise<void>;
}

/** The connection phase and sessions behind it, as main wires them. */
export async function startSessionProxy(
  server: SqlServerAddress,
  options: SessionProxyOptions = {},
): Promise<SessionProxy> {
  const metrics = new Metrics();
  const services: SessionServices = {
    limits: {
      statementBytes: 64 * 1024 * 1024,
      preparedStatements: 16_382,
      authSeconds: 8,
      drainSeconds: 25,
      ...options.limits,
    },
    idle: new IdleSweep(options.idleSeconds ?? 28_800),
    metrics,
    log: options.log ?? pino({ level: 'silent' }),
    protection: options.protection ?? null,
    localInfile: options.localInfile ?? false,
    userExchange: { keys: { loginKeyPair: new LoginKeyPair(), serverPublicKey: null }, authSeconds: 8 },
  };
  const sessions = new Set<Session>();
  const relay = await startAuthenticatingRelay({
    localInfile: options.localInfile ?? false,
    ...options.relay,
    backend: { port: options.port ?? server.port },
    serve: async (established) => {
      const tenant = new TenantResolver({
        sources: options.sources ?? [{ kind: 'fixed', tenant: 'none' }],
        pattern: /^[A-Za-z0-9._-]{1,64}$/,
        allowSwitch: false,
      });
      tenant.onConnect({
        attributes: established.response.connectAttributes ?? [],
        user: established.response.username.toString(),
      });
      const session = new Session(established, tenant, services);
      sessions.add(session);
      await session.run();
      sessions.delete(session);
    },
  });
  return {
    port: relay.port,
    relay,
    metrics,
    sessions,
    stop: async () => {
      for (const session of sessions) session.destroy('the test is over');
      await relay.stop();
    },
  };
}
