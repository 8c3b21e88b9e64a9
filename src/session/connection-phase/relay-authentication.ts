import { ProxyError } from '../../errors.js';
import { AUTH_MORE_DATA } from '../../protocol/connection-phase/auth-more-data.js';
import {
  AUTH_SWITCH_REQUEST,
  decodeAuthSwitchRequest,
  OLD_PASSWORD,
} from '../../protocol/connection-phase/auth-switch-request.js';
import {
  CACHING_SHA2_PASSWORD,
  FAST_AUTH_SUCCESS,
  PERFORM_FULL_AUTHENTICATION,
  REQUEST_PUBLIC_KEY,
  SHA256_PASSWORD,
  SHA256_REQUEST_PUBLIC_KEY,
} from '../../protocol/connection-phase/caching-sha2-password.js';
import { NATIVE_PASSWORD } from '../../protocol/connection-phase/native-password.js';
import { MalformedPacketError } from '../../protocol/malformed-packet-error.js';
import { ERR_HEADER } from '../../protocol/resultset/err-packet.js';
import { OK_HEADER } from '../../protocol/resultset/ok-packet.js';
import type { Leg } from '../leg.js';
import { exchangePassword, type PasswordExchangeKeys } from './password-exchange.js';

const NONCE_LENGTH = 20;

/** Plugins whose client answers with the password itself, whatever the connection. */
const CLEAR_PASSWORD_PLUGINS: ReadonlySet<string> = new Set([
  'mysql_clear_password',
  'dialog',
  'authentication_openid_connect_client',
]);

/** Plugins whose first answer is worthless to anybody but the server that made the nonce. */
const SCRAMBLE_PLUGINS: ReadonlySet<string> = new Set([
  NATIVE_PASSWORD,
  CACHING_SHA2_PASSWORD,
  'client_ed25519',
  'parsec',
  OLD_PASSWORD,
]);

/**
 * The name of no plugin. A server that reads it asks with AuthSwitchRequest for what the account has.
 */
const ASK_WITH_AUTH_SWITCH = 'tenantcrypt';

/** Where an authentication stands: what an AuthSwitchRequest changes. */
export interface AuthenticationState {
  /** The client plugin that speaks now; `null` for a client without CLIENT_PLUGIN_AUTH. */
  plugin: string | null;
  /** The 20 bytes that scrambles are made with: the latest AuthSwitchRequest's, at first the greeting's. */
  nonce: Buffer;
}

/** The server's last word, which the client has not got yet. */
export interface AuthenticationOutcome {
  readonly kind: 'ok' | 'err';
  readonly payload: Buffer;
}

/** The first answer as the server may get it: see {@link firstAnswer}. */
export interface FirstAnswer {
  readonly pluginName: string | null;
  readonly authResponse: Buffer;
}

/**
 * What a client sent with its HandshakeResponse41 or COM_CHANGE_USER, for the server. A scramble passes; anything
 * else may be a password in clear, meant for this leg and no other, and is held back: the server then asks again and
 * the relay knows in which form the password may travel.
 */
export function firstAnswer(pluginName: string | null, authResponse: Buffer): FirstAnswer {
  if (pluginName === null || SCRAMBLE_PLUGINS.has(pluginName)) return { pluginName, authResponse };
  return { pluginName: ASK_WITH_AUTH_SWITCH, authResponse: Buffer.alloc(0) };
}

/**
 * Carries an authentication from the server's first word after the client's answer to its last, packet by packet,
 * with a sequence id per leg. A packet of the client passes only where the server waits for one: sent ahead of its
 * turn it could reach the server as a command that nobody has rewritten.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html
 *
 * @throws LegClosedError, LegProtocolError, ProxyError, LoginError: neither leg can be used any further
 */
export async function relayAuthentication(
  client: Leg,
  backend: Leg,
  state: AuthenticationState,
  keys: PasswordExchangeKeys,
): Promise<AuthenticationOutcome> {
  for (;;) {
    const payload = await backend.readPayload();
    switch (payload[0]) {
      case OK_HEADER:
        return { kind: 'ok', payload };
      case ERR_HEADER:
        return { kind: 'err', payload };
      case AUTH_SWITCH_REQUEST:
        await relayAuthSwitch(client, backend, payload, state, keys);
        break;
      default:
        if (state.plugin === CACHING_SHA2_PASSWORD) {
          await relayCachingSha2(client, backend, payload, state, keys);
        } else {
          client.writePayload(payload);
          await answerOrMore(client, backend, state);
        }
    }
  }
}

async function relayAuthSwitch(
  client: Leg,
  backend: Leg,
  payload: Buffer,
  state: AuthenticationState,
  keys: PasswordExchangeKeys,
): Promise<void> {
  const { pluginName, pluginProvidedData } = backend.decode(() => decodeAuthSwitchRequest(payload));
  state.plugin = pluginName;
  // A copy: the packet is a view of what the socket read.
  if (pluginProvidedData.length > 0) {
    state.nonce = Buffer.from(pluginProvidedData.subarray(0, NONCE_LENGTH));
  }
  if (CLEAR_PASSWORD_PLUGINS.has(pluginName)) refuseClearPassword(client, backend, pluginName);
  client.writePayload(payload);
  if (pluginName === SHA256_PASSWORD) {
    await exchangePassword(client, backend, SHA256_REQUEST_PUBLIC_KEY, state.nonce, keys);
  } else {
    await passOn(await client.readPayload(), backend, state);
  }
}

/** AuthMoreData of caching_sha2_password: the scramble was right, or the password itself is wanted. */
async function relayCachingSha2(
  client: Leg,
  backend: Leg,
  payload: Buffer,
  state: AuthenticationState,
  keys: PasswordExchangeKeys,
): Promise<void> {
  const isMoreData = payload.length === 2 && payload[0] === AUTH_MORE_DATA;
  if (isMoreData && payload[1] === FAST_AUTH_SUCCESS) {
    client.writePayload(payload);
  } else if (isMoreData && payload[1] === PERFORM_FULL_AUTHENTICATION) {
    client.writePayload(payload);
    await exchangePassword(client, backend, REQUEST_PUBLIC_KEY, state.nonce, keys);
  } else {
    backend.decode(() => {
      throw new MalformedPacketError('AuthMoreData of caching_sha2_password expected', 0);
    });
  }
}

/**
 * After a packet of a plugin that we know nothing of: the client's answer passes, or the server goes on without one.
 */
async function answerOrMore(client: Leg, backend: Leg, state: AuthenticationState): Promise<void> {
  for (;;) {
    if (backend.framer.bufferedBytes > 0) return;
    const answer = client.tryReadPayload();
    if (answer !== null) {
      await passOn(answer, backend, state);
      return;
    }
    await Promise.race([client.waitForChange(), backend.waitForChange()]);
  }
}

async function passOn(answer: Buffer, backend: Leg, state: AuthenticationState): Promise<void> {
  if (state.plugin !== null && SCRAMBLE_PLUGINS.has(state.plugin)) backend.writePayload(answer);
  else await backend.writeSecret(answer);
}

function refuseClearPassword(client: Leg, backend: Leg, pluginName: string): void {
  if (client.isSecure && backend.isSecure) return;
  const [leg, remedy] = client.isSecure
    ? ['to the database', 'set backend.tls.mode to verify-identity']
    : ['of the client', 'connect to tenantcrypt with TLS'];
  throw new ProxyError(
    'TC_BACKEND',
    `the account's plugin ${pluginName} sends the password in clear and the connection ${leg} has no TLS; ${remedy}`,
  );
}
