import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeSelfSignedCertificate } from '../../../src/session/tls/self-signed-certificate.js';

it('makes a certificate for this host that is its own authority, another one each time', async () => {
  const made = await makeSelfSignedCertificate();
  const certificate = new X509Certificate(made.cert);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.ca).toBe(false);
  expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 365 * 86_400_000);
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  const another = new X509Certificate((await makeSelfSignedCertificate()).cert);
  expect(another.serialNumber).not.toBe(certificate.serialNumber);
  expect(another.fingerprint256).not.toBe(certificate.fingerprint256);
});
