import type { ProxyError, ServerError } from '../errors.js';
import type { Catalog } from './catalog.js';
import type { ConstantEncryption } from './constant-form.js';
import type { StatementWarning } from './declared-value.js';
import type { Dialect } from './dialect.js';
import type { BackendParameter, Plan } from './plan.js';
import type { ProtectedTable } from './protected-table.js';

export interface RewriterOptions {
  readonly tables: readonly ProtectedTable[];
  /** Name of the user variable that carries the tenant, or null. */
  readonly tenantVariable: string | null;
  readonly parseDepth: number;
  readonly planCacheBytes: number;
  /** `schema.routine` that CALL may name; `*`: any. */
  readonly calls: readonly string[];
  /** Whether SQL that is no string literal may be prepared and executed. Default: refuse. */
  readonly dynamicSql?: 'refuse' | 'allow';
  /** `schema.table` that plaintext of protected columns may be inserted into. Default: none. */
  readonly plaintextInto?: readonly string[];
  /** Whether plain reads get the inline form of the tenant view. Default: true. */
  readonly inlineReads?: boolean;
}

/** What of a session decides how a statement is read. Make a new one only when something of it changes. */
export interface RewriteContext {
  readonly dialect: Dialect;
  /** The current schema as session tracking says; null: none. */
  readonly database: string | null;
  readonly catalog: Catalog;
  /** COM_STMT_PREPARE: `?` are parameters and the tenant becomes one. */
  readonly prepared: boolean;
  /** What of this is not known for sure (sql_mode, character set): only the statement's bytes count. Absent: all is. */
  readonly unknown?: true;
  /** `@@character_set_connection`, lower case; absent: the client's. No plan depends on it. */
  readonly characterSetConnection?: string;
  /** `@@sql_safe_updates`: our tenant predicate must not satisfy it in the place of the client's WHERE. */
  readonly safeUpdates: boolean;
}

/** What of a session fills a plan's slots. */
export interface FillContext {
  /** null: not known yet. The text then serves to be prepared, not to be executed. */
  readonly tenant: string | null;
  /** Absent: the server encrypts all constants. */
  readonly constants?: ConstantEncryption;
}

/** One statement, analysed. Valid until the rewriter's next `analyse`: the slots lie in its reused buffers. */
export interface Analysis {
  readonly plan: Plan;
  /** true: the gate stayed shut and nothing was lexed. */
  readonly skipped: boolean;
  readonly cacheHit: boolean;
}

export interface Rewriter {
  /**
   * Finds or makes the plan of a statement. Synchronous; never throws for anything a client can send.
   * @param statement the statement lies in `statement[start, end)`; it must not change before `fill`.
   */
  analyse(statement: Buffer, start: number, end: number, context: RewriteContext): Analysis;

  /**
   * The rewritten statement of the last analysis, whose plan is a RewritePlan.
   * @param headroom bytes left free at the beginning, for the packet header and the command byte.
   * @throws ProxyError when a slot's value is refused (TC_TENANT_MISMATCH, TC_UNSUPPORTED_SQL …), ServerError when
   *   the plain table would (1406, 1264 …).
   */
  fill(context: FillContext, headroom: number): Buffer;

  /** The refusal of the last analysis, whose plan is a RefusePlan, with its position. */
  refusal(): ProxyError | ServerError;

  /** What fills each `?` of the text that `fill` wrote last, in order. */
  parameters(): readonly BackendParameter[];

  /** What the server would say of the values in the text that `fill` wrote last; null: nothing. */
  warnings(): readonly StatementWarning[] | null;

  /**
   * The values that the last analysis assigns to the tenant's variable, in order; null for NULL. Parameters are
   * not among them.
   */
  tenantValues(): readonly (string | null)[];

  /** The comments and hints of the last analysis, delimiters included, one character a byte. */
  comments(): readonly string[];

  readonly stats: {
    readonly hits: number;
    readonly misses: number;
    readonly entries: number;
    readonly bytes: number;
  };
}
