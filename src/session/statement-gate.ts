import { ProxyError } from '../errors.js';
import type { SessionMetrics } from '../metrics/metrics.js';
import type { Analysis } from '../rewrite/rewriter.js';
import { UNEVALUABLE } from '../tenant/sources/user-variable.js';
import type { CommandHost } from './command-host.js';
import type { SessionProtection } from './session-protection.js';

/** How often a command may wait for something before it is refused. */
const MAX_ATTEMPTS = 4;
const WAITED_TOO_OFTEN =
  'the statement waited too often for its key or for the state of the session; try again';
const STATE_UNKNOWN =
  'the state of the session is not known for sure; reset the connection, or open another one';

/** What a statement has to pass before it goes to the backend, as COM_QUERY or prepared. */
export class StatementGate {
  readonly protection: SessionProtection;
  readonly #host: CommandHost;
  readonly #metrics: SessionMetrics;

  constructor(host: CommandHost, metrics: SessionMetrics, protection: SessionProtection) {
    this.#host = host;
    this.#metrics = metrics;
    this.protection = protection;
  }

  /** Analyses the statement at `payload[start..]`, counted and timed. */
  analyse(payload: Buffer, start: number, prepared: boolean): Analysis {
    const before = performance.now();
    const { protection } = this;
    const { rewriter } = protection.shared;
    const analysis = rewriter.analyse(payload, start, payload.length, protection.context(prepared));
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

  /** Whether the command waits for the schema, which DDL of this session has changed, or was refused for it. */
  awaitsSchema(): boolean {
    const work = this.protection.refreshSchema();
    if (work === null) return false;
    this.waitFor(work);
    return true;
  }

  /**
   * The tenant for a plan that needs one, its key set where the plan needs it.
   * @returns null when the command was refused or waits: the caller is done with it
   */
  tenantFor(plan: { readonly needsTenant: boolean; readonly needsKey: boolean }): string | null {
    const { protection } = this;
    if (!plan.needsTenant && !plan.needsKey) return '';
    const state = protection.tenant.current();
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
