import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, createSecureContext } from 'node:tls';
import type { BackendConfig, BackendTlsMode } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import { MINIMUM_TLS_VERSION } from './client-tls.js';

/** TLS towards the database. */
export interface BackendTls {
  readonly mode: BackendTlsMode;
  /** For node:tls, all of it but the socket. */
  readonly options: ConnectionOptions;
}

/**
 * Reads the files that `backend.tls` names.
 *
 * disabled: never. preferred: where the server offers it, unverified. required: always, unverified. verify-ca: signed
 * by a trusted authority. verify-identity: and made out for the server's name. On a Unix socket always disabled.
 *
 * @throws Error when a file can't be read or is no PEM
 */
export async function createBackendTls(config: BackendConfig): Promise<BackendTls> {
  const { mode } = config.tls;
  if (mode === 'disabled' || config.socket !== undefined) return { mode: 'disabled', options: {} };
  const secureContext = createSecureContext({
    minVersion: MINIMUM_TLS_VERSION,
    ...(config.tls.ca === undefined ? {} : { ca: await readFile(config.tls.ca) }),
    ...(config.tls.cert === undefined ? {} : { cert: await readFile(config.tls.cert) }),
    ...(config.tls.key === undefined ? {} : { key: await readFile(config.tls.key) }),
  });
  const name = config.tls.serverName ?? config.host;
  return {
    mode,
    options: {
      secureContext,
      minVersion: MINIMUM_TLS_VERSION,
      // TLS has no server name indication for addresses.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      rejectUnauthorized: mode === 'verify-ca' || mode === 'verify-identity',
      checkServerIdentity: (_host, certificate) =>
        mode === 'verify-identity' ? checkServerIdentity(name, certificate) : undefined,
    },
  };
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
]);

/** What went wrong in the TLS handshake with the database, and what the operator can do. */
export function backendTlsError(error: unknown): ProxyError {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return new ProxyError('TC_BACKEND', explain(code), { cause: error });
}

function explain(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return (
      "the database's certificate is not made out for the configured name; set backend.tls.serverName to a name " +
      'in the certificate, or backend.tls.mode to verify-ca'
    );
  }
  if (UNTRUSTED.has(code)) {
    return (
      "the database's certificate is not signed by a trusted authority; set backend.tls.ca to the file of the " +
      'authority that signed it'
    );
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return "the database's certificate is not valid at this time; renew it, or set this host's clock right";
  }
  return (
    `TLS with the database failed${code === '' ? '' : ` (${code})`}; check backend.tls and the TLS versions that ` +
    'the server allows'
  );
}

/** The server does not offer the TLS that the configuration asks for. */
export function backendWithoutTlsError(mode: BackendTlsMode): ProxyError {
  return new ProxyError(
    'TC_BACKEND',
    `the database offers no TLS and backend.tls.mode is ${mode}; turn TLS on at the server, or choose the mode ` +
      'preferred or disabled where the network between is trusted',
  );
}
