import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { ListenTlsConfig } from '../../config/config.js';
import { makeSelfSignedCertificate } from './self-signed-certificate.js';

/** Older versions have known attacks, and no driver of this decade needs them. */
export const MINIMUM_TLS_VERSION = 'TLSv1.2';

/** TLS towards clients. */
export type ClientTls =
  | { readonly mode: 'disabled' }
  | { readonly mode: 'preferred' | 'required'; readonly secureContext: SecureContext };

/**
 * Reads the listener's certificate, or makes one when none is configured.
 * @throws Error when a file can't be read, is no PEM, or the key does not belong to the certificate
 */
export async function createClientTls(config: ListenTlsConfig): Promise<ClientTls> {
  if (config.mode === 'disabled') return { mode: 'disabled' };
  const own =
    config.cert === undefined || config.key === undefined
      ? await makeSelfSignedCertificate()
      : { cert: await readFile(config.cert), key: await readFile(config.key) };
  return {
    mode: config.mode,
    secureContext: createSecureContext({ ...own, minVersion: MINIMUM_TLS_VERSION }),
  };
}
