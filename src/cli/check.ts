import type { BackendConfig, Config, KeysConfig } from '../config/config.js';
import { loadConfig } from '../config/load-config.js';
import { ProxyError } from '../errors.js';
import type { KeyProvider } from '../keys/key-provider.js';
import { type BackendProbe, checkBackend, nameOf } from './check/backend.js';
import { checkConfiguration } from './check/configuration.js';
import { checkDependents } from './check/dependents.js';
import { type Finding, formatFinding, ok, problem, skipped } from './check/finding.js';
import { checkKeys } from './check/keys.js';
import { checkForwardingTables, type ForwardingTable } from './check/other-engines.js';
import { checkServerSettings, type ServerSettings } from './check/server-settings.js';
import { checkTables } from './check/tables.js';
import { ExitStatus } from './exit-status.js';
import type { LiveSchema } from './live-schema.js';
import type { CheckOptions } from './program.js';
import { type Terminal, write } from './terminal.js';

/** What the control account sees of server and schema. */
export interface Inspection extends LiveSchema {
  /** `VERSION()` */
  readonly version: string;
  readonly settings: ServerSettings;
  /** In all schemas that the account sees. */
  readonly forwardingTables: readonly ForwardingTable[];
}

export interface CheckDependencies {
  /** @throws ProxyError TC_BACKEND */
  probeBackend(config: BackendConfig): Promise<BackendProbe>;
  /** Logs in with the control account. @throws ProxyError TC_BACKEND */
  inspect(config: Config): Promise<Inspection>;
  createKeyProvider(keys: KeysConfig): { readonly provider: KeyProvider; close(): void };
}

/**
 * `tenantcrypt check`: looks at everything that can be looked at and prints a line for each. Changes nothing anywhere.
 * @throws ConfigError
 */
export async function check(
  options: CheckOptions,
  terminal: Terminal,
  dependencies: CheckDependencies,
): Promise<ExitStatus> {
  const config = loadConfig(options.config);
  let problems = 0;
  const print = async (findings: readonly Finding[]): Promise<void> => {
    for (const finding of findings) {
      if (finding.level === 'problem') problems++;
      await write(terminal.stdout, formatFinding(finding));
    }
  };
  await print(checkConfiguration(config));
  const isReachable = await attempt('backend', print, async () =>
    checkBackend(config.backend, await dependencies.probeBackend(config.backend)),
  );
  if (config.control === undefined) await print(withoutControl());
  else if (isReachable || config.control.host !== config.backend.host) {
    await attempt('control', print, async () => inspected(config, await dependencies.inspect(config)));
  } else
    await print([skipped('control', 'settings and schema were not looked at: the backend does not answer')]);
  if (config.keys !== undefined) {
    const keys = dependencies.createKeyProvider(config.keys);
    try {
      await print(await checkKeys(config, keys.provider, options.tenant));
    } finally {
      keys.close();
    }
  }
  return problems === 0 ? ExitStatus.Ok : ExitStatus.Failed;
}

function withoutControl(): Finding[] {
  return [
    skipped(
      'control',
      'no control account is configured, so these were not looked at: settings of the server that expose keys or ' +
        'plaintext (general_log, slow_query_log, binlog_format, binlog_annotate_row_events), protected tables and ' +
        'columns, their keys, and the views, triggers and routines over them; add control.user and control.password',
    ),
  ];
}

function inspected(config: Config, inspection: Inspection): Finding[] {
  const { server, version, settings, catalog } = inspection;
  return [
    ok('control', `${config.control?.user ?? ''} logs in; ${nameOf(server)} ${version}`),
    ...checkServerSettings(settings, server, config.constants),
    ...checkTables(config, inspection),
    ...checkDependents(catalog.dependents),
    ...checkForwardingTables(inspection.forwardingTables),
  ];
}

/** Prints what `work` finds, or why it could not; false for that. */
async function attempt(
  subject: string,
  print: (findings: readonly Finding[]) => Promise<void>,
  work: () => Promise<readonly Finding[]>,
): Promise<boolean> {
  let findings: readonly Finding[];
  try {
    findings = await work();
  } catch (error) {
    const message = error instanceof ProxyError ? error.message : `could not be looked at (${codeOf(error)})`;
    await print([problem(subject, message)]);
    return false;
  }
  await print(findings);
  return true;
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? 'no reason given');
}
