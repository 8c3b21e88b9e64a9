import type { BufferWriter } from '../buffer-writer.js';
import { MalformedPacketError } from '../malformed-packet-error.js';
import { type BinaryRowLayout, prefixLength, readPrefix } from './binary-row-layout.js';
import { LONGEST_TEXT, writeChanged } from './integer-change.js';

/**
 * A row that does not lie in one piece: its payload comes in parts of any size, and what the client gets is written as
 * they come. Of values that do not change nothing is kept, however long they are.
 */
export class ArrivingRow {
  readonly #layout: BinaryRowLayout;
  readonly #writer: BufferWriter;
  /** What is read as a whole: header byte and null bitmap, a length, a value that changes. */
  readonly #unit: Buffer;
  #have = 0;
  #want: number;
  readonly #head: number;
  /** Index of the column whose value comes next; -1: the null bitmap does. */
  #column = -1;
  readonly #bitmap: Buffer;
  /** Bytes of the value under way that pass as they are. */
  #passing = 0;
  /** Of the value that changes, once its length is known; -1: the length comes next. */
  #length = -1;

  /** @param writer gets the payload for the client; it may be emptied between two calls of `push` */
  constructor(layout: BinaryRowLayout, writer: BufferWriter) {
    this.#layout = layout;
    this.#writer = writer;
    this.#head = 1 + layout.nullBitmapLength;
    this.#want = this.#head;
    this.#bitmap = Buffer.alloc(layout.nullBitmapLength);
    this.#unit = Buffer.allocUnsafe(Math.max(this.#head, LONGEST_TEXT));
  }

  /** Takes the bytes from `from` to `end`. @throws MalformedPacketError when they are no part of such a row */
  push(bytes: Buffer, from: number, end: number): void {
    let at = from;
    while (at < end) {
      if (this.#want === 0) {
        const step = Math.min(this.#passing, end - at);
        this.#writer.writeBuffer(bytes.subarray(at, at + step));
        this.#passing -= step;
        at += step;
        if (this.#passing === 0) this.#next();
        continue;
      }
      const step = Math.min(this.#want - this.#have, end - at);
      bytes.copy(this.#unit, this.#have, at, at + step);
      this.#have += step;
      at += step;
      if (this.#have === this.#want) this.#unitRead();
    }
  }

  /** The payload is over. @throws MalformedPacketError when the row is not */
  finish(): void {
    const isOver = this.#column >= this.#layout.forms.length;
    if (!isOver) throw new MalformedPacketError('value beyond the end of its row', 0);
  }

  #unitRead(): void {
    const unit = this.#unit.subarray(0, this.#have);
    if (this.#column < 0) {
      unit.copy(this.#bitmap, 0, 1);
      this.#writer.writeBuffer(unit);
      this.#next();
      return;
    }
    const form = this.#layout.forms[this.#column];
    const change = this.#layout.changes[this.#column] ?? null;
    if (this.#length < 0) {
      const whole = prefixLength(form, unit[0] ?? 0);
      if (this.#have < whole) {
        this.#want = whole;
        return;
      }
      const length = form === 'length-byte' ? (unit[0] ?? 0) : readPrefix(unit, 0);
      if (change === null) this.#writer.writeBuffer(unit);
      else if (length === 0 || length > LONGEST_TEXT) throw new MalformedPacketError('a number expected', 0);
      this.#valueFollows(length);
      return;
    }
    if (change === null) return;
    const changed = Buffer.allocUnsafe(change.width);
    writeChanged(unit, 0, this.#length, changed, 0, change);
    this.#writer.writeBuffer(changed);
    this.#next();
  }

  /** To the next value that is not NULL. */
  #next(): void {
    const { forms } = this.#layout;
    this.#column += 1;
    while (this.#column < forms.length && this.#layout.isNull(this.#bitmap, 0, this.#column)) {
      this.#column += 1;
    }
    this.#have = 0;
    this.#length = -1;
    const form = forms[this.#column];
    if (form === undefined) {
      this.#want = 0;
      this.#passing = Number.POSITIVE_INFINITY;
    } else if (typeof form === 'number') this.#valueFollows(form);
    else this.#want = 1;
  }

  #valueFollows(length: number): void {
    this.#have = 0;
    this.#length = length;
    const isChanged = (this.#layout.changes[this.#column] ?? null) !== null;
    this.#want = isChanged ? length : 0;
    this.#passing = isChanged ? 0 : length;
    if (length === 0) this.#next();
  }
}
