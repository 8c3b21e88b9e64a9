import { BlockList, isIPv6, type Socket } from 'node:net';
import type { ProxyProtocolConfig } from '../../config/config.js';
import { decodeProxyHeader, type ProxiedClient } from '../../protocol/connection-phase/proxy-header.js';
import { ErrorNumber } from '../../protocol/constants/error-numbers.js';
import { type Leg, LegProtocolError } from '../leg.js';
import { LoginError } from './login-error.js';

/** What is made of a PROXY header at a connection's start. */
export type ProxyHeaderRule = 'required' | 'optional' | 'refused';

/** Whose PROXY headers are believed: whoever may send one may name any address as the client's. */
export class TrustedProxies {
  readonly #networks = new BlockList();
  readonly #rule: ProxyHeaderRule;

  /** @param config undefined: nobody's */
  constructor(config: ProxyProtocolConfig | undefined) {
    this.#rule = config?.header ?? 'refused';
    for (const { address, prefix, family } of config?.trusted ?? []) {
      this.#networks.addSubnet(address, prefix, family);
    }
  }

  /** The rule for a connection. Of the Unix socket none is taken: it has no address to trust. */
  ruleFor(socket: Socket, isUnixSocket: boolean): ProxyHeaderRule {
    const address = socket.remoteAddress;
    if (isUnixSocket || address === undefined) return 'refused';
    return this.#networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') ? this.#rule : 'refused';
  }
}

/**
 * Takes the PROXY header off the start of a connection; what follows it stays with the leg.
 * Waits for bytes of the client: without a header, for its first ones.
 *
 * @returns whose connection it is; null without a header, or when the header names nobody
 * @throws LoginError when the rule is broken, or the bytes start as a header does and are none
 * @throws LegClosedError or what the leg was aborted with, when no more bytes come
 */
export async function readProxyHeader(client: Leg, rule: ProxyHeaderRule): Promise<ProxiedClient | null> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk = client.framer.takeBuffered();
    // No copy of what may hold a password: the one that is wiped would be another one.
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const header = decoded(client, bytes, rule);
    if (header.kind !== 'incomplete') {
      if (header.kind === 'header' && rule === 'refused') throw notTrustedError(client);
      if (header.kind === 'absent' && rule === 'required') throw missingError(client);
      client.framer.push(header.kind === 'header' ? bytes.subarray(header.length) : bytes);
      return header.kind === 'header' ? header.client : null;
    }
    await client.waitForChange();
  }
}

/** How long a balancer's own connection may take to show that it only looks whether somebody listens. */
const PROBE_MS = 50;

/**
 * Waits whether a connection that nobody stands behind is closed again, as the health checks of a balancer are: they
 * must not open connections to the database, which counts each as a failed login of this host (max_connect_errors).
 * @throws the signal's reason when it is aborted
 */
export async function awaitProbeEnd(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, PROBE_MS);
    signal.addEventListener('abort', finish);
    if (signal.aborted) finish();
  });
  signal.throwIfAborted();
}

function decoded(client: Leg, bytes: Buffer, rule: ProxyHeaderRule): ReturnType<typeof decodeProxyHeader> {
  try {
    return client.decode(() => decodeProxyHeader(bytes));
  } catch (error) {
    if (!(error instanceof LegProtocolError)) throw error;
    if (rule === 'refused') throw notTrustedError(client);
    throw new LoginError(
      ErrorNumber.ER_HANDSHAKE_ERROR,
      `Bad handshake: ${peer(client)} sent a PROXY header that can't be read (${(error.cause as Error).message})`,
    );
  }
}

/** MariaDB's number and words for it. */
function notTrustedError(client: Leg): LoginError {
  return new LoginError(
    ErrorNumber.ER_HOST_NOT_PRIVILEGED,
    `Proxy header is not accepted from ${peer(client)}; see listen.proxyProtocol.trusted of tenantcrypt`,
  );
}

function missingError(client: Leg): LoginError {
  return new LoginError(
    ErrorNumber.ER_HANDSHAKE_ERROR,
    `Bad handshake: ${peer(client)} sent no PROXY header, which tenantcrypt asks of it; let it send one, or see ` +
      'listen.proxyProtocol',
  );
}

function peer(client: Leg): string {
  return client.socket.remoteAddress ?? 'the Unix socket';
}

/** `192.0.2.7:5000`, `[2001:db8::7]:5000`, `unix:/run/app.sock`: a client as the log names it. */
export function clientName(client: ProxiedClient): string {
  if (client.kind === 'unix') return `unix:${client.path}`;
  return `${isIPv6(client.host) ? `[${client.host}]` : client.host}:${client.port}`;
}

/** The other end of a connection, as {@link clientName} writes it. */
export function peerName(socket: Socket, isUnixSocket: boolean): string {
  const { remoteAddress: host, remotePort: port } = socket;
  // Clients of a Unix socket have no name of their own.
  if (isUnixSocket) return clientName({ kind: 'unix', path: '' });
  return host === undefined || port === undefined ? 'unknown' : clientName({ kind: 'tcp', host, port });
}
