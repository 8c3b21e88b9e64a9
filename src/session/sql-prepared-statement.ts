import type { Catalog } from '../rewrite/catalog.js';
import type { BackendParameter, Effects, RewritePlan } from '../rewrite/plan.js';
import type { RewriteContext } from '../rewrite/rewriter.js';
import type { AssignedValue } from '../tenant/sources/user-variable.js';

/** A rewritten text as the server has it prepared. */
export interface RewrittenSql {
  readonly plan: RewritePlan;
  /** The statement, as a literal for PREPARE and EXECUTE IMMEDIATE. */
  readonly literal: Buffer;
  readonly parameters: readonly BackendParameter[];
  /** Whose literal stands in the text, or TENANT_NOT_KNOWN; null: it holds none. */
  readonly tenant: string | null;
  readonly catalog: Catalog;
  readonly context: RewriteContext;
  readonly comments: readonly AssignedValue[];
}

/** What a session knows of a statement that PREPARE gave a name to. */
export interface SqlPreparedStatement {
  /** As the client wrote it first. */
  readonly name: string;
  /** The client's text; null: the server was told it in another way (policy.dynamicSql). */
  readonly sql: Buffer | null;
  /** Of one that is forwarded: what each execution changes. */
  readonly effects: Effects;
  /** In what context the text was read last. */
  context: RewriteContext;
  /** null: the server has the client's own text. */
  rewritten: RewrittenSql | null;
  /** A PREPARE of the same name failed: the server has dropped this one. */
  isGone: boolean;
  /** We have taken it from the server: it is prepared again before our next EXECUTE. */
  isWithdrawn: boolean;
}

/** A PREPARE or DEALLOCATE PREPARE under way: what its end changes. */
export interface NameChange {
  readonly key: string;
  /** null: the name is given back. */
  readonly statement: SqlPreparedStatement | null;
}
