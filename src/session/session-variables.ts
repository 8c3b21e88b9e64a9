import { StatusFlag } from '../protocol/constants/status-flags.js';
import type { SessionStateChange } from '../protocol/resultset/session-state-changes.js';
import type { Catalog } from '../rewrite/catalog.js';
import { type Dialect, parseSqlMode, type ServerVersion } from '../rewrite/dialect.js';
import type { RewriteContext } from '../rewrite/rewriter.js';

/** What the setup has read from the server. */
export interface SessionState {
  readonly sqlMode: string;
  readonly characterSetClient: string;
  readonly characterSetConnection: string;
  readonly lowerCaseTableNames: 0 | 1 | 2;
  /** null: none is selected. */
  readonly database: string | null;
  readonly safeUpdates: boolean;
  /** Whether notes are kept and counted (sql_notes). */
  readonly notes: boolean;
}

/** System variables that decide how a statement is read: the server has to report their changes. */
export const TRACKED_VARIABLES = [
  'sql_mode',
  'character_set_client',
  'character_set_connection',
  'character_set_results',
  'sql_safe_updates',
  'sql_notes',
] as const;

/** Those of them that are taken note of. */
const READ_VARIABLES = new Set([
  'sql_mode',
  'character_set_client',
  'character_set_connection',
  'sql_safe_updates',
  'sql_notes',
]);

/**
 * What of the backend session decides how a statement is read, as the server reports it in OK packets. A statement
 * read under another sql_mode than the server's is another statement: whenever the two may differ, `distrust` says so
 * and protected statements are refused until the state is read again (a reset of the connection).
 *
 * https://dev.mysql.com/doc/refman/9.7/en/session-state-tracking.html
 */
export class SessionVariables {
  readonly #server: ServerVersion;
  #dialect: Dialect;
  #database: string | null = null;
  #safeUpdates = false;
  #notes = true;
  #characterSetConnection = 'utf8mb4';
  #distrust: string | null = 'the state of the session could not be read';
  #forQuery: RewriteContext | null = null;
  #forPrepare: RewriteContext | null = null;

  constructor(server: ServerVersion) {
    this.#server = server;
    // Until the state is read: enough to tell a statement without any protected name.
    this.#dialect = {
      server,
      sqlMode: parseSqlMode(''),
      characterSetClient: 'utf8mb4',
      lowerCaseTableNames: 1,
    };
  }

  /** Why statements can't be read for sure, or null. */
  get distrust(): string | null {
    return this.#distrust;
  }

  /** Whether notes are kept and counted. */
  get notes(): boolean {
    return this.#notes;
  }

  get database(): string | null {
    return this.#database;
  }

  get lowerCaseTableNames(): 0 | 1 | 2 {
    return this.#dialect.lowerCaseTableNames;
  }

  /** Starts from what the server says now: after a login or a reset. */
  reset(state: SessionState): void {
    this.#dialect = {
      server: this.#server,
      sqlMode: parseSqlMode(state.sqlMode),
      characterSetClient: state.characterSetClient.toLowerCase(),
      lowerCaseTableNames: state.lowerCaseTableNames,
    };
    this.#database = state.database;
    this.#safeUpdates = state.safeUpdates;
    this.#notes = state.notes;
    this.#characterSetConnection = state.characterSetConnection.toLowerCase();
    this.#distrust = null;
    this.#forget();
  }

  /** The state is unknown from now on. */
  invalidate(why: string): void {
    this.#doubt(why);
  }

  /** Takes over what an OK packet reports. */
  apply(changes: readonly SessionStateChange[]): void {
    for (const change of changes) {
      if (change.kind === 'schema') {
        this.#database = change.name.length === 0 ? null : change.name.toString('utf8');
        this.#forget();
      } else if (change.kind === 'systemVariables') {
        for (const { name, value } of change.variables) this.#assign(name.toLowerCase(), value);
      }
    }
  }

  #assign(name: string, value: Buffer): void {
    if (!READ_VARIABLES.has(name)) return;
    if (!isAscii(value)) {
      this.#doubt(`the server reported ${name} in a character set that can't be read`);
      return;
    }
    const text = value.toString('latin1');
    if (name === 'sql_safe_updates') this.#safeUpdates = /^(1|on)$/i.test(text);
    else if (name === 'sql_notes') this.#notes = /^(1|on)$/i.test(text);
    else if (name === 'character_set_connection') this.#characterSetConnection = text.toLowerCase();
    else if (name === 'sql_mode') this.#dialect = { ...this.#dialect, sqlMode: parseSqlMode(text) };
    else this.#dialect = { ...this.#dialect, characterSetClient: text.toLowerCase() };
    this.#forget();
  }

  /** Compares the flags of the packet that ended a response with what is known. */
  checkStatusFlags(statusFlags: number): void {
    const mode = this.#dialect.sqlMode;
    const noBackslashEscapes = (statusFlags & StatusFlag.SERVER_STATUS_NO_BACKSLASH_ESCAPES) !== 0;
    const ansiQuotes = (statusFlags & StatusFlag.SERVER_STATUS_ANSI_QUOTES) !== 0;
    if (
      noBackslashEscapes !== mode.noBackslashEscapes ||
      (this.#server.kind === 'mariadb' && ansiQuotes !== mode.ansiQuotes)
    ) {
      this.#doubt('the server works under another sql_mode than it reported');
    }
  }

  /** The context to analyse a statement in: the same object until something of it changes. */
  context(catalog: Catalog, prepared: boolean): RewriteContext {
    const known = prepared ? this.#forPrepare : this.#forQuery;
    if (known !== null && known.catalog === catalog) return known;
    const context: RewriteContext = {
      dialect: this.#dialect,
      database: this.#database,
      catalog,
      prepared,
      safeUpdates: this.#safeUpdates,
      characterSetConnection: this.#characterSetConnection,
      ...(this.#distrust === null ? {} : { unknown: true }),
    };
    if (prepared) this.#forPrepare = context;
    else this.#forQuery = context;
    return context;
  }

  #doubt(why: string): void {
    this.#distrust = why;
    this.#forget();
  }

  #forget(): void {
    this.#forQuery = null;
    this.#forPrepare = null;
  }
}

function isAscii(value: Buffer): boolean {
  for (const byte of value) if (byte === 0 || byte >= 0x80) return false;
  return true;
}
