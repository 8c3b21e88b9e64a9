import { BufferWriter } from '../../protocol/buffer-writer.js';
import { type ComChangeUser, encodeComChangeUser } from '../../protocol/command-phase/com-change-user.js';
import { NATIVE_PASSWORD } from '../../protocol/connection-phase/native-password.js';
import { type Leg, LegClosedError } from '../leg.js';
import { LegGuard } from './leg-guard.js';
import { asLoginError } from './login-error.js';
import type { PasswordExchangeKeys } from './password-exchange.js';
import {
  type AuthenticationOutcome,
  type AuthenticationState,
  firstAnswer,
  relayAuthentication,
} from './relay-authentication.js';
import { refuseSocketAccount } from './socket-account.js';

export interface ChangeUserRequest {
  /** Attached, with everything before the command answered; `client.sequenceId` is that after the command's packet. */
  readonly client: Leg;
  readonly backend: Leg;
  /** As decoded from the client, the user's name already the one for the server. */
  readonly message: ComChangeUser;
  /** `EstablishedConnection.backendCapabilities`. */
  readonly backendCapabilities: number;
  /** `EstablishedConnection.mariadbCapabilities`. */
  readonly mariadbCapabilities?: number;
  /** The connection's latest nonce: the greeting's, or {@link ChangeUserResult.nonce} of the change before. */
  readonly nonce: Buffer;
  readonly keys: PasswordExchangeKeys;
  readonly authSeconds: number;
  /** Ends the session where the exchange takes too long. */
  readonly timeoutError: () => Error;
}

export interface ChangeUserResult extends AuthenticationOutcome {
  readonly nonce: Buffer;
}

/**
 * COM_CHANGE_USER: the command to the server, then its authentication exchange. The last word, OK or ERR, is not sent
 * to the client: after an OK the caller first sets the session up again, then sends it at `client.sequenceId`. After
 * an ERR MySQL closes; MariaDB goes on as the user from before, with everything else of the session reset.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_change_user.html
 *
 * @throws ProxyError, LoginError, LoginRefusedError: tell the client (loginErrorPayload) and end the session;
 * LegClosedError when it was the client who left
 */
export async function runChangeUser(request: ChangeUserRequest): Promise<ChangeUserResult> {
  const { client, backend, message, nonce, keys } = request;
  const capabilities = { flags: request.backendCapabilities, mariadb: request.mariadbCapabilities ?? 0 };
  const { pluginName, authResponse } = firstAnswer(message.clientPluginName, message.authResponse);
  const writer = new BufferWriter();
  encodeComChangeUser(writer, { ...message, clientPluginName: pluginName, authResponse }, capabilities);
  const guard = new LegGuard(request.authSeconds * 1000, request.timeoutError);
  try {
    guard.add(client);
    guard.add(backend);
    backend.sequenceId = 0;
    backend.writePayload(writer.view());
    const state: AuthenticationState = { plugin: pluginName ?? NATIVE_PASSWORD, nonce };
    const outcome = await relayAuthentication(client, backend, state, keys);
    if (outcome.kind === 'ok') await refuseSocketAccount(backend, capabilities);
    return { ...outcome, nonce: state.nonce };
  } catch (error) {
    throw error instanceof LegClosedError && error.leg === 'client' ? error : asLoginError(error);
  } finally {
    guard.release();
  }
}
