import type { Socket } from 'node:net';
import type { BackendConfig } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import { BufferWriter } from '../../protocol/buffer-writer.js';
import {
  decodeHandshakeResponse41,
  encodeHandshakeResponse41,
  type HandshakeResponse41,
} from '../../protocol/connection-phase/handshake-response-41.js';
import {
  decodeHandshakeV10,
  encodeHandshakeV10,
  type HandshakeV10,
} from '../../protocol/connection-phase/handshake-v10.js';
import { NATIVE_PASSWORD } from '../../protocol/connection-phase/native-password.js';
import type { ProxiedClient } from '../../protocol/connection-phase/proxy-header.js';
import { encodeSslRequest } from '../../protocol/connection-phase/ssl-request.js';
import { intersect } from '../../protocol/constants/capabilities.js';
import { ERR_HEADER } from '../../protocol/resultset/err-packet.js';
import type { Compressions } from '../compression/compressions.js';
import { directReads } from '../direct-reads.js';
import type { EstablishedConnection, LoginIdentity } from '../established-connection.js';
import { CONNECTION_PHASE_MAX_PAYLOAD, Leg, LegClosedError, LegProtocolError } from '../leg.js';
import { type BackendTls, backendTlsError, backendWithoutTlsError } from '../tls/backend-tls.js';
import type { ClientTls } from '../tls/client-tls.js';
import {
  backendCapabilities,
  negotiatedCapabilities,
  offeredCapabilities,
  offeredMariadbCapabilities,
  offersTls,
} from './capability-negotiation.js';
import { readClientResponse } from './client-response.js';
import { connectBackend } from './connect-backend.js';
import { LegGuard } from './leg-guard.js';
import {
  asLoginError,
  type LoginError,
  LoginRefusedError,
  loginErrorPayload,
  loginTimeoutError,
  tooManyConnectionsError,
} from './login-error.js';
import type { PasswordExchangeKeys } from './password-exchange.js';
import {
  awaitProbeEnd,
  type ProxyHeaderRule,
  readProxyHeader,
  type TrustedProxies,
} from './proxied-client.js';
import { type AuthenticationState, firstAnswer, relayAuthentication } from './relay-authentication.js';
import { parseServerVersion } from './server-version.js';
import type { SessionLimits } from './session-limits.js';
import { refuseSocketAccount } from './socket-account.js';

/** Takes the tenant from a login; the session's TenantResolver is one. */
export interface LoginObserver {
  /** @throws ProxyError, which the client gets in place of a login */
  onConnect(identity: LoginIdentity): { readonly userForBackend: string };
}

/** What all sessions share, and this one's `login`. */
export interface ConnectionPhaseDependencies {
  readonly backend: Pick<BackendConfig, 'host' | 'port' | 'socket'>;
  readonly backendTls: BackendTls;
  readonly clientTls: ClientTls;
  readonly keys: PasswordExchangeKeys;
  readonly limits: SessionLimits;
  readonly authSeconds: number;
  /** Whether clients may send files (LOAD DATA LOCAL). */
  readonly localInfile?: boolean;
  /** What clients may compress with; without it they can't. */
  readonly compressions?: Compressions;
  readonly login: LoginObserver;
  /** Without it nobody's PROXY header is believed. */
  readonly trustedProxies?: TrustedProxies;
  /** Hears whose connection it is, where a PROXY header says so. */
  readonly onProxiedClient?: (client: ProxiedClient) => void;
  /** Hears of each state as it is entered, for a log at debug. */
  readonly onState?: (state: ConnectionPhaseState) => void;
}

export type ConnectionPhaseState =
  | 'proxy-header'
  | 'connect-backend'
  | 'server-greeting'
  | 'client-response'
  | 'client-tls'
  | 'backend-tls'
  | 'authentication'
  | 'established'
  | 'failed';

/** What the database is awaited for, and not the client. */
const AWAITS_BACKEND: ReadonlySet<ConnectionPhaseState> = new Set([
  'connect-backend',
  'server-greeting',
  'backend-tls',
]);

/**
 * Brings a new client to a login on a backend connection of its own; the database checks the user and the password.
 * Bounded by `authSeconds`.
 *
 * @param isUnixSocket whether the client came through the listener's Unix socket
 * @throws ProxyError, LoginError, LoginRefusedError or LegClosedError of the client, for the log: the client has
 * got an ERR wherever it could still get one, and both connections are closed
 */
export async function runConnectionPhase(
  socket: Socket,
  isUnixSocket: boolean,
  dependencies: ConnectionPhaseDependencies,
): Promise<EstablishedConnection> {
  return await new ConnectionPhase(new Leg('client', socket, isUnixSocket), dependencies).run();
}

class ConnectionPhase {
  readonly #client: Leg;
  readonly #dependencies: ConnectionPhaseDependencies;
  readonly #guard: LegGuard;
  readonly #headerRule: ProxyHeaderRule;
  #backend: Leg | null = null;
  #state: ConnectionPhaseState = 'proxy-header';

  constructor(client: Leg, dependencies: ConnectionPhaseDependencies) {
    this.#client = client;
    this.#dependencies = dependencies;
    this.#guard = new LegGuard(dependencies.authSeconds * 1000, () => this.#timeoutError());
    this.#guard.add(client);
    this.#headerRule = dependencies.trustedProxies?.ruleFor(client.socket, client.isUnixSocket) ?? 'refused';
  }

  async run(): Promise<EstablishedConnection> {
    const admission = this.#dependencies.limits.admit();
    try {
      if (admission === null) throw tooManyConnectionsError();
      this.#client.onClose(() => admission.release());
      const established = await this.#establish();
      this.#enter('established');
      return established;
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#guard.release();
      admission?.authenticated();
    }
  }

  async #establish(): Promise<EstablishedConnection> {
    if (this.#headerRule === 'required') {
      // Before anything is asked of the database: a stranger's bytes must not cost it a connection.
      this.#enter('proxy-header');
      const client = await readProxyHeader(this.#client, this.#headerRule);
      if (client === null) await awaitProbeEnd(this.#guard.signal);
      this.#hear(client);
    }
    const { backend, greeting } = await this.#greetedBackend();
    const offered = offeredCapabilities(
      greeting.capabilities.flags,
      this.#dependencies.clientTls.mode !== 'disabled',
      this.#dependencies.localInfile === true,
      this.#dependencies.compressions?.flags ?? 0,
    );
    this.#greetClient(greeting, offered);
    const payload = await this.#clientResponse();
    try {
      return await this.#logIn(payload, backend, greeting, offered);
    } finally {
      // It may have held a password in clear (mysql_clear_password, sha256_password).
      payload.fill(0);
    }
  }

  async #logIn(
    payload: Buffer,
    backend: Leg,
    greeting: HandshakeV10,
    offered: number,
  ): Promise<EstablishedConnection> {
    const client = this.#client;
    const serverFlags = greeting.capabilities.flags;
    const fromClient = client.decode(() => decodeHandshakeResponse41(payload));
    const capabilities = negotiatedCapabilities(fromClient.capabilities.flags, offered, client.isTls);
    const { zstdCompressionLevel } = fromClient;
    const compression = await this.#dependencies.compressions?.choose(capabilities, zstdCompressionLevel);
    const username = this.#userForBackend(fromClient);

    const mariadb = intersect(
      fromClient.capabilities.mariadb,
      offeredMariadbCapabilities(greeting.capabilities),
    );
    const isBackendTls = await this.#backendTls(backend, serverFlags, fromClient, capabilities, mariadb);
    const flags = backendCapabilities(capabilities, serverFlags, isBackendTls);
    this.#enter('authentication');
    const { pluginName, authResponse } = firstAnswer(fromClient.clientPluginName, fromClient.authResponse);
    const response: HandshakeResponse41 = {
      ...fromClient,
      capabilities: { flags, mariadb },
      username,
      authResponse: Buffer.alloc(0),
      database: fromClient.database === null ? null : Buffer.from(fromClient.database),
      clientPluginName: pluginName,
      zstdCompressionLevel: null,
    };
    backend.writePayload(encoded(encodeHandshakeResponse41, { ...response, authResponse }));

    const state: AuthenticationState = {
      plugin: pluginName ?? NATIVE_PASSWORD,
      nonce: greeting.authPluginData,
    };
    const outcome = await relayAuthentication(client, backend, state, this.#dependencies.keys);
    if (outcome.kind === 'err') throw new LoginRefusedError(outcome.payload);
    await refuseSocketAccount(backend, { flags, mariadb });
    if (compression != null) client.startCompression(compression);
    return {
      client,
      backend,
      capabilities,
      backendCapabilities: flags,
      mariadbCapabilities: mariadb,
      identity: identityOf(fromClient),
      server: parseServerVersion(greeting.serverVersion, greeting.capabilities),
      greeting,
      response,
      loginOk: outcome.payload,
      loginOkSequenceId: client.sequenceId,
    };
  }

  async #greetedBackend(): Promise<{ backend: Leg; greeting: HandshakeV10 }> {
    this.#enter('connect-backend');
    const address = this.#dependencies.backend;
    const reads = directReads();
    const socket = await connectBackend(address, this.#guard.signal, reads);
    const isUnixSocket = address.socket !== undefined;
    const backend = new Leg('backend', socket, isUnixSocket, CONNECTION_PHASE_MAX_PAYLOAD, reads);
    this.#backend = backend;
    this.#guard.add(backend);
    this.#enter('server-greeting');
    const payload = await backend.readPayload();
    // Instead of a greeting: too many connections, host blocked, host not allowed.
    if (payload[0] === ERR_HEADER) throw new LoginRefusedError(payload);
    const greeting = backend.decode(() => decodeHandshakeV10(payload));
    return { backend, greeting: { ...greeting, authPluginData: Buffer.from(greeting.authPluginData) } };
  }

  #greetClient(greeting: HandshakeV10, offered: number): void {
    this.#enter('client-response');
    const capabilities = { flags: offered, mariadb: offeredMariadbCapabilities(greeting.capabilities) };
    this.#client.writePayload(encoded(encodeHandshakeV10, { ...greeting, capabilities }));
  }

  /** The HandshakeResponse41's payload, after TLS where the client asks for it. */
  async #clientResponse(): Promise<Buffer> {
    const client = this.#client;
    if (this.#headerRule !== 'required') this.#hear(await readProxyHeader(client, this.#headerRule));
    return await readClientResponse(client, this.#dependencies.clientTls, (state) => this.#enter(state));
  }

  #hear(client: ProxiedClient | null): void {
    if (client !== null) this.#dependencies.onProxiedClient?.(client);
  }

  /** Asks the tenant's sources. @returns the user's name for the server, in the bytes that the client used */
  #userForBackend(response: HandshakeResponse41): Buffer {
    const { userForBackend } = this.#dependencies.login.onConnect(identityOf(response));
    return Buffer.from(userForBackend, encodingOf(response.username));
  }

  /** @returns whether the backend leg has TLS from now on */
  async #backendTls(
    backend: Leg,
    serverFlags: number,
    { maxPacketSize, characterSet }: HandshakeResponse41,
    capabilities: number,
    mariadb: number,
  ): Promise<boolean> {
    const { mode, options } = this.#dependencies.backendTls;
    if (mode === 'disabled') return false;
    if (!offersTls(serverFlags)) {
      if (mode === 'preferred') return false;
      throw backendWithoutTlsError(mode);
    }
    this.#enter('backend-tls');
    const flags = backendCapabilities(capabilities, serverFlags, true);
    const request = { capabilities: { flags, mariadb }, maxPacketSize, characterSet };
    backend.writePayload(encoded(encodeSslRequest, request));
    try {
      await backend.upgradeToTlsClient(options);
    } catch (error) {
      // What ended the wait from outside keeps its own name: time is up, or a connection closed.
      if (error instanceof ProxyError || error instanceof LegClosedError) throw error;
      throw backendTlsError(error);
    }
    return true;
  }

  #enter(state: ConnectionPhaseState): void {
    this.#state = state;
    this.#dependencies.onState?.(state);
  }

  #timeoutError(): ProxyError | LoginError {
    const { authSeconds } = this.#dependencies;
    if (AWAITS_BACKEND.has(this.#state)) {
      return new ProxyError(
        'TC_BACKEND',
        `the database did not answer within limits.authSeconds (${authSeconds}); check that it runs and is reachable`,
      );
    }
    const what =
      this.#state === 'proxy-header'
        ? 'no whole PROXY header came (see listen.proxyProtocol)'
        : 'the client did not log in';
    return loginTimeoutError(what, authSeconds);
  }

  /** Tells the client what can be told, closes both legs. @returns what to throw */
  #fail(cause: unknown): Error {
    this.#enter('failed');
    const client = this.#client;
    if (cause instanceof LegClosedError && cause.leg === 'client') {
      this.#backend?.destroy('the client left during the login');
      client.destroy('the client left during the login');
      return cause;
    }
    const error = this.#partingError() ?? asLoginError(cause);
    const afterGreeting = client.sequenceId !== 0;
    client.writePayload(loginErrorPayload(error, afterGreeting));
    client.end(error.message);
    this.#backend?.destroy(error.message);
    return error;
  }

  /** An ERR with which the server closed, not read yet: it says more than "the connection closed". */
  #partingError(): LoginRefusedError | null {
    try {
      const payload = this.#backend?.tryReadPayload() ?? null;
      return payload !== null && payload[0] === ERR_HEADER ? new LoginRefusedError(payload) : null;
    } catch (error) {
      if (error instanceof LegProtocolError) return null;
      throw error;
    }
  }
}

/** Names are UTF-8 nearly always; one that is not must reach the server unchanged all the same. */
function encodingOf(username: Buffer): 'utf8' | 'latin1' {
  return Buffer.from(username.toString('utf8'), 'utf8').equals(username) ? 'utf8' : 'latin1';
}

function identityOf({ username, connectAttributes }: HandshakeResponse41): LoginIdentity {
  return {
    attributes: connectAttributes ?? new Map<string, string>(),
    user: username.toString(encodingOf(username)),
  };
}

function encoded<T>(encode: (writer: BufferWriter, message: T) => void, message: T): Buffer {
  const writer = new BufferWriter();
  encode(writer, message);
  return writer.view();
}
