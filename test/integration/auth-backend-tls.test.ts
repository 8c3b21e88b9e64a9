import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import type { BackendTlsMode } from '../../src/config/config.js';
import { makeCertificates } from '../servers/certificates.js';
import { startMariadb } from '../servers/mariadb-server.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { tempFolder } from '../servers/temp-folder.js';
import { startAuthenticatingRelay } from '../support/authenticating-relay.js';
import { forEachServer } from '../support/servers.js';

interface Attempt {
  readonly mode: BackendTlsMode;
  readonly ca?: string | undefined;
  readonly serverName?: string;
  readonly host?: string;
}

/** Logs in as root through a relay of these settings. @returns the cipher of the backend leg, '' without TLS */
async function backendCipher(server: SqlServerAddress, attempt: Attempt): Promise<string> {
  const { mode, ca, serverName, host } = attempt;
  const relay = await startAuthenticatingRelay({
    backend: { port: server.port, ...(host === undefined ? {} : { host }) },
    backendTls: { mode, ca, serverName },
  });
  try {
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port: relay.port,
      user: server.rootUser,
      password: server.rootPassword,
    });
    const [rows] = await connection.query<RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    await connection.end();
    return String(rows[0]?.['Value']);
  } finally {
    await relay.stop();
  }
}

const refusedWith = (text: string): object => ({
  errno: 1105,
  sqlState: 'HY000',
  message: expect.stringMatching(new RegExp(`^tenantcrypt\\[TC_BACKEND\\]: .*${text}`)),
});

forEachServer((_name, getServer) => {
  it('is off with disabled', async () => {
    expect(await backendCipher(getServer(), { mode: 'disabled' })).toBe('');
  });

  it.each(['preferred', 'required'] as const)('encrypts unverified with %s', async (mode) => {
    expect(await backendCipher(getServer(), { mode })).not.toBe('');
  });

  it('verifies the authority with verify-ca, whatever the name', async () => {
    const server = getServer();
    const ca = server.tls?.ca;
    const attempt = { mode: 'verify-ca', ca, serverName: 'another.example' } as const;
    expect(await backendCipher(server, attempt)).not.toBe('');
    await expect(backendCipher(server, { mode: 'verify-ca' })).rejects.toMatchObject(
      refusedWith('not signed by a trusted authority; set backend\\.tls\\.ca'),
    );
    const folder = tempFolder('ca');
    const stranger = join(folder, 'ca.pem');
    writeFileSync(stranger, (await makeCertificates()).ca);
    await expect(backendCipher(server, { mode: 'verify-ca', ca: stranger })).rejects.toMatchObject(
      refusedWith('TLS|authority'),
    );
    rmSync(folder, { recursive: true });
  });

  it('verifies the name with verify-identity', async () => {
    const server = getServer();
    const ca = server.tls?.ca;
    expect(await backendCipher(server, { mode: 'verify-identity', ca })).not.toBe('');
    expect(await backendCipher(server, { mode: 'verify-identity', ca, host: 'localhost' })).not.toBe('');
    const attempt = { mode: 'verify-identity', ca, serverName: 'another.example' } as const;
    await expect(backendCipher(server, attempt)).rejects.toMatchObject(
      refusedWith('not made out for the configured name; set backend\\.tls\\.serverName'),
    );
  });
});

describe('a server without TLS', () => {
  it('is used in clear with preferred and refused with required and above', async () => {
    const server = await startMariadb({ tls: 'off' });
    try {
      expect(await backendCipher(server, { mode: 'preferred' })).toBe('');
      for (const mode of ['required', 'verify-ca', 'verify-identity'] as const) {
        await expect(backendCipher(server, { mode })).rejects.toMatchObject(
          refusedWith(`offers no TLS and backend\\.tls\\.mode is ${mode}`),
        );
      }
    } finally {
      await server.stop();
    }
  });
});
