import { createPublicKey } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { BackendConfig, ListenTlsConfig } from '../../src/config/config.js';
import { Capability, has } from '../../src/protocol/constants/capabilities.js';
import { writePacket } from '../../src/protocol/packet-writer.js';
import { withoutSessionState } from '../../src/protocol/resultset/ok-packet.js';
import {
  type ConnectionPhaseState,
  type LoginObserver,
  runConnectionPhase,
} from '../../src/session/connection-phase/connection-phase.js';
import { LoginKeyPair } from '../../src/session/connection-phase/login-key-pair.js';
import { SessionLimits } from '../../src/session/connection-phase/session-limits.js';
import type { EstablishedConnection } from '../../src/session/established-connection.js';
import { Listener } from '../../src/session/listener.js';
import { createBackendTls } from '../../src/session/tls/backend-tls.js';
import { createClientTls } from '../../src/session/tls/client-tls.js';
import { tempFolder } from '../servers/temp-folder.js';

export interface RelayOptions {
  /** Where to connect to; TLS is disabled unless given. */
  readonly backend: Partial<Omit<BackendConfig, 'tls'>>;
  readonly backendTls?: Partial<BackendConfig['tls']>;
  readonly clientTls?: ListenTlsConfig['mode'];
  readonly listenTls?: Partial<ListenTlsConfig>;
  readonly limits?: { sessions?: number; unauthenticated?: number; authSeconds?: number };
  readonly login?: LoginObserver;
  readonly localInfile?: boolean;
  /** What stands in for the command phase; by default the two sockets piped into each other. */
  readonly serve?: (connection: EstablishedConnection) => Promise<void>;
}

export interface AuthenticatingRelay {
  readonly port: number;
  /** The Unix socket that it listens on as well. */
  readonly socket: string;
  readonly limits: SessionLimits;
  readonly established: EstablishedConnection[];
  /** What runConnectionPhase threw. */
  readonly failures: Error[];
  readonly states: ConnectionPhaseState[];
  stop(): Promise<void>;
}

/** The connection phase as it is, and behind it two sockets piped into each other. */
export async function startAuthenticatingRelay(options: RelayOptions): Promise<AuthenticatingRelay> {
  const folder = tempFolder('relay');
  const backend: BackendConfig = {
    host: '127.0.0.1',
    port: 1,
    socket: undefined,
    serverPublicKey: undefined,
    ...options.backend,
    tls: {
      mode: 'disabled',
      ca: undefined,
      cert: undefined,
      key: undefined,
      serverName: undefined,
      ...options.backendTls,
    },
  };
  const clientTls = await createClientTls({
    mode: options.clientTls ?? 'preferred',
    cert: undefined,
    key: undefined,
    ca: undefined,
    clientCertificate: 'none',
    ...options.listenTls,
  });
  const backendTls = await createBackendTls(backend);
  const loginKeyPair = new LoginKeyPair();
  const limits = new SessionLimits({ sessions: 100, unauthenticated: 100, ...options.limits });
  const established: EstablishedConnection[] = [];
  const failures: Error[] = [];
  const states: ConnectionPhaseState[] = [];
  const serverPublicKey =
    backend.serverPublicKey === undefined ? null : createPublicKey(readFileSync(backend.serverPublicKey));
  const serve = async (socket: Socket, isUnixSocket: boolean): Promise<void> => {
    const connection = await runConnectionPhase(socket, isUnixSocket, {
      backend,
      backendTls,
      clientTls,
      keys: { loginKeyPair, serverPublicKey },
      limits,
      authSeconds: options.limits?.authSeconds ?? 8,
      localInfile: options.localInfile ?? false,
      login: options.login ?? { onConnect: ({ user }) => ({ userForBackend: user }) },
      onState: (state) => states.push(state),
    });
    established.push(connection);
    if (options.serve === undefined) pipe(connection);
    else await options.serve(connection);
  };
  const listener = new Listener({
    tcp: { host: '127.0.0.1', port: 0 },
    socket: join(folder, 'relay.sock'),
    onConnection: (socket, isUnixSocket) => {
      serve(socket, isUnixSocket).catch((error: Error) => failures.push(error));
    },
  });
  await listener.listen();
  return {
    port: listener.tcpAddress?.port ?? 0,
    socket: join(folder, 'relay.sock'),
    limits,
    established,
    failures,
    states,
    stop: async () => {
      listener.stopAccepting();
      listener.destroyConnections();
      await listener.drained(5_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function pipe(connection: EstablishedConnection): void {
  const { client, backend, capabilities, backendCapabilities, loginOk } = connection;
  const own = has(capabilities, Capability.CLIENT_SESSION_TRACK)
    ? null
    : withoutSessionState(loginOk, { flags: backendCapabilities, mariadb: 0 });
  client.writeRaw(writePacket(own ?? loginOk, connection.loginOkSequenceId));
  const fromClient = client.detach((chunk) => void backend.writeRaw(chunk));
  const fromBackend = backend.detach((chunk) => void client.writeRaw(chunk));
  backend.writeRaw(fromClient.unread);
  client.writeRaw(fromBackend.unread);
  client.resume();
  backend.resume();
  client.onClose(() => backend.destroy('the client left'));
  backend.onClose(() => client.destroy('the database left'));
}
