import type { Logger } from 'pino';
import { ProxyError } from '../errors.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import type { Catalog } from '../rewrite/catalog.js';
import type { ServerVersion } from '../rewrite/dialect.js';
import { mayBeDisturbed, mayNameObjects, showsAftermath } from '../rewrite/name-watch.js';
import type { FillContext, RewriteContext } from '../rewrite/rewriter.js';
import { setupStatements } from '../rewrite/setup-statements.js';
import type { StatementTenant, TenantResolver, TenantState } from '../tenant/tenant-resolver.js';
import { type LookUpNames, objectsNamed, readSchema } from './catalog-queries.js';
import type { CatalogEntry, ReadSchema } from './catalog-store.js';
import type { ClientCommand } from './client-command.js';
import { KeyBinding } from './key-binding.js';
import { OwnCommandError, type OwnCommands } from './own-commands.js';
import type { Protection } from './session-services.js';
import { readAndTrack, readState } from './session-setup.js';
import { type SessionVariables, TRACKED_VARIABLES } from './session-variables.js';

/** Before the schema is known: protected tables are missing from it, and so refused. */
const UNKNOWN_CATALOG: Catalog = { generation: 0, tables: new Map(), dependents: [] };

const NAMES_NOT_LOOKED_UP =
  'names that are new to the proxy could not be looked up with the control account; see the log of tenantcrypt';

export interface SessionProtectionOptions {
  readonly protection: Protection;
  readonly own: OwnCommands;
  readonly variables: SessionVariables;
  readonly tenant: TenantResolver;
  readonly server: ServerVersion;
  /** The user name on the backend, at first. */
  readonly account: string;
  readonly log: Logger;
}

/**
 * What one session keeps for the protected tables: whose tenant it is, which key is set, what the schema says; and
 * the statements of its own that keep these right.
 */
export class SessionProtection {
  readonly shared: Protection;
  readonly tenant: TenantResolver;
  readonly binding: KeyBinding;
  readonly #options: SessionProtectionOptions;
  #account: string;
  #entry: CatalogEntry | null = null;
  /** Whether the server reports what decides how statements are read. */
  #isTracking = false;
  #clientTracks: ReadonlySet<string> | 'all' = 'all';
  /** DDL went through this session, and the schema has not been read since. */
  #isSchemaOld = false;
  /** As the server said last. */
  isInTransaction = false;
  /** The last statement spoke of a transaction: a one-shot SET TRANSACTION, which a reading would use up. */
  #mayBeginTransaction = false;

  constructor(options: SessionProtectionOptions) {
    this.#options = options;
    this.#account = options.account;
    this.shared = options.protection;
    this.tenant = options.tenant;
    const { keys, constants } = options.protection;
    this.binding = new KeyBinding(options.own, keys, constants === 'proxy');
  }

  /** Who encrypts constants of statements that are prepared. */
  get preparedConstants(): Pick<FillContext, 'constants'> {
    return this.shared.constants === 'proxy' ? { constants: { kind: 'parameters' } } : {};
  }

  get catalog(): Catalog {
    return this.#entry?.current ?? UNKNOWN_CATALOG;
  }

  /** The tenant of a statement, or why there is none; without `statement`, the session's. */
  tenantState(statement?: StatementTenant): TenantState {
    this.tenant.onSchema(this.#options.variables.database);
    return this.tenant.current(statement);
  }

  context(prepared: boolean): RewriteContext {
    return this.#options.variables.context(this.catalog, prepared);
  }

  /** Whether statements can be read for sure. */
  get isReady(): boolean {
    return this.#options.variables.distrust === null;
  }

  /**
   * Makes a new backend session ready: reads its state, the schema when it is time, and sets the key when the tenant
   * is known. What fails is logged, and the statements that need it are refused; the login goes on.
   * @throws Error when the connection is lost
   */
  async setUp(): Promise<void> {
    const { variables } = this.#options;
    this.binding.forget();
    this.#isTracking = false;
    this.#clientTracks = 'all';
    // Together: a lost connection rejects both, and a rejection that nobody hears would end the process.
    await Promise.all([this.binding.prepare().catch(ignoreRefusal), this.#readState()]);
    if (variables.distrust !== null) return;
    this.#entry = await this.shared.catalogs.acquire(this.#account, this.#read);
    await Promise.all([this.#runDonors(), this.#bindAtLogin()]);
  }

  async #readState(): Promise<void> {
    const { own, server, variables, log } = this.#options;
    try {
      const result = await readAndTrack(own, server);
      variables.reset(result.state);
      this.#isTracking = true;
      this.#clientTracks = result.clientTracks;
      if (result.replacedEncryptionMode !== null) {
        log.warn(
          { mode: result.replacedEncryptionMode },
          'block_encryption_mode was another one: set to aes-128-ecb for the session',
        );
      }
    } catch (error) {
      this.#distrust(error);
    }
  }

  /** Variables that the client itself has the server report; what else comes is ours. */
  get clientTracks(): ReadonlySet<string> | 'all' {
    return this.#clientTracks;
  }

  /** The client has said what the server is to report: what we need is added again. */
  async #track(): Promise<void> {
    const { own, server, variables } = this.#options;
    this.#isTracking = false;
    try {
      const result = await readAndTrack(own, server);
      variables.reset(result.state);
      this.#isTracking = true;
      // Ours are still there: it was something else that the client has set.
      if (!isOurs(result.clientTracks)) this.#clientTracks = result.clientTracks;
    } catch (error) {
      this.#distrust(error);
    }
  }

  /**
   * Before a statement that can't be read for sure: reads the state again. The schema is left alone: reading it in
   * the middle of a session would disturb the client's transaction (semantics.md 8).
   */
  async makeReady(): Promise<void> {
    const { own, server, variables } = this.#options;
    try {
      if (this.#isTracking) {
        variables.reset(await readState(own, server));
        return;
      }
      variables.reset((await readAndTrack(own, server)).state);
      this.#isTracking = true;
    } catch (error) {
      this.#distrust(error);
      return;
    }
    if (this.shared.catalogs.usesControlConnection) {
      this.#entry ??= await this.shared.catalogs.acquire(this.#account, this.#read);
    }
    await this.#runDonors();
  }

  /**
   * What a command leaves to do once its response is over.
   * @returns null when nothing has to be waited for
   */
  settle(command: ClientCommand): Promise<void> | null {
    if (command.tenantValues !== null) this.#assignTenant(command.tenantValues, command.failed);
    if (command.effects.runsUnseenSql === true) this.#forgetState();
    if (command.effects.changesReading === true && (command.failed || !command.hasReportedVariables)) {
      this.#options.variables.invalidate('the server did not report what a SET has changed');
    }
    const works = [
      command.effects.changesTracking === true ? this.#track() : null,
      command.effects.changesSchema ? this.#afterDdl() : null,
      // After others the key that a statement's own attribute or comment asked for may stay: none of the next ones can
      // name it, and a change of it would take the warnings of this one from the client.
      command.tenantValues !== null && this.#needsBinding() ? this.#rebind() : null,
    ].filter((work) => work !== null);
    if (works.length < 2) return works[0] ?? null;
    return Promise.all(works).then(() => undefined);
  }

  /** SQL that was not seen may have changed any variable, and what the server reports: both are looked up again. */
  #forgetState(): void {
    this.#isTracking = false;
    this.#options.variables.invalidate('SQL that the proxy did not see has run in the session');
  }

  /** A rewritten statement named a column that is not there: the catalog may be out of date. */
  suspectSchema(): void {
    this.shared.catalogs.suspect(this.#account);
  }

  /** A statement was refused because of what the schema lacks, or because it could not be read. */
  recoverSchema(): void {
    this.shared.catalogs.recover(this.#account);
  }

  /** Another user is logged in: what the schema says to the one before does not count. */
  changeAccount(account: string): void {
    this.#account = account;
    this.#entry = null;
  }

  /** The server has forgotten all user variables. */
  forgetVariables(): void {
    this.tenant.onReset();
  }

  #assignTenant(values: readonly (string | null)[], failed: boolean): void {
    const name = this.shared.tenantVariable;
    if (name === null) return;
    // What a failed statement left in the variable is not known: no tenant until the next SET.
    for (const value of failed ? [null] : values) this.tenant.onUserVariableAssignment(name, value);
  }

  #needsBinding(): boolean {
    const state = this.tenantState();
    return (state.kind === 'tenant' ? state.tenant : null) !== this.binding.tenant;
  }

  /** At once when the tenant changes, so that it never comes between a statement and its diagnostics. */
  async #rebind(): Promise<void> {
    const state = this.tenantState();
    try {
      if (state.kind === 'tenant') await this.binding.bind(state.tenant);
      else await this.binding.unbind();
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error;
      this.#options.log.debug({ code: error.code }, 'no key for the tenant yet');
    }
  }

  async #bindAtLogin(): Promise<void> {
    if (this.tenantState().kind === 'tenant') await this.#rebind();
  }

  /** On this connection a reading would take the statement's warnings from the client: it waits. */
  #afterDdl(): Promise<void> | null {
    const { catalogs } = this.shared;
    if (catalogs.usesControlConnection) return catalogs.refreshAfterDdl(this.#account, this.#read);
    catalogs.markStale();
    this.#isSchemaOld = true;
    return null;
  }

  /**
   * Before a statement on protected tables: reads the schema again when this session or another one has changed it,
   * outside of transactions.
   * @returns null when nothing has to be waited for
   */
  refreshSchema(): Promise<void> | null {
    if (this.#mustNotRead) return null;
    if (!this.#isSchemaOld) return this.shared.catalogs.catchUp(this.#account, this.#read);
    this.#isSchemaOld = false;
    return this.shared.catalogs.refreshAfterDdl(this.#account, this.#read);
  }

  /** Whether a reading on the session's own connection would disturb it. */
  get #mustNotRead(): boolean {
    return !this.shared.catalogs.usesControlConnection && (this.isInTransaction || this.#mayBeginTransaction);
  }

  /**
   * Before a statement is sent on: reads the schema again after DDL of this session, which a transaction that begins here
   * could not do, and looks up the words in the statement that none has held yet. Without a control connection only where
   * that does not disturb the session.
   * @returns null when nothing has to be waited for; what is rejected with TC_SCHEMA was not looked up
   */
  lookUpNames(statement: Buffer, start: number, end: number): Promise<void> | null {
    if (this.#isSchemaOld && !showsAftermath(statement, start, end)) {
      const reading = this.refreshSchema();
      if (reading !== null) return reading;
    }
    const entry = this.#entry;
    const { dialect } = this.context(false);
    if (entry === null || !entry.names.mayHoldNew(statement, start, end, dialect)) {
      this.#mayBeginTransaction = false;
      return null;
    }
    const names = entry.names.newNames(statement, start, end, dialect);
    const { catalogs } = this.shared;
    if (catalogs.usesControlConnection) {
      if (names.length === 0) return null;
      return catalogs.lookUp(this.#account, names, this.#lookUp, this.#read).catch((error: unknown) => {
        if (!mayNameObjects(statement, start, end)) return;
        throw new ProxyError('TC_SCHEMA', NAMES_NOT_LOOKED_UP, { cause: error });
      });
    }
    const isAhead = this.#mayBeginTransaction;
    this.#mayBeginTransaction = mayBeDisturbed(statement, start, end);
    if (names.length === 0 || isAhead || this.#mayBeginTransaction || this.isInTransaction) return null;
    return catalogs.lookUp(this.#account, names, this.#lookUp, this.#read).catch((error: unknown) => {
      // The server will say the same of the statement: in XA IDLE, after a password has expired.
      if (!(error instanceof OwnCommandError)) throw error;
    });
  }

  /**
   * Whether there are no rows in a table, or no such table, of which the server then tells.
   * @param table as its name stands in SQL, in the client's character set, one character a byte
   */
  async isEmpty(table: string): Promise<boolean> {
    // Locking: as the table is now, whatever the transaction sees of it. What is to follow commits.
    const sql = Buffer.from(`SELECT 1 FROM ${table} LIMIT 1 LOCK IN SHARE MODE`, 'latin1');
    try {
      return (await this.#options.own.queryText(sql)).rows.length === 0;
    } catch (error) {
      if (error instanceof OwnCommandError) return error.errorCode === ErrorNumber.ER_NO_SUCH_TABLE;
      throw error;
    }
  }

  readonly #lookUp: LookUpNames = (names) => {
    const { own, variables } = this.#options;
    return objectsNamed((sql) => own.query(sql), names, variables.lowerCaseTableNames);
  };

  readonly #read: ReadSchema = () => {
    const { own, server, variables } = this.#options;
    return readSchema((sql) => own.query(sql), this.shared.tables, variables.lowerCaseTableNames, server);
  };

  async #runDonors(): Promise<void> {
    const statements = setupStatements(this.shared.tables, this.#options.server);
    try {
      await Promise.all(statements.map((statement) => this.#options.own.query(statement)));
    } catch (error) {
      this.#distrust(error);
    }
  }

  #distrust(error: unknown): void {
    const { variables, log } = this.#options;
    if (!(error instanceof OwnCommandError)) throw error;
    variables.invalidate('the server did not let tenantcrypt read or set the state of the session');
    log.warn({ errorCode: error.errorCode }, 'the backend session could not be set up');
  }
}

function isOurs(tracked: ReadonlySet<string> | 'all'): boolean {
  return tracked !== 'all' && TRACKED_VARIABLES.every((name) => tracked.has(name));
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof OwnCommandError)) throw error;
}
