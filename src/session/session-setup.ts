import type { ServerVersion } from '../rewrite/dialect.js';
import type { TextRow } from './catalog-queries.js';
import type { OwnCommands } from './own-commands.js';
import { type SessionState, TRACKED_VARIABLES } from './session-variables.js';

/*
 * The first statements of a backend session, before its client hears of the login, and again after
 * COM_RESET_CONNECTION. ASCII without double quotes and backslashes: they read the same under every sql_mode.
 */

/** What the setup has found besides the state. */
export interface SetupResult {
  readonly state: SessionState;
  /** Names that the client's own session_track_system_variables holds: what else comes is ours. */
  readonly clientTracks: ReadonlySet<string> | 'all';
  /** MySQL: the mode that was not aes-128-ecb and has been replaced; null otherwise. */
  readonly replacedEncryptionMode: string | null;
}

function stateStatement(server: ServerVersion): string {
  const mode = server.kind === 'mysql' ? '@@block_encryption_mode' : 'NULL';
  return (
    'SELECT @@sql_mode,@@character_set_client,@@lower_case_table_names,' +
    `CAST(CONVERT(DATABASE() USING utf8mb4) AS BINARY),@@session_track_system_variables,${mode},@@sql_safe_updates,@@character_set_connection,@@sql_notes`
  );
}

/**
 * Asks the server to report what decides how statements are read. MySQL refuses a name that is listed twice, so each
 * is added only where it is missing.
 */
function trackingStatement(server: ServerVersion): string {
  const tracked: string[] = [...TRACKED_VARIABLES];
  if (server.kind === 'mysql') tracked.push('block_encryption_mode');
  const before = '@@session_track_system_variables';
  const additions = tracked.map(
    (name) => `IF(FIND_IN_SET('${name}',REPLACE(LOWER(${before}),' ','')),NULL,'${name}')`,
  );
  const list = `IF(${before}='*','*',CONCAT_WS(',',NULLIF(${before},''),${additions.join(',')}))`;
  const encryption = server.kind === 'mysql' ? ",block_encryption_mode='aes-128-ecb'" : '';
  return `SET SESSION session_track_schema=ON,session_track_system_variables=${list}${encryption}`;
}

/**
 * Reads the session's state and turns tracking on.
 * @throws OwnCommandError when the server refuses (an expired password, for one)
 * @throws Error when the answer is not what was asked for
 */
export async function readAndTrack(own: OwnCommands, server: ServerVersion): Promise<SetupResult> {
  const [rows] = await Promise.all([own.query(stateStatement(server)), own.query(trackingStatement(server))]);
  return parseState(rows);
}

/** Reads the state alone: the list of tracked variables is ours by now. @throws as readAndTrack */
export async function readState(own: OwnCommands, server: ServerVersion): Promise<SessionState> {
  return parseState(await own.query(stateStatement(server))).state;
}

function parseState(rows: readonly TextRow[]): SetupResult {
  const row = rows[0];
  const lowerCaseTableNames = Number(row?.[2]?.toString('latin1'));
  if (row === undefined || row[0] === null || row[0] === undefined)
    throw new Error('the state of the session is missing');
  if (lowerCaseTableNames !== 0 && lowerCaseTableNames !== 1 && lowerCaseTableNames !== 2) {
    throw new Error('lower_case_table_names is none that is known');
  }
  const tracked = row[4]?.toString('latin1').toLowerCase() ?? '';
  const mode = row[5]?.toString('latin1').toLowerCase() ?? null;
  return {
    state: {
      sqlMode: row[0].toString('latin1'),
      characterSetClient: row[1]?.toString('latin1') ?? '',
      characterSetConnection: row[7]?.toString('latin1') ?? '',
      lowerCaseTableNames,
      database: row[3]?.toString('utf8') ?? null,
      safeUpdates: row[6]?.toString('latin1') === '1',
      notes: row[8]?.toString('latin1') === '1',
    },
    clientTracks: tracked === '*' ? 'all' : new Set(tracked.split(',').map((name) => name.trim())),
    replacedEncryptionMode: mode === 'aes-128-ecb' ? null : mode,
  };
}
