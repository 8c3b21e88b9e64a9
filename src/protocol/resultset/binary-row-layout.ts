import { nullBitmapLength, type ValueForm, valueForm } from '../binary-value.js';
import { MalformedPacketError } from '../malformed-packet-error.js';
import { type IntegerChange, writeChanged } from './integer-change.js';

/*
 * Rows of the binary protocol in which some integers have another width for the client than the server gives them. All
 * other values stay as they are, and what follows the last of these is not looked at.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html#sect_protocol_binary_resultset_row
 */

/** Bits of the null bitmap that stand for no column. */
export const RESERVED_BITS = 2;

/** Bytes of a BIGINT; the shortest integer has one, the shortest DECIMAL two. */
const GROWTH = 8;

/** A column as rows are read: the server's type, and what becomes of its values; null: nothing. */
export interface RowColumn {
  readonly type: number;
  readonly change: IntegerChange | null;
}

/** How the values of a result's rows lie, and which of them change. */
export class BinaryRowLayout {
  readonly columnCount: number;
  readonly nullBitmapLength: number;
  /** Up to the last that changes. */
  readonly forms: readonly ValueForm[];
  readonly changes: readonly (IntegerChange | null)[];
  /** How many times as long a row may become; 1: no row becomes longer, so that it can be changed where it lies. */
  readonly growth: number;

  private constructor(columnCount: number, forms: readonly ValueForm[], columns: readonly RowColumn[]) {
    this.columnCount = columnCount;
    this.nullBitmapLength = nullBitmapLength(columnCount, RESERVED_BITS);
    this.forms = forms;
    this.changes = columns.map(({ change }) => change);
    const grows = this.changes.some((change) => change !== null && change.width > change.sourceWidth);
    this.growth = grows ? GROWTH : 1;
  }

  /**
   * @returns null when no value changes
   * @throws MalformedPacketError for a type that is not known
   */
  static of(columns: readonly RowColumn[]): BinaryRowLayout | null {
    const count = columns.findLastIndex(({ change }) => change !== null) + 1;
    if (count === 0) return null;
    const read = columns.slice(0, count);
    const forms = read.map(({ type }) => {
      const form = valueForm(type);
      if (form === undefined || form === 'none')
        throw new MalformedPacketError('column of an unknown type', 0);
      return form;
    });
    return new BinaryRowLayout(columns.length, forms, read);
  }

  /** Whether the value is NULL. @param bitmap where the null bitmap begins in `row` */
  isNull(row: Uint8Array, bitmap: number, column: number): boolean {
    const bit = column + RESERVED_BITS;
    return ((row[bitmap + (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  /**
   * Writes the payload of a row, which lies whole in `source`, as the client gets it.
   * @param target has room for `growth` times the payload; `source` itself, and `to` not behind `at`, where it is 1
   * @returns its end in `target`
   * @throws MalformedPacketError when it is no such row
   */
  write(source: Buffer, at: number, end: number, target: Buffer, to: number): number {
    let done = at;
    let next = at + 1 + this.nullBitmapLength;
    let written = to;
    // Where it lies now: what is moved up may lie where it was.
    let bitmapOf = source;
    let bitmap = at + 1;
    if (next > end) throw new MalformedPacketError('null bitmap expected', 1);
    for (let column = 0; column < this.forms.length; column += 1) {
      if (this.isNull(bitmapOf, bitmap, column)) continue;
      const start = next;
      const length = this.#lengthAt(source, start, column);
      const value = start + prefixLength(this.forms[column], source[start] ?? 0);
      next = value + length;
      if (next > end) throw new MalformedPacketError('value beyond the end of its row', start - at);
      const change = this.changes[column] ?? null;
      if (change === null) continue;
      written = move(source, done, start, target, written);
      bitmapOf = target;
      bitmap = to + 1;
      writeChanged(source, value, length, target, written, change);
      written += change.width;
      done = next;
    }
    return move(source, done, end, target, written);
  }

  /** Bytes of a value, without its prefix. */
  #lengthAt(source: Buffer, at: number, column: number): number {
    const form = this.forms[column];
    if (typeof form === 'number') return form;
    const first = source[at] ?? 0;
    if (form === 'length-byte' || first < 0xfb) return first;
    return readPrefix(source, at);
  }
}

/** Bytes of the length in front of a value. @param first of them */
export function prefixLength(form: ValueForm | undefined, first: number): number {
  if (typeof form === 'number') return 0;
  if (form === 'length-byte' || first < 0xfb) return 1;
  if (first === 0xfc) return 3;
  return first === 0xfd ? 4 : 9;
}

/** Of `int<lenenc>` that takes more than a byte. @throws MalformedPacketError for what is no length */
export function readPrefix(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = prefixLength('length-encoded', first);
  if (first === 0xfb || first === 0xff || at + length > bytes.length) {
    throw new MalformedPacketError('length of a value expected', at);
  }
  if (first < 0xfb) return first;
  if (first === 0xfc) return bytes.readUInt16LE(at + 1);
  if (first === 0xfd) return bytes.readUIntLE(at + 1, 3);
  const value = bytes.readUInt32LE(at + 1) + bytes.readUInt32LE(at + 5) * 0x1_0000_0000;
  if (!Number.isSafeInteger(value)) throw new MalformedPacketError('length of a value expected', at);
  return value;
}

/** Shorter ones are cheaper to move byte by byte than with a call. */
const SHORT = 32;

/** @returns the end of the moved bytes in `target` */
function move(source: Buffer, from: number, end: number, target: Buffer, to: number): number {
  const length = end - from;
  if (source === target) {
    if (from === to) return end;
    if (length > SHORT) {
      source.copyWithin(to, from, end);
      return to + length;
    }
  } else if (length > SHORT) {
    return to + source.copy(target, to, from, end);
  }
  for (let i = 0; i < length; i += 1) target[to + i] = source[from + i] ?? 0;
  return to + length;
}
