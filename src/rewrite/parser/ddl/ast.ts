import type { Expression, Identifier, QueryExpression, Span, TableName } from '../ast.js';

/**
 * Data definition statements on tables, as far as a protected table in them matters: names, types, and what expressions
 * read, each with its span. What is not in here could not be read.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/sql-data-definition-statements.html
 */
export type Definition =
  | CreateTable
  | AlterTable
  | CreateIndex
  | DropIndex
  | DropTables
  | RenameTables
  | TruncateTable;

export interface CreateTable extends Span {
  readonly kind: 'createTable';
  readonly temporary: boolean;
  readonly table: TableName;
  /** CREATE TABLE t LIKE other. */
  readonly like: TableName | null;
  readonly elements: readonly TableElement[];
  readonly options: CharacterSetOptions;
  readonly partitioning: Partitioning | null;
  /** CREATE TABLE t [(…)] [AS] SELECT …. */
  readonly query: QueryExpression | null;
}

export interface AlterTable extends Span {
  readonly kind: 'alterTable';
  readonly table: TableName;
  readonly actions: readonly AlterAction[];
  readonly partitioning: Partitioning | null;
}

export interface CreateIndex extends Span {
  readonly kind: 'createIndex';
  readonly table: TableName;
  readonly key: KeyDefinition;
}

export interface DropIndex extends Span {
  readonly kind: 'dropIndex';
  readonly table: TableName;
}

export interface DropTables extends Span {
  readonly kind: 'dropTables';
  readonly temporary: boolean;
  readonly tables: readonly TableName[];
}

export interface RenameTables extends Span {
  readonly kind: 'renameTables';
  readonly pairs: readonly { readonly from: TableName; readonly to: TableName }[];
}

export interface TruncateTable extends Span {
  readonly kind: 'truncateTable';
  readonly table: TableName;
}

export type TableElement = ColumnDefinition | KeyDefinition | ForeignKey | CheckConstraint;

export interface ColumnDefinition extends Span {
  readonly kind: 'column';
  readonly name: Identifier;
  readonly type: DataType;
  readonly attributes: readonly ColumnAttribute[];
}

/** The type with its length, UNSIGNED, CHARACTER SET and what else belongs to it. */
export interface DataType extends Span {
  /** As information_schema would say it, without display widths: `varchar(255)`, `int unsigned`. */
  readonly text: string;
  readonly charset: CharacterSetOptions;
  /** The word that makes more of it than a type: SERIAL, COMPRESSED; null: none. */
  readonly more: string | null;
}

export type ColumnAttribute = Span &
  (
    | { readonly kind: 'null' | 'notNull' | 'autoIncrement' | 'unique' | 'primary' | 'onUpdate' }
    /** Kept as it is, whatever the column's type. */
    | { readonly kind: 'comment' | 'visibility' | 'format' }
    | { readonly kind: 'default'; readonly value: Expression; readonly isNull: boolean }
    | { readonly kind: 'charset'; readonly charset: CharacterSetOptions }
    | { readonly kind: 'references'; readonly table: TableName; readonly columns: readonly Identifier[] }
    | { readonly kind: 'check'; readonly condition: Expression }
    | { readonly kind: 'generated'; readonly value: Expression }
    /** `word` names it. */
    | { readonly kind: 'other'; readonly word: string }
  );

/** Lower case; null: not said. */
export interface CharacterSetOptions {
  readonly characterSet: string | null;
  readonly collation: string | null;
}

export interface KeyDefinition extends Span {
  readonly kind: 'key';
  readonly type: 'primary' | 'unique' | 'key' | 'fulltext' | 'spatial' | 'vector';
  /** Its name, or that of its constraint; null: the server makes one of its first column's. */
  readonly name: Identifier | null;
  /** Where a name would stand. */
  readonly nameAt: number;
  readonly parts: readonly KeyPart[];
}

export interface KeyPart extends Span {
  /** null: an expression in parentheses. */
  readonly column: Identifier | null;
  readonly expression: Expression | null;
  /** `(20)` */
  readonly prefix: Span | null;
}

export interface ForeignKey extends Span {
  readonly kind: 'foreignKey';
  readonly columns: readonly Identifier[];
  readonly table: TableName;
  readonly referenced: readonly Identifier[];
}

export interface CheckConstraint extends Span {
  readonly kind: 'check';
  readonly condition: Expression;
}

/** PARTITION BY, unread: the names that occur in it. */
export interface Partitioning extends Span {
  readonly names: readonly Identifier[];
}

export interface ColumnPosition {
  /** null: FIRST. */
  readonly after: Identifier | null;
}

export type AlterAction = Span &
  (
    | {
        readonly kind: 'addColumn' | 'modifyColumn';
        readonly column: ColumnDefinition;
        readonly position: ColumnPosition | null;
      }
    | {
        readonly kind: 'changeColumn';
        readonly old: Identifier;
        readonly column: ColumnDefinition;
        readonly position: ColumnPosition | null;
      }
    /** ADD ( … ) with columns and keys in parentheses. */
    | { readonly kind: 'addElements'; readonly elements: readonly TableElement[] }
    | { readonly kind: 'addElement'; readonly element: KeyDefinition | ForeignKey | CheckConstraint }
    | { readonly kind: 'dropColumn'; readonly name: Identifier }
    | { readonly kind: 'renameColumn'; readonly from: Identifier; readonly to: Identifier }
    | {
        readonly kind: 'setDefault';
        readonly name: Identifier;
        readonly value: Expression;
        readonly isNull: boolean;
      }
    /** ALTER COLUMN c DROP DEFAULT, SET VISIBLE, SET INVISIBLE. */
    | { readonly kind: 'alterColumn'; readonly name: Identifier }
    | { readonly kind: 'renameTable'; readonly to: TableName }
    | { readonly kind: 'orderBy'; readonly columns: readonly Identifier[] }
    | { readonly kind: 'convert'; readonly charset: CharacterSetOptions }
    /** Names no column: options, ALGORITHM, DROP INDEX, RENAME INDEX, DROP FOREIGN KEY. */
    | { readonly kind: 'plain' }
  );
