import type { ErrorCode } from '../errors.js';
import type { ProtectedColumn, ProtectedTable } from './protected-table.js';

/**
 * The immutable result of analysing one statement shape. Slots are the literals and comments of the reduced
 * statement in order (shape.ts); the plan says what happens to each for an execution.
 */
export type Plan = ForwardPlan | RefusePlan | RewritePlan;

interface PlanBase {
  /** Literals that decide what the statement means: the plan holds only for these very bytes. */
  readonly pins: readonly Pin[];
  readonly effects: Effects;
  /** Rough size in memory, for the bound of the plan cache. */
  readonly bytes: number;
}

export interface Pin {
  readonly slot: number;
  readonly bytes: Buffer;
}

export interface ForwardPlan extends PlanBase {
  readonly outcome: 'forward';
}

export interface RefusePlan extends PlanBase {
  readonly outcome: 'refuse';
  readonly code: ErrorCode;
  readonly message: string;
  /** Where: bytes after the end of a slot (-1: after the beginning of the statement); null: no single place. */
  readonly anchor: { readonly slot: number; readonly delta: number } | null;
}

export interface RewritePlan extends PlanBase {
  readonly outcome: 'rewrite';
  readonly segments: readonly TemplateSegment[];
  readonly needsTenant: boolean;
  readonly needsKey: boolean;
  /** How the result's column definitions are made to look; null: the statement returns no protected column. */
  readonly columns: ColumnRestoration | null;
  /** For each `?` of the rewritten statement, in order, what fills it. */
  readonly parameters: readonly BackendParameter[];
}

/** Part of the template: repeated once a repetition of a row unit, or (unit -1) once. */
export interface TemplateSegment {
  readonly unit: number;
  readonly ops: readonly TemplateOp[];
}

export type TemplateOp =
  | { readonly kind: 'static'; readonly bytes: Buffer }
  /** The client's own bytes of a literal or comment. */
  | { readonly kind: 'slot'; readonly slot: number }
  /** The tenant as a literal. */
  | { readonly kind: 'tenant' }
  /** The client's literal for the tenant column: must be the session's tenant, else TC_TENANT_MISMATCH. */
  | { readonly kind: 'tenantCheck'; readonly slot: number; readonly position: number }
  /** A literal on its way into a protected column: checked and brought to the declared type. */
  | { readonly kind: 'value'; readonly slots: readonly number[]; readonly column: ProtectedColumn }
  /** A constant compared with a protected column by ciphertext, brought to canonical form. */
  | { readonly kind: 'constant'; readonly slots: readonly number[]; readonly column: ProtectedColumn }
  /** The client's `?`. */
  | { readonly kind: 'parameter'; readonly parameter: BackendParameter };

/** Client parameters and backend parameters are different things, joined by this map. */
export type BackendParameter =
  | { readonly source: 'client'; readonly ordinal: number; readonly role: ParameterRole }
  | { readonly source: 'tenant' };

/** What becomes of the value of a client parameter. */
export type ParameterRole =
  | { readonly kind: 'plain' }
  | { readonly kind: 'value' | 'constant'; readonly column: ProtectedColumn }
  | { readonly kind: 'tenantCheck' };

export interface ColumnRestoration {
  /** Views by the alias that the server reports as the column's table. */
  readonly tables: readonly { readonly alias: string; readonly table: ProtectedTable }[];
  /**
   * By output name where the statement's outermost select list names a protected column directly, for servers that
   * report no table for it.
   */
  readonly outputs: readonly (OutputColumn | null)[] | null;
}

export interface OutputColumn {
  readonly alias: string;
  readonly table: ProtectedTable;
  readonly column: ProtectedColumn;
}

/** What a statement changes in the session, whether it is rewritten or forwarded. */
export interface Effects {
  /** Assignments to the tenant's user variable by a top-level SET, in order. */
  readonly tenantAssignments: readonly TenantAssignment[];
  /** DDL that may change what the catalog says. */
  readonly changesSchema: boolean;
  /** Protected tables read or written, `schema.table`, for the log. */
  readonly tables: readonly string[];
}

export type TenantAssignment =
  | { readonly kind: 'slots'; readonly slots: readonly number[] }
  | { readonly kind: 'null' }
  | { readonly kind: 'parameter'; readonly ordinal: number };

export const NO_EFFECTS: Effects = { tenantAssignments: [], changesSchema: false, tables: [] };
