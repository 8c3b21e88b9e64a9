// reflect-metadata first: the certificate library's dependency injection needs it at import.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** RSA, since a client of any age can verify it. */
const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const DAY_MS = 86_400_000;
/** A clock behind ours by less than this still accepts the certificate. */
const BACKDATED_MS = DAY_MS;
/** Longer than any process lives; a restart makes another. */
const VALID_MS = 3650 * DAY_MS;

/** PEM text. */
export interface CertificateAndKey {
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes a certificate for localhost, signed by itself, so that clients can be offered TLS where none is configured
 * (protocol-notes 1). It protects from listening along, not from a man in the middle: no client can verify it. The
 * private key is never written to a file.
 */
export async function makeSelfSignedCertificate(now = Date.now()): Promise<CertificateAndKey> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const serialNumber = randomBytes(16);
  // A serial number is a positive integer: the top bit would be its sign, a leading zero is not DER.
  serialNumber[0] = ((serialNumber[0] ?? 0) & 0x7f) | 0x40;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber.toString('hex'),
      name: 'CN=tenantcrypt (made at start)',
      notBefore: new Date(now - BACKDATED_MS),
      notAfter: new Date(now + VALID_MS),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
          { type: 'ip', value: '::1' },
        ]),
      ],
    },
    webcrypto,
  );
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: PemConverter.encode(privateKey, 'PRIVATE KEY') };
}
