import type { Config } from '../../config/config.js';
import { isLoopback } from '../../config/loopback.js';
import { type Finding, ok, warning } from './finding.js';

/** What is valid and yet worth knowing. That the file is valid has been seen by loading it. */
export function checkConfiguration(config: Config): Finding[] {
  const findings: Finding[] = [];
  const { backend, listen, metrics } = config;
  const isRemote = backend.socket === undefined && !isLoopback(backend.host);
  const { mode } = backend.tls;
  if (mode === 'preferred') {
    findings.push(
      warning(
        'backend.tls.mode',
        'preferred can be downgraded to no TLS by whoever is between; use verify-identity',
      ),
    );
  } else if (mode === 'disabled' && isRemote) {
    findings.push(
      warning(
        'backend.tls.mode',
        'disabled sends keys and data over the network in clear; use verify-identity',
      ),
    );
  } else if (mode === 'required') {
    findings.push(
      warning('backend.tls.mode', "required does not verify the server's certificate; use verify-identity"),
    );
  }
  if (listen.tcp !== undefined && !isLoopback(listen.tcp.host) && listen.tls.mode !== 'required') {
    findings.push(
      warning(
        'listen.tls.mode',
        `${listen.tls.mode} lets clients of other hosts send plaintext in clear; use required, or listen on 127.0.0.1`,
      ),
    );
  }
  if (metrics?.allowNonLoopback === true) {
    findings.push(
      warning(
        'metrics.allowNonLoopback',
        'anyone who reaches the port can read the metrics; restrict it by network policy',
      ),
    );
  }
  if (config.tables.size === 0) {
    findings.push(warning('tables', 'no table is protected: every statement passes as it comes; add tables'));
  }
  const columns = [...config.tables.values()].reduce((sum, table) => sum + table.columns.size, 0);
  findings.unshift(
    ok('configuration', `${config.file} is valid: ${columns} columns of ${config.tables.size} tables`),
  );
  return findings;
}
