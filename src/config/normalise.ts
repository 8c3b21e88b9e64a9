import { dirname, resolve } from 'node:path';
import type {
  BackendConfig,
  ColumnConfig,
  Config,
  ControlConfig,
  KeysConfig,
  ListenConfig,
  TableConfig,
  TenantConfig,
  TenantSourceConfig,
} from './config.js';
import { isLoopback } from './loopback.js';
import type { CheckedConfig } from './schema.js';
import { nameProblem } from './schema-columns.js';
import { Secret } from './secret.js';
import type { PathSegment } from './yaml-source.js';

export type Report = (path: readonly PathSegment[], message: string) => void;

/**
 * The checked shape as a Config: defaults that depend on other keys, absolute paths (relative ones are relative to
 * the file), Maps. What does not fit together is told to `report`; the result is of use only when it never was.
 */
export function normalise(checked: CheckedConfig, file: string, report: Report): Config {
  const base = dirname(resolve(file));
  const path = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : resolve(base, name);
  const tables = tablesOf(checked, report);
  if (tables.size > 0 && checked.tenant === undefined) {
    report(
      ['tables'],
      'tables are protected but no tenant section says whose rows and key to use; add tenant.sources',
    );
  }
  if (tables.size > 0 && checked.keys === undefined) {
    report(
      ['tables'],
      'tables are protected but no keys section says where keys come from; add keys.provider',
    );
  }
  const backend = backendOf(checked, path, report);
  return {
    file,
    listen: listenOf(checked, path, report),
    backend,
    control: controlOf(checked, backend, path),
    metrics: metricsOf(checked, report),
    tenant: tenantOf(checked, report),
    keys: keysOf(checked, base),
    cipher: checked.cipher,
    constants: checked.constants,
    limits: checked.limits,
    policy: {
      localInfile: checked.policy.localInfile,
      dynamicSql: checked.policy.dynamicSql,
      binlogDump: checked.policy.binlogDump,
      calls: checked.policy.calls,
      plaintextInto: plaintextIntoOf(checked, report),
      isolation: checked.policy.isolation,
    },
    tables,
    log: checked.log,
    schema: checked.schema,
    server: checked.server,
  };
}

type ResolvePath = (name: string | undefined) => string | undefined;

function listenOf({ listen }: CheckedConfig, path: ResolvePath, report: Report): ListenConfig {
  const wantsTcp = listen.host !== undefined || listen.port !== undefined;
  if (!wantsTcp && listen.socket === undefined) {
    report(['listen'], 'names no place to listen on; give host and port, or socket, or both');
  }
  checkPair(listen.tls, ['listen', 'tls'], report);
  checkClientCertificate(listen.tls, report);
  if (listen.proxyProtocol !== undefined && !wantsTcp) {
    report(
      ['listen', 'proxyProtocol'],
      'is for TCP, and only a socket is listened on; give host and port too',
    );
  }
  return {
    tcp: wantsTcp ? { host: listen.host ?? '127.0.0.1', port: listen.port ?? 3307 } : undefined,
    socket: path(listen.socket),
    compression: listen.compression,
    tls: {
      mode: listen.tls.mode,
      cert: path(listen.tls.cert),
      key: path(listen.tls.key),
      ca: path(listen.tls.ca),
      clientCertificate: listen.tls.clientCertificate,
    },
    proxyProtocol: listen.proxyProtocol,
  };
}

function checkClientCertificate(tls: CheckedConfig['listen']['tls'], report: Report): void {
  const at = ['listen', 'tls', 'clientCertificate'];
  if (tls.clientCertificate === 'none') {
    const remedy = 'set clientCertificate to required or optional, or remove ca';
    if (tls.ca !== undefined)
      report(['listen', 'tls', 'ca'], `is never used with no client's certificate; ${remedy}`);
    return;
  }
  if (tls.mode === 'disabled') report(at, 'needs TLS, which mode disabled turns off; set mode to required');
  if (tls.ca === undefined) report(at, "needs the authorities that sign clients' certificates; give ca");
}

function backendOf({ backend }: CheckedConfig, path: ResolvePath, report: Report): BackendConfig {
  const { tls } = backend;
  if (backend.host === undefined && backend.socket === undefined) {
    report(
      ['backend'],
      "names no database; give the host (and port) or the socket of the application's database",
    );
  }
  if (backend.socket !== undefined && tls.mode !== undefined && tls.mode !== 'disabled') {
    report(
      ['backend', 'tls', 'mode'],
      'asks for TLS on a Unix socket, which has none; remove it, or use host and port',
    );
  }
  checkPair(tls, ['backend', 'tls'], report);
  const mode = tls.mode ?? (backend.socket === undefined ? 'verify-identity' : 'disabled');
  if (tls.ca !== undefined && mode !== 'verify-ca' && mode !== 'verify-identity') {
    report(
      ['backend', 'tls', 'ca'],
      `is never checked with mode ${mode}; use verify-ca or verify-identity, or remove ca`,
    );
  }
  return {
    host: backend.host ?? 'localhost',
    port: backend.port,
    socket: path(backend.socket),
    tls: { mode, ca: path(tls.ca), cert: path(tls.cert), key: path(tls.key), serverName: tls.serverName },
    serverPublicKey: path(backend.serverPublicKey),
  };
}

function checkPair(
  tls: { cert?: string | undefined; key?: string | undefined },
  at: readonly PathSegment[],
  report: Report,
): void {
  if ((tls.cert === undefined) === (tls.key === undefined)) return;
  report(at, 'has only one of cert and key; give both or none');
}

function controlOf(
  { control }: CheckedConfig,
  backend: BackendConfig,
  path: ResolvePath,
): ControlConfig | undefined {
  if (control === undefined) return undefined;
  const ownAddress = control.host !== undefined || control.port !== undefined;
  return {
    user: control.user,
    password: new Secret(control.password),
    host: control.host ?? backend.host,
    port: control.port ?? backend.port,
    socket: path(control.socket) ?? (ownAddress ? undefined : backend.socket),
  };
}

function metricsOf({ metrics }: CheckedConfig, report: Report): Config['metrics'] {
  if (metrics !== undefined && !metrics.allowNonLoopback && !isLoopback(metrics.host)) {
    report(
      ['metrics', 'host'],
      'is not a loopback address, and these endpoints have no login; use 127.0.0.1, or set metrics.allowNonLoopback: true',
    );
  }
  return metrics;
}

function tenantOf({ tenant }: CheckedConfig, report: Report): TenantConfig | undefined {
  if (tenant === undefined) return undefined;
  let pattern = /^$/;
  try {
    // Compiled alone first: `a)|(b` would otherwise close our group and match anything that holds an a.
    new RegExp(tenant.pattern, 'u');
    pattern = new RegExp(`^(?:${tenant.pattern})$`, 'u');
  } catch {
    report(
      ['tenant', 'pattern'],
      'is no regular expression; correct it (JavaScript syntax, anchored by tenantcrypt)',
    );
    return { sources: tenant.sources, pattern, allowSwitch: tenant.allowSwitch };
  }
  if (pattern.test(''))
    report(['tenant', 'pattern'], 'matches the empty tenant id; ask for at least one character');
  const seen = new Set<string>();
  tenant.sources.forEach((source, index) => {
    const at = ['tenant', 'sources', index] as const;
    const id = sourceId(source);
    if (seen.has(id)) {
      const second = 'a second user variable is not supported yet; keep the one that the application sets';
      report(at, source.kind === 'userVariable' ? second : 'stands twice; remove one');
    }
    seen.add(id);
    if (source.kind !== 'fixed') return;
    if (!pattern.test(source.tenant)) {
      report([...at, 'fixed'], 'does not match tenant.pattern; correct one of the two');
    }
    if (index < tenant.sources.length - 1) {
      report(at, 'always yields, so that the sources after it never do; move it to the end');
    }
  });
  return { sources: tenant.sources, pattern, allowSwitch: tenant.allowSwitch };
}

/** Two sources of one id are the same, or of a kind of which one alone is supported. */
function sourceId(source: TenantSourceConfig): string {
  switch (source.kind) {
    case 'connectionAttribute':
    case 'queryAttribute':
      return `${source.kind} ${source.name}`;
    case 'database':
      return `${source.kind} ${source.pattern.source}`;
    case 'comment':
      return `${source.kind} ${source.key}`;
    case 'userVariable':
    case 'userSuffix':
    case 'fixed':
      return source.kind;
  }
}

function keysOf({ keys }: CheckedConfig, base: string): KeysConfig | undefined {
  if (keys === undefined) return undefined;
  if (keys.provider === 'file') return { ...keys, file: resolve(base, keys.file) };
  return { ...keys, jsonField: keys.jsonField, region: keys.region, endpoint: keys.endpoint };
}

function tablesOf({ tables }: CheckedConfig, report: Report): ReadonlyMap<string, TableConfig> {
  const result = new Map<string, TableConfig>();
  const folded = new Map<string, string>();
  for (const [name, table] of Object.entries(tables)) {
    const at = ['tables', name];
    const parts = name.split('.');
    const [schema, tableName] = parts;
    if (parts.length !== 2 || schema === undefined || tableName === undefined) {
      report(at, 'is no table; write schema.table, for example tenant_app.users');
      continue;
    }
    const problem = nameProblem(schema) ?? nameProblem(tableName);
    if (problem !== undefined) report(at, `${problem}; write schema.table as the server spells it`);
    const twin = folded.get(fold(name));
    if (twin !== undefined) report(at, `differs from ${twin} in case only; keep one of the two`);
    folded.set(fold(name), name);
    result.set(name, {
      schema,
      table: tableName,
      tenantColumn: table.tenantColumn,
      columns: columnsOf(table, at, report),
    });
  }
  return result;
}

function plaintextIntoOf({ policy, tables }: CheckedConfig, report: Report): readonly string[] {
  const isProtected = new Set(Object.keys(tables).map(fold));
  for (const [index, name] of policy.plaintextInto.entries()) {
    if (!isProtected.has(fold(name))) continue;
    report(['policy', 'plaintextInto', index], `${name} is protected itself; take it off the list`);
  }
  return policy.plaintextInto;
}

function columnsOf(
  table: CheckedConfig['tables'][string],
  at: readonly PathSegment[],
  report: Report,
): ReadonlyMap<string, ColumnConfig> {
  const result = new Map<string, ColumnConfig>();
  const logicalNames = new Map<string, string>();
  const physicalNames = new Map<string, string>();
  for (const logical of Object.keys(table.columns)) {
    const twin = logicalNames.get(fold(logical));
    const here = [...at, 'columns', logical];
    if (twin !== undefined) report(here, `is the same column as ${twin} to the server; keep one of the two`);
    logicalNames.set(fold(logical), logical);
    const problem = nameProblem(logical);
    if (problem !== undefined) report(here, `${problem}; write the name that the application uses`);
  }
  for (const [logical, column] of Object.entries(table.columns)) {
    const here = [...at, 'columns', logical];
    const physical = column.physical ?? logical;
    const twin = physicalNames.get(fold(physical));
    if (twin !== undefined) {
      report([...here, 'column'], `holds the ciphertext of ${twin} already; give each column its own`);
    }
    physicalNames.set(fold(physical), logical);
    const other = logicalNames.get(fold(physical));
    if (other !== undefined && other !== logical) {
      report([...here, 'column'], `is also the name of the protected column ${other}; rename one of the two`);
    }
    result.set(logical, { logical, physical, type: column.type, equality: column.equality });
  }
  const tenantColumn = table.tenantColumn;
  if (
    tenantColumn !== undefined &&
    (logicalNames.has(fold(tenantColumn)) || physicalNames.has(fold(tenantColumn)))
  ) {
    report(
      [...at, 'tenantColumn'],
      'is a protected column itself; name the plain column that holds the tenant id',
    );
  }
  return result;
}

/** Coarser than any server's folding of identifiers: names that it keeps apart are apart on every server. */
function fold(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ı', 'i');
}
