import type { ParameterType } from '../protocol/binary-value.js';
import type { BinaryRowLayout } from '../protocol/resultset/binary-row-layout.js';
import type { Catalog } from '../rewrite/catalog.js';
import type { StatementWarning } from '../rewrite/declared-value.js';
import { type BackendParameter, type Effects, NO_EFFECTS, type RewritePlan } from '../rewrite/plan.js';
import { mayReadOtherwise } from '../rewrite/rereading.js';
import type { RewriteContext } from '../rewrite/rewriter.js';
import type { AssignedValue } from '../tenant/sources/user-variable.js';

/** In the place of the tenant in a text that can't be executed yet: no tenant id is empty. */
export const TENANT_NOT_KNOWN = '';

/** A statement that the client has prepared. */
export class PreparedStatement {
  /** The client's text: prepared again when what it means has changed. */
  readonly text: Buffer;
  /** The server may parse it again after DDL, and under another sql_mode or character set it would be another text. */
  readonly readsInTwoWays: boolean;
  /** What the client calls it; 0 until the server has answered. */
  clientId = 0;
  /** What the server calls it now. */
  backendId = 0;
  /** Placeholders of the client's text. */
  numParams = 0;
  /** null: the statement is forwarded as it is. */
  plan: RewritePlan | null = null;
  /** What fills each parameter of the rewritten text, in order. */
  parameters: readonly BackendParameter[] = [];
  effects: Effects = NO_EFFECTS;
  catalog: Catalog | null = null;
  /** In what context the text was analysed. */
  context: RewriteContext | null = null;
  /** The tenant whose literal stands in the rewritten text, or TENANT_NOT_KNOWN; null when it holds none. */
  tenant: string | null = null;

  /** What the text's own literals assign to the tenant's variable, in order. */
  tenantValues: readonly (string | null)[] = [];

  /** What the server would say of the literals in the rewritten text. */
  warnings: readonly StatementWarning[] = [];

  /** What the text's comments say of its tenant. */
  comments: readonly AssignedValue[] = [];

  /** Types of the last execution that sent any. */
  types: readonly ParameterType[] | undefined = undefined;
  /** Parameters that were compared by the decrypted column once (parameter-conversion.ts). */
  readonly passed = new Set<number>();
  /** COM_STMT_SEND_LONG_DATA of a statement whose executions are read, by parameter. */
  readonly longData = new Map<number, Buffer[]>();
  longDataBytes = 0;
  /** More long data came than is kept: the next execution is refused. */
  isLongDataTooLong = false;

  /** Of a rewritten statement, as the server described its columns; kept where clients keep theirs. */
  definitions: Buffer[] = [];

  /** Of its rows, as its columns were described last; null: they pass as they come. */
  rowLayout: BinaryRowLayout | null = null;

  constructor(text: Buffer) {
    this.text = text;
    this.readsInTwoWays = mayReadOtherwise(text);
  }

  /** Whether its executions are read: rewritten, or for a parameter that becomes the tenant. */
  get isRead(): boolean {
    return this.plan !== null || this.effects.tenantAssignments.length > 0;
  }

  /** An execution has taken up the long data, and was refused when it is still there. */
  #isTakenUp = false;

  /** Long data that an execution before was refused with must not join that of the next one. */
  beginLongData(): void {
    if (this.#isTakenUp) this.clearLongData();
  }

  beginExecution(): void {
    if (this.#isTakenUp) this.clearLongData();
    this.#isTakenUp = true;
  }

  clearLongData(): void {
    this.#isTakenUp = false;
    this.longData.clear();
    this.longDataBytes = 0;
    this.isLongDataTooLong = false;
  }
}

/** Whether the rewritten text holds something of the tenant, and not only parameters. */
export function hasTenantLiteral(plan: RewritePlan): boolean {
  return plan.segments.some(({ ops }) => ops.some((op) => op.kind === 'tenant' || op.kind === 'tenantCheck'));
}

/** Placeholders of the client's text: all of them are used at least once. */
export function clientParameters(parameters: readonly BackendParameter[]): number {
  let count = 0;
  for (const target of parameters) {
    if (target.source === 'client') count = Math.max(count, target.ordinal + 1);
  }
  return count;
}
