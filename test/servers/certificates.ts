import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** A test certificate authority, a server certificate and one of a client that it signed, as PEM text. */
export interface TestCertificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/** As MySQL writes the client certificate's subject and issuer. */
export const CLIENT_SUBJECT = '/CN=tenantcrypt test client';
export const CLIENT_ISSUER = '/CN=tenantcrypt test authority';

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const DAY_MS = 86_400_000;

/** What the server certificate says; the defaults are right for a server on 127.0.0.1. */
export interface CertificateOptions {
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** from now, in days; negative for a certificate that has ended */
  readonly validDays?: number;
}

/** Makes a new authority, a server certificate and one of a client. */
export async function makeCertificates(options: CertificateOptions = {}): Promise<TestCertificates> {
  const crypto = webcrypto;
  x509.cryptoProvider.set(crypto);
  const generate = async (): Promise<webcrypto.CryptoKeyPair> =>
    (await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const [authorityKeys, serverKeys, clientKeys] = await Promise.all([generate(), generate(), generate()]);
  const now = Date.now();
  const validDays = options.validDays ?? 7;
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01',
      name: 'CN=tenantcrypt test authority',
      notBefore: new Date(now - 30 * DAY_MS),
      notAfter: new Date(now + 30 * DAY_MS),
      signingAlgorithm: ALGORITHM,
      keys: authorityKeys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  const signed = async (
    serialNumber: string,
    subject: string,
    { publicKey }: webcrypto.CryptoKeyPair,
    extensions: readonly x509.Extension[],
  ): Promise<string> => {
    const certificate = await x509.X509CertificateGenerator.create(
      {
        serialNumber,
        subject,
        issuer: authority.subject,
        notBefore: new Date(now - 20 * DAY_MS),
        notAfter: new Date(now + validDays * DAY_MS),
        signingAlgorithm: ALGORITHM,
        publicKey,
        signingKey: authorityKeys.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          ...extensions,
          await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey, false, crypto),
        ],
      },
      crypto,
    );
    return certificate.toString('pem');
  };
  const server = await signed('02', 'CN=tenantcrypt test server', serverKeys, [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([
      ...(options.names ?? ['localhost']).map((value) => ({ type: 'dns' as const, value })),
      ...(options.addresses ?? ['127.0.0.1']).map((value) => ({ type: 'ip' as const, value })),
    ]),
  ]);
  const client = await signed('03', 'CN=tenantcrypt test client', clientKeys, [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
  ]);
  const pem = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
    x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return {
    ca: authority.toString('pem'),
    cert: server,
    key: await pem(serverKeys),
    clientCert: client,
    clientKey: await pem(clientKeys),
  };
}

/**
 * @param folder gets tls-ca.pem, tls-cert.pem, tls-key.pem, tls-client-cert.pem and tls-client-key.pem
 * @returns their paths
 */
export function writeCertificates(folder: string, certificates: TestCertificates): TestCertificates {
  const files = {
    ca: join(folder, 'tls-ca.pem'),
    cert: join(folder, 'tls-cert.pem'),
    key: join(folder, 'tls-key.pem'),
    clientCert: join(folder, 'tls-client-cert.pem'),
    clientKey: join(folder, 'tls-client-key.pem'),
  };
  writeFileSync(files.ca, certificates.ca);
  writeFileSync(files.cert, certificates.cert);
  writeFileSync(files.key, certificates.key, { mode: 0o600 });
  writeFileSync(files.clientCert, certificates.clientCert);
  writeFileSync(files.clientKey, certificates.clientKey, { mode: 0o600 });
  return files;
}
