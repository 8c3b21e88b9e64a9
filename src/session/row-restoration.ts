import { BufferReader } from '../protocol/buffer-reader.js';
import { BufferWriter } from '../protocol/buffer-writer.js';
import { type Capabilities, MariadbCapability } from '../protocol/constants/capabilities.js';
import { charsetOfCollation } from '../protocol/constants/collations.js';
import {
  decodeBinaryResultsetRow,
  encodeBinaryResultsetRow,
} from '../protocol/resultset/binary-resultset-row.js';
import { encodeTextResultsetRow } from '../protocol/resultset/text-resultset-row.js';
import { declaredType } from '../rewrite/declared-type.js';
import type { RowRestoration } from '../rewrite/plan.js';
import type { ProtectedColumn } from '../rewrite/protected-table.js';
import { logicalCreateTable } from './create-table-text.js';

/*
 * Rows of SHOW COLUMNS, SHOW INDEX and SHOW CREATE TABLE of a protected table, made to look as those of a plain table.
 * Both servers have the columns of interest at the same places.
 */

type Row = (Buffer | null)[];

const FIELD = 0;
const TYPE = 1;
/** SHOW FULL COLUMNS only. */
const COLLATION = 2;
const INDEX_COLUMN = 4;
const SUB_PART = 7;
const CREATE_TABLE = 1;

/** What of a column's definition decides how its values are written. */
export interface ColumnForm {
  /** Collation id. */
  readonly characterSet: number;
  readonly type: number;
}

/** Strings of a definition: catalog, schema, two names of the table and two of the column. */
const STRINGS = 6;

/** Reads definitions whatever the character set of results is, which theirs is too. */
export function readColumnForm(payload: Buffer, { mariadb }: Capabilities): ColumnForm {
  const reader = new BufferReader(payload);
  const isExtended = (mariadb & MariadbCapability.MARIADB_CLIENT_EXTENDED_METADATA) !== 0;
  for (let index = 0; index < STRINGS + (isExtended ? 1 : 0); index++) reader.readLengthEncodedBuffer();
  reader.skip(1);
  const characterSet = reader.readInt2();
  reader.skip(4);
  return { characterSet, type: reader.readInt1() };
}

/**
 * @param payload of a text row, or of a binary one
 * @param columns of the result
 * @returns the payload to relay in its place
 */
export function restoreRow(
  payload: Buffer,
  rows: RowRestoration,
  columns: readonly ColumnForm[],
  isBinary: boolean,
): Buffer {
  const types = columns.map((column) => column.type);
  const row = isBinary ? decodeBinaryResultsetRow(payload, types) : decodeTextRow(payload);
  restore(row, rows, codecOf(columns[FIELD]));
  const writer = new BufferWriter(payload.length + 64);
  if (isBinary) encodeBinaryResultsetRow(writer, types, row);
  else encodeTextResultsetRow(writer, row);
  return writer.view();
}

function decodeTextRow(payload: Buffer): Row {
  const reader = new BufferReader(payload);
  const row: Row = [];
  while (reader.remaining > 0) row.push(reader.readLengthEncodedBufferOrNull());
  return row;
}

function restore(row: Row, { subject, full, table, server }: RowRestoration, codec: Codec): void {
  if (subject === 'createTable') {
    const text = row[CREATE_TABLE];
    if (text instanceof Buffer) {
      row[CREATE_TABLE] = codec.encode(logicalCreateTable(codec.decode(text), table, server));
    }
    return;
  }
  const at = subject === 'columns' ? FIELD : INDEX_COLUMN;
  const column = columnOf(row[at] ?? null, table.columns.values(), codec);
  if (column === null) return;
  row[at] = codec.encode(column.logical);
  const declared = declaredType(column.type, server);
  if (subject === 'index') {
    if (!/text$|blob$/.test(declared.dataType)) row[SUB_PART] = null;
    return;
  }
  row[TYPE] = codec.encode(declared.columnType);
  if (full) row[COLLATION] = declared.collation === null ? null : codec.encode(declared.collation);
}

function columnOf(
  name: Buffer | null,
  columns: Iterable<ProtectedColumn>,
  codec: Codec,
): ProtectedColumn | null {
  if (name === null) return null;
  const folded = codec.decode(name).toLowerCase();
  for (const column of columns) if (column.physical.toLowerCase() === folded) return column;
  return null;
}

/** Text in the character set of results. */
export interface Codec {
  decode(bytes: Buffer): string;
  encode(text: string): Buffer;
}

export const UTF8: Codec = { decode: (bytes) => bytes.toString('utf8'), encode: (text) => Buffer.from(text) };

/** Character sets in which ASCII is itself: all that is changed is ASCII. */
const BYTES: Codec = {
  decode: (bytes) => bytes.toString('latin1'),
  encode: (text) => Buffer.from(text, 'latin1'),
};

export const UTF16LE: Codec = {
  decode: (bytes) => bytes.toString('utf16le'),
  encode: (text) => Buffer.from(text, 'utf16le'),
};

export const UTF16: Codec = {
  decode: (bytes) => Buffer.from(bytes).swap16().toString('utf16le'),
  encode: (text) => Buffer.from(text, 'utf16le').swap16(),
};

export const UTF32: Codec = {
  decode: (bytes) => {
    let text = '';
    for (let at = 0; at + 4 <= bytes.length; at += 4) text += String.fromCodePoint(bytes.readUInt32BE(at));
    return text;
  },
  encode: (text) => {
    const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    const bytes = Buffer.alloc(points.length * 4);
    points.forEach((point, index) => {
      bytes.writeUInt32BE(point, index * 4);
    });
    return bytes;
  },
};

const CODECS: ReadonlyMap<string, Codec> = new Map([
  ['utf8', UTF8],
  ['utf8mb3', UTF8],
  ['utf8mb4', UTF8],
  ['binary', UTF8],
  ['utf16', UTF16],
  ['ucs2', UTF16],
  ['utf16le', UTF16LE],
  ['utf32', UTF32],
]);

function codecOf(column: ColumnForm | undefined): Codec {
  if (column === undefined) return UTF8;
  return CODECS.get(charsetOfCollation(column.characterSet) ?? '') ?? BYTES;
}
