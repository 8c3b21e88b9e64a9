/**
 * What the parser yields: table references, scopes, expressions, each with its span in the statement's bytes.
 * Edits are made by span on the original text; nothing is ever printed from this tree.
 */

export interface Span {
  /** 0-based byte offset of the first token. */
  readonly start: number;
  /** Byte offset after the last token. */
  readonly end: number;
}

export interface Identifier extends Span {
  /** Decoded: quotes removed, doubled quotes undone, bytes as UTF-8. */
  readonly name: string;
  readonly quoted: boolean;
}

/** `t`, `db.t`, `.t` (schema null; the span includes the dot). */
export interface TableName extends Span {
  readonly schema: Identifier | null;
  readonly table: Identifier;
}

// ---------------------------------------------------------------- statements

export type Statement =
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | SetStatement
  | ExplainStatement
  | ShowStatement
  | LoadStatement
  | OtherStatement;

export type StatementKind = Statement['kind'];

/** SELECT, VALUES ROW(…), TABLE t, WITH … SELECT, parenthesised ones. */
export interface SelectStatement extends Span {
  readonly kind: 'select';
  readonly query: QueryExpression;
}

export interface InsertStatement extends Span {
  readonly kind: 'insert';
  readonly replace: boolean;
  /** LOW_PRIORITY, DELAYED, HIGH_PRIORITY, IGNORE in upper case. */
  readonly modifiers: readonly string[];
  readonly table: TableName;
  readonly partition: Span | null;
  /** null: no column list was written. The span of the list with its parentheses. */
  readonly columns: (Span & { readonly names: readonly ColumnRef[] }) | null;
  readonly source: InsertSource;
  /** MySQL: `AS new` or `AS new(a, b)` after VALUES or SET. */
  readonly rowAlias:
    | (Span & { readonly alias: Identifier; readonly columns: readonly Identifier[] | null })
    | null;
  readonly onDuplicate: (Span & { readonly assignments: readonly Assignment[] }) | null;
  /** MariaDB's RETURNING. */
  readonly returning: (Span & { readonly items: readonly SelectItem[] }) | null;
}

export type InsertSource = InsertValues | InsertSet | InsertQuery;

export interface InsertValues extends Span {
  readonly kind: 'values';
  /** Rows with their parentheses (and the word ROW where written). */
  readonly rows: readonly (Span & {
    /** Byte offset just after the opening and at the closing parenthesis. */
    readonly open: number;
    readonly close: number;
    readonly values: readonly InsertValue[];
  })[];
}

export interface InsertSet extends Span {
  readonly kind: 'set';
  readonly assignments: readonly Assignment[];
}

/** INSERT … SELECT / TABLE / WITH, parenthesised or not. */
export interface InsertQuery extends Span {
  readonly kind: 'query';
  readonly query: QueryExpression;
}

/** The bare word DEFAULT, or an expression. */
export type InsertValue = (Span & { readonly kind: 'defaultKeyword' }) | Expression;

export interface Assignment extends Span {
  readonly column: ColumnRef;
  readonly value: InsertValue;
}

export interface UpdateStatement extends Span {
  readonly kind: 'update';
  readonly with: WithClause | null;
  readonly modifiers: readonly string[];
  /** More than one entry, or a join, makes it a multi-table UPDATE. */
  readonly tables: readonly TableReference[];
  readonly assignments: readonly Assignment[];
  readonly where: Expression | null;
  readonly orderBy: OrderBy | null;
  readonly limit: Limit | null;
  readonly returning: (Span & { readonly items: readonly SelectItem[] }) | null;
}

export interface DeleteStatement extends Span {
  readonly kind: 'delete';
  readonly with: WithClause | null;
  readonly modifiers: readonly string[];
  /** Single-table form: null. `DELETE t1, t2 FROM …` and `DELETE FROM t1, t2 USING …`: the targets (`t.*` too). */
  readonly targets: readonly TableName[] | null;
  /** Single-table form: exactly one 'table' reference (with alias and partition where written). */
  readonly tables: readonly TableReference[];
  readonly where: Expression | null;
  readonly orderBy: OrderBy | null;
  readonly limit: Limit | null;
  readonly returning: (Span & { readonly items: readonly SelectItem[] }) | null;
}

export interface SetStatement extends Span {
  readonly kind: 'set';
  readonly assignments: readonly SetAssignment[];
}

export type SetAssignment =
  | (Span & { readonly kind: 'userVariable'; readonly name: string; readonly value: Expression })
  | (Span & {
      readonly kind: 'systemVariable';
      readonly scope: 'global' | 'session' | 'persist' | 'local' | null;
      /** Lower case, component prefix included. */
      readonly name: string;
      /** null: DEFAULT. A bare word (ON, utf8mb4) is a 'column' expression, as in the server's grammar. */
      readonly value: Expression | null;
    })
  /** SET NAMES, SET CHARACTER SET, SET TRANSACTION, SET ROLE, SET PASSWORD …, upper case words. */
  | (Span & { readonly kind: 'special'; readonly words: string });

export interface ExplainStatement extends Span {
  readonly kind: 'explain';
  /** EXPLAIN ANALYZE, or MariaDB's ANALYZE: the statement is executed. */
  readonly analyze: boolean;
  /** null: DESCRIBE table, or EXPLAIN FOR CONNECTION. */
  readonly statement: Statement | null;
  /** DESCRIBE / EXPLAIN t: the table. */
  readonly table: TableName | null;
  /** DESCRIBE t column, DESCRIBE t 'wild'. */
  readonly column: DescribedColumn | null;
}

/** `name`: a column's name, which is taken for a pattern; null: the span is a string. */
export type DescribedColumn = Span & { readonly name: string | null };

/** SHOW COLUMNS, SHOW INDEX and SHOW CREATE TABLE. */
export interface ShowStatement extends Span {
  readonly kind: 'show';
  readonly subject: 'columns' | 'index' | 'createTable';
  /** SHOW FULL COLUMNS */
  readonly full: boolean;
  /** `t`, `db.t`, `t FROM db`; the span is that of the name. */
  readonly table: TableName;
  readonly filter: ShowFilter | null;
}

export type ShowFilter = Span &
  (
    | { readonly kind: 'like'; readonly pattern: Span }
    | { readonly kind: 'where'; readonly condition: Expression }
  );

/** LOAD DATA [LOCAL] INFILE. */
export interface LoadStatement extends Span {
  readonly kind: 'load';
  readonly local: boolean;
  readonly duplicates: 'replace' | 'ignore' | null;
  readonly table: TableName;
  readonly partition: Span | null;
  /** Byte offset at which a list of fields may stand. */
  readonly listEnd: number;
  /** What the fields of a line go to, in order; null: all columns. */
  readonly fields: (Span & { readonly targets: readonly (ColumnRef | UserVariable)[] }) | null;
  readonly assignments: readonly Assignment[];
}

/** Everything that we do not take apart; `verb` is its first word in upper case. */
export interface OtherStatement extends Span {
  readonly kind: 'other';
  readonly verb: string;
}

// ------------------------------------------------------------------- queries

export interface WithClause extends Span {
  readonly recursive: boolean;
  readonly tables: readonly CommonTableExpression[];
}

export interface CommonTableExpression extends Span {
  readonly name: Identifier;
  readonly columns: readonly Identifier[] | null;
  readonly query: QueryExpression;
}

export interface QueryExpression extends Span {
  readonly kind: 'query';
  readonly with: WithClause | null;
  readonly body: QueryBody;
  readonly orderBy: OrderBy | null;
  readonly limit: Limit | null;
  /** FOR UPDATE, FOR SHARE, LOCK IN SHARE MODE, in order. */
  readonly locking: readonly LockingClause[];
  /** INTO OUTFILE / DUMPFILE / @variables, wherever it was written in this query expression's last block. */
  readonly into: IntoClause | null;
  /** PROCEDURE ANALYSE(…) of MariaDB. */
  readonly procedure: Span | null;
}

export type QueryBody =
  | QuerySpecification
  | SetOperation
  | ParenthesisedQuery
  | TableValueConstructor
  | ExplicitTable;

export interface SetOperation extends Span {
  readonly kind: 'setOperation';
  readonly operator: 'union' | 'intersect' | 'except' | 'minus';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

export interface ParenthesisedQuery extends Span {
  readonly kind: 'parenthesised';
  readonly query: QueryExpression;
}

export interface QuerySpecification extends Span {
  readonly kind: 'specification';
  /** ALL, DISTINCT, DISTINCTROW, STRAIGHT_JOIN, SQL_CALC_FOUND_ROWS … upper case. */
  readonly modifiers: readonly string[];
  readonly items: readonly SelectItem[];
  /** Comma-separated table references; null without FROM (or FROM DUAL). */
  readonly from: readonly TableReference[] | null;
  readonly where: Expression | null;
  readonly groupBy: (Span & { readonly items: readonly OrderItem[]; readonly rollup: boolean }) | null;
  readonly having: Expression | null;
  readonly windows: readonly Span[];
  /** Expressions inside WINDOW and QUALIFY clauses, for walking. */
  readonly windowExpressions: readonly Expression[];
  readonly into: IntoClause | null;
}

/** VALUES ROW(1, 2), ROW(3, 4); MariaDB: VALUES (1, 2), (3, 4). */
export interface TableValueConstructor extends Span {
  readonly kind: 'valuesConstructor';
  readonly rows: readonly (readonly InsertValue[])[];
}

/** TABLE t */
export interface ExplicitTable extends Span {
  readonly kind: 'explicitTable';
  readonly table: TableName;
}

export interface SelectItem extends Span {
  /** `*`, `t.*`, `db.t.*`, or an expression. */
  readonly kind: 'star' | 'expression';
  readonly qualifier: TableName | null;
  readonly expression: Expression | null;
  readonly alias: Identifier | null;
}

export interface OrderBy extends Span {
  readonly items: readonly OrderItem[];
}

export interface OrderItem extends Span {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Limit extends Span {
  readonly expressions: readonly Expression[];
}

export interface LockingClause extends Span {
  readonly strength: 'update' | 'share';
  /** `OF a, b`: null without it. */
  readonly of: readonly TableName[] | null;
  /** Span of the words SKIP LOCKED / NOWAIT / WAIT n, or null. */
  readonly wait: Span | null;
  /** LOCK IN SHARE MODE, the old spelling. */
  readonly legacy: boolean;
}

export interface IntoClause extends Span {
  readonly kind: 'outfile' | 'dumpfile' | 'variables';
  /** Decoded names of user variables. */
  readonly variables: readonly string[];
}

export type TableReference = NamedTable | DerivedTable | JoinedTable | ParenthesisedTables | TableFunction;

export interface NamedTable extends Span {
  readonly kind: 'table';
  readonly name: TableName;
  readonly partition: Span | null;
  readonly alias: Identifier | null;
  /** USE / IGNORE / FORCE INDEX (…), all of them. */
  readonly indexHints: Span | null;
  /** MariaDB's FOR SYSTEM_TIME …; MySQL's TABLESAMPLE. */
  readonly extra: Span | null;
}

export interface DerivedTable extends Span {
  readonly kind: 'derived';
  readonly lateral: boolean;
  readonly query: QueryExpression;
  readonly alias: Identifier | null;
  readonly columns: readonly Identifier[] | null;
}

export interface JoinedTable extends Span {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'straight';
  readonly natural: boolean;
  readonly left: TableReference;
  readonly right: TableReference;
  readonly on: Expression | null;
  readonly using: readonly Identifier[] | null;
}

/** `(t1, t2)`, `(t1 JOIN t2 …)`, and ODBC's `{oj …}`. */
export interface ParenthesisedTables extends Span {
  readonly kind: 'tables';
  readonly tables: readonly TableReference[];
}

/** JSON_TABLE(…) AS t, and MariaDB's sequence-like functions. */
export interface TableFunction extends Span {
  readonly kind: 'function';
  readonly arguments: readonly Expression[];
  readonly alias: Identifier | null;
}

// --------------------------------------------------------------- expressions

/** `c`, `t.c`, `db.t.c`, `.t.c`. Also a bare word where the grammar takes one (SET x = ON). */
export interface ColumnRef extends Span {
  readonly kind: 'column';
  readonly schema: Identifier | null;
  readonly table: Identifier | null;
  readonly column: Identifier;
}

export interface LiteralExpression extends Span {
  readonly kind: 'literal';
  readonly type:
    | 'string'
    | 'integer'
    | 'decimal'
    | 'float'
    | 'hex'
    | 'bit'
    | 'null'
    | 'true'
    | 'false'
    | 'temporal';
  /** `_utf8mb4`, lower case without the underscore; 'utf8mb3' for N'…'; null without one. */
  readonly introducer: string | null;
  /** Spans of the literal tokens: one, or several adjacent strings. For 'temporal' (DATE '…') the string's. */
  readonly tokens: readonly Span[];
}

/**
 * Every other expression: `operator` names it, `operands` are its parts in order. Operators in lower case:
 * unary `-` `+` `~` `!` `not` `binary`; `and` `or` `xor` (`&&` and `||` are normalised, `||` under
 * PIPES_AS_CONCAT is `concat`); comparisons `=` `<=>` `<>` (also `!=`) `<` `<=` `>` `>=`; `like` `not like` (third
 * operand: ESCAPE) `regexp` `not regexp` `sounds like` `in` `not in` (first operand, then the list or one
 * 'subquery') `between` `not between`
 * `is null` `is not null` `is true` `is false` `is unknown` and their `is not …`; arithmetic and bit operators;
 * `->` `->>`; `collate` (one operand; the name is in `name`); `row` (also a parenthesised list of two or more);
 * `paren` (one operand); `member of`; `interval` (amount; unit in `name`); `case` (flattened); `:=` (first
 * operand is the variable); `odbc` ({d '…'}); `any` `all` (one 'subquery' operand, right side of a comparison).
 */
export interface OperatorExpression extends Span {
  readonly kind: 'operator';
  readonly operator: string;
  readonly operands: readonly Expression[];
  readonly name: string | null;
}

export interface FunctionCall extends Span {
  readonly kind: 'function';
  /**
   * Lower case, for schema-qualified ones with the schema in `schema`. Includes CAST, CONVERT, EXTRACT, TRIM,
   * POSITION, CHAR … USING, aggregate and window functions, and functions without parentheses (CURRENT_USER).
   * `values` for VALUES(col) and `default` for DEFAULT(col).
   */
  readonly name: string;
  readonly schema: Identifier | null;
  readonly distinct: boolean;
  /** `*` of COUNT(*) is no argument. ORDER BY of GROUP_CONCAT and expressions of OVER (…) are in `extra`. */
  readonly arguments: readonly Expression[];
  readonly extra: readonly Expression[];
  /** An OVER clause follows. */
  readonly window: boolean;
}

export interface MatchAgainst extends Span {
  readonly kind: 'match';
  readonly columns: readonly ColumnRef[];
  readonly against: Expression;
}

export interface SubqueryExpression extends Span {
  readonly kind: 'subquery';
  readonly exists: boolean;
  readonly query: QueryExpression;
}

export interface ParameterMarker extends Span {
  readonly kind: 'parameter';
  /** 0-based ordinal in the statement. */
  readonly ordinal: number;
}

export interface UserVariable extends Span {
  readonly kind: 'userVariable';
  /** Decoded: without @ and quotes, escapes undone. */
  readonly name: string;
}

export interface SystemVariable extends Span {
  readonly kind: 'systemVariable';
  /** Lower case with scope, without @@: `session.sql_mode`, `version`. */
  readonly name: string;
}

export type Expression =
  | ColumnRef
  | LiteralExpression
  | OperatorExpression
  | FunctionCall
  | MatchAgainst
  | SubqueryExpression
  | ParameterMarker
  | UserVariable
  | SystemVariable;
