import type { ErrorCode } from '../errors.js';
import type { DecimalColumnType, IntegerBase } from './column-type.js';
import type { ServerVersion, SqlMode } from './dialect.js';
import type { ProtectedColumn, ProtectedTable } from './protected-table.js';
import type { SchemaView } from './schema-view.js';

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
  /**
   * PREPARE, EXECUTE, EXECUTE IMMEDIATE or DEALLOCATE PREPARE. A session that follows these may let one pass that is
   * refused; all others keep to the outcome.
   */
  readonly dynamic?: DynamicSql;
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
  /** One of ours, or an error that the server would raise on the plain table. */
  readonly error: { readonly code: ErrorCode } | { readonly errno: number; readonly sqlState: string };
  readonly message: string;
  /** Where: bytes after the end of a slot (-1: after the beginning of the statement); null: no single place. */
  readonly anchor: { readonly slot: number; readonly delta: number } | null;
  /** The text holds several statements (first-statement.ts): one by one they may not be refused. */
  readonly isSeveral?: true;
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
  /** A table's name as it stands in SQL: the statement may go on only while there are no rows in it. */
  readonly emptyTable?: string;
}

/** Part of the template: repeated once a repetition of a row unit, or (unit -1) once. */
export interface TemplateSegment {
  readonly unit: number;
  readonly ops: readonly TemplateOp[];
}

export type TemplateOp =
  | StaticOp
  /** The client's own bytes of a literal or comment. */
  | { readonly kind: 'slot'; readonly slot: number }
  /** The tenant as a literal of the tenant column's type. */
  | { readonly kind: 'tenant'; readonly type: TenantType }
  /** The client's literal for the tenant column: must be the session's tenant, else TC_TENANT_MISMATCH. */
  | { readonly kind: 'tenantCheck'; readonly slots: readonly number[]; readonly type: TenantType }
  /** Refuses these strings where there is a time zone offset in them; nothing is written. */
  | { readonly kind: 'noOffset'; readonly slots: readonly number[] }
  /** A literal on its way into a protected column: checked and brought to the declared type. */
  | ValueOp
  /** Two forms of one value of a protected column: one for the server to encrypt, one for ciphertext. */
  | {
      readonly kind: 'either';
      readonly column: ProtectedColumn;
      readonly backend: readonly TemplateOp[];
      readonly proxy: readonly TemplateOp[];
    }
  /**
   * What follows, up to `recheckEnd`, compares columns with constants of which the ciphertext has been compared
   * already. Where the proxy encrypts them their plaintext stays out, if nothing depends on it any more.
   */
  | { readonly kind: 'recheck'; readonly compared: readonly ComparedConstant[] }
  | { readonly kind: 'recheckEnd' }
  /** An expression that raises 1406 for a protected column, with the number of the row. */
  | { readonly kind: 'tooLong'; readonly column: ProtectedColumn; readonly origin: ColumnOrigin }
  /**
   * A comparison of a protected column with constants by ciphertext, as a guard beside the real predicate: `open`,
   * each constant in canonical form between `before` and `after`, `close`. Where a constant has no canonical form
   * the whole is `1`, and the real predicate decides alone.
   */
  | {
      readonly kind: 'equality';
      readonly column: ProtectedColumn;
      readonly constants: readonly EqualityConstant[];
      readonly open: Buffer;
      readonly before: Buffer;
      readonly after: Buffer;
      readonly close: Buffer;
      /**
       * One for each parameter among the constants, true where its value has no canonical form: as in `(… OR ?)`.
       * Empty: such a value is refused.
       */
      readonly passes: readonly BackendParameter[];
    }
  /**
   * A quoted name made of the client's text, as the server would make one of an expression without an alias.
   * https://dev.mysql.com/doc/refman/9.7/en/identifiers.html
   */
  | { readonly kind: 'name'; readonly parts: readonly NamePart[] }
  /** The client's `?`. */
  | { readonly kind: 'parameter'; readonly parameter: BackendParameter };

/** Text of the statement, or a slot whose text is the client's own. */
export type NamePart = StaticOp | { readonly kind: 'slot'; readonly slot: number };

export interface StaticOp {
  readonly kind: 'static';
  readonly bytes: Buffer;
  /** Where in the reduced statement the bytes come from; undefined: they are ours. */
  readonly origin?: number;
}

/** Where a protected column is, and on which server: as errors name it. */
export interface ColumnOrigin {
  readonly schema: string;
  readonly table: string;
  readonly server: 'mariadb' | 'mysql';
  /** Under which values are checked. */
  readonly sqlMode: SqlMode;
}

export interface ValueOp {
  readonly kind: 'value';
  /** One literal, or adjacent strings. */
  readonly slots: readonly number[];
  readonly column: ProtectedColumn;
  readonly origin: ColumnOrigin;
  /** A minus sign stood before the number. */
  readonly negative: boolean;
  /** IGNORE, or a session that is not strict: the server cuts or converts what does not fit. */
  readonly lenient: boolean;
  readonly reports?: Reports;
  /** What encrypts it stands around it, unless the proxy does. */
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * When the server warns of a value. Where that is not known the client is told of no warnings, and what would be cut is
 * refused.
 */
export interface Reports {
  /** With the row of a VALUES list that the value is in, or with each row that an UPDATE matches. */
  readonly times: 'once' | 'eachRow';
  /** All columns that the statement writes, in the order in which it does. */
  readonly columns: readonly string[];
}

/** How the tenant column compares: as a string, or as a number in canonical form. */
export type TenantType = 'string' | 'integer';

export type EqualityConstant =
  | {
      readonly kind: 'slots';
      readonly slots: readonly number[];
      readonly negative: boolean;
    }
  | { readonly kind: 'parameter'; readonly parameter: BackendParameter }
  /** What only the server evaluates, as it stands in the statement. */
  | { readonly kind: 'copied'; readonly ops: readonly TemplateOp[] };

/** A constant and the column that it is compared with. */
export interface ComparedConstant {
  readonly column: ProtectedColumn;
  readonly constant: EqualityConstant;
}

export interface ComparedParameter {
  readonly column: ProtectedColumn;
  readonly ordinal: number;
}

/** Client parameters and backend parameters are different things, joined by this map. */
export type BackendParameter =
  | ClientParameter
  | { readonly source: 'tenant'; readonly type: TenantType }
  /** A literal of the text, to be encrypted with each execution: in the column's stored form. */
  | { readonly source: 'constant'; readonly plaintext: Buffer };

export interface ClientParameter {
  readonly source: 'client';
  readonly ordinal: number;
  readonly role: ParameterRole;
  /** Of a VALUES list, where it is not the first. */
  readonly row?: number;
}

/** What becomes of the value of a client parameter. */
export type ParameterRole =
  /** `noOffset`: is refused with a time zone offset. */
  | { readonly kind: 'plain'; readonly noOffset?: true }
  | ValueRole
  /** `optional`: where it has no canonical form a parameter of the kind `passes` says so. */
  | {
      readonly kind: 'constant';
      readonly column: ProtectedColumn;
      readonly optional?: true;
      readonly encrypted?: true;
    }
  /** NULL, or 1 where the value has no canonical form. */
  | { readonly kind: 'passes'; readonly column: ProtectedColumn }
  /**
   * In a comparison that follows one by ciphertext: NULL, or the value where some of these parameters has no
   * canonical form.
   */
  | { readonly kind: 'recheck'; readonly compared: readonly ComparedParameter[]; readonly noOffset?: true }
  /** Beside that: 1, or NULL where some has none. */
  | { readonly kind: 'matched'; readonly compared: readonly ComparedParameter[] }
  | { readonly kind: 'tenantCheck'; readonly type: TenantType };

export interface ValueRole {
  readonly kind: 'value';
  readonly column: ProtectedColumn;
  readonly origin: ColumnOrigin;
  readonly lenient: boolean;
  readonly reports?: Reports;
  /** The proxy sends ciphertext in its place. */
  readonly encrypted?: true;
  /**
   * Who fails where the value does not fit. Absent: the proxy. `server`: the server, when the value is really stored;
   * what is sent in its place is of no account. `sign`: this parameter tells the server so: NULL, or the number, from
   * 1, of the error among those that the column's type has.
   */
  readonly raises?: 'server' | 'sign';
}

/**
 * Both servers report a protected column of a tenant view with the view's alias as its table, the logical name as
 * org_name and no schema, at any depth and under any alias (measured): that pair identifies it.
 */
export interface ColumnRestoration {
  readonly server: ServerVersion['kind'];
  readonly views: readonly { readonly alias: string; readonly table: ProtectedTable }[];
  /** Views of information_schema that are read through a derived table. */
  readonly schemaViews?: readonly SchemaViewReference[];
  readonly rows?: RowRestoration;
  /** Of the inline form, whose decrypted columns come back without any table. */
  readonly inline: InlineResult | null;
  /** Of a SELECT: where the columns of its outermost block come from. Then `views` says nothing more. */
  readonly origins?: ResultOrigins;
  /** Of a SELECT: what expressions over protected columns are on a plain table, by position; null: not known. */
  readonly types?: readonly (ResultType | null)[];
}

/** The type of a result's column (rules/result-types.ts). */
export type ResultType = ResultInteger | ResultChar | ResultDecimal;

export interface ResultInteger {
  readonly kind: 'integer';
  readonly base: IntegerBase;
  readonly unsigned: boolean;
  /** Characters; null: beside a literal whose length is not known. */
  readonly length: number | null;
  /** Most digits of a part that has a sign, and of one that has none, as far as they are known. */
  readonly signedDigits: number;
  readonly unsignedDigits: number;
  /** Beside a literal, not a column's type. */
  readonly isComputed: boolean;
  /** A protected column is among what it is made of. */
  readonly isOfProtected: boolean;
}

interface ResultChar {
  readonly kind: 'char';
  readonly isOfProtected: true;
}

/** DECIMAL UNSIGNED */
interface ResultDecimal {
  readonly kind: 'decimal';
  readonly type: DecimalColumnType;
  readonly isOfProtected: true;
}

/** Where the columns of a result come from, as far as protected tables are concerned (rules/result-origins.ts). */
export interface ResultOrigins {
  readonly server: ServerVersion['kind'];
  /** Tables of the outermost block, by what definitions call them. */
  readonly relations: readonly ResultRelation[];
  /** Of bare columns, by position; null: there is a star. */
  readonly items: readonly (ColumnOfTable | null)[] | null;
  /** GROUP BY */
  readonly groups: boolean;
}

/** A protected table in FROM, or a derived table or common table expression over one. */
export interface ResultRelation {
  readonly alias: string;
  readonly kind: 'table' | 'derived';
  /** Whether a server merges it, were the tables in it plain ones. */
  readonly isMerged: boolean;
  /** By folded name. */
  readonly columns: ReadonlyMap<string, ColumnOfTable>;
}

/** A column of a protected table, through whatever stands between. */
export interface ColumnOfTable {
  /** What the relation calls it. */
  readonly name: string;
  /** Of the relation. */
  readonly alias: string;
  readonly table: ProtectedTable;
  readonly physical: string;
  /** null: not protected. */
  readonly protection: ProtectedColumn | null;
  /** What MySQL gives as its table. */
  readonly shownTable: string;
  /** Nothing in between is a copy: NOT NULL is all that a copy keeps of a column's keys. */
  readonly isMerged: boolean;
}

/** The result of a read in the inline form (rules/inline.ts). */
export interface InlineResult {
  readonly alias: string;
  readonly table: ProtectedTable;
  /** By position; null: a column as the server describes it. */
  readonly columns: readonly (ProtectedColumn | null)[];
}

export interface SchemaViewReference {
  readonly alias: string;
  readonly view: SchemaView;
  readonly server: ServerVersion['kind'];
}

/**
 * Rows of SHOW that describe a protected table: the server's own, in which names and types become those that the
 * application knows. A statement that has them gives no others.
 */
export interface RowRestoration {
  readonly subject: 'columns' | 'index' | 'createTable';
  /** SHOW FULL COLUMNS */
  readonly full: boolean;
  readonly table: ProtectedTable;
  readonly server: ServerVersion;
}

/** What a statement changes in the session, whether it is rewritten or forwarded. */
export interface Effects {
  /** Assignments to the tenant's user variable by a top-level SET, in order. */
  readonly tenantAssignments: readonly TenantAssignment[];
  /** DDL that may change what the catalog says. */
  readonly changesSchema: boolean;
  /** SET of what the server is to report: the proxy has to ask for its own variables again. */
  readonly changesTracking?: true;
  /** It names the variables whose changes are reported. */
  readonly changesTrackedVariables?: true;
  /** A SET that may change how later statements are read: the server has to report it. */
  readonly changesReading?: true;
  /** It runs SQL that is not in it, which the configuration allows: what the session has set is not known after. */
  readonly runsUnseenSql?: true;
  /** Protected tables read or written, `schema.table`, for the log. */
  readonly tables: readonly string[];
}

export type TenantAssignment =
  | { readonly kind: 'slots'; readonly slots: readonly number[] }
  | { readonly kind: 'null' }
  | { readonly kind: 'parameter'; readonly ordinal: number };

export const NO_EFFECTS: Effects = { tenantAssignments: [], changesSchema: false, tables: [] };

/**
 * A statement about statements that have names on the server: SQL syntax for prepared statements, and MariaDB's EXECUTE
 * IMMEDIATE.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/sql-prepared-statements.html
 * https://mariadb.com/kb/en/execute-immediate/
 */
export type DynamicSql =
  | {
      readonly kind: 'prepare';
      readonly name: string;
      /** The statement, in the client's character set; null: it stands elsewhere, as in PREPARE s FROM @v. */
      readonly sql: Buffer | null;
      /** Of a statement that is forwarded: what each execution changes. */
      readonly effects: Effects;
    }
  | { readonly kind: 'execute'; readonly name: string; readonly using: Arguments }
  | {
      readonly kind: 'immediate';
      readonly sql: Buffer | null;
      readonly using: Arguments;
      readonly effects: Effects;
    }
  | { readonly kind: 'deallocate'; readonly name: string };

/** What stands behind USING: user variables and literals as they are written, one character a byte; null: others too. */
export type Arguments = readonly string[] | null;
