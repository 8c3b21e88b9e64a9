import { isUtf8 } from 'node:buffer';
import { ProxyError, ServerError } from '../../errors.js';
import type { ColumnOrigin, Reports } from '../plan.js';
import type { ProtectedColumn } from '../protected-table.js';

/**
 * A constant as it was written, or bound: text with its bytes, a number as text, or a date or time in MySQL's own
 * notation, which came in the binary form of one.
 */
export type ConstantValue = WrittenConstant | { readonly kind: 'temporal'; readonly text: string };

/** What a literal may be. */
export type WrittenConstant =
  | { readonly kind: 'text'; readonly bytes: Buffer }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

/** What to write in the place of a checked value: the client's own literal, or another one. */
export type StoredValue = { readonly kind: 'asWritten' } | StoredText;

export interface StoredText {
  readonly kind: 'text';
  readonly bytes: Buffer;
  /** What the server says of it; absent: nothing. */
  readonly warnings?: readonly ValueWarning[];
}

/** That another value is stored than was given. */
export interface ValueWarning {
  readonly level: 'Note' | 'Warning';
  readonly errno: number;
  /** Ends in the number of the row. */
  readonly message: string;
}

/** A value that does not fit, and what the server says when the plain table is to store it. */
export interface UnfitValue {
  readonly kind: 'unfit';
  readonly error: ServerError;
}

/** A warning of a statement's value. */
export interface StatementWarning extends ValueWarning {
  readonly reports: Reports;
}

export interface CheckOptions {
  /** IGNORE, or no strict sql_mode: the server cuts or converts, and warns. */
  readonly lenient: boolean;
  /** The client can be told of warnings; otherwise what would be cut is refused. */
  readonly reports: boolean;
  /** The client's character set is utf8, so that text bytes can be read. */
  readonly utf8: boolean;
  /** It is utf8mb3, which ends at U+FFFF: the server would store `?` for what is beyond. */
  readonly utf8mb3: boolean;
  /** 1-based, for the server's wording. */
  readonly row: number;
  readonly origin: ColumnOrigin;
}

export const OUT_OF_RANGE = 'Out of range value';
export const DATA_TRUNCATED = 'Data truncated';
export const DATA_TOO_LONG = 'Data too long';

export type UnfitNumber = 1264 | 1265 | 1292 | 1366 | 1406;

const SQL_STATES = { 1264: '22003', 1265: '01000', 1292: '22007', 1366: 'HY000', 1406: '22001' } as const;

/** Of a value that a server would cut where strict sql_mode is not set, or with IGNORE. */
export function unfitValue({ logical }: ProtectedColumn): ProxyError {
  return new ProxyError(
    'TC_UNSUPPORTED_SQL',
    `a value does not fit the protected column ${logical}, and without strict sql_mode (or with IGNORE) it would be cut; send one that fits`,
  );
}

/**
 * The server's error for a value that does not fit; without strict mode it is a warning, and something else is stored.
 * @param stored what; null: that is not known here
 * @throws ProxyError where it is not known, or the client could not be told
 */
export function unfit(
  column: ProtectedColumn,
  options: CheckOptions,
  errno: UnfitNumber,
  what: string,
  stored: Buffer | null,
): UnfitValue | StoredText {
  const { lenient, reports, origin, row } = options;
  if (!lenient) return { kind: 'unfit', error: serverError(column, origin, row, errno, what) };
  if (stored === null || !reports) throw unfitValue(column);
  return storedWith(stored, warningOf(column, options, 'Warning', errno, what));
}

export function warningOf(
  column: ProtectedColumn,
  { origin, row }: CheckOptions,
  level: ValueWarning['level'],
  errno: UnfitNumber,
  what: string,
): ValueWarning {
  return { level, errno, message: serverError(column, origin, row, errno, what).message };
}

/** Text to store, with what the server says of it. */
export function storedWith(bytes: Buffer, ...warnings: readonly ValueWarning[]): StoredText {
  return warnings.length === 0 ? { kind: 'text', bytes } : { kind: 'text', bytes, warnings };
}

/** The note that something of a value was cut that does not count. */
export function cutNote(column: ProtectedColumn, options: CheckOptions): ValueWarning {
  return warningOf(column, options, 'Note', 1265, DATA_TRUNCATED);
}

/** MariaDB notes the spaces behind a number. */
export function notesSpaces(value: ConstantValue, { origin }: CheckOptions): boolean {
  return (
    origin.server === 'mariadb' && value.kind === 'text' && /\d\.?\s+$/.test(value.bytes.toString('latin1'))
  );
}

/** In the words of the server, with its SQLSTATE: MariaDB's for 1292 and 1366 name the table. */
export function serverError(
  { logical }: ProtectedColumn,
  { server, schema, table }: ColumnOrigin,
  row: number,
  errno: UnfitNumber,
  what: string,
): ServerError {
  const isLong = server === 'mariadb' && (errno === 1366 || errno === 1292);
  const name = isLong ? `\`${schema}\`.\`${table}\`.\`${logical}\`` : `'${logical}'`;
  return new ServerError(
    errno,
    isLong ? '22007' : SQL_STATES[errno],
    `${what} for column ${name} at row ${row}`,
  );
}

/** A value that the server would take, and that is not taken here. */
export function refusedValue(column: ProtectedColumn, what: string, remedy: string): ProxyError {
  return new ProxyError(
    'TC_UNSUPPORTED_SQL',
    `${what} for the protected column ${column.logical}; ${remedy}`,
  );
}

/** Most bytes of a value that servers quote. */
const LONGEST_VALUE = 128;

/** `Incorrect integer value: 'abc'` */
export function incorrectValue(type: string, value: Buffer, { utf8, origin }: CheckOptions): string {
  // Messages hold no characters beyond U+FFFF.
  const readable = value.toString('utf8').replace(/[\u{10000}-\u{10ffff}]/gu, '?');
  const shown = utf8 && isUtf8(value) ? readable : hexadecimal(value);
  let cut = shown;
  if (Buffer.byteLength(shown) > LONGEST_VALUE) {
    const ellipsis = origin.server === 'mariadb' ? '...' : '';
    cut = beginning(shown, LONGEST_VALUE - ellipsis.length) + ellipsis;
  }
  return `Incorrect ${type} value: '${cut}'`;
}

/** Characters from the beginning, as many as fit a number of bytes. */
function beginning(text: string, bytes: number): string {
  let taken = '';
  let length = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    taken += character;
  }
  return taken;
}

/** Bytes as the servers show them in messages. */
export function hexadecimal(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(
      /[^\x20-\x7e]/g,
      (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}

/**
 * The error of text that is no number, in the servers' words.
 * @param type as each server names it in 1366
 * @param stored of the number that the text begins with, or 0
 */
export function notNumeric(
  column: ProtectedColumn,
  type: { readonly mysql: string; readonly mariadb: string },
  written: Buffer,
  options: CheckOptions,
  stored: Buffer | null,
): UnfitValue | StoredText {
  const { server } = options.origin;
  // MariaDB cuts text that begins with a number, MySQL does not take it at all.
  if (server === 'mariadb' && /^\s*[+-]?\.?\d/.test(written.toString('latin1'))) {
    return unfit(column, options, 1265, DATA_TRUNCATED, stored);
  }
  return unfit(column, options, 1366, incorrectValue(type[server], written, options), stored);
}

/**
 * The number that text begins with, as the servers read it: `''` where there is none. null where they do not agree, or
 * read on in their own ways.
 */
export function numberPrefix(text: string): string | null {
  const [whole, number = ''] = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)/.exec(text) ?? [
    '',
    '',
  ];
  return /^[eE.\d]/.test(text.slice(whole.length)) ? null : number;
}
