import { type ErrorCode, ProxyError, ServerError } from '../errors.js';
import type { Edits } from './edits.js';
import { foldLoosely, foldName } from './folding.js';
import { Forms } from './forms.js';
import type { MentionedColumns } from './mentioned-columns.js';
import type {
  Expression,
  FunctionCall,
  IntoClause,
  QueryBody,
  QueryExpression,
  Span,
  TableName,
} from './parser/ast.js';
import type { InlineResult, ResultOrigins, ResultType, RowRestoration } from './plan.js';
import type { ProtectedColumn, ProtectedTable } from './protected-table.js';
import type { ResolvedTable, ResolvedTables } from './resolved-table.js';
import type { RewriteContext } from './rewriter.js';
import type { SchemaView } from './schema-view.js';
import type { Scope, ViewReference } from './scope.js';

/** The rules that expressions reach back to; injected, since queries hold expressions and expressions queries. */
export interface Rules {
  query(rewriting: Rewriting, query: QueryExpression, scope: Scope): void;
}

/**
 * One statement on its way into a plan: what the rules share. Rules record edits and facts here and throw
 * ProxyError (or ServerError) to refuse; nothing else has effects.
 */
export class Rewriting {
  readonly statement: Buffer;
  readonly edits: Edits;
  readonly context: RewriteContext;
  readonly forms: Forms;
  readonly tenantVariable: string | null;
  readonly rules: Rules;
  readonly mentioned: MentionedColumns;
  /** Whether plain reads get the inline form of the tenant view. */
  readonly inlineReads: boolean;
  /** Protected tables that a rule has dealt with, by `schema.table`. */
  readonly tables = new Map<string, ResolvedTable>();
  /** Protected tables that DDL defines, `schema.table`. */
  readonly defined = new Set<string>();
  /** One of them that must have no rows, as its name stands in SQL. */
  emptyTable: string | null = null;
  /** Tenant views by alias, for the restoration of column definitions. */
  readonly views: { alias: string; table: ResolvedTable }[] = [];
  /** What a read in the inline form gives, where it gives protected columns. */
  inlineResult: InlineResult | null = null;
  /** EXPLAIN of the statement: its result is the server's plan, in which no column of ours occurs. */
  isExplained = false;
  /** Views of information_schema that are read as the application knows the tables. */
  readonly schemaViews: { alias: string; view: SchemaView; isMerged: boolean }[] = [];
  /** SHOW of a protected table: what its rows become. No key and no tenant is needed for it. */
  rows: RowRestoration | null = null;
  /** Where the columns of a SELECT come from. */
  origins: ResultOrigins | null = null;
  /** Literals on whose bytes the types depend. */
  readonly pinned: Span[] = [];
  /** What they are on a plain table. */
  types: readonly (ResultType | null)[] | null = null;
  /** Folded names of all columns that expressions name. */
  readonly columnNames = new Set<string>();
  /** CTE names, folded, that stand for what would otherwise be a protected table. */
  readonly shadowed = new Set<string>();
  /** A star, or a NATURAL join, over a tenant view. */
  star = false;
  /** Views that a bare `*` or TABLE takes all visible columns of. */
  readonly taken = new Set<ViewReference>();
  /** `:=` occurs. */
  assignsVariables = false;
  /** Of a SELECT: its rows hold nothing that comes from a protected column. */
  givesNoPlaintext = false;
  /** Of a SELECT: neither does what `:=` assigns. */
  assignsNoPlaintext = false;
  /** LAST_INSERT_ID(…) of something that may be a protected column. */
  remembered: FunctionCall | null = null;
  /** A protected column of the statement's own table is decrypted somewhere. */
  readsProtected = false;
  /** A view of some block is kept from being merged. */
  barrier = false;
  readonly intos: IntoClause[] = [];
  /** Views that the server must not merge into their query, whatever the query is. */
  readonly unmergeable = new Set<ViewReference>();
  /** Calls of functions that are none of the server's own. */
  readonly storedFunctions: FunctionCall[] = [];
  /** Calls of WEIGHT_STRING. */
  readonly weightStrings: FunctionCall[] = [];
  /** MATCH over columns of a view. */
  readonly matches: Span[] = [];
  /** Conditions by which an index on ciphertext may join two tables. */
  readonly joinedByCiphertext = new Set<Expression>();
  /** Blocks of subqueries that something is searched in: IN, ANY, ALL. */
  readonly searched = new Set<QueryBody>();
  private readonly plaintextInto: readonly string[];
  private readonly resolved: ResolvedTables;
  private readonly dependents: ReadonlySet<string>;
  private readonly triggerTables: ReadonlySet<string>;
  private readonly routines: ReadonlySet<string>;

  constructor(options: {
    statement: Buffer;
    edits: Edits;
    context: RewriteContext;
    tables: ResolvedTables;
    /** Folded `schema.name` of views that depend on protected tables. */
    dependents: ReadonlySet<string>;
    /** Folded `schema.table` whose triggers touch protected tables. */
    triggerTables: ReadonlySet<string>;
    /** Folded `schema.name` of routines that do. */
    routines: ReadonlySet<string>;
    tenantVariable: string | null;
    plaintextInto: readonly string[];
    rules: Rules;
    inlineReads: boolean;
    mentioned: MentionedColumns;
  }) {
    this.statement = options.statement;
    this.edits = options.edits;
    this.context = options.context;
    this.resolved = options.tables;
    this.dependents = options.dependents;
    this.triggerTables = options.triggerTables;
    this.routines = options.routines;
    this.tenantVariable = options.tenantVariable;
    this.plaintextInto = options.plaintextInto;
    this.rules = options.rules;
    this.mentioned = options.mentioned;
    this.inlineReads = options.inlineReads;
    this.forms = new Forms(options.context);
  }

  addView(view: ViewReference): void {
    this.views.push({ alias: view.alias, table: view.table });
  }

  /** Whether the statement names a protected column of a table in use, or may through a star. */
  mentionsProtectedColumn(): boolean {
    return this.readsProtected || (this.star && this.tables.size > 0) || this.mentions(() => true);
  }

  /** Whether a protected column of some kind is named, or all columns of its table are. */
  mentions(isMeant: (column: ProtectedColumn) => boolean): boolean {
    // `emaİl` names the column as well, where the server folds so.
    const named = new Set([...this.columnNames].map(foldLoosely));
    for (const table of this.tables.values()) {
      for (const { name, protection } of table.columns) {
        if (protection !== null && isMeant(protection) && (this.star || named.has(foldLoosely(name))))
          return true;
      }
    }
    return false;
  }

  /** The statement's own text. */
  textOf(span: Span): string {
    return this.statement.toString('latin1', span.start, span.end);
  }

  /** The same where the table need not be in the schema, or not as configured: `problem` says why not. */
  configuredTable(name: TableName): ResolvedTable | { config: ProtectedTable; problem: string } | null {
    const schema = name.schema?.name ?? this.context.database;
    const table = this.resolved.find(schema, name.table.name, this.context.dialect.lowerCaseTableNames);
    if (table === 'ambiguous') {
      this.refuse('TC_UNSUPPORTED_SQL', 'a table name that the server may fold to a protected one', name);
    }
    if (
      table === null &&
      schema !== null &&
      this.dependents.has(foldLoosely(`${schema}.${name.table.name}`))
    ) {
      this.refuse('TC_UNSUPPORTED_SQL', 'a view over a protected table', name);
    }
    return table;
  }

  /** The protected table that a name refers to, or null. Refuses views over protected tables and doubtful names. */
  protectedTable(name: TableName): ResolvedTable | null {
    const schema = name.schema?.name ?? this.context.database;
    const table = this.resolved.find(schema, name.table.name, this.context.dialect.lowerCaseTableNames);
    if (table === 'ambiguous') {
      this.refuse('TC_UNSUPPORTED_SQL', 'a table name that the server may fold to a protected one', name);
    }
    if (table !== null && 'problem' in table) {
      throw new ProxyError('TC_SCHEMA', `${table.problem}; run tenantcrypt check`, { position: name.start });
    }
    if (table !== null) {
      this.tables.set(`${table.config.schema}.${table.config.table}`, table);
      return table;
    }
    if (schema !== null && this.dependents.has(foldLoosely(`${schema}.${name.table.name}`))) {
      this.refuse('TC_UNSUPPORTED_SQL', 'a view over a protected table', name);
    }
    return null;
  }

  /** Whether the configuration lets plaintext of protected columns into a table (policy.plaintextInto). */
  mayHoldPlaintext(name: TableName): boolean {
    const schema = name.schema?.name ?? this.context.database;
    if (schema === null) return false;
    const written = `${schema}.${name.table.name}`;
    const folds = this.context.dialect.lowerCaseTableNames !== 0;
    return this.plaintextInto.some((table) =>
      folds ? foldName(table) === foldName(written) : table === written,
    );
  }

  /** Refuses to write to a table whose trigger touches a protected one: it would store plaintext, or read all tenants. */
  refuseTriggers(name: TableName): void {
    const schema = name.schema?.name ?? this.context.database;
    if (schema !== null && this.triggerTables.has(foldLoosely(`${schema}.${name.table.name}`))) {
      this.unsupported('writing to a table with a trigger that touches a protected table', name);
    }
  }

  /** Whether a routine of this name may touch a protected table. */
  isDependentRoutine(schema: string | null, name: string): boolean {
    return schema !== null && this.routines.has(foldLoosely(`${schema}.${name}`));
  }

  protectedNames(): readonly ProtectedTable[] {
    return this.resolved.names;
  }

  isProtectedSchema(name: string): boolean {
    return this.resolved.hasSchema(name);
  }

  /** @throws ProxyError with a remedy fit for the code. */
  refuse(code: ErrorCode, construct: string, at: Span | { readonly start: number }): never {
    throw new ProxyError(code, refusalMessage(code, construct), { position: at.start });
  }

  /** A refusal whose whole message the caller words: what happened; what to do. */
  fail(code: ErrorCode, message: string, at: Span | { readonly start: number }): never {
    throw new ProxyError(code, message, { position: at.start });
  }

  unsupported(construct: string, at: Span | { readonly start: number }): never {
    this.refuse('TC_UNSUPPORTED_SQL', construct, at);
  }

  unknownColumn(name: string, clause: string): never {
    throw new ServerError(1054, '42S22', `Unknown column '${name}' in '${clause}'`);
  }
}

function refusalMessage(code: ErrorCode, construct: string): string {
  switch (code) {
    case 'TC_UNSUPPORTED_SQL':
      return `${construct} is not supported on protected tables; rephrase the statement`;
    case 'TC_PLAINTEXT_ESCAPE':
      return `${construct} would put plaintext of a protected column where it is not encrypted; leave the column out`;
    case 'TC_RESERVED_NAME':
      return `${construct} is reserved for tenantcrypt; use another name`;
    case 'TC_TENANT_MISMATCH':
      return `${construct} must be the session's own tenant; leave the column out or write that tenant`;
    default:
      return construct;
  }
}
