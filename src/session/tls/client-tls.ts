import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { ClientCertificateMode, ListenTlsConfig } from '../../config/config.js';
import { makeSelfSignedCertificate } from './self-signed-certificate.js';

/** Older versions have known attacks, and no driver of this decade needs them. */
export const MINIMUM_TLS_VERSION = 'TLSv1.2';

/** Without one OpenSSL refuses to resume the session of a client that showed a certificate. */
const SESSION_ID_CONTEXT = 'tenantcrypt';

/** TLS towards clients. */
export type ClientTls =
  | { readonly mode: 'disabled' }
  | {
      readonly mode: 'preferred' | 'required';
      readonly secureContext: SecureContext;
      readonly clientCertificate: ClientCertificateMode;
    };

/**
 * Reads the listener's certificate, or makes one when none is configured, and who signs its clients'.
 * @throws Error when a file can't be read, is no PEM, or the key does not belong to the certificate
 */
export async function createClientTls(config: ListenTlsConfig): Promise<ClientTls> {
  const { mode, clientCertificate } = config;
  if (mode === 'disabled') return { mode };
  const own =
    config.cert === undefined || config.key === undefined
      ? await makeSelfSignedCertificate()
      : { cert: await readFile(config.cert), key: await readFile(config.key) };
  const secureContext = createSecureContext({
    ...own,
    minVersion: MINIMUM_TLS_VERSION,
    sessionIdContext: SESSION_ID_CONTEXT,
    ...(config.ca === undefined ? {} : { ca: await readFile(config.ca) }),
  });
  return { mode, secureContext, clientCertificate };
}

/**
 * What is wrong with the certificate of a client whose TLS handshake asked for one.
 * @param socket with TLS that is established
 * @returns for the client and the log; null when the certificate is valid, or there is none and none is required
 */
export function clientCertificateProblem(
  socket: unknown,
  mode: Exclude<ClientCertificateMode, 'none'>,
): string | null {
  if (!(socket instanceof TLSSocket) || socket.getPeerX509Certificate() === undefined) {
    return mode === 'required'
      ? 'tenantcrypt takes clients with a certificate only (listen.tls.clientCertificate is required); ' +
          "connect with TLS and a certificate that is signed by one of listen.tls.ca's authorities"
      : null;
  }
  const code = verifyError(socket);
  return code === null
    ? null
    : `the client's certificate is not valid here (${code}); see listen.tls.ca, the certificate's dates and its purpose`;
}

/**
 * OpenSSL's verdict on the peer's certificate: null when it is valid. A TLSSocket of the client's side and one of a
 * tls.Server have it in `authorizationError`; one that begins in the middle of a connection has it in its handle only.
 */
function verifyError(socket: TLSSocket): string | null {
  const handle: unknown = Reflect.get(socket, '_handle');
  const verify: unknown =
    typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'verifyError') : null;
  // A Node version without it must not let everybody in.
  if (typeof verify !== 'function') return 'this version of Node can not tell';
  const error: unknown = Reflect.apply(verify, handle, []);
  if (error === null || error === undefined) return null;
  return String((error as { code?: unknown }).code ?? 'no reason given');
}
