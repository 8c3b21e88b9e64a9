import type { HandshakeResponse41 } from '../protocol/connection-phase/handshake-response-41.js';
import type { HandshakeV10 } from '../protocol/connection-phase/handshake-v10.js';
import type { ServerVersion } from '../rewrite/dialect.js';
import type { Leg } from './leg.js';

/** Who logs in, as the client says it. */
export interface LoginIdentity {
  readonly attributes: ReadonlyMap<string, string>;
  /** With a tenant suffix, where it has one. */
  readonly user: string;
}

/**
 * A session whose client the database has authenticated: what the connection phase gives to the command phase.
 *
 * The client has not been told yet: the command phase first runs its own statements on the backend (each from
 * sequence id 0), then sends `loginOk` at `loginOkSequenceId`.
 */
export interface EstablishedConnection {
  readonly client: Leg;
  readonly backend: Leg;
  /** What the client and we have agreed on. */
  readonly capabilities: number;
  /**
   * What we and the server have agreed on: `capabilities` with CLIENT_SESSION_TRACK wherever the server has it (so
   * OK packets of the backend may hold more than this client can read) and CLIENT_SSL as on this leg.
   */
  readonly backendCapabilities: number;
  /** MariaDB's extended capabilities, the same on both legs. */
  readonly mariadbCapabilities: number;
  readonly identity: LoginIdentity;
  readonly server: ServerVersion;
  /** As the server sent it. */
  readonly greeting: HandshakeV10;
  /** As the server got it (the user's name without a tenant suffix), its authentication data removed. */
  readonly response: HandshakeResponse41;
  /** The server's OK payload, in the form of `backendCapabilities`, not sent to the client yet. */
  readonly loginOk: Buffer;
  /** The client leg's sequence id for it. */
  readonly loginOkSequenceId: number;
}
