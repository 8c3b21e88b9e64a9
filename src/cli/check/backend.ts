import type { BackendConfig } from '../../config/config.js';
import type { ServerVersion } from '../../rewrite/dialect.js';
import { type Finding, ok, warning } from './finding.js';

/** What the backend says of itself before a login. */
export interface BackendProbe {
  /** As in its greeting. */
  readonly version: string;
  readonly server: ServerVersion;
  /** The protocol that was agreed on, `TLSv1.3`; null: no TLS. */
  readonly tls: string | null;
}

/** Servers before these were never tried, and lack session tracking that protection needs. */
const OLDEST = { mysql: 80_000, mariadb: 100_600 } as const;

export function checkBackend(config: BackendConfig, probe: BackendProbe): Finding[] {
  const place = config.socket ?? `${config.host}:${config.port}`;
  const findings = [ok('backend', `${place} answers: ${nameOf(probe.server)} ${probe.version}`)];
  if (probe.server.version < OLDEST[probe.server.kind]) {
    findings.push(
      warning(
        'backend',
        'this version was never tried; use MySQL 8.0 or later, Aurora MySQL 3 or MariaDB 10.6 or later',
      ),
    );
  }
  if (probe.tls !== null) {
    const how =
      config.tls.mode === 'verify-identity'
        ? 'the certificate is verified and made out for the name'
        : config.tls.mode === 'verify-ca'
          ? 'the certificate is verified, its name is not'
          : 'the certificate is not verified';
    findings.push(ok('backend.tls', `${probe.tls}, ${how}`));
  } else if (config.tls.mode === 'preferred') {
    findings.push(
      warning('backend.tls', 'the server offers no TLS and the mode is preferred; turn TLS on at the server'),
    );
  }
  return findings;
}

export function nameOf(server: ServerVersion): string {
  return server.kind === 'mariadb' ? 'MariaDB' : 'MySQL';
}
