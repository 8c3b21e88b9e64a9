/**
 * The declared type of a protected column: what the application believes the column to be, while the table holds
 * VARBINARY ciphertext. Types only; the text form (`varchar(255)`) is parsed in src/config/column-type.ts.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/data-types.html
 */

export type StringBase = 'char' | 'varchar' | 'tinytext' | 'text' | 'mediumtext' | 'longtext';
export type BinaryBase = 'binary' | 'varbinary' | 'tinyblob' | 'blob' | 'mediumblob' | 'longblob';
export type IntegerBase = 'tinyint' | 'smallint' | 'mediumint' | 'int' | 'bigint';

export interface StringColumnType {
  readonly kind: 'string';
  readonly base: StringBase;
  /** Characters for CHAR and VARCHAR, bytes for the TEXT types (255, 65535, 16777215, 4294967295). */
  readonly length: number;
  /** The character set whose bytes are encrypted, lower case: utf8mb4 unless declared. */
  readonly charset: string;
  /** The declared collation, lower case; undefined: the server's default collation of `charset`. */
  readonly collation: string | undefined;
}

export interface BinaryColumnType {
  readonly kind: 'binary';
  readonly base: BinaryBase;
  /** Bytes. BINARY(n) pads with 0x00 to n. */
  readonly length: number;
}

export interface IntegerColumnType {
  readonly kind: 'integer';
  readonly base: IntegerBase;
  readonly bits: 8 | 16 | 24 | 32 | 64;
  readonly unsigned: boolean;
  /** TINYINT(1), also known as BOOLEAN: drivers tell it by this width. */
  readonly displayWidth?: 1;
}

export interface DecimalColumnType {
  readonly kind: 'decimal';
  /** Digits, 1 to 65. */
  readonly precision: number;
  /** Those behind the point, 0 to 30. */
  readonly scale: number;
  readonly unsigned: boolean;
}

export interface DoubleColumnType {
  readonly kind: 'double';
}

export interface TemporalColumnType {
  readonly kind: 'temporal';
  readonly base: 'date' | 'datetime';
  /** Digits of the fraction of a second, 0 to 6; of a DATE 0. */
  readonly decimals: number;
}

export interface TimeColumnType {
  readonly kind: 'time';
  /** Digits of the fraction of a second, 0 to 6. */
  readonly decimals: number;
}

/** Shown in the session's time zone. */
export interface TimestampColumnType {
  readonly kind: 'timestamp';
  /** Digits of the fraction of a second, 0 to 6. */
  readonly decimals: number;
}

/** Of MySQL: MariaDB's is text. */
export interface JsonColumnType {
  readonly kind: 'json';
}

/** Types that are made of a TypeFamily (types/families.ts). */
export type FamilyColumnType =
  | DecimalColumnType
  | DoubleColumnType
  | TemporalColumnType
  | TimeColumnType
  | TimestampColumnType
  | JsonColumnType;

export type ColumnType = StringColumnType | BinaryColumnType | IntegerColumnType | FamilyColumnType;
