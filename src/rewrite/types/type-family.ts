import type { ServerError } from '../../errors.js';
import type { LiteralExpression } from '../parser/ast.js';
import type { ColumnOrigin, TemplateOp } from '../plan.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { CheckOptions, ConstantValue, StoredText, UnfitValue } from './checked-value.js';

/** The parts of a column definition that say what type it is. */
export interface TypeDefinition {
  readonly type: number;
  /** Number of a collation; absent: as the server sends it. */
  readonly characterSet?: number;
  readonly columnLength: number;
  readonly decimals: number;
  /** Without those of keys, NOT NULL and the like. */
  readonly flags: number;
}

/**
 * What a kind of declared type is made of, from the configuration to the client. Its values are stored as their
 * canonical text, encrypted: what AES_ENCRYPT(CONVERT(value USING utf8mb4), key) stores.
 */
export interface TypeFamily<T> {
  /** As the configuration writes it. */
  describe(type: T): string;

  /** What information_schema.COLUMNS shows of a plain column of the type. */
  informationSchema(type: T): InformationSchemaType;

  /** Bytes of the longest canonical text. */
  longestText(type: T): number;

  /** Why columns of the type are neither read nor written on a server, and what to do; null: they are. */
  refusedOn(server: ColumnOrigin['server']): string | null;

  /** Decrypted bytes (an SQL expression) as an expression of the declared type. */
  readForm(type: T, plain: readonly TemplateOp[]): TemplateOp[];

  /**
   * What stands around a value on its way to AES_ENCRYPT, where its canonical text is not what is stored: then only the
   * server encrypts constants. Absent: it is.
   */
  storedForm?(type: T): StoredForm;

  /** Literals that `check` reads; others are expressions to the server. */
  readonly storedLiterals: ReadonlySet<LiteralExpression['type']>;

  /** Literals that `canonical` reads; others are compared decrypted only. */
  readonly comparedLiterals: ReadonlySet<LiteralExpression['type']>;

  /**
   * A constant on its way into the column, as the server would store it.
   * @returns its canonical text, or the error that the plain table would raise
   * @throws ProxyError for one that the server would take in a way that is not implemented
   */
  check(
    column: ProtectedColumn,
    type: T,
    value: ConstantValue,
    options: CheckOptions,
  ): StoredText | UnfitValue;

  /** The errors that a value which is not known yet may bring; the first is that of expressions. */
  possibleErrors(column: ProtectedColumn, type: T, origin: ColumnOrigin, row: number): ServerError[];

  /** Canonical text of a constant that equals, by the declared type, the values stored as just that; else null. */
  canonical(type: T, value: ConstantValue): Buffer | null;

  /** The text of TRUE and FALSE; null: they don't go into the column. */
  canonicalTruth(type: T, isTrue: boolean): string | null;

  /** An expression of the client's as text for storage; as `isUnfit`, it may mention it several times. */
  storedExpression(type: T, server: ColumnOrigin['server'], inner: () => TemplateOp[]): TemplateOp[];

  /** Whether an expression gives what the column would not take; NULL for NULL. */
  isUnfit(type: T, inner: () => TemplateOp[]): TemplateOp[];

  /** What the value of the column must not be computed with, as the refusal names it; null: anything goes. */
  refusedOperand(type: T, operand: RefusedOperand): string | null;

  /** Of a column of the type in a result. */
  definition(type: T): TypeDefinition;
}

export interface StoredForm {
  readonly before: string;
  readonly after: string;
  /** A value that goes through without an error, for the place of one that is never used. */
  readonly neutral: string;
}

/** Columns of information_schema.COLUMNS, numbers in decimal; absent ones are NULL. */
export interface InformationSchemaType {
  /** DATA_TYPE */
  readonly dataType: string;
  readonly numericPrecision?: string;
  readonly numericScale?: string;
  readonly datetimePrecision?: string;
}

/** What an expression is made of, as far as a family may refuse it. */
export type RefusedOperand =
  | 'division'
  | 'binary literal'
  | 'temporal literal'
  | 'decimal literal'
  /** None that gives text, JSON or an integer. */
  | 'other function'
  /** None of text, JSON or integers. */
  | 'other column';
