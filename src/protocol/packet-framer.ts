import { OutOfOrderError } from './malformed-packet-error.js';
import { PayloadTooLargeError } from './payload-too-large-error.js';

/** Bytes of a packet's header: `int<3>` payload length, `int<1>` sequence id. */
export const HEADER_LENGTH = 4;

/** A packet of this payload length is followed by another one of the same payload. */
export const MAX_PACKET_PAYLOAD = 0xff_ffff;

/** What is kept at first of a payload that has not arrived whole: a header alone must not cost us 16 MiB. */
const FIRST_ALLOCATION = 64 * 1024;

export interface Frame {
  /** Sequence id of the payload's first packet. */
  readonly sequenceId: number;
  /** Sequence id of its last packet; the answer's first is one more (modulo 256). */
  readonly lastSequenceId: number;
  /** A view into a pushed chunk where it lies inside one: the chunk must not be written to while it is in use. */
  readonly payload: Buffer;
}

/**
 * Finds whole payloads in chunks as they arrive from a socket.
 *
 * A payload inside one chunk is a view (no copy). One that spans chunks or packets is copied once into a buffer of
 * its own that grows with what has arrived, so a peer that announces much and sends little pins little memory.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
 */
export class PacketFramer {
  /** Longest payload accepted, in bytes. May be raised once the peer has authenticated. */
  maxPayload: number;
  /**
   * What a payload's first packet has to be numbered, where that is known ahead; null: anything. Judged by its header:
   * what does not speak the protocol is told from a long payload that has not arrived yet.
   */
  firstSequenceId: number | null = null;

  #chunks: Buffer[] = [];
  /** Position of the next unread byte in `#chunks[0]`. */
  #offset = 0;
  /** Unread bytes in all chunks. */
  #buffered = 0;

  /** The joined payload so far, when it does not lie in one chunk. */
  #joined: Buffer | null = null;
  #joinedLength = 0;
  /** Body bytes of the current packet still to come; -1 between packets. */
  #bodyRemaining = -1;
  /** Whether the current packet is followed by another of the same payload. */
  #continues = false;
  #firstSequenceId = 0;
  #lastSequenceId = 0;
  /** Packets of the current payload seen before the current one. */
  #packets = 0;

  constructor(maxPayload: number) {
    this.maxPayload = maxPayload;
  }

  /** Bytes held: unread ones and those of an unfinished payload. */
  get bufferedBytes(): number {
    return this.#buffered + this.#joinedLength;
  }

  /** Whether the last byte pushed ended a payload and all payloads were taken. */
  get isAtBoundary(): boolean {
    return this.#buffered === 0 && this.#bodyRemaining < 0 && this.#packets === 0;
  }

  /** Hands in what arrived. The chunk is kept, not copied. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /**
   * Takes the next whole payload, `null` when more bytes are needed.
   * @throws PayloadTooLargeError as soon as a header shows a payload longer than `maxPayload`
   * @throws OutOfOrderError when packets are not numbered in sequence
   */
  next(): Frame | null {
    for (;;) {
      if (this.#bodyRemaining < 0 && !this.#readHeader()) return null;
      const frame = this.#readBody();
      if (frame !== null) return frame;
      if (this.#bodyRemaining >= 0) return null;
    }
  }

  /** Takes all unread bytes: what follows an SSLRequest belongs to the TLS layer. */
  takeBuffered(): Buffer {
    if (this.#bodyRemaining >= 0 || this.#packets > 0) throw new Error('inside a payload');
    const first = this.#chunks[0];
    const rest =
      first === undefined
        ? Buffer.alloc(0)
        : this.#chunks.length === 1
          ? first.subarray(this.#offset)
          : Buffer.concat([first.subarray(this.#offset), ...this.#chunks.slice(1)]);
    this.#chunks = [];
    this.#offset = 0;
    this.#buffered = 0;
    return rest;
  }

  #readHeader(): boolean {
    if (this.#buffered < HEADER_LENGTH) return false;
    const length = this.#readByte() | (this.#readByte() << 8) | (this.#readByte() << 16);
    const sequenceId = this.#readByte();
    const total = this.#joinedLength + length;
    if (this.#packets === 0) {
      const expected = this.firstSequenceId ?? sequenceId;
      if (sequenceId !== expected)
        throw new OutOfOrderError(`sequence id ${expected} expected, ${sequenceId} came`);
      this.#firstSequenceId = sequenceId;
    } else if (sequenceId !== ((this.#lastSequenceId + 1) & 0xff)) {
      throw new OutOfOrderError('sequence id out of order inside a payload');
    }
    if (total > this.maxPayload) throw new PayloadTooLargeError(total, this.maxPayload);
    this.#lastSequenceId = sequenceId;
    this.#bodyRemaining = length;
    this.#continues = length === MAX_PACKET_PAYLOAD;
    return true;
  }

  #readByte(): number {
    const chunk = this.#chunks[0];
    const value = chunk?.[this.#offset];
    if (chunk === undefined || value === undefined) throw new Error('read beyond what is buffered');
    this.#advance(chunk, 1);
    return value;
  }

  #advance(chunk: Buffer, length: number): void {
    this.#offset += length;
    this.#buffered -= length;
    if (this.#offset === chunk.length) {
      this.#chunks.shift();
      this.#offset = 0;
    }
  }

  /** The payload when this packet ends it; otherwise `null`, with `#bodyRemaining` at -1 when the packet is over. */
  #readBody(): Frame | null {
    const chunk = this.#chunks[0];
    const wanted = this.#bodyRemaining;
    if (!this.#continues && this.#packets === 0 && this.#joined === null) {
      if (wanted === 0) return this.#finish(Buffer.alloc(0));
      if (chunk !== undefined && chunk.length - this.#offset >= wanted) {
        const payload = chunk.subarray(this.#offset, this.#offset + wanted);
        this.#advance(chunk, wanted);
        return this.#finish(payload);
      }
    }
    this.#collect();
    if (this.#bodyRemaining > 0) return null;
    if (this.#continues) {
      this.#bodyRemaining = -1;
      this.#packets += 1;
      return null;
    }
    return this.#finish(this.#joined?.subarray(0, this.#joinedLength) ?? Buffer.alloc(0));
  }

  /** Copies what has arrived of the current packet's body. */
  #collect(): void {
    while (this.#bodyRemaining > 0) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) return;
      const length = Math.min(this.#bodyRemaining, chunk.length - this.#offset);
      const end = this.#joinedLength + length;
      if (this.#joined === null || this.#joined.length < end) {
        const known = this.#joinedLength + this.#bodyRemaining;
        const larger = Buffer.allocUnsafeSlow(
          Math.max(end, Math.min(known, Math.max(FIRST_ALLOCATION, end * 2))),
        );
        this.#joined?.copy(larger, 0, 0, this.#joinedLength);
        this.#joined = larger;
      }
      chunk.copy(this.#joined, this.#joinedLength, this.#offset, this.#offset + length);
      this.#joinedLength = end;
      this.#bodyRemaining -= length;
      this.#advance(chunk, length);
    }
  }

  #finish(payload: Buffer): Frame {
    this.#joined = null;
    this.#joinedLength = 0;
    this.#bodyRemaining = -1;
    this.#packets = 0;
    return { sequenceId: this.#firstSequenceId, lastSequenceId: this.#lastSequenceId, payload };
  }
}
