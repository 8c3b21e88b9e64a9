import type { Config } from '../../config/config.js';
import { parseSqlMode, type ServerVersion } from '../../rewrite/dialect.js';
import { supportsCharacterSet } from '../../rewrite/lexer.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** Global variables that are looked at; a server that lacks one does not list it. */
export const CHECKED_VARIABLES = [
  'general_log',
  'log_output',
  'slow_query_log',
  'long_query_time',
  'log_queries_not_using_indexes',
  'log_bin',
  'binlog_format',
  'binlog_annotate_row_events',
  'binlog_rows_query_log_events',
  'server_audit_logging',
  'block_encryption_mode',
  'sql_mode',
  'character_set_client',
  'init_connect',
  'lower_case_table_names',
] as const;

/** By name; values as SHOW GLOBAL VARIABLES gives them. */
export type ServerSettings = ReadonlyMap<string, string>;

/** The configured cipher, which the server must use as well. */
const CIPHER = 'aes-128-ecb';

/**
 * Settings under which the server writes keys or plaintext where they do not belong (bypasses.md 1), or reads
 * statements otherwise than the proxy.
 */
export function checkServerSettings(
  settings: ServerSettings,
  server: ServerVersion,
  constants: Config['constants'] = 'backend',
): Finding[] {
  const exposed = EXPOSED[constants];
  const findings = [...logs(settings, exposed), ...binaryLog(settings, exposed)];
  if (findings.length === 0) {
    findings.push(ok('server logs', 'no log of the server shows keys, or plaintext of writes'));
  }
  findings.push(...reading(settings, server));
  return findings;
}

/** What of a statement's plaintext its text holds. Constants that the proxy encrypts stand there as ciphertext. */
const EXPOSED = {
  backend: { all: 'all plaintext', its: 'its plaintext', their: 'their plaintext', searches: 'searches' },
  proxy: {
    all: 'the plaintext in expressions (constants: proxy keeps the rest out)',
    its: 'the plaintext in its expressions',
    their: 'the plaintext in their expressions',
    searches: 'searches other than by equality',
  },
} as const satisfies Record<Config['constants'], object>;

type Exposed = (typeof EXPOSED)[Config['constants']];

function logs(settings: ServerSettings, exposed: Exposed): Finding[] {
  const findings: Finding[] = [];
  // log_output = NONE turns both logs off whatever they say.
  if (settings.get('log_output')?.toUpperCase() !== 'NONE') {
    if (isOn(settings, 'general_log')) {
      findings.push(
        problem(
          'general_log',
          `ON writes every key and ${exposed.all} to the general log; SET GLOBAL general_log = OFF, and delete what it holds`,
        ),
      );
    }
    if (isOn(settings, 'slow_query_log')) findings.push(slowLog(settings, exposed));
    if (isOn(settings, 'slow_query_log') && isOn(settings, 'log_queries_not_using_indexes')) {
      findings.push(
        warning(
          'log_queries_not_using_indexes',
          `ON writes the plaintext of ${exposed.searches} by protected columns to the slow log; SET GLOBAL log_queries_not_using_indexes = OFF`,
        ),
      );
    }
  }
  if (isOn(settings, 'server_audit_logging')) {
    findings.push(
      warning(
        'server_audit_logging',
        `ON writes statements with ${exposed.their}, and keys, to the audit log when its events include queries; leave QUERY out of server_audit_events`,
      ),
    );
  }
  return findings;
}

function slowLog(settings: ServerSettings, exposed: Exposed): Finding {
  const seconds = Number(settings.get('long_query_time'));
  return seconds === 0
    ? problem(
        'long_query_time',
        `0 with slow_query_log ON writes every key and ${exposed.all} to the slow log; SET GLOBAL long_query_time = 1 or more, or slow_query_log = OFF`,
      )
    : warning(
        'slow_query_log',
        `ON writes statements slower than ${seconds} s (long_query_time), with ${exposed.their}, to the slow log; protect that file, or SET GLOBAL slow_query_log = OFF`,
      );
}

function binaryLog(settings: ServerSettings, exposed: Exposed): Finding[] {
  if (!isOn(settings, 'log_bin')) return [];
  const findings: Finding[] = [];
  const format = settings.get('binlog_format')?.toUpperCase();
  if (format !== undefined && format !== 'ROW') {
    findings.push(
      problem(
        'binlog_format',
        `${format} writes statements with ${exposed.their}, and the key as a user variable where they need it, to the binary log; SET GLOBAL binlog_format = ROW (in the parameter group on Aurora), and reconnect`,
      ),
    );
  }
  for (const name of ['binlog_annotate_row_events', 'binlog_rows_query_log_events']) {
    if (!isOn(settings, name)) continue;
    // No key is in a statement's text.
    const report = exposed === EXPOSED.proxy ? warning : problem;
    findings.push(
      report(
        name,
        `ON writes the text of each statement, with ${exposed.its}, beside its rows to the binary log; SET GLOBAL ${name} = OFF, and reconnect`,
      ),
    );
  }
  return findings;
}

function reading(settings: ServerSettings, server: ServerVersion): Finding[] {
  const findings: Finding[] = [];
  const mode = settings.get('block_encryption_mode');
  if (mode !== undefined && mode.toLowerCase() !== CIPHER) {
    findings.push(
      warning(
        'block_encryption_mode',
        `${mode} is not the cipher of the configuration (${CIPHER}): sessions of tenantcrypt set their own, hand-written AES_ENCRYPT elsewhere gives other ciphertext; SET GLOBAL block_encryption_mode = '${CIPHER}'`,
      ),
    );
  }
  const sqlMode = parseSqlMode(settings.get('sql_mode') ?? '');
  if (sqlMode.unsupported !== null) {
    findings.push(
      problem(
        'sql_mode',
        `${sqlMode.unsupported} changes how statements are read: those on protected tables are refused; remove it`,
      ),
    );
  }
  if (!sqlMode.strict) {
    findings.push(
      warning(
        'sql_mode',
        'is not strict: the server cuts what does not fit instead of refusing it, ciphertext too; add STRICT_TRANS_TABLES',
      ),
    );
  }
  const charset = settings.get('character_set_client');
  if (charset !== undefined && !supportsCharacterSet(charset)) {
    findings.push(
      warning(
        'character_set_client',
        `${charset} hides quotes inside characters: statements on protected tables are refused in it; let clients use utf8mb4`,
      ),
    );
  }
  const init = settings.get('init_connect') ?? '';
  if (init !== '') {
    findings.push(
      warning(
        'init_connect',
        'runs statements in each new session that tenantcrypt does not see; see that they change no character set',
      ),
    );
  }
  findings.push(
    ok(
      'server settings',
      `lower_case_table_names ${settings.get('lower_case_table_names') ?? '?'}, character_set_client ${charset ?? '?'}, ` +
        (server.kind === 'mysql' ? `block_encryption_mode ${mode ?? '?'}` : `AES_ENCRYPT as ${CIPHER}`),
    ),
  );
  return findings;
}

function isOn(settings: ServerSettings, name: string): boolean {
  const value = settings.get(name)?.toUpperCase();
  return value === 'ON' || value === '1';
}
