import { ProxyError } from '../errors.js';
import { type ComChangeUser, decodeComChangeUser } from '../protocol/command-phase/com-change-user.js';
import type { Frame } from '../protocol/packet-framer.js';
import { writePacket } from '../protocol/packet-writer.js';
import { runChangeUser } from './connection-phase/change-user.js';
import type { LoginObserver } from './connection-phase/connection-phase.js';
import {
  LoginError,
  LoginRefusedError,
  loginErrorPayload,
  loginTimeoutError,
} from './connection-phase/login-error.js';
import type { PasswordExchangeKeys } from './connection-phase/password-exchange.js';
import type { ByteSink } from './direct-reads.js';
import type { EstablishedConnection, LoginIdentity } from './established-connection.js';
import type { LegName } from './leg.js';

/** What COM_CHANGE_USER needs of the connection phase. */
export interface UserExchangeServices {
  readonly keys: PasswordExchangeKeys;
  readonly authSeconds: number;
}

export type UserExchangeOutcome =
  /** The server's OK payload and the client's sequence id for it; who is logged in on the backend now. */
  | {
      readonly kind: 'ok';
      readonly payload: Buffer;
      readonly sequenceId: number;
      readonly account: string;
    }
  /** The session goes on as the user it was: MariaDB has reset it, and answers with the ERR of `packet`. */
  | { readonly kind: 'refused'; readonly packet: Buffer }
  /** The session ends with `packet`. */
  | { readonly kind: 'over'; readonly packet: Buffer };

export interface UserExchangeResult {
  readonly outcome: UserExchangeOutcome;
  /** What has come after the exchange. */
  readonly fromClient: Buffer;
  readonly fromBackend: Buffer;
}

/**
 * Authentication inside the command phase. The legs take the bytes for the time of the exchange.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_change_user.html
 */
export class UserExchange {
  readonly #established: EstablishedConnection;
  readonly #services: UserExchangeServices;
  readonly #login: LoginObserver;
  #nonce: Buffer;
  /** Of the last login that succeeded. */
  #identity: LoginIdentity;

  constructor(established: EstablishedConnection, services: UserExchangeServices, login: LoginObserver) {
    this.#established = established;
    this.#services = services;
    this.#login = login;
    this.#nonce = established.greeting.authPluginData;
    this.#identity = established.identity;
  }

  /**
   * @param frame the command @param ahead what the client has sent after it
   * @param sinks who gets what arrives after the exchange, once the sockets are resumed
   * @throws MalformedPacketError, LegClosedError
   */
  async run(
    frame: Frame,
    ahead: Buffer,
    sinks: Readonly<Record<LegName, ByteSink>>,
  ): Promise<UserExchangeResult> {
    const { client, backend, capabilities, backendCapabilities } = this.#established;
    const message = decodeComChangeUser(frame.payload, { flags: capabilities, mariadb: 0 });
    client.sequenceId = (frame.lastSequenceId + 1) & 0xff;
    client.attach(ahead);
    backend.attach();
    let outcome: UserExchangeOutcome;
    try {
      outcome = await this.#exchange(message, backendCapabilities);
    } catch (error) {
      if (
        !(error instanceof ProxyError || error instanceof LoginError || error instanceof LoginRefusedError)
      ) {
        throw error;
      }
      const packet = writePacket(loginErrorPayload(error, true), client.sequenceId);
      outcome = { kind: 'over', packet };
    }
    const { unread: fromClient } = client.detach(sinks.client);
    const { unread: fromBackend } = backend.detach(sinks.backend);
    return { outcome, fromClient, fromBackend };
  }

  async #exchange(message: ComChangeUser, backendCapabilities: number): Promise<UserExchangeOutcome> {
    const { client, backend, server } = this.#established;
    const identity: LoginIdentity = {
      attributes: message.connectAttributes ?? new Map<string, string>(),
      user: message.username.toString('utf8'),
    };
    const { userForBackend } = this.#login.onConnect(identity);
    const outcome = await runChangeUser({
      client,
      backend,
      message: { ...message, username: Buffer.from(userForBackend) },
      backendCapabilities,
      mariadbCapabilities: this.#established.mariadbCapabilities,
      nonce: this.#nonce,
      keys: this.#services.keys,
      authSeconds: this.#services.authSeconds,
      timeoutError: () => loginTimeoutError('the user was not changed', this.#services.authSeconds),
    });
    this.#nonce = outcome.nonce;
    if (outcome.kind === 'err') {
      const packet = writePacket(outcome.payload, client.sequenceId);
      // MySQL closes the connection now.
      if (server.kind !== 'mariadb') return { kind: 'over', packet };
      // Still the user from before, and so that user's tenant.
      this.#login.onConnect(this.#identity);
      return { kind: 'refused', packet };
    }
    this.#identity = identity;
    return {
      kind: 'ok',
      payload: Buffer.from(outcome.payload),
      sequenceId: client.sequenceId,
      account: userForBackend,
    };
  }
}
