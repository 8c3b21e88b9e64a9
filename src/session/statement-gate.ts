import { ProxyError } from '../errors.js';
import type { ConstantCipher } from '../keys/constant-cipher.js';
import type { SessionMetrics } from '../metrics/metrics.js';
import type { Parameter } from '../protocol/binary-value.js';
import type { CharacterSets } from '../rewrite/constant-form.js';
import type { RewritePlan } from '../rewrite/plan.js';
import type { Analysis, FillContext, RewriteContext } from '../rewrite/rewriter.js';
import { type AssignedValue, UNEVALUABLE } from '../tenant/sources/user-variable.js';
import type { TenantState } from '../tenant/tenant-resolver.js';
import type { CommandHost } from './command-host.js';
import { type ConversionContext, parameterText } from './parameter-conversion.js';
import type { SessionProtection } from './session-protection.js';
import type { ToldWarnings } from './told-warnings.js';

/** How often a command may wait for something before it is refused. */
const MAX_ATTEMPTS = 6;
const WAITED_TOO_OFTEN =
  'the statement waited too often for its key or for the state of the session; try again';
const NOT_EMPTY =
  'a protected column that is added NOT NULL has no value in rows that are there; ADD it as NULL, fill it, and MODIFY it to NOT NULL';
const STATE_UNKNOWN =
  'the state of the session is not known for sure; reset the connection, or open another one';

/** What a statement has to pass before it goes to the backend, as COM_QUERY or prepared. */
export class StatementGate {
  readonly protection: SessionProtection;
  readonly told: ToldWarnings;
  readonly #host: CommandHost;
  readonly #metrics: SessionMetrics;

  constructor(host: CommandHost, metrics: SessionMetrics, protection: SessionProtection, told: ToldWarnings) {
    this.told = told;
    this.#host = host;
    this.#metrics = metrics;
    this.protection = protection;
  }

  /** Analyses the statement at `payload[start, end)`, counted and timed. @param context when not that of now */
  analyse(
    payload: Buffer,
    start: number,
    end: number,
    prepared: boolean,
    context: RewriteContext = this.protection.context(prepared),
  ): Analysis {
    const before = performance.now();
    const { protection } = this;
    const { rewriter } = protection.shared;
    const analysis = rewriter.analyse(payload, start, end, context);
    const metrics = this.#metrics;
    const isScan = analysis.skipped || analysis.cacheHit;
    metrics.overhead(isScan ? 'scan' : 'plan', (performance.now() - before) / 1000);
    if (!analysis.skipped) {
      if (analysis.cacheHit) metrics.planCacheHit();
      else metrics.planCacheMiss();
    }
    return analysis;
  }

  /** Waits and takes the command up again; refuses it when that did not help before. */
  waitFor(work: Promise<void>): void {
    this.#host.command.attempts += 1;
    if (this.#host.command.attempts > MAX_ATTEMPTS) {
      work.catch(() => undefined);
      const why = this.protection.isReady ? WAITED_TOO_OFTEN : STATE_UNKNOWN;
      this.#host.refuse(new ProxyError('TC_BACKEND', why));
      return;
    }
    this.#host.retryAfter(work);
  }

  /** Whether the command waits until words of its statement that are new were looked up, or was refused. */
  awaitsNames(payload: Buffer, start: number, end: number): boolean {
    const { command } = this.#host;
    if (command.hasLookedUp) return false;
    const work = this.protection.lookUpNames(payload, start, end);
    if (work === null) return false;
    command.hasLookedUp = true;
    this.waitFor(work);
    return true;
  }

  /** Whether the command waits for the schema, which DDL of this session has changed, or was refused for it. */
  awaitsSchema(): boolean {
    const work = this.protection.refreshSchema();
    if (work === null) return false;
    this.waitFor(work);
    return true;
  }

  /** Whether the command waits for a look at a table that must be empty, or was refused because it is not. */
  awaitsEmptyTable({ emptyTable }: RewritePlan): boolean {
    const { command } = this.#host;
    if (emptyTable === undefined || command.isTableEmpty === true) return false;
    if (command.isTableEmpty === false) {
      this.#host.refuse(new ProxyError('TC_UNSUPPORTED_SQL', NOT_EMPTY));
      return true;
    }
    const looked = this.protection.isEmpty(emptyTable).then((isEmpty) => {
      command.isTableEmpty = isEmpty;
    });
    this.waitFor(looked);
    return true;
  }

  /** What the comments of the statement that was analysed last say of its tenant. */
  commentTenants(): readonly AssignedValue[] {
    const { shared, tenant } = this.protection;
    return tenant.readsComments ? tenant.ofComments(shared.rewriter.comments()) : [];
  }

  /** What query attributes say of their statement's tenant. */
  attributeTenants(attributes: readonly Parameter[]): readonly AssignedValue[] {
    return this.protection.tenant.ofAttributes(
      attributes.map((attribute) => ({
        name: attribute.name.toString('utf8'),
        value: attribute.value === null ? null : parameterText(attribute),
      })),
    );
  }

  /** The tenant of the command under way, or why there is none. */
  tenantState(): TenantState {
    return this.protection.tenantState(this.#host.command.statementTenant);
  }

  /**
   * The tenant for a plan that needs one, its key set where the plan needs it.
   * @returns null when the command was refused or waits: the caller is done with it
   */
  tenantFor(plan: { readonly needsTenant: boolean; readonly needsKey: boolean }): string | null {
    const { protection } = this;
    if (!plan.needsTenant && !plan.needsKey) return '';
    const state = this.tenantState();
    if (state.kind === 'refused') {
      this.#host.refuse(state.error);
      return null;
    }
    const { tenant } = state;
    if (!plan.needsKey || protection.binding.isCurrent(tenant)) return tenant;
    // A key that is not kept in the cache for a moment is current only for the statement it was fetched for.
    const { command } = this.#host;
    if (command.hasBoundKey && protection.binding.tenant === tenant) return tenant;
    command.hasBoundKey = true;
    this.waitFor(protection.binding.bind(tenant));
    return null;
  }

  /** Who encrypts the constants of a statement that is not prepared. Of use until the present task ends. */
  inlineConstants(tenant: string): Pick<FillContext, 'constants'> {
    if (this.protection.shared.constants !== 'proxy') return {};
    return { constants: { kind: 'inline', encrypt: this.#encrypting(tenant) } };
  }

  /** What the parameters of an execution are encrypted with. Of use until the present task ends. */
  encryption(tenant: string, sets = this.#characterSets()): Pick<ConversionContext, 'encryption'> {
    if (this.protection.shared.constants !== 'proxy') return {};
    return { encryption: { sets, encrypt: this.#encrypting(tenant) } };
  }

  #encrypting(tenant: string): (plaintext: Buffer) => Buffer {
    let cipher: ConstantCipher | null = null;
    return (plaintext) => {
      cipher ??= this.protection.binding.cipher(tenant);
      return cipher.encrypt(plaintext);
    };
  }

  #characterSets(): CharacterSets {
    const { dialect, characterSetConnection } = this.protection.context(true);
    const client = dialect.characterSetClient;
    return { client, connection: characterSetConnection ?? client };
  }

  /**
   * Checks what a SET is about to assign to the tenant's variable, and keeps it for its OK.
   * @returns false when it was refused
   */
  checkTenantValues(values: readonly (string | null)[]): boolean {
    const { tenant } = this.protection;
    try {
      if (values.length === 0) tenant.checkUserVariableAssignment(UNEVALUABLE);
      for (const value of values) tenant.checkUserVariableAssignment(value);
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error;
      this.#host.refuse(error);
      return false;
    }
    this.#host.command.tenantValues = values;
    return true;
  }
}
