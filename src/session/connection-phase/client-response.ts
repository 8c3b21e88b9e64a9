import { ProxyError } from '../../errors.js';
import { decodeSslRequest, isSslRequest } from '../../protocol/connection-phase/ssl-request.js';
import { ErrorNumber } from '../../protocol/constants/error-numbers.js';
import { type Leg, LegClosedError } from '../leg.js';
import { type ClientTls, clientCertificateProblem } from '../tls/client-tls.js';
import { LoginError } from './login-error.js';

/**
 * The client's HandshakeResponse41, after TLS where the client asks for it.
 *
 * A client whose certificate is missing or not valid is told so in answer to its response, as a server does with an
 * account that requires one: the end of the TLS handshake would give it a number of OpenSSL's at best.
 *
 * @param enter hears of the states that are passed through
 * @throws LoginError when the client does not do what `listen.tls` asks of it
 * @throws LegClosedError, LegProtocolError or what the leg was aborted with
 */
export async function readClientResponse(
  client: Leg,
  tls: ClientTls,
  enter: (state: 'client-tls' | 'client-response') => void,
): Promise<Buffer> {
  const first = await client.readPayload();
  if (!client.decode(() => isSslRequest(first))) {
    const error = withoutTlsError(client, tls);
    if (error === null) return first;
    first.fill(0);
    throw error;
  }
  client.decode(() => decodeSslRequest(first));
  if (tls.mode === 'disabled') {
    throw new LoginError(
      ErrorNumber.ER_HANDSHAKE_ERROR,
      'Bad handshake: TLS was asked for and listen.tls.mode is disabled',
    );
  }
  enter('client-tls');
  const { clientCertificate } = tls;
  try {
    await client.upgradeToTlsServer(tls.secureContext, clientCertificate !== 'none');
  } catch (error) {
    // What ended the wait from outside keeps its own name: time is up, or a connection closed.
    if (error instanceof ProxyError || error instanceof LegClosedError) throw error;
    throw clientTlsError(error);
  }
  enter('client-response');
  const problem =
    clientCertificate === 'none' ? null : clientCertificateProblem(client.socket, clientCertificate);
  const payload = await client.readPayload();
  if (problem === null) return payload;
  payload.fill(0);
  throw certificateError(problem);
}

function withoutTlsError(client: Leg, tls: ClientTls): LoginError | null {
  if (tls.mode === 'disabled') return null;
  if (tls.clientCertificate === 'required') {
    const problem = clientCertificateProblem(client.socket, 'required');
    return problem === null ? null : certificateError(problem);
  }
  // As the server's require_secure_transport: a Unix socket counts as secure.
  if (tls.mode !== 'required' || client.isUnixSocket) return null;
  return new LoginError(
    ErrorNumber.ER_SECURE_TRANSPORT_REQUIRED,
    'tenantcrypt takes connections with TLS only (listen.tls.mode is required); connect with TLS',
  );
}

function certificateError(problem: string): LoginError {
  return new LoginError(ErrorNumber.ER_ACCESS_DENIED_ERROR, `Access denied: ${problem}`, '28000');
}

function clientTlsError(error: unknown): LoginError {
  const code = String((error as { code?: unknown } | null)?.code ?? 'no reason given');
  return new LoginError(
    ErrorNumber.ER_HANDSHAKE_ERROR,
    `Bad handshake: TLS with the client failed (${code}); check its TLS versions and what it verifies`,
  );
}
