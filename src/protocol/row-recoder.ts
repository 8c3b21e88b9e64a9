import { BufferWriter } from './buffer-writer.js';
import { HEADER_LENGTH, MAX_PACKET_PAYLOAD } from './packet-framer.js';
import { ArrivingRow } from './resultset/arriving-row.js';
import type { BinaryRowLayout } from './resultset/binary-row-layout.js';

/** First byte of a row in the binary protocol; what ends the rows begins otherwise, and so does all before them. */
const ROW = 0x00;

/**
 * Changes integers in the rows of a response on its way to the client. Between responses, and while there is nothing to
 * change, bytes pass unread.
 *
 * A row that lies whole in a chunk is changed where it lies, and what follows it moves up: nothing is allocated. Of one
 * that does not, 16 MiB are kept at most, which is a packet; rows of several packets may become fewer packets, and the
 * sequence ids after them are others then.
 */
export class RowRecoder {
  readonly #sink: (bytes: Buffer) => void;
  #layout: BinaryRowLayout | null = null;
  /** Bytes of a packet's beginning that did not come with the rest. */
  #head: Buffer | null = null;
  /** Payload bytes of the packet under way that are yet to come. */
  #left = 0;
  /** Whether another packet of the same payload follows. */
  #continues = false;
  /** The row that the payload under way is; null: it passes. */
  #row: ArrivingRow | null = null;
  /** What the client gets of it. */
  #writer = new BufferWriter();
  /** Added to the sequence ids of what is relayed. */
  #shift = 0;
  /** Of the row under way, the id of its next packet to the client, and how many packets it has had from the backend. */
  #rowId = 0;
  #rowPackets = 0;

  /** @param sink gets what is for the client, in pieces that are not written to again */
  constructor(sink: (bytes: Buffer) => void) {
    this.#sink = sink;
  }

  /** A response begins: no packet is under way. @param layout of its rows, as far as known; null: nothing to change */
  begin(layout: BinaryRowLayout | null): void {
    this.#layout = layout;
    this.#shift = 0;
  }

  /** What is known of the rows of the response under way has changed, before any of them has come. */
  set layout(layout: BinaryRowLayout | null) {
    this.#layout = layout;
  }

  /**
   * The next bytes of the response, from the beginning of a packet on where nothing was changed before. They are the
   * recoder's from now on, where they are rows: it writes to them.
   * @throws MalformedPacketError when a row is none
   */
  push(bytes: Buffer): void {
    const layout = this.#layout;
    if (layout === null) {
      this.#sink(bytes);
      return;
    }
    const chunk = this.#head === null ? bytes : Buffer.concat([this.#head, bytes]);
    this.#head = null;
    const at = this.#continue(chunk, 0);
    if (at < chunk.length) this.#packets(chunk, at, layout);
  }

  /** Whole packets, up to the one that goes on in the next chunk. */
  #packets(chunk: Buffer, start: number, layout: BinaryRowLayout): void {
    const { growth } = layout;
    const target = growth === 1 ? chunk : Buffer.allocUnsafe((chunk.length - start) * growth);
    const first = growth === 1 ? start : 0;
    let to = first;
    let at = start;
    while (at < chunk.length) {
      const length = chunk.length - at < HEADER_LENGTH ? -1 : lengthAt(chunk, at);
      const end = at + HEADER_LENGTH + length;
      if (length < 0 || (length > 0 && end - length === chunk.length)) break;
      const isRow = length > 0 && chunk[at + HEADER_LENGTH] === ROW;
      if (end > chunk.length || length === MAX_PACKET_PAYLOAD) break;
      const sequenceId = (chunk[at + 3] ?? 0) + this.#shift;
      const body = to + HEADER_LENGTH;
      if (isRow) {
        to = layout.write(chunk, at + HEADER_LENGTH, end, target, body);
      } else {
        if (target !== chunk || at !== to) chunk.copy(target, body, at + HEADER_LENGTH, end);
        to = body + length;
      }
      if (isRow || at + HEADER_LENGTH !== body || target !== chunk || this.#shift !== 0) {
        writeHeader(target, body - HEADER_LENGTH, to - body, sequenceId);
      }
      at = end;
    }
    if (to > first) this.#sink(first === 0 && to === target.length ? target : target.subarray(first, to));
    if (at < chunk.length) this.#beginSplit(chunk, at, layout);
  }

  /** A packet that is not whole, or no whole payload. */
  #beginSplit(chunk: Buffer, at: number, layout: BinaryRowLayout): void {
    const left = chunk.length - at;
    const length = left < HEADER_LENGTH ? -1 : lengthAt(chunk, at);
    if (length < 0 || left === HEADER_LENGTH) {
      this.#head = Buffer.from(chunk.subarray(at));
      return;
    }
    if (chunk[at + HEADER_LENGTH] === ROW) {
      // A new one: that of a long row would stay as long.
      this.#writer = new BufferWriter();
      this.#row = new ArrivingRow(layout, this.#writer);
      this.#rowId = (chunk[at + 3] ?? 0) + this.#shift;
      this.#rowPackets = 0;
    }
    this.#beginPacket(chunk, at, length);
    const next = this.#continue(chunk, at + HEADER_LENGTH);
    if (next < chunk.length) this.#packets(chunk, next, layout);
  }

  /** @param at where the packet's header is */
  #beginPacket(chunk: Buffer, at: number, length: number): void {
    this.#left = length;
    this.#continues = length === MAX_PACKET_PAYLOAD;
    if (this.#row !== null) {
      this.#rowPackets += 1;
      return;
    }
    const header = Buffer.allocUnsafe(HEADER_LENGTH);
    writeHeader(header, 0, length, (chunk[at + 3] ?? 0) + this.#shift);
    this.#sink(header);
  }

  /** Goes on with the payload under way. @returns where the next packet begins, or the chunk's end */
  #continue(chunk: Buffer, start: number): number {
    let at = start;
    while (this.#left > 0 || this.#continues) {
      if (this.#left === 0) {
        if (chunk.length - at < HEADER_LENGTH) {
          if (at < chunk.length) this.#head = Buffer.from(chunk.subarray(at));
          return chunk.length;
        }
        this.#beginPacket(chunk, at, lengthAt(chunk, at));
        at += HEADER_LENGTH;
      }
      const end = Math.min(chunk.length, at + this.#left);
      this.#left -= end - at;
      if (this.#row === null) {
        if (end > at) this.#sink(chunk.subarray(at, end));
      } else {
        this.#row.push(chunk, at, end);
        this.#relayFull();
      }
      at = end;
      if (this.#left > 0) return at;
      if (!this.#continues) this.#endPayload();
      else if (at === chunk.length) return at;
    }
    return at;
  }

  /** Packets of the row under way that have all the bytes that a packet can have. */
  #relayFull(): void {
    if (this.#writer.length < MAX_PACKET_PAYLOAD) return;
    const written = this.#writer.toBuffer();
    this.#writer.reset();
    let at = 0;
    for (; written.length - at >= MAX_PACKET_PAYLOAD; at += MAX_PACKET_PAYLOAD) {
      this.#relayPacket(written.subarray(at, at + MAX_PACKET_PAYLOAD));
    }
    this.#writer.writeBuffer(written.subarray(at));
  }

  #endPayload(): void {
    const row = this.#row;
    if (row === null) return;
    row.finish();
    this.#row = null;
    this.#relayPacket(this.#writer.view());
    this.#writer = new BufferWriter();
    this.#shift -= this.#rowPackets;
  }

  #relayPacket(payload: Buffer): void {
    const header = Buffer.allocUnsafe(HEADER_LENGTH);
    writeHeader(header, 0, payload.length, this.#rowId);
    this.#sink(header);
    if (payload.length > 0) this.#sink(payload);
    this.#rowId += 1;
    this.#rowPackets -= 1;
  }
}

/** `int<3>` of a header that is whole. */
function lengthAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}

function writeHeader(bytes: Buffer, at: number, length: number, sequenceId: number): void {
  bytes[at] = length & 0xff;
  bytes[at + 1] = (length >> 8) & 0xff;
  bytes[at + 2] = length >> 16;
  bytes[at + 3] = sequenceId & 0xff;
}
